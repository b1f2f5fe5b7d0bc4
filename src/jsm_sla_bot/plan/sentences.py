"""The sentences for each reason, once for agents and once for customers.

Braces name the reason's facts. A reason that has no sentence for customers is not theirs to read.
"""

from collections.abc import Mapping

from jsm_sla_bot.plan import customer_sentences
from jsm_sla_bot.sla.reason import Because

FOR_AGENTS: Mapping[Because, str] = {
    Because.TIER_BOUGHT: "{who} has bought {tier}.",
    Because.TIER_DEFAULT_NO_ORGANIZATION: "No organization is set, so the default tier {tier} counts.",
    Because.TIER_DEFAULT_UNMAPPED: "{who} is not in organizations.yaml, so the default tier {tier} counts.",
    Because.ORGANIZATION_UNMAPPED: "{who} is not in organizations.yaml either.",
    Because.ORGANIZATION_EXCLUDED: "{who} does not count: {reason}.",
    Because.ORGANIZATION_LAPSED: "{who} does not count: {lapse}.",
    Because.SEVERAL_ORGANIZATIONS: "Of {labels} the one that {choice} decides.",
    Because.OVERRIDE: "Its own contract says: {said}.",
    Because.NOT_ENTITLED: "{who} was not entitled at the report: {lapse}.",
    Because.NOT_MEASURED: "Not measured: {reason} ({by} {label}).",
    Because.WITHDRAWN: "Withdrawn: closed {at} by {closer}, before anybody answered.",
    Because.CLOSED_UNTOLD: "Closed ({status}) without an answer; the history does not show by whom.",
    Because.DECLINED: "Declined as outside the service (status {status}).",
    Because.SEVERITY: "Severity S{severity}.",
    Because.SEVERITY_DEFAULT: "No severity is set, so the default S{severity} counts.",
    Because.TARGET: "{tier} owes a first response to S{severity} within {goal}, {clock}.",
    Because.PRODUCT_NOT_ROUND_THE_CLOCK: "{product} is not supported round the clock, so business hours count.",
    Because.PRODUCT_UNKNOWN: "{unknown}, so business hours count.",
    Because.CALLED: "The customer called {at}; the target runs from the {clock_starts}.",
    Because.CALLED_AGAIN: "The customer called again {at}; the call of {first} still counts.",
    Because.NOT_CALLED: "The customer has not called, so the {tier} target counts.",
    Because.CALL_BEFORE_REPORT: "The call of {at} was before the report and does not count.",
    Because.CALL_AHEAD: "The call of {at} lies ahead and does not count yet.",
    Because.CALL_NOT_COUNTED: "The call of {at} changes nothing: there is no phone support for this tier and severity.",
    Because.FALLBACK_EARLIER: "The {tier} target is due earlier than the target since the call, so it counts.",
    Because.CLOCK_STARTS: "The clock started {start}.",
    Because.CLOCK_STARTS_AT_OPENING: "Outside business hours at {start}, so the clock started at the opening {opens}.",
    Because.SEVERITY_RAISED: "Severity raised from S{before} to S{after} at {at}.",
    Because.SEVERITY_LOWERED: "Severity lowered from S{before} to S{after} at {at}.",
    Because.ORGANIZATIONS_CHANGED: "Organizations corrected to {organizations} at {at}.",
    Because.PRODUCT_CHANGED: "Product corrected to {product} at {at}.",
    Because.DUE_KEPT: "The earlier due time {due} stays.",
    Because.BREACH_DATED_AT_CHANGE: "The new due time was already past, so it is dated {at}.",
    Because.BREACH_KEPT: "The due time {due} had passed already, so the breach stays there.",
    Because.PAUSED: "The clock stood still in {status} from {since} until {until}.",
    Because.PAUSE_LASTS: "The clock stands still in {status} since {since}; its due time will move.",
    Because.DUE: "Due {due} ({calendar}).",
    Because.ACKNOWLEDGED: "Acknowledged {at} by {whom}, {how}; due {due}.",
    Because.PROBABLY_ANSWERED: "{person}, not known as an agent, commented in public {at}: this may be an answer.",
    Because.CLOCK_RESTARTED: "Reopened {at}: the response clock started again.",
    Because.OTHER_REPORTER: "{reporter} reported it and is not listed as a representative of {who}.",
    Because.HISTORY_DISAGREES: "The history of {field} contradicts what is shown now; what is shown now counts.",
}

LAPSES: Mapping[str, str] = {
    "not_yet": "support begins on {day}",
    "expired": "support ended on {day}",
    "suspended": "support is suspended",
}
"""What {lapse} says, by its kind (R7)."""

OVERRIDES: Mapping[str, str] = {
    "targets": "the target of S{severity} is {value}",
    "calendar": "business hours are those of the calendar {value}",
    "round_the_clock_products": "support round the clock is {value}",
    "phone": "the tier that counts is {value}",
    "severity_change": "how a changed severity counts is {value}",
    "acknowledgement": "what acknowledges is {value}",
    "reopen": "what happens to the clock on reopening is {value}",
    "pauses_in": "the clock stands still in {value}",
    "flag_other_reporters": "a request by another than its representatives is {value}",
    "notes": "what the customer reads on the request is {value}",
}
"""What {said} says, by the part of the contract that is overridden (R12)."""

CHOICES: Mapping[str, str] = {
    "earliest_due": "is due first",
    "latest_due": "is due last",
    "first_listed": "is listed first",
}
"""What {choice} says: which of several organizations decides (D11)."""

CLOSERS: Mapping[str, str] = {
    "customer": "the customer",
    "automation": "an automation",
    "bot": "the bot",
    "probable_agent": "somebody who is not known as an agent",
}
"""What {closer} says, by the role of who closed the request (D17)."""

FOR_CUSTOMERS: Mapping[Because, str] = {
    Because.TIER_BOUGHT: "Your support level is {tier}.",
    Because.TIER_DEFAULT_NO_ORGANIZATION: "Your support level is {tier}.",
    Because.TIER_DEFAULT_UNMAPPED: "Your support level is {tier}.",
    Because.NOT_ENTITLED: "No support agreement was in force when the request was reported.",
    Because.NOT_MEASURED: "No response time applies to this kind of request.",
    Because.WITHDRAWN: "The request was closed before an answer.",
    Because.CLOSED_UNTOLD: "The request was closed before an answer.",
    Because.DECLINED: "The request is outside the support service.",
    Because.SEVERITY: customer_sentences.SEVERITY,
    Because.SEVERITY_DEFAULT: "Until a severity is set, severity {severity} counts.",
    Because.TARGET: customer_sentences.TARGET,
    Because.PRODUCT_NOT_ROUND_THE_CLOCK: "For this product business hours count.",
    Because.PRODUCT_UNKNOWN: "Business hours count.",
    Because.CALLED: "You called {at}.",
    Because.CALLED_AGAIN: "You called again {at}.",
    Because.NOT_CALLED: customer_sentences.PLEASE_CALL,
    Because.CALL_BEFORE_REPORT: "A call before the request was raised does not count.",
    Because.CLOCK_STARTS: "The clock started {start}.",
    Because.CLOCK_STARTS_AT_OPENING: "The clock started at the opening {opens}.",
    Because.SEVERITY_RAISED: customer_sentences.SEVERITY_RAISED,
    Because.SEVERITY_LOWERED: customer_sentences.SEVERITY_LOWERED,
    Because.BREACH_DATED_AT_CHANGE: "The new due time was already past, so {at} counts.",
    Because.PAUSED: "The clock stood still from {since} until {until}.",
    Because.PAUSE_LASTS: "The clock stands still since {since}.",
    Because.DUE: customer_sentences.DUE,
    Because.ACKNOWLEDGED: "Acknowledged {at}{publicly}.",
    Because.CLOCK_RESTARTED: "The clock started again at {at}.",
}
