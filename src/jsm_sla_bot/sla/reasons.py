"""The grounds of an answer, in the order in which a person would ask: who, how urgent, how long, from when.

Pure data (`Reason`); the sentences are `plan.wording`'s.
"""

from collections.abc import Iterator
from datetime import datetime

from jsm_sla_bot.sla.assessment import Pause
from jsm_sla_bot.sla.clock import Clock
from jsm_sla_bot.sla.contract import ClockKind, Policy
from jsm_sla_bot.sla.decision import Decision
from jsm_sla_bot.sla.history import disagreements, standing_calls
from jsm_sla_bot.sla.overrides import overrides
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.replay import Outcome
from jsm_sla_bot.sla.request import HistoryEntry, RequestSnapshot, Status
from jsm_sla_bot.sla.target import (
    calendar_of,
    clock_that_counts,
    has_round_the_clock,
    known_product,
)
from jsm_sla_bot.sla.whose import others, whose


def decided(
    policy: Policy,
    request: RequestSnapshot,
    outcome: Outcome,
    decision: Decision,
    clock: Clock,
) -> list[Reason]:
    """Return why this is owed until then, first cause first."""
    owed = decision.answer.owed
    pausing = decision.case.terms.source("pauses_in")
    reasons = [whose(policy, request, decision.candidate)]
    reasons += overrides(request, outcome, decision, clock)
    if len(request.organizations) > 1:
        reasons += others(policy, request, outcome.entitlement, decision)
    reasons.append(_severity(policy, request, decision))
    reasons += _calls(request, decision, outcome.until, clock)
    reasons += _phone(decision)
    reasons.append(_target(decision))
    reasons += _product(decision)
    reasons += outcome.trail
    reasons.append(_clock(decision))
    reasons += [_pause(pause, pausing) for pause in owed.pauses]
    reasons += [
        reason(Because.HISTORY_DISAGREES, "R5", field=what)
        for what in disagreements(request)
    ]
    due = (("due", owed.due), ("calendar", owed.calendar))
    reasons.append(Reason(Because.DUE, "R4", "", due))
    return reasons


def restarted(entry: HistoryEntry) -> Iterator[Reason]:
    """Yield that reopening started a new clock (D14)."""
    yield reason(
        Because.CLOCK_RESTARTED,
        "D14",
        f"history {entry.at.isoformat()}",
        at=entry.at,
    )


def stopped(entry: HistoryEntry, due: datetime) -> Reason:
    """Return what acknowledged the request, and whether in time (D4)."""
    source = f"history {entry.at.isoformat()}"
    return reason(
        Because.ACKNOWLEDGED,
        "D4",
        source,
        at=entry.at,
        deed=entry.what,
        by=entry.by,
        name=entry.name,
        to=_to(entry),
        due=due,
    )


def probably_answered(entry: HistoryEntry) -> Reason:
    """Return what may have been an answer, and by whom (D35)."""
    source = f"history {entry.at.isoformat()}"
    return reason(
        Because.PROBABLY_ANSWERED,
        "D35",
        source,
        at=entry.at,
        by=entry.by,
        name=entry.name,
    )


def _to(entry: HistoryEntry) -> str | int | None:
    """Return what a deed set: the status by its name, the severity by its number."""
    match entry.after:
        case Status(name=name):
            return name
        case int() as severity:
            return severity
        case _:
            return None


def _pause(pause: Pause, source: str) -> Reason:
    if pause.ends is None:
        return reason(
            Because.PAUSE_LASTS,
            "D7",
            source,
            since=pause.begins,
            status=pause.status,
        )
    return reason(
        Because.PAUSED,
        "D7",
        source,
        since=pause.begins,
        until=pause.ends,
        status=pause.status,
    )


def _severity(
    policy: Policy, request: RequestSnapshot, decision: Decision
) -> Reason:
    if request.severity is None:
        source = policy.source("default_severity")
        return reason(
            Because.SEVERITY_DEFAULT, "D10", source, severity=decision.severity
        )
    return Reason(
        Because.SEVERITY, "R5", "", (("severity", decision.severity),)
    )


def _calls(
    request: RequestSnapshot,
    decision: Decision,
    until: datetime,
    clock: Clock,
) -> Iterator[Reason]:
    """Yield what each call comes to; one that lies ahead is worth a word only where it will count (R3, D9)."""
    phoned = decision.case.terms.targets[decision.severity]
    will_count = phoned.phone and clock.stopped is None
    for called, entry in standing_calls(request):
        source = f"history {entry.at.isoformat()}"
        if called <= until:
            yield _call(called, source, decision, clock.start)
        elif will_count:
            yield reason(Because.CALL_AHEAD, "R3", source, at=called)


def _phone(decision: Decision) -> Iterator[Reason]:
    """Yield what a call, or its absence, makes of a target that asks for one (R3, D2)."""
    case = decision.case
    phoned = case.terms.targets[decision.severity]
    source = case.terms.source("phone")
    tier = case.terms.fallback_tier
    if not phoned.phone:
        return
    if case.call is None:
        yield reason(
            Because.NOT_CALLED,
            "R3",
            source,
            tier=tier,
            goal=phoned.goal,
            clock=clock_that_counts(case, phoned),
        )
    elif decision.is_dated_at_call:
        yield reason(Because.BREACH_DATED_AT_CHANGE, "D33", at=case.call)
    elif decision.answer.phone_applies and not decision.answer.phoned_wins:
        yield reason(Because.FALLBACK_EARLIER, "D2", source, tier=tier)


def _call(
    called: datetime, source: str, decision: Decision, start: datetime
) -> Reason:
    terms = decision.case.terms
    if called < start:
        return reason(
            Because.CALL_BEFORE_REPORT, "D3", source, at=called, reported=start
        )
    if not terms.targets[decision.severity].phone:
        return reason(Because.CALL_NOT_COUNTED, "R3", source, at=called)
    if called != decision.case.call:
        return reason(
            Because.CALLED_AGAIN,
            "D2",
            source,
            at=called,
            first=decision.case.call,
        )
    return reason(
        Because.CALLED,
        "R3",
        source,
        at=called,
        clock_starts=terms.clock_starts,
    )


def _target(decision: Decision) -> Reason:
    terms = decision.case.terms
    answer = decision.answer
    fallback = answer.phone_applies and not answer.phoned_wins
    part = "fallback" if fallback else "targets"
    source = terms.source(f"{part}.{answer.severity}")
    facts = (
        ("tier", terms.fallback_tier if fallback else terms.tier),
        ("severity", answer.severity),
        ("goal", answer.owed.goal),
        ("clock", answer.owed.clock),
    )
    return Reason(Because.TARGET, "R1", source, facts)


def _product(decision: Decision) -> Iterator[Reason]:
    case = decision.case
    if (
        decision.answer.target.clock is not ClockKind.ROUND_THE_CLOCK
        or has_round_the_clock(case)
    ):
        return
    source = case.terms.source("round_the_clock_products")
    if known_product(case.product, case.terms) is None:
        yield reason(
            Because.PRODUCT_UNKNOWN, "D1", source, product=case.product
        )
    else:
        yield reason(
            Because.PRODUCT_NOT_ROUND_THE_CLOCK,
            "R2",
            source,
            product=case.product,
        )


def _clock(decision: Decision) -> Reason:
    owed = decision.answer.owed
    terms = decision.case.terms
    opens = calendar_of(terms, owed.clock).next_open(owed.start)
    facts = (("start", owed.start), ("calendar", owed.calendar))
    if opens > owed.start:
        return Reason(
            Because.CLOCK_STARTS_AT_OPENING,
            "D5",
            terms.source("calendar"),
            (("opens", opens), *facts),
        )
    return Reason(Because.CLOCK_STARTS, "R4", "", facts)
