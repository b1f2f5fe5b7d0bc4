"""The sentences on a request that waits for its customer: for agents, and for the customer (R11).

`explain` and the notes share them. Braces name the facts of a ground.
"""

from collections.abc import Mapping
from datetime import tzinfo

from jsm_sla_bot.plan import customer_sentences, wording
from jsm_sla_bot.sla.dormancy_state import (
    CLOSING,
    Dormancy,
    DormantState,
    Ground,
    Why,
)

FOR_AGENTS: Mapping[Why, str] = {
    Why.WAITING: "It waits for the customer (status {status}).",
    Why.OVERRIDE: "Its organization has a rule of its own for dormant requests.",
    Why.COUNTED_FROM_COMMENT: "An agent wrote last {at}, and the customer has done nothing since.",
    Why.COUNTED_FROM_ENTRY: "It has waited since {at}, and the customer has done nothing since.",
    Why.REMINDED: "The customer was last reminded {at}.",
    Why.STEP_DUE: "The step {step} falls due {due}: {days} business days ({calendar}) after {after}.",
    Why.CLOSING_SAID: "The customer has read {at} that it is closed; the transition is still to be made.",
    Why.CUSTOMER_ACTED: "The last act is the customer's, {at}, so it waits for an agent, whatever its status says.",
    Why.NOT_ACKNOWLEDGED: "It is not acknowledged, so the customer is not reminded.",
    Why.KEEP_OPEN_LABEL: "The label {label} keeps it open.",
    Why.ETA_AHEAD: "Its ETA {eta} lies ahead.",
    Why.NOTHING_TO_COUNT_FROM: "No agent has written to the customer or set it to wait, so nothing counts.",
    Why.CLOSED_ONCE: "It was closed after the note of {at} and opened again; it is not closed again until an agent "
    "or the customer acts.",
    Why.CLOSED_BY_US: "The bot closed it {at}; a comment of the customer until {until} reopens it.",
    Why.REOPENS: "The customer commented {at}, in time to have it reopened.",
    Why.TOO_LATE_TO_REOPEN: "The customer commented {at}, too late to have it reopened by the bot.",
    Why.CALENDAR_ENDS: "When its next step falls due is not known: {message}.",
}
"""Everything there is to know."""

FOR_CUSTOMERS: Mapping[Why, str] = {
    Why.WAITING: customer_sentences.WAITING,
    Why.COUNTED_FROM_COMMENT: customer_sentences.LAST_WROTE,
    Why.COUNTED_FROM_ENTRY: customer_sentences.WAITED_SINCE,
    Why.REMINDED: "We reminded you last {at}.",
    Why.CUSTOMER_ACTED: "You acted last, {at}: it is our turn.",
    Why.ETA_AHEAD: "We expect to solve it by {eta}.",
    Why.CLOSED_BY_US: f"We closed it {{at}}. {customer_sentences.REOPENS_UNTIL}",
    Why.REOPENS: "You commented {at}.",
    Why.TOO_LATE_TO_REOPEN: "You commented {at}.",
}
"""What the customer may read."""

_STATES: Mapping[DormantState, str] = {
    DormantState.DORMANT: "dormant",
    DormantState.WAITS_FOR_US: "not dormant: the customer has answered",
    DormantState.NOT_ACKNOWLEDGED: "not dormant: it is not acknowledged",
    DormantState.KEPT_OPEN: "not dormant: it is kept open",
    DormantState.ETA_AHEAD: "not dormant: its ETA lies ahead",
    DormantState.UNDATED: "not dormant: nobody has written to the customer",
    DormantState.OVER: "dormant, and closed once already",
    DormantState.CLOSED: "closed as dormant",
    DormantState.UNKNOWN: "dormant perhaps",
}


def says(ground: Ground, zone: tzinfo) -> str:
    """Return the sentence of a ground for agents."""
    return wording.filled(FOR_AGENTS[ground.why], ground, zone)


def says_to_customer(ground: Ground, zone: tzinfo) -> str | None:
    """Return the sentence for the customer, None where the ground is not theirs to read."""
    template = FOR_CUSTOMERS.get(ground.why)
    if template is None:
        return None
    until = ground.fact("until")
    known = ground._replace(facts=(*ground.facts, ("reopens_until", until)))
    return wording.filled(template, known, zone)


def headline(dormancy: Dormancy, zone: tzinfo) -> str:
    """Return `dormant: reminder on Thu 5 March 2026, closes Wed 11 March 2026`, or why no step comes."""
    state = _STATES[dormancy.state]
    step = _step_text(dormancy, zone)
    return f"{state}: {step}" if step else state


def explained(dormancy: Dormancy, zone: tzinfo) -> str:
    """Return all that agents may know in one sentence, and the grounds after it."""
    grounds = " ".join(says(one, zone) for one in dormancy.because)
    return f"{headline(dormancy, zone)}, because: {grounds}"


def for_customer(dormancy: Dormancy, zone: tzinfo) -> list[str]:
    """Return what the customer may read, in order: the grounds, then what happens next."""
    is_asking = dormancy.state is DormantState.DORMANT
    grounds = [
        one
        for one in dormancy.because
        if is_asking or one.why is not Why.WAITING
    ]
    said = [says_to_customer(one, zone) for one in grounds]
    ahead = _ahead(dormancy, zone) if is_asking else []
    return [*(one for one in said if one), *ahead]


def _ahead(dormancy: Dormancy, zone: tzinfo) -> list[str]:
    if dormancy.closes is None:
        return []
    closes = wording.day_text(dormancy.closes, zone)
    said = [
        customer_sentences.CLOSES.format(closes=closes),
        customer_sentences.KEEP_OPEN,
    ]
    if dormancy.step != CLOSING and dormancy.due:
        reminded = wording.day_text(dormancy.due, zone)
        again = customer_sentences.REMINDED_ON.format(reminded_on=reminded)
        said.insert(0, again)
    return said


def _step_text(dormancy: Dormancy, zone: tzinfo) -> str:
    step, due = dormancy.step, dormancy.due
    if step is None or due is None:
        return ""
    day = wording.day_text(due, zone)
    if dormancy.is_closing_said:
        return f"the customer was told of the closing on {day}, the transition is left"
    if step == CLOSING:
        return f"closes on {day}"
    closes = dormancy.closes
    ends = f", closes {wording.day_text(closes, zone)}" if closes else ""
    return f"{_named(step)} on {day}{ends}"


def _named(step: str) -> str:
    """Return the first reminder as "reminder", each further one with its number."""
    return step.removesuffix(" 1")
