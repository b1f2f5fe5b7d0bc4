"""Every sentence that a person reads.

Two readers: agents, who may see everything, and customers, who see neither other customers nor internal
names. Instants are shown in the zone that is given, with its abbreviation; durations in hours and minutes.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

from jsm_sla_bot.plan.sentences import (
    CHOICES,
    CLOSERS,
    FOR_AGENTS,
    FOR_CUSTOMERS,
    LAPSES,
    OVERRIDES,
)
from jsm_sla_bot.sla.assessment import Measurement, Owed
from jsm_sla_bot.sla.calendar import WEEKDAYS
from jsm_sla_bot.sla.contract import ClockKind
from jsm_sla_bot.sla.dormancy_state import Ground
from jsm_sla_bot.sla.reason import Because, Fact, Reason
from jsm_sla_bot.sla.request import Deed
from jsm_sla_bot.text.outside import outside
from jsm_sla_bot.text.spans import duration_text

_UNMAPPED = frozenset(
    {Because.TIER_DEFAULT_UNMAPPED, Because.ORGANIZATION_UNMAPPED}
)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LONGEST_NAME = 60
"""Names come from outside: no more of one is shown."""


def instant_text(instant: datetime, zone: tzinfo) -> str:
    """Return `Fri 2026-03-06 22:20 CET`; seconds only where there are any."""
    return _utc_text(instant.astimezone(UTC), zone)


@lru_cache(maxsize=4096)
def _utc_text(instant: datetime, zone: tzinfo) -> str:
    """Return the text of an instant, which a note says often; in UTC, where equal instants are one instant."""
    local = instant.astimezone(zone)
    clock = local.strftime(
        "%H:%M:%S" if local.second or local.microsecond else "%H:%M"
    )
    return f"{WEEKDAYS[local.weekday()][:3]} {local:%Y-%m-%d} {clock} {local.tzname()}"


def day_text(instant: datetime, zone: tzinfo) -> str:
    """Return `Thu 5 March 2026`: the date that a clock on the wall of that zone shows."""
    local = instant.astimezone(zone)
    weekday = WEEKDAYS[local.weekday()][:3]
    return f"{weekday} {local.day} {MONTHS[local.month - 1]} {local.year}"


def minute_text(instant: datetime, zone: tzinfo) -> str:
    """Return `Fri 2026-03-06 22:20 CET`: to the minute, as people keep appointments."""
    return instant_text(instant.replace(second=0, microsecond=0), zone)


def elapsed_text(span: timedelta) -> str:
    """Return `2 days 14 h`, `3 h 10 min`, or an empty string below one minute: real time, to the minute."""
    days, rest = divmod(span, timedelta(days=1))
    minutes = timedelta(minutes=rest // timedelta(minutes=1))
    if days == 0:
        return duration_text(minutes) if minutes else ""
    hours = timedelta(hours=minutes // timedelta(hours=1))
    whole = "1 day" if days == 1 else f"{days} days"
    return f"{whole} {duration_text(hours)}" if hours else whole


def plain_name(name: object) -> str:
    """Return the name of a person or an organization as one line of bounded length; empty where there is none."""
    shown = outside(name, LONGEST_NAME) if isinstance(name, str) else ""
    return " ".join(shown.split())


def organization_text(identity: object, name: object) -> str:
    """Return `Nordbank AB (organization 11)`, or `Organization 11` where no name is known."""
    shown = plain_name(name)
    return (
        f"{shown} (organization {identity})"
        if shown
        else f"Organization {identity}"
    )


def target_text(goal: timedelta, clock: ClockKind) -> str:
    """Return the field *Response target*: `2 h, round the clock`."""
    return f"{duration_text(goal)}, {clock}"


def target_field(measured: Measurement) -> str | None:
    """Return the field *Response target*; while nobody has called or answered, also what a call gains (R3)."""
    if measured.owed is None:
        return None
    counted = owed_text(measured.owed)
    offers = [
        reason
        for reason in measured.because
        if reason.because is Because.NOT_CALLED and not measured.settled
    ]
    return f"{counted} ({_offer(offers[0])})" if offers else counted


def promised_target(shown: object) -> str:
    """Return what a text of *Response target* promises: what a call would gain is no promise."""
    promised, _, _ = str(shown or "").partition(" (")
    return promised


def _offer(reason: Reason) -> str:
    goal, clock = reason.fact("goal"), reason.fact("clock")
    hours = duration_text(goal) if isinstance(goal, timedelta) else ""
    return f"{hours} {clock} once the customer calls"


def owed_text(owed: Owed | None) -> str:
    """Return the target of what is owed, or a dash where no clock runs."""
    return target_text(owed.goal, owed.clock) if owed else "-"


def says(reason: Reason, zone: tzinfo) -> str:
    """Return the sentence for agents: everything there is to know."""
    return filled(FOR_AGENTS[reason.because], reason, zone)


def says_to_customer(reason: Reason, zone: tzinfo) -> str | None:
    """Return the sentence for the customer, or None where the reason is not theirs to read."""
    template = FOR_CUSTOMERS.get(reason.because)
    return filled(template, reason, zone) if template else None


def unmapped(measured: Measurement) -> list[Reason]:
    """Return the reasons that name organizations which are not in organizations.yaml (D11)."""
    return [
        reason for reason in measured.because if reason.because in _UNMAPPED
    ]


def probable(measured: Measurement) -> str:
    """Return the account that may have answered (D35)."""
    for reason in measured.because:
        if reason.because is Because.PROBABLY_ANSWERED:
            return str(reason.fact("by"))
    return "unknown"


def filled(template: str, reason: Reason | Ground, zone: tzinfo) -> str:
    """Return a sentence with the reason's facts in it."""
    shown = _fact_texts(dict(reason.facts), zone)
    return template.format_map(_Facts(shown, **derived(reason, zone)))


def _fact_texts(facts: Mapping[str, Fact], zone: tzinfo) -> dict[str, str]:
    """Return the facts as texts; instants to the minute, unless two of them lie within one."""
    instants = {
        value for value in facts.values() if isinstance(value, datetime)
    }
    minutes = {
        instant.replace(second=0, microsecond=0) for instant in instants
    }
    shows = minute_text if len(minutes) == len(instants) else instant_text
    return {
        name: _fact_text(value, zone, shows) for name, value in facts.items()
    }


def derived(reason: Reason | Ground, zone: tzinfo) -> dict[str, str]:
    """Return what sentences name that is no fact by itself: people, organizations and rules in words."""
    facts = dict(reason.facts)
    shown = _fact_texts(facts, zone)
    lapse = LAPSES.get(str(facts.get("lapse")), "")
    product = shown.get("product", "none")
    severity = shown.get("what", "").removeprefix("targets.")
    rule = OVERRIDES.get(shown.get("what", "").partition(".")[0], "")
    ids, names = facts.get("organizations"), facts.get("names")
    by_public_comment = facts.get("deed") == Deed.PUBLIC_COMMENT
    whom = plain_name(facts.get("name"))
    return {
        "lapse": lapse.format_map(_Facts(shown)),
        "who": organization_text(facts.get("organization"), facts.get("name")),
        "labels": _labels(ids, names),
        "label": _excluded(facts, shown),
        "choice": CHOICES.get(str(facts.get("choice")), "counts"),
        "closer": CLOSERS.get(str(facts.get("by")), "somebody"),
        "said": rule.format_map(_Facts(shown, severity=severity)),
        "unknown": _unknown(product),
        "whom": whom or "an agent",
        "person": whom or f"Account {facts.get('by')}",
        "how": _deed(facts.get("deed"), shown),
        "target": _target(facts),
        "publicly": f" by {whom}" if by_public_comment and whom else "",
    }


def _target(facts: Mapping[str, Fact]) -> str:
    """Return the response time that a reason names, with its clock."""
    goal, clock = facts.get("goal"), facts.get("clock")
    if not isinstance(goal, timedelta) or not isinstance(clock, ClockKind):
        return "unknown"
    return target_text(goal, clock)


def _unknown(product: str) -> str:
    if product == "none":
        return "No product is set"
    return f"The product {product} is not known"


def _labels(ids: Fact, names: Fact) -> str:
    """Return organizations by name and id, those without a name by their id."""
    if not isinstance(ids, tuple):
        return ""
    known = names if isinstance(names, tuple) else ("",) * len(ids)
    return ", ".join(
        organization_text(identity, name)
        for identity, name in zip(ids, known, strict=True)
    )


def _excluded(facts: Mapping[str, Fact], shown: Mapping[str, str]) -> str:
    """Return what a request is excluded by: an organization by its name, where that is known."""
    name = plain_name(facts.get("name"))
    value = shown.get("value", "")
    return f"{name}, {value}" if name else value


def _deed(deed: Fact, shown: Mapping[str, str]) -> str:
    match deed:
        case Deed.STATUS:
            return f"status {shown.get('to')}"
        case Deed.SEVERITY:
            return f"severity set to S{shown.get('to')}"
        case _:
            return "public comment"


def _fact_text(
    value: Fact, zone: tzinfo, shows: Callable[[datetime, tzinfo], str]
) -> str:
    match value:
        case datetime():
            return shows(value, zone)
        case timedelta():
            return duration_text(value)
        case tuple():
            return ", ".join(plain_name(one) for one in value) or "none"
        case None:
            return "none"
        case StrEnum():
            return value.replace("_", " ")
        case _:
            return outside(value)


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "unknown"
