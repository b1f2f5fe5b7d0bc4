"""The due time as the history made it: severity changes in order, organization and product as corrected.

A severity change is an event with a direction (D8). Organization, product and the call are facts about the
report that somebody may put right later: what is known at the end counts from the start, but a correction
never dates a breach before itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from jsm_sla_bot.sla.contract import Counting, Policy, SeveralOrganizations
from jsm_sla_bot.sla.entitlement import Candidate, Entitlement, entitlement
from jsm_sla_bot.sla.history import Held, held, standing_call
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.request import Deed, RequestSnapshot
from jsm_sla_bot.sla.target import Answer, Case, owed


@dataclass(frozen=True, slots=True)
class Decision:
    """What is owed under the terms that decided, and how the due time came to be there."""

    candidate: Candidate
    case: Case
    severity: int
    answer: Answer
    trail: tuple[Reason, ...] = ()

    @property
    def due(self) -> datetime:
        """The due time, aware UTC."""
        return self.answer.owed.due


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision, if anything is owed, beside the entitlement it rests on."""

    entitlement: Entitlement
    decision: Decision | None


def replay(policy: Policy, snapshot: RequestSnapshot, start: datetime, now: datetime) -> Outcome:
    """Work out what is owed from `start` on, as known at `now`; history in order and none of it after `now`."""
    call = _counted_call(snapshot, start, now)
    outcome: Outcome | None = None
    for state in _corrections(snapshot):
        known = replace(snapshot, organizations=state.organizations, product=state.product)
        outcome = _carried(outcome, _decide(policy, known, start, call), state)
    if outcome is None:  # pragma: no cover - the first state is always there
        raise AssertionError
    return outcome


def promised(policy: Policy, snapshot: RequestSnapshot, start: datetime) -> datetime | None:
    """Return the due time that was owed at the report, before anybody called or changed anything."""
    first = next(iter(_corrections(snapshot)))
    severity = _effective(policy, held(snapshot, Deed.SEVERITY)[0])
    candidates = entitlement(policy, first.organizations, snapshot.reported).candidates
    decisions = [_at_report(candidate, first.product, severity, start) for candidate in candidates]
    return _deciding(policy, decisions).due if decisions else None


@dataclass(frozen=True, slots=True)
class _State:
    since: datetime
    what: Deed
    organizations: tuple[str, ...]
    product: str | None
    source: str = ""


def _corrections(snapshot: RequestSnapshot) -> Iterable[_State]:
    """Yield the organizations and the product of the report, then each correction in order."""
    organizations, products = held(snapshot, Deed.ORGANIZATIONS), held(snapshot, Deed.PRODUCT)
    state = _State(snapshot.reported, Deed.ORGANIZATIONS, _ids(organizations[0]), _text(products[0]))
    yield state
    changes = [(one, Deed.ORGANIZATIONS) for one in organizations[1:]]
    changes += [(one, Deed.PRODUCT) for one in products[1:]]
    for change, what in sorted(changes, key=lambda pair: pair[0].since):
        source = f"history {change.since.isoformat()}"
        if what is Deed.ORGANIZATIONS:
            state = replace(state, since=change.since, what=what, organizations=_ids(change), source=source)
        else:
            state = replace(state, since=change.since, what=what, product=_text(change), source=source)
        yield state


def _decide(policy: Policy, snapshot: RequestSnapshot, start: datetime, call: datetime | None) -> Outcome:
    found = entitlement(policy, snapshot.organizations, snapshot.reported)
    decisions = [
        _severities(policy, snapshot, candidate, Case(candidate.terms, snapshot.product, call), start)
        for candidate in found.candidates
    ]
    return Outcome(found, _deciding(policy, decisions) if decisions else None)


def _deciding(policy: Policy, decisions: list[Decision]) -> Decision:
    """Pick among several organizations (D11); of equal ones the first listed."""
    match policy.several_organizations:
        case SeveralOrganizations.EARLIEST_DUE:
            return min(decisions, key=lambda decision: decision.due)
        case SeveralOrganizations.LATEST_DUE:
            return max(decisions, key=lambda decision: decision.due)
        case SeveralOrganizations.FIRST_LISTED:
            return decisions[0]


def _severities(
    policy: Policy, snapshot: RequestSnapshot, candidate: Candidate, case: Case, start: datetime
) -> Decision:
    values = held(snapshot, Deed.SEVERITY)
    at_start = [value for value in values if value.since <= start] or values[:1]
    severity = _effective(policy, at_start[-1])
    decision = Decision(candidate, case, severity, owed(case, severity, start))
    for change in values[len(at_start) :]:
        severity = _effective(policy, change)
        if severity != decision.severity:
            decision = _changed(decision, severity, start, change)
    return decision


def _changed(decision: Decision, severity: int, start: datetime, change: Held) -> Decision:
    """Work a severity change in (D8): raised, the earlier due time; lowered, the new one, never before the change."""
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
    return replace(decision, severity=severity, answer=answer, trail=(*decision.trail, *trail))


def _carried(before: Outcome | None, after: Outcome, state: _State) -> Outcome:
    """Carry a correction in: a due time that moves into the past is dated at the correction."""
    if before is None or after.decision is None or before == after:
        return after
    moved, old = after.decision, before.decision
    what = Because.PRODUCT_CHANGED if state.what is Deed.PRODUCT else Because.ORGANIZATIONS_CHANGED
    rule = "R2" if state.what is Deed.PRODUCT else "R6"
    facts = {"product": state.product} if state.what is Deed.PRODUCT else {"organizations": state.organizations}
    trail = [*moved.trail, reason(what, rule, state.source, at=state.since, **facts)]
    earliest = min(old.due, state.since) if old else state.since
    if moved.due < earliest:
        moved = replace(moved, answer=_dated(moved.answer, earliest))
        trail.append(reason(Because.BREACH_DATED_AT_CHANGE, rule, state.source, at=earliest))
    return replace(after, decision=replace(moved, trail=tuple(trail)))


def _counted_call(snapshot: RequestSnapshot, start: datetime, now: datetime) -> datetime | None:
    standing = standing_call(snapshot)
    return standing[0] if standing and start <= standing[0] <= now else None


def _at_report(candidate: Candidate, product: str | None, severity: int, start: datetime) -> Decision:
    case = Case(candidate.terms, product, None)
    return Decision(candidate, case, severity, owed(case, severity, start))


def _severity_reason(decision: Decision, severity: int, change: Held, *, raised: bool) -> Reason:
    what = Because.SEVERITY_RAISED if raised else Because.SEVERITY_LOWERED
    source = f"history {change.since.isoformat()}"
    return reason(what, "D8", source, before=decision.severity, after=severity, at=change.since)


def _dated(answer: Answer, instant: datetime) -> Answer:
    return replace(answer, owed=replace(answer.owed, due=instant))


def _effective(policy: Policy, value: Held) -> int:
    return value.value if isinstance(value.value, int) else policy.default_severity


def _ids(value: Held) -> tuple[str, ...]:
    return value.value if isinstance(value.value, tuple) else ()


def _text(value: Held) -> str | None:
    return value.value if isinstance(value.value, str) else None
