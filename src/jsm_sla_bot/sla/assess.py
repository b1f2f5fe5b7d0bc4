"""One request, one policy, one instant: the whole answer, with its reasons. The engine's way in.

Replayed from the history each time, never accumulated: the same inputs give the same answer, and an earlier
`now` gives the answer that would have been seen then.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from jsm_sla_bot.sla.acknowledgement import closing, declined, probable_answer
from jsm_sla_bot.sla.assessment import (
    FIRST_RESPONSE,
    Assessment,
    Flag,
    Measurement,
    RungAt,
    SlaStatus,
)
from jsm_sla_bot.sla.clock import Clock, judged
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.decision import Decision
from jsm_sla_bot.sla.dormancy import dormancy
from jsm_sla_bot.sla.entitlement import Entitlement, entitlement, exclusion_of
from jsm_sla_bot.sla.escalation import is_reached, rungs_of
from jsm_sla_bot.sla.events import Span
from jsm_sla_bot.sla.history import as_of, in_order, knows, standing_calls
from jsm_sla_bot.sla.metric import METRICS, Metric
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.reasons import (
    decided,
    probably_answered,
    restarted,
    stopped,
)
from jsm_sla_bot.sla.replay import Outcome, replay
from jsm_sla_bot.sla.reporter import other_reporter
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role
from jsm_sla_bot.sla.validate import checked, in_utc
from jsm_sla_bot.sla.whose import lapsed_reason, not_measured, whose

JUST_AFTER = timedelta(milliseconds=1)
"""Breached means after the due time; Jira's instants have milliseconds."""


class _Seen(NamedTuple):
    """A request as seen at `now`: all that is `known`, and what was known when the clock stopped (D9).

    `probable` is what may have been an answer, while nothing has stopped the clock (D35).
    """

    policy: Policy
    now: datetime
    known: RequestSnapshot
    frozen: RequestSnapshot
    clock: Clock
    probable: HistoryEntry | None
    other_reporter: Reason | None = None


def assess(
    snapshot: RequestSnapshot,
    policy: Policy,
    now: datetime,
    metrics: Sequence[Metric] = METRICS,
) -> Assessment:
    """Say what the contract owes on this request as seen at `now` (aware), by each of the metrics.

    A `now` before the report, by a clock that is behind, counts as the report. Raises ContractError where the
    contract gives no answer: an instant past a calendar's snapshot (D16), a calendar that never opens, a severity
    without a target, an instant without a zone or a value of the wrong kind.
    """
    if not in_utc(now, "now"):
        now = now.astimezone(UTC)
    snapshot = checked(snapshot)
    now = max(now, snapshot.reported)
    known = as_of(in_order(snapshot), now)
    measured = {
        metric.name: _measured(metric, metric.terms(policy), known, now)
        for metric in metrics
    }
    first_response = measured.get(FIRST_RESPONSE)
    waits = dormancy(known, first_response, now) if first_response else None
    return Assessment(known.key, measured, waits)


def _measured(
    metric: Metric, policy: Policy, known: RequestSnapshot, now: datetime
) -> Measurement:
    """Measure by one metric; `policy` has that metric's terms."""
    if why := _excluded(policy, known):
        present = entitlement(policy, known.organizations, known.reported)
        return _without_clock(policy, known, present, why)
    found = None
    if not knows(known, Deed.ORGANIZATIONS):
        found = entitlement(policy, known.organizations, known.reported)
    clock = metric.clock(policy, known, found)
    frozen = judged(known, clock)
    stop = clock.stopped
    span = Span(clock.start, stop.at if stop else now, ended=stop is not None)
    outcome = replay(policy, frozen, span, found)
    if why := _undue(known, outcome.entitlement, clock):
        return _without_clock(
            policy, known, outcome.entitlement, why, outcome.decision
        )
    probable = None if stop else probable_answer(known, clock.start)
    other = other_reporter(known, outcome.entitlement)
    seen = _Seen(policy, now, known, frozen, clock, probable, other)
    return _with_clock(seen, outcome)


def _excluded(policy: Policy, known: RequestSnapshot) -> Reason | None:
    """Return why a request is not measured, whoever raised it (R8)."""
    if exclusion := exclusion_of(policy, known):
        return not_measured(exclusion, known)
    if status := declined(known):
        return reason(Because.DECLINED, "R8", status=status.name)
    return None


def _undue(
    known: RequestSnapshot, found: Entitlement, clock: Clock
) -> Reason | None:
    """Return why nothing is owed to these organizations or on a request that was withdrawn (R7, R8, D17)."""
    if not found.candidates and found.excluded:
        return not_measured(found.excluded[0], known)
    if not found.candidates:
        return lapsed_reason(found)
    closed = closing(known)
    if closed is None or closed.role is Role.AGENT:
        return None
    if clock.stopped and (closed.at is None or clock.stopped.at <= closed.at):
        return None
    if closed.at is None:
        return reason(Because.CLOSED_UNTOLD, "D17", status=closed.status.name)
    return reason(Because.WITHDRAWN, "D17", at=closed.at, by=closed.role)


def _without_clock(
    policy: Policy,
    known: RequestSnapshot,
    found: Entitlement,
    why: Reason,
    decision: Decision | None = None,
) -> Measurement:
    """Compose the answer where no clock runs; without a decision the first organization listed stands for all."""
    lapsed = why.because is Because.NOT_ENTITLED
    candidate = (
        decision.candidate if decision else next(iter(found.candidates), None)
    )
    bought = (whose(policy, known, candidate),) if candidate else ()
    organization = candidate.organization if candidate else None
    terms = candidate.terms if candidate else None
    if lapsed:
        organization, _ = found.lapsed[0]
        terms = organization.terms
    return Measurement(
        status=SlaStatus.NOT_ENTITLED if lapsed else SlaStatus.NOT_APPLICABLE,
        tier=terms.tier if terms else None,
        organization=organization.id if organization else None,
        severity=policy.default_severity
        if known.severity is None
        else known.severity,
        calendar=(terms or policy.default_terms).calendar.name,
        owed=None,
        promised_due=None,
        rungs=(),
        rungs_reached=(),
        acknowledged_at=None,
        next_change_at=None,
        settled=known.status.is_done,
        flags=(),
        because=(*bought, why),
        terms=terms,
    )


def _with_clock(seen: _Seen, outcome: Outcome) -> Measurement:
    decision = outcome.decision
    if decision is None:  # pragma: no cover - the caller has looked
        raise AssertionError
    owed = decision.answer.owed
    stop = seen.clock.stopped
    instant = decision.pause.begins if decision.pause else seen.now
    rungs = rungs_of(owed, decision.case, seen.policy.rungs)
    reached = _reached(seen, rungs, owed.due, instant)
    organization = decision.candidate.organization
    return Measurement(
        status=_status(seen, decision, instant, reached),
        tier=decision.case.terms.tier,
        organization=organization.id if organization else None,
        severity=decision.severity,
        calendar=decision.case.terms.calendar.name,
        owed=owed,
        promised_due=outcome.promised,
        rungs=rungs,
        rungs_reached=tuple([rung.name for rung in reached]),
        acknowledged_at=stop.at if stop else None,
        next_change_at=None if stop else _next_change(seen, decision, rungs),
        settled=stop is not None,
        flags=_flags(seen, outcome.entitlement),
        because=_because(seen, outcome, decision),
        owed_since=outcome.since,
        csm=organization.csm if organization else "",
        terms=decision.case.terms,
    )


def _reached(
    seen: _Seen, rungs: tuple[RungAt, ...], due: datetime, instant: datetime
) -> tuple[RungAt, ...]:
    """Return the rungs reached; none once the request is answered, or may have been (R10, D35)."""
    if seen.clock.stopped or seen.probable:
        return ()
    return tuple([rung for rung in rungs if is_reached(rung, due, instant)])


def _because(
    seen: _Seen, outcome: Outcome, decision: Decision
) -> tuple[Reason, ...]:
    clock = seen.clock
    reasons = list(restarted(clock.restarted)) if clock.restarted else []
    reasons += decided(seen.policy, seen.frozen, outcome, decision, clock)
    if clock.stopped:
        reasons.append(stopped(clock.stopped, decision.due))
    if seen.probable:
        reasons.append(probably_answered(seen.probable))
    if seen.other_reporter:
        reasons.append(seen.other_reporter)
    return tuple(reasons)


def _status(
    seen: _Seen,
    decision: Decision,
    instant: datetime,
    reached: tuple[RungAt, ...],
) -> SlaStatus:
    due = decision.due
    stop = seen.clock.stopped
    if stop:
        return SlaStatus.MET if stop.at <= due else SlaStatus.MET_LATE
    if instant > due:
        return SlaStatus.BREACHED
    if decision.pause:
        return SlaStatus.PAUSED
    return SlaStatus.AT_RISK if reached else SlaStatus.RUNNING


def _next_change(
    seen: _Seen, decision: Decision, rungs: tuple[RungAt, ...]
) -> datetime | None:
    """Return when time alone changes the answer: a rung, the breach, a call still to come; in a pause only a call."""
    due = decision.due
    instants: list[datetime] = []
    if not decision.pause:
        if not seen.probable:
            instants += [rung.at for rung in rungs if rung.at < due]
        instants.append(due + JUST_AFTER)
    instants += [at for at, _ in standing_calls(seen.known)]
    return min(
        [instant for instant in instants if instant > seen.now], default=None
    )


def _flags(seen: _Seen, found: Entitlement) -> tuple[Flag, ...]:
    frozen = seen.frozen
    flags = []
    if frozen.severity is None:
        flags.append(Flag.NO_SEVERITY)
    if seen.probable:
        flags.append(Flag.PROBABLE_ANSWER)
    if not frozen.organizations:
        flags.append(Flag.NO_ORGANIZATION)
    elif any(candidate.unmapped for candidate in found.candidates):
        flags.append(Flag.UNMAPPED_ORGANIZATION)
    if seen.other_reporter:
        flags.append(Flag.OTHER_REPORTER)
    return tuple(flags)
