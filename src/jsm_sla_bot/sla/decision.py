"""What one organization is owed, and which of several decides (D8, D11, D34).

Each candidate's due time is replayed as if its terms and the product had been known from the start: a severity
change is an event with a direction, an organization or a product is a fact about the report. What the correction
of such a fact may not do to a breach is `replay`'s part (D33).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.assessment import Pause
from jsm_sla_bot.sla.contract import Counting, Policy, SeveralOrganizations
from jsm_sla_bot.sla.entitlement import Candidate
from jsm_sla_bot.sla.events import Event, Span
from jsm_sla_bot.sla.pause import pauses
from jsm_sla_bot.sla.request import RequestSnapshot
from jsm_sla_bot.sla.target import Answer, Case, owed

Key = tuple[str | None, str | None, str | None]


class Decision(NamedTuple):
    """What is owed under the terms that decided.

    `severity` is the present one; `answer.severity` the one whose target is due first (D8). `opening` is what was due
    at the start, before anybody called or changed anything.
    """

    candidate: Candidate
    case: Case
    severity: int
    answer: Answer
    opening: datetime

    @property
    def due(self) -> datetime:
        """The due time, aware UTC."""
        return self.answer.owed.due

    @property
    def pause(self) -> Pause | None:
        """The pause that lasts, in which the clock stands still (D7), if it began before the target had run out."""
        pauses = self.answer.owed.pauses
        if not pauses or pauses[-1].ends is not None:
            return None
        return pauses[-1]

    @property
    def is_dated_at_call(self) -> bool:
        """Return whether the target that a call brought had run out before the call (D2, D33)."""
        owed = self.answer.owed
        return owed.ran_out is not None and owed.due == self.case.call

    def dated(self, instant: datetime) -> "Decision":
        """Return the same with its breach dated at an instant."""
        return self.with_answer(_dated(self.answer, instant), self.severity)

    def with_answer(self, answer: Answer, severity: int) -> "Decision":
        """Return the same candidate's decision with another answer and present severity."""
        return Decision(
            self.candidate, self.case, severity, answer, self.opening
        )


class Replays:
    """The decisions of one request's candidates, each brought forward as severity changes become known.

    Kept per candidate and product, so that a long history costs one step for each change.
    """

    def __init__(
        self,
        snapshot: RequestSnapshot,
        span: Span,
        call: datetime | None,
        severity: int,
        changes: Sequence[Event],
    ) -> None:
        """Replay from that severity over those changes of it; `call` (aware UTC) is the call that counts."""
        self._snapshot = snapshot
        self._span = span
        self._call = call
        self._severity = severity
        self._changes = changes
        self._kept: dict[Key, tuple[int, Decision]] = {}

    def decision(
        self, candidate: Candidate, product: str | None, known: int
    ) -> Decision:
        """Return what is owed once the first `known` severity changes are known."""
        if not self._changes:
            return self._opening(candidate, product)
        organization = candidate.organization
        identity = organization.id if organization else None
        key = (identity, candidate.unmapped, product)
        if key in self._kept:
            done, decision = self._kept[key]
        else:
            done = 0
            decision = self._opening(candidate, product)
        for change in self._changes[done:known]:
            decision = _changed(decision, self._span.start, change)
        self._kept[key] = (known, decision)
        return decision

    def stands_still(self, decision: Decision) -> bool:
        """Return whether its clock stands still at the end of the span: it does so until the answer."""
        last = decision.answer.owed.pauses[-1:]
        if not last or last[0].ends is None:
            return bool(last)
        return self._span.ended and last[0].ends == self._span.until

    def _opening(self, candidate: Candidate, product: str | None) -> Decision:
        terms = candidate.terms
        severity = self._severity
        start = self._span.start
        stops: tuple[Pause, ...] = ()
        if terms.pauses_in:
            until = self._span.until if self._span.ended else None
            stops = pauses(self._snapshot, terms.pauses_in, until)
        case = Case(terms, product, self._call, stops)
        answer = owed(case, severity, start)
        opening = answer.uncalled
        if stops:
            opening = owed(case._replace(pauses=()), severity, start).uncalled
        return Decision(candidate, case, severity, answer, opening)


def deciding(
    policy: Policy,
    decisions: Sequence[Decision],
    due: Callable[[Decision], datetime],
) -> Decision:
    """Pick among several organizations (D11); of equal ones the first listed."""
    match policy.several_organizations:
        case SeveralOrganizations.EARLIEST_DUE:
            return min(decisions, key=due)
        case SeveralOrganizations.LATEST_DUE:
            return max(decisions, key=due)
        case SeveralOrganizations.FIRST_LISTED:
            return decisions[0]


def _changed(decision: Decision, start: datetime, change: Event) -> Decision:
    """Work a severity change in (D8): raised, the earlier due time; lowered, the new one, not before the change.

    While the clock stands still nothing can be past, so nothing is dated (D7).
    """
    severity = change.after.severity
    raised = severity < decision.severity
    rule = decision.case.terms.severity_change
    counting = rule.raised if raised else rule.lowered
    begins = change.at if counting is Counting.FROM_CHANGE else start
    answer = owed(decision.case, severity, begins)
    before = decision.due
    after = decision.with_answer(answer, severity)
    if after.due < change.at and after.due != before and not after.pause:
        after = after.dated(change.at)
    if raised and before <= after.due:
        return decision.with_answer(decision.answer, severity)
    return after


def _dated(answer: Answer, instant: datetime) -> Answer:
    owed = answer.owed
    ran_out = owed.ran_out or owed.due
    return answer._replace(owed=owed._replace(due=instant, ran_out=ran_out))
