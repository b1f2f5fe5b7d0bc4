"""What people write: reports, answers and notes, short and plausible."""

from __future__ import annotations

REPORTS: tuple[tuple[str, str, str], ...] = (
    (
        "Outscan NX",
        "Scheduled scans stopped after last night's update",
        "None of the nightly scans has started since 02:00. The schedule shows them as pending.",
    ),
    (
        "Outscan NX",
        "Scan stuck at 97 % for twelve hours",
        "Target group DMZ-West. Stopping and starting it again did not help.",
    ),
    (
        "Outscan NX",
        "Report export gives an empty PDF",
        "The PDF has a cover page and nothing else. CSV works.",
    ),
    (
        "Outscan NX",
        "Cannot log in with single sign-on",
        "All users are sent back to the login page. This started at about eight.",
    ),
    (
        "Outscan NX",
        "False positive for CVE-2025-4102 on patched hosts",
        "The package is at the fixed version on all eleven hosts.",
    ),
    (
        "Outscan NX",
        "API returns 500 on /findings with a date filter",
        "Without the filter it works. Our dashboard is blind meanwhile.",
    ),
    (
        "HIAB",
        "HIAB appliance does not come back after reboot",
        "Console shows a file system check that never ends. Production scanning is down.",
    ),
    (
        "HIAB",
        "Disk usage at 95 % on the HIAB",
        "Old reports were removed but the space was not freed.",
    ),
    (
        "HIAB",
        "HIAB cannot reach the update server",
        "The proxy was changed last week. Which hosts must be allowed?",
    ),
    (
        "HIAB",
        "Wrong time zone in scan reports",
        "Times in the reports are one hour off since the clocks changed.",
    ),
    (
        "Appsec Scale",
        "Crawler does not get past our login form",
        "The form has a second step since Monday.",
    ),
    (
        "Appsec Scale",
        "Finding cannot be marked as accepted risk",
        "The button is grey for everyone in our team.",
    ),
    (
        "Appsec Scale",
        "How do we exclude a path from the crawl?",
        "We would like to leave out /logout and everything under /legacy.",
    ),
    (
        "EASM",
        "Domain of a former subsidiary still shown",
        "It was sold in spring. How is it removed?",
    ),
    (
        "EASM",
        "New subdomains are not discovered",
        "Three went live last week and none has shown up.",
    ),
    (
        "EASM",
        "Alert e-mails arrive twice",
        "Both copies have the same time stamp.",
    ),
    (
        "CyberFlex",
        "How are credits counted for a retest?",
        "We ordered two retests and four credits are gone.",
    ),
    (
        "CyberFlex",
        "Kick-off call needs another date",
        "Our technical contact is away in week 12.",
    ),
    (
        "Specops Password Policy",
        "Password expiry mails are not sent",
        "The service runs but no mail has gone out since Friday.",
    ),
    (
        "Specops Password Policy",
        "Custom dictionary is not applied",
        "Words from the dictionary are still accepted.",
    ),
)

WISHES: tuple[tuple[str, str], ...] = (
    ("Dark mode for the reports", "Our analysts work nights."),
    (
        "Export findings to our data lake",
        "Parquet would be ideal, once a day.",
    ),
    (
        "Let us group targets by business unit",
        "Tags alone do not carry owners.",
    ),
)

ANSWERS = (
    "Thank you for reporting this. I can see it in our logs and am looking into it now.",
    "I have reproduced this and passed it to the product team. More within the hour.",
    "Thanks for the details. Could you send us the scan log from the time of the failure?",
    "This is confirmed. A fix is being rolled out; I will write as soon as it has reached you.",
)

NOTES = (
    "Same symptom as at another customer last month, see the runbook for stuck schedulers.",
    "Called the customer back, no answer. Will try again in half an hour.",
    "Checked the appliance: certificate expired on Sunday.",
    "Waiting for engineering before we answer.",
)

FOLLOW_UPS = (
    "Any news on this? It is still happening here.",
    "We have attached the log.",
    "It got worse since this morning, more users are affected.",
    "Just to add: the second site shows the same.",
)

THANKS = (
    "That helped, thank you.",
    "Works again. Please close this.",
    "Confirmed, all fine now.",
)

AUTOMATIC = "Thank you for contacting support. Your request has been received."
REOPENED = "I am sorry, but the problem is back."
RESOLVED = "The fix is in place and the service works as it should. We close this request; write to us if it returns."
DECLINED = (
    "This concerns infrastructure that is not ours to support, so we have to decline it. "
    "Your network team can help."
)
