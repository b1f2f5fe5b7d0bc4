"""The notes at the beginning: the request is registered, please call us. Owed while fresh, later moot (D19, D20).

So turning a kind on writes to nobody whose request is older, and an outage that took too long is not made up for.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.customer_sentences import (
    SEVERITY_LOWERED,
    SEVERITY_RAISED,
)
from jsm_sla_bot.plan.markers import public_about
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.matter import RESOLUTION, Matter, OwedNote
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import ClockKind, ClockStarts
from jsm_sla_bot.sla.history import standing_calls
from jsm_sla_bot.sla.reason import Because, Reason
from jsm_sla_bot.sla.request import Deed, Role

REPORT = "report"
_COUNTS_FROM = {
    ClockStarts.CALL: "your call",
    ClockStarts.REPORT: "the report of your request",
}


def fresh_notes(matter: Matter) -> Iterator[OwedNote]:
    """Yield what is owed while nobody has acknowledged or called."""
    if matter.measured.settled or _has_called(matter):
        return
    yield from _registered(matter)
    yield from _call_us(matter)


def _has_called(matter: Matter) -> bool:
    """Tell whether the customer has called since the report (D3)."""
    reported = matter.request.reported
    calls = standing_calls(matter.request)
    return any(reported <= at <= matter.now for at, _ in calls)


def _registered(matter: Matter) -> Iterator[OwedNote]:
    rule = matter.rule(NoteKind.REGISTERED)
    if rule is None:
        return
    until = _moot_at(matter, matter.request.reported, rule.within)
    if until:
        facts = _facts(matter)
        yield OwedNote(NoteKind.REGISTERED, REPORT, facts, until)


def _call_us(matter: Matter) -> Iterator[OwedNote]:
    rule = matter.rule(NoteKind.CALL_US)
    offer = _offer(matter)
    if rule is None or offer is None or _was_asked(matter):
        return
    until = _moot_at(matter, _called_for(matter), rule.within)
    if until:
        facts = {**_facts(matter), **_gains(matter, offer)}
        about = f"S{matter.measured.severity}"
        yield OwedNote(NoteKind.CALL_US, about, facts, until)


def _moot_at(
    matter: Matter, event: datetime, within: timedelta
) -> datetime | None:
    """Return when a note on that event is moot, None where it is already."""
    until = event + within + RESOLUTION
    return until if matter.now < until else None


def _offer(matter: Matter) -> Reason | None:
    """Return what a call would gain, where the target waits for one (R3)."""
    for one in matter.measured.because:
        if one.because is Because.NOT_CALLED:
            return one
    return None


def _was_asked(matter: Matter) -> bool:
    """Tell whether the customer was asked to call already, for this severity or a graver one."""
    severity = matter.measured.severity
    asked = public_about(NoteKind.CALL_US, matter.said)
    graver = {f"S{number}" for number in range(severity + 1)}
    return not graver.isdisjoint(asked)


def _called_for(matter: Matter) -> datetime:
    """Return since when a call is wanted: the report, or the last time that the severity was raised to what it is."""
    event = matter.request.reported
    present = matter.measured.severity
    for entry in matter.request.history:
        is_change = entry.what is Deed.SEVERITY and entry.after == present
        if is_change and _is_raise(entry.before, present):
            event = max(event, entry.at)
    return event


def _is_raise(before: object, after: int) -> bool:
    """Tell whether a severity became a graver one, or was set for the first time."""
    return not isinstance(before, int) or after < before


def _facts(matter: Matter) -> dict[str, str]:
    measured = matter.measured
    owed = measured.owed
    stands_still = measured.status is SlaStatus.PAUSED
    is_dated = owed is not None and not stands_still
    return {
        "key": matter.request.key,
        "severity": f"S{measured.severity}",
        "meaning": matter.terms.severity_definitions.get(
            measured.severity, ""
        ),
        "severity_change": _severity_change(matter),
        "target": wording.owed_text(owed),
        "due": matter.instant(owed.due) if owed and is_dated else "",
    }


def _severity_change(matter: Matter) -> str:
    """Return that an agent changed the severity, where the policy wants it said: the last change alone (R15)."""
    present = matter.measured.severity
    if not matter.terms.tell_severity_changes:
        return ""
    for entry in reversed(matter.request.history):
        if entry.what is not Deed.SEVERITY:
            continue
        before, after = entry.before, entry.after
        is_agents = entry.role is Role.AGENT and isinstance(before, int)
        if not is_agents or after != present or before == after:
            return ""
        is_raise = _is_raise(before, present)
        said = SEVERITY_RAISED if is_raise else SEVERITY_LOWERED
        return said.format(after=f"S{present}", at=matter.instant(entry.at))
    return ""


def _gains(matter: Matter, offer: Reason) -> dict[str, str]:
    """Return what a call gains, and from when that counts (D2)."""
    starts = matter.terms.clock_starts
    return {
        "call_target": _gain(offer),
        "counts_from": _COUNTS_FROM[starts],
    }


def _gain(offer: Reason) -> str:
    goal = offer.fact("goal")
    clock = offer.fact("clock")
    if not isinstance(goal, timedelta) or not isinstance(clock, ClockKind):
        return ""
    return wording.target_text(goal, clock)
