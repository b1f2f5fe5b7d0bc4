"""The sentences that a customer reads in two places, spelled once: in public notes, and in `explain --for-customer`.

Braces name facts. A word that is changed here changes in both places, so that they never say different things.
"""

from typing import Final

TARGET: Final = "A first response is owed within {target}."
DUE: Final = "The first response is due {due}."
MEANING: Final = "Severity {severity} means: {meaning}."
PLEASE_CALL: Final = "Please call the support phone number shown in the portal for the faster response time."
SEVERITY: Final = "The severity is {severity}."
SEVERITY_RAISED: Final = "The severity was raised to {after} at {at}."
SEVERITY_LOWERED: Final = "The severity was lowered to {after} at {at}."

EXPECTED: Final = "We expect to solve your request {key} by {eta}."

WAITING: Final = "We wait for your answer."
LAST_WROTE: Final = "Our support team last wrote to you on {at}."
WAITED_SINCE: Final = "We have waited since {at}."
REMINDED_ON: Final = "We will remind you again on {reminded_on}."
CLOSES: Final = "Without an answer the request is closed on {closes}."
KEEP_OPEN: Final = "Write a comment here to keep it open."
REOPEN: Final = (
    "You can have a closed request reopened at any time: write a comment here."
)
REOPENS_UNTIL: Final = (
    "A comment here until {reopens_until} reopens it at once."
)
