"""The due time as the history made it, event by event.

A severity change is an event with a direction (D8). Organization and product are facts about the report that somebody
may correct later: what is known now counts from the start. But nobody can have missed a time that was not yet due:
whatever happens, a breach is never dated before the event that brought it about, nor does a later event take it back
behind that (D33). What is carried from event to event is the due time as it then stood. A call counts from when it
was made, whenever it was written down, except behind a breach that had been dated before.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from jsm_sla_bot.sla.assessment import Owed
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.decision import Decision, Replays, deciding
from jsm_sla_bot.sla.entitlement import Entitlement, entitlement
from jsm_sla_bot.sla.events import Event, Span, events, follows
from jsm_sla_bot.sla.history import as_of, held, standing_calls
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot
from jsm_sla_bot.sla.trail import due_after, happened_by

MOMENT = timedelta(microseconds=1)
MOST_REPLAYED = 100_000
"""So many entries are replayed to look back from calls that were written down late, whatever a history's length."""

_TURNING = frozenset({Deed.CALLED, Deed.STATUS})
"""The deeds by which a past reckoning may come to look otherwise."""


class Outcome(NamedTuple):
    """The decision, if anything is owed, next to the entitlement it rests on.

    `promised` is the due time that was owed at the start, before anybody called or changed anything. `trail`: what
    moved the due time, in order; `since` is since when this very clock runs. `floor` is the last instant at which a
    breach was dated. `until` is until when the history was known.
    """

    entitlement: Entitlement
    decision: Decision | None
    since: datetime
    until: datetime
    promised: datetime | None = None
    trail: tuple[Reason, ...] = ()
    floor: datetime | None = None


def replay(
    policy: Policy,
    snapshot: RequestSnapshot,
    span: Span,
    found: Entitlement | None = None,
) -> Outcome:
    """Work out what is owed over the span; the history is in order and ends with the span.

    `found` is the entitlement, if the organizations never changed and somebody has looked already.
    """
    outcome = _course(policy, snapshot, span, found)
    decision = outcome.decision
    if decision is None or decision.pause:
        return outcome
    floor: datetime | None = None
    for turn in _turns(policy, snapshot, span, decision.due):
        before = turn - MOMENT
        known = as_of(snapshot, before)
        then = _course(policy, known, Span(span.start, before, ended=True))
        floor = _later(floor, then.floor)
    return _not_before(outcome, decision, floor) if floor else outcome


def _turns(
    policy: Policy, snapshot: RequestSnapshot, span: Span, due: datetime
) -> list[datetime]:
    """Return when a past reckoning came to look otherwise, after the due time: by a call, or as a clock stood still.

    Only these can have taken a breach back that was dated before. Of very many in a very long history, the last ones.
    """
    history = snapshot.history
    after = max(due, span.start)
    if after >= span.until or not follows(snapshot):
        return []
    deeds = [one for one in history if one.what in _TURNING]
    calls = [one for one in deeds if one.what is Deed.CALLED]
    counted = [_counts_from(call) for call in calls]
    turns = [turn for turn in counted if turn and after < turn <= span.until]
    moves = [one.at for one in deeds if one.what is Deed.STATUS]
    late = [at for at in moves if after < at <= span.until]
    if late and _may_stand_still(policy, snapshot):
        turns += late
    most = max(1, MOST_REPLAYED // len(history))
    return sorted(turns)[-most:]


def _may_stand_still(policy: Policy, snapshot: RequestSnapshot) -> bool:
    """Return whether any organization that the request ever carried knows pauses (D7)."""
    ids: set[str] = set()
    for one in held(snapshot, Deed.ORGANIZATIONS):
        if isinstance(one.value, tuple):
            ids.update(one.value)
    ever = entitlement(policy, ids, snapshot.reported).candidates
    return any(candidate.terms.pauses_in for candidate in ever)


def _counts_from(call: HistoryEntry) -> datetime | None:
    """Return when a call came to count: once it was made and written down, whichever was later."""
    if not isinstance(call.after, datetime):
        return None
    return max(call.at, call.after)


def _not_before(
    outcome: Outcome, decision: Decision, floor: datetime
) -> Outcome:
    """Keep a breach that had been dated before the reckoning came to look otherwise (D33)."""
    if decision.due >= floor:
        return outcome
    kept = reason(Because.BREACH_KEPT, "D33", due=floor)
    trail = (*outcome.trail, kept)
    return outcome._replace(decision=decision.dated(floor), trail=trail)


@dataclass(slots=True)
class _Course:
    """The due time on its way from event to event: what is owed now, and what is known by now."""

    policy: Policy
    snapshot: RequestSnapshot
    replays: Replays
    entitlement: Entitlement
    decision: Decision | None
    since: datetime
    severities: int = 0
    floor: datetime | None = None
    trail: list[Reason] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Carry the due time over one event."""
        if event.what is Deed.SEVERITY:
            self.severities += 1
        elif event.what is Deed.ORGANIZATIONS:
            ids = event.after.organizations
            self.entitlement = entitlement(
                self.policy, ids, self.snapshot.reported
            )
        before = self.decision
        after = _carried(before, self._bare(event.after.product), event.at)
        happened = happened_by(event)
        self.trail.append(happened)
        self.decision = after
        if after is None:
            return
        if before is None or _runs_otherwise(
            before.answer.owed, after.answer.owed
        ):
            self.since = event.at
        if after.answer.owed.ran_out:
            self.floor = _later(self.floor, after.due)
        consequence = (
            None if after.pause else due_after(happened, before, after)
        )
        if consequence:
            self.trail.append(consequence)

    def _bare(self, product: str | None) -> Decision | None:
        """Return what would be owed if the facts had been known from the start."""
        decisions = [
            self.replays.decision(one, product, self.severities)
            for one in self.entitlement.candidates
        ]
        return _picked(self.policy, self.replays, decisions)


def _course(
    policy: Policy,
    snapshot: RequestSnapshot,
    span: Span,
    found: Entitlement | None = None,
) -> Outcome:
    """Carry the due time from the start through each event in order."""
    opening, changes = events(policy, snapshot, span.start)
    severities = [event for event in changes if event.what is Deed.SEVERITY]
    call = _call(snapshot, span)
    replays = Replays(snapshot, span, call, opening.severity, severities)
    found = found or entitlement(
        policy, opening.organizations, snapshot.reported
    )
    first = [
        replays.decision(one, opening.product, 0) for one in found.candidates
    ]
    decision = _picked(policy, replays, first)
    promised = _promised(policy, first)
    if not changes:
        return Outcome(found, decision, span.start, span.until, promised)
    course = _Course(policy, snapshot, replays, found, decision, span.start)
    for event in changes:
        course.take(event)
    return Outcome(
        entitlement=course.entitlement,
        decision=course.decision,
        since=course.since,
        until=span.until,
        promised=promised,
        trail=tuple(course.trail),
        floor=course.floor,
    )


def _call(snapshot: RequestSnapshot, span: Span) -> datetime | None:
    """Return the first call of the span that stands."""
    for at, _ in standing_calls(snapshot):
        if span.start <= at <= span.until:
            return at
    return None


def _promised(policy: Policy, decisions: list[Decision]) -> datetime | None:
    """Return until when a response was owed at the start, before anybody called."""
    if len(decisions) < 2:  # noqa: PLR2004 - nothing to pick
        return decisions[0].opening if decisions else None
    return deciding(policy, decisions, attrgetter("opening")).opening


def _picked(
    policy: Policy, replays: Replays, decisions: list[Decision]
) -> Decision | None:
    """Pick the one that decides; one whose clock stands still hides none whose clock runs (D34)."""
    if len(decisions) < 2:  # noqa: PLR2004 - nothing to pick
        return decisions[0] if decisions else None
    running = [one for one in decisions if not replays.stands_still(one)]
    return deciding(policy, running or decisions, attrgetter("due"))


def _carried(
    before: Decision | None, bare: Decision | None, at: datetime
) -> Decision | None:
    """Date a due time that moved into the past: at the event, or where the breach was already (D33)."""
    if bare is None or bare.pause:
        return bare
    earliest = at
    if before is not None and not before.pause:
        earliest = min(before.due, at)
    return bare.dated(earliest) if bare.due < earliest else bare


def _runs_otherwise(before: Owed, after: Owed) -> bool:
    """Tell whether another clock runs: its rungs lie elsewhere, even where its due time is the same."""
    was = (
        before.due,
        before.start,
        before.goal,
        before.clock,
        before.calendar,
    )
    return was != (
        after.due,
        after.start,
        after.goal,
        after.clock,
        after.calendar,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
