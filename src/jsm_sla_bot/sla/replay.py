"""The due time as the history made it: severity changes in order, organization and product as corrected.

A severity change is an event with a direction (D8). Organization and product are facts about the report that
somebody may put right later: what is known at the end counts from the start, but a correction never dates a breach
before itself. A call counts from when it was made, whenever it was written down.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from jsm_sla_bot.sla.contract import Counting, Policy, SeveralOrganizations, Terms
from jsm_sla_bot.sla.entitlement import Candidate, Entitlement, entitlement
from jsm_sla_bot.sla.history import Held, held, knows, standing_calls
from jsm_sla_bot.sla.pause import Pause, pauses
from jsm_sla_bot.sla.reason import Because, Fact, Reason, reason
from jsm_sla_bot.sla.request import Deed, RequestSnapshot
from jsm_sla_bot.sla.target import Answer, Case, owed

CORRECTIONS = frozenset({Deed.ORGANIZATIONS, Deed.PRODUCT})


class Span(NamedTuple):
    """The stretch that is replayed, aware UTC: from where the clock runs, until when the history is known.

    `ended` tells that the clock stopped there for good: what lasts, ends with it.
    """

    start: datetime
    until: datetime
    ended: bool = False


class Decision(NamedTuple):
    """What is owed under the terms that decided, and how the due time came to be there.

    `severity` is the present one; `answer.severity` the one whose target is due first (D8). `corrections` are what
    was put right about the report, in order. `opening` is what was due at the start, before anybody called or changed
    anything.
    """

    candidate: Candidate
    case: Case
    severity: int
    answer: Answer
    opening: datetime
    trail: tuple[Reason, ...] = ()
    corrections: tuple[Reason, ...] = ()

    @property
    def due(self) -> datetime:
        """The due time, aware UTC."""
        return self.answer.owed.due

    @property
    def pause(self) -> Pause | None:
        """The pause that lasts, in which the clock stands still (D7), if it began before the due time."""
        last = self.case.pauses[-1] if self.case.pauses else None
        return last if last and last.ends is None and last.begins < self.due else None


class Outcome(NamedTuple):
    """The decision, if anything is owed, beside the entitlement it rests on.

    `promised` is the due time that was owed at the start, before anybody called or changed anything.
    """

    entitlement: Entitlement
    decision: Decision | None
    promised: datetime | None = None


class _State(NamedTuple):
    """The organizations and the product, as they were known from `since` on."""

    since: datetime
    what: Deed
    organizations: tuple[str, ...]
    product: str | None


class _Past(NamedTuple):
    """What does not depend on whose request it is."""

    snapshot: RequestSnapshot
    span: Span
    call: datetime | None
    severity: int
    changes: tuple[Held, ...]


def replay(
    policy: Policy,
    snapshot: RequestSnapshot,
    span: Span,
    found: Entitlement | None = None,
) -> Outcome:
    """Work out what is owed over the span; the history is in order and ends with the span.

    `found` is the entitlement, if the organizations never changed and somebody has looked already.
    """
    past = _past(policy, snapshot, span)
    states = _states(snapshot, span.start)
    first = next(states)
    outcome = _decide(policy, past, first, found)
    promised = outcome.promised
    for state in states:
        was = _due_before(policy, past, (first, outcome), state.since)
        outcome = _carried(outcome, _decide(policy, past, state), state, was)
        first = state
    return Outcome(outcome.entitlement, outcome.decision, promised)


def _past(policy: Policy, snapshot: RequestSnapshot, span: Span) -> _Past:
    call = next(
        (at for at, _ in standing_calls(snapshot) if span.start <= at <= span.until),
        None,
    )
    if not knows(snapshot, Deed.SEVERITY):
        severity = (
            policy.default_severity if snapshot.severity is None else snapshot.severity
        )
        return _Past(snapshot, span, call, severity, ())
    values = held(snapshot, Deed.SEVERITY)
    at_start = 0
    while at_start + 1 < len(values) and values[at_start + 1].since <= span.start:
        at_start += 1
    return _Past(
        snapshot,
        span,
        call,
        _effective(policy, values[at_start]),
        tuple(values[at_start + 1 :]),
    )


def _states(snapshot: RequestSnapshot, start: datetime) -> Iterator[_State]:
    """Yield what was known at the start, then each correction in order."""
    if CORRECTIONS.isdisjoint([entry.what for entry in snapshot.history]):
        yield _State(
            snapshot.reported,
            Deed.ORGANIZATIONS,
            snapshot.organizations,
            snapshot.product,
        )
        return
    organizations, products = (
        held(snapshot, Deed.ORGANIZATIONS),
        held(snapshot, Deed.PRODUCT),
    )
    first = state = _State(
        snapshot.reported,
        Deed.ORGANIZATIONS,
        _ids(organizations[0]),
        _text(products[0]),
    )
    changes = [(one.since, Deed.ORGANIZATIONS, one) for one in organizations[1:]]
    changes += [(one.since, Deed.PRODUCT, one) for one in products[1:]]
    later = []
    for since, what, one in sorted(changes, key=lambda change: change[:2]):
        if what is Deed.ORGANIZATIONS:
            state = _State(since, what, _ids(one), state.product)
        else:
            state = _State(since, what, state.organizations, _text(one))
        if since > start:
            later.append(state)
        else:
            first = state
    yield first
    yield from later


def _decide(
    policy: Policy, past: _Past, state: _State, found: Entitlement | None = None
) -> Outcome:
    found = found or entitlement(policy, state.organizations, past.snapshot.reported)
    decisions = [
        _replayed(policy, past, state, candidate) for candidate in found.candidates
    ]
    if len(decisions) == 1:
        return Outcome(found, decisions[0], decisions[0].opening)
    if not decisions:
        return Outcome(found, None)
    promised = _deciding(policy, decisions, attrgetter("opening")).opening
    return Outcome(found, _deciding(policy, decisions, attrgetter("due")), promised)


def _deciding(
    policy: Policy, decisions: list[Decision], due: Callable[[Decision], datetime]
) -> Decision:
    """Pick among several organizations (D11); of equal ones the first listed."""
    match policy.several_organizations:
        case SeveralOrganizations.EARLIEST_DUE:
            return min(decisions, key=due)
        case SeveralOrganizations.LATEST_DUE:
            return max(decisions, key=due)
        case SeveralOrganizations.FIRST_LISTED:
            return decisions[0]


def _replayed(
    policy: Policy, past: _Past, state: _State, candidate: Candidate
) -> Decision:
    terms = candidate.terms
    stops = _pauses(past, terms) if terms.pauses_in else ()
    case = Case(terms, state.product, past.call, stops)
    decision = _at_start(past, candidate, case)
    for change in past.changes:
        severity = _effective(policy, change)
        if severity != decision.severity:
            decision = _changed(decision, severity, past.span.start, change)
    return decision


def _at_start(past: _Past, candidate: Candidate, case: Case) -> Decision:
    severity, start = past.severity, past.span.start
    answer = owed(case, severity, start)
    opening = (
        owed(case._replace(pauses=()), severity, start).uncalled
        if case.pauses
        else answer.uncalled
    )
    return Decision(candidate, case, severity, answer, opening)


def _pauses(past: _Past, terms: Terms) -> tuple[Pause, ...]:
    return pauses(
        past.snapshot, terms.pauses_in, past.span.until if past.span.ended else None
    )


def _changed(
    decision: Decision, severity: int, start: datetime, change: Held
) -> Decision:
    """Work a severity change in (D8): raised, the earlier due time; lowered, the new one, not before the change."""
    raised = severity < decision.severity
    rule = decision.case.terms.severity_change
    counting = rule.raised if raised else rule.lowered
    begins = change.since if counting is Counting.FROM_CHANGE else start
    answer = owed(decision.case, severity, begins)
    trail = [_severity_reason(decision, severity, change, raised=raised)]
    if answer.owed.due < change.since and answer.owed.due != decision.due:
        answer = _dated(answer, change.since)
        trail.append(reason(Because.BREACH_DATED_AT_CHANGE, "D8", at=change.since))
    if raised and decision.due <= answer.owed.due:
        answer = decision.answer
        trail.append(reason(Because.DUE_KEPT, "D8", due=answer.owed.due))
    return decision._replace(
        severity=severity, answer=answer, trail=(*decision.trail, *trail)
    )


def _due_before(
    policy: Policy, past: _Past, before: tuple[_State, Outcome], since: datetime
) -> datetime | None:
    """Return the due time just before a correction: a severity that changed later was not known then."""
    state, outcome = before
    known = tuple([change for change in past.changes if change.since <= since])
    if len(known) < len(past.changes):
        outcome = _decide(policy, past._replace(changes=known), state)
    return outcome.decision.due if outcome.decision else None


def _carried(
    before: Outcome, after: Outcome, state: _State, was: datetime | None
) -> Outcome:
    """Carry a correction in: a due time that moves into the past is dated at the correction, or stays where it was."""
    moved, old = after.decision, before.decision
    if moved is None:
        return after
    told = [*(old.corrections if old else ()), _correction(state)]
    earliest = min(was, state.since) if was else state.since
    if moved.due < earliest:
        moved = moved._replace(answer=_dated(moved.answer, earliest))
        told.append(
            reason(
                Because.BREACH_DATED_AT_CHANGE,
                told[-1].rule,
                told[-1].source,
                at=earliest,
            )
        )
    return Outcome(after.entitlement, moved._replace(corrections=tuple(told)))


def _correction(state: _State) -> Reason:
    source = f"history {state.since.isoformat()}"
    if state.what is Deed.PRODUCT:
        return reason(
            Because.PRODUCT_CHANGED, "R2", source, at=state.since, product=state.product
        )
    facts: dict[str, Fact] = {"at": state.since, "organizations": state.organizations}
    return reason(Because.ORGANIZATIONS_CHANGED, "R6", source, **facts)


def _severity_reason(
    decision: Decision, severity: int, change: Held, *, raised: bool
) -> Reason:
    what = Because.SEVERITY_RAISED if raised else Because.SEVERITY_LOWERED
    source = f"history {change.since.isoformat()}"
    return reason(
        what, "D8", source, before=decision.severity, after=severity, at=change.since
    )


def _dated(answer: Answer, instant: datetime) -> Answer:
    return answer._replace(owed=answer.owed._replace(due=instant))


def _effective(policy: Policy, value: Held) -> int:
    return value.value if isinstance(value.value, int) else policy.default_severity


def _ids(value: Held) -> tuple[str, ...]:
    return value.value if isinstance(value.value, tuple) else ()


def _text(value: Held) -> str | None:
    return value.value if isinstance(value.value, str) else None
