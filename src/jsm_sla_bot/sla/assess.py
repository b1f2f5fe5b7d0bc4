"""One request, one policy, one instant: the whole answer, with its reasons. The engine's way in.

Replayed from the history each time, never accumulated: the same inputs give the same answer, and an earlier
`now` gives the answer that would have been seen then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jsm_sla_bot.sla.acknowledgement import acknowledged, closing, reopenings
from jsm_sla_bot.sla.assessment import Assessment, Flag, Owed, RungAt, SlaStatus
from jsm_sla_bot.sla.contract import Policy, Reopening, Terms
from jsm_sla_bot.sla.entitlement import Entitlement, entitlement, exclusion_of
from jsm_sla_bot.sla.escalation import is_reached, rungs_of
from jsm_sla_bot.sla.grounds import (
    decided,
    lapsed_reason,
    not_measured,
    restarted,
    stopped,
    undecided,
)
from jsm_sla_bot.sla.history import as_of, in_order, standing_call
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.replay import Decision, Outcome, promised, replay
from jsm_sla_bot.sla.request import HistoryEntry, Phase, RequestSnapshot, Role

JUST_AFTER = timedelta(milliseconds=1)
"""Breached means after the due time; Jira's instants have milliseconds."""


@dataclass(frozen=True, slots=True)
class _Clock:
    """The response clock of one request: from where it runs, and the deed that stopped it."""

    start: datetime
    stopped: HistoryEntry | None
    restarted: HistoryEntry | None = None


def assess(snapshot: RequestSnapshot, policy: Policy, now: datetime) -> Assessment:
    """Say what the contract owes on this request as seen at `now` (aware UTC).

    Raises ContractError where the contract gives no answer: an instant past a calendar's snapshot (D16), a
    calendar that never opens, a severity without a target.
    """
    known = as_of(in_order(snapshot), now)
    clock = _clock(policy, known)
    frozen = as_of(known, clock.stopped.at) if clock.stopped else known
    outcome = replay(policy, frozen, clock.start, now)
    reason_not = _unmeasured(policy, known, outcome.entitlement, clock)
    if outcome.decision is None or reason_not:
        return _without_clock(policy, known, outcome, reason_not)
    return _with_clock(policy, known, frozen, clock, outcome, now)


def _clock(policy: Policy, known: RequestSnapshot) -> _Clock:
    terms = _terms(policy, known)
    start, restart = known.reported, None
    if any(one.reopen is Reopening.RESTART for one in terms):
        for restart in reopenings(known):
            start = restart.at
    stops = [entry for one in terms if (entry := acknowledged(known, one.acknowledgement, start))]
    return _Clock(start, min(stops, key=lambda entry: entry.at, default=None), restart)


def _terms(policy: Policy, known: RequestSnapshot) -> tuple[Terms, ...]:
    candidates = entitlement(policy, known.organizations, known.reported).candidates
    return tuple(candidate.terms for candidate in candidates) or (policy.default_terms,)


def _unmeasured(
    policy: Policy, known: RequestSnapshot, found: Entitlement, clock: _Clock
) -> Reason | None:
    """Return why no clock runs although somebody may be entitled, or why nobody is (R7, R8, D17)."""
    if exclusion := exclusion_of(policy, known):
        return not_measured(exclusion)
    if known.status.phase is Phase.DECLINED:
        return reason(Because.DECLINED, "R8", status=known.status.name)
    if not found.candidates:
        return not_measured(found.excluded) if found.excluded else lapsed_reason(found)
    closed = closing(known)
    if closed and clock.stopped is None and closed.role is not Role.AGENT:
        return reason(Because.WITHDRAWN, "D17", at=closed.at, by=closed.role)
    return None


def _without_clock(
    policy: Policy, known: RequestSnapshot, outcome: Outcome, why: Reason | None
) -> Assessment:
    lapsed = why is not None and why.because is Because.NOT_ENTITLED
    entitled = outcome.entitlement
    organization = entitled.lapsed[0] if lapsed and entitled.lapsed else None
    decision = outcome.decision
    terms = organization.terms if organization else decision.case.terms if decision else None
    named = organization or (decision.candidate.organization if decision else None)
    return Assessment(
        key=known.key,
        status=SlaStatus.NOT_ENTITLED if lapsed else SlaStatus.NOT_APPLICABLE,
        tier=terms.tier if terms else None,
        organization=named.id if named else None,
        severity=policy.default_severity if known.severity is None else known.severity,
        calendar=(terms or policy.default_terms).calendar.name,
        owed=None,
        promised_due=None,
        rungs=(),
        rungs_reached=(),
        acknowledged_at=None,
        next_change_at=None,
        settled=known.status.is_done,
        flags=(),
        because=(*undecided(policy, known, outcome), *((why,) if why else ())),
    )


def _with_clock(
    policy: Policy,
    known: RequestSnapshot,
    frozen: RequestSnapshot,
    clock: _Clock,
    outcome: Outcome,
    now: datetime,
) -> Assessment:
    decision = outcome.decision
    if decision is None:  # pragma: no cover - the caller has looked
        raise AssertionError
    owed, terms = decision.answer.owed, decision.case.terms
    rungs = rungs_of(owed, terms, policy.rungs)
    reached = () if clock.stopped else tuple(rung for rung in rungs if is_reached(rung, owed.due, now))
    organization = decision.candidate.organization
    return Assessment(
        key=known.key,
        status=_status(owed, clock.stopped, reached, now),
        tier=terms.tier,
        organization=organization.id if organization else None,
        severity=decision.severity,
        calendar=terms.calendar.name,
        owed=owed,
        promised_due=promised(policy, known, clock.start),
        rungs=rungs,
        rungs_reached=tuple(rung.name for rung in reached),
        acknowledged_at=clock.stopped.at if clock.stopped else None,
        next_change_at=None if clock.stopped else _next_change(known, owed, rungs, now),
        settled=clock.stopped is not None,
        flags=_flags(frozen, decision),
        because=_because(policy, frozen, clock, outcome, decision),
    )


def _because(
    policy: Policy, frozen: RequestSnapshot, clock: _Clock, outcome: Outcome, decision: Decision
) -> tuple[Reason, ...]:
    reasons = list(restarted(clock.restarted)) if clock.restarted else []
    reasons += decided(policy, frozen, outcome, decision, clock.start)
    if clock.stopped:
        reasons.append(stopped(clock.stopped, decision.due))
    return tuple(reasons)


def _status(
    owed: Owed, stop: HistoryEntry | None, reached: tuple[RungAt, ...], now: datetime
) -> SlaStatus:
    if stop:
        return SlaStatus.MET if stop.at <= owed.due else SlaStatus.MET_LATE
    if now > owed.due:
        return SlaStatus.BREACHED
    return SlaStatus.AT_RISK if reached else SlaStatus.RUNNING


def _next_change(
    known: RequestSnapshot, owed: Owed, rungs: tuple[RungAt, ...], now: datetime
) -> datetime | None:
    """Return the next instant at which time alone changes the answer: a rung, the breach, a call still to come."""
    instants = [rung.at for rung in rungs if rung.at < owed.due] + [owed.due + JUST_AFTER]
    call = standing_call(known)
    if call:
        instants.append(call[0])
    return min((instant for instant in instants if instant > now), default=None)


def _flags(frozen: RequestSnapshot, decision: Decision) -> tuple[Flag, ...]:
    flags = []
    if frozen.severity is None:
        flags.append(Flag.NO_SEVERITY)
    if not frozen.organizations:
        flags.append(Flag.NO_ORGANIZATION)
    elif decision.candidate.unmapped:
        flags.append(Flag.UNMAPPED_ORGANIZATION)
    return tuple(flags)


