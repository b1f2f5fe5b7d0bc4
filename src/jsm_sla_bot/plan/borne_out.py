"""A ledger held against what the request itself shows, part by part: outcomes, notes and rungs, escalations."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.change import Evidence, Shown, Step
from jsm_sla_bot.plan.doubt import Doubt
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.plan.ledger import Ledger, MetricLedger, Settled
from jsm_sla_bot.sla.assessment import (
    FIRST_RESPONSE,
    Assessment,
    Measurement,
    MetricName,
    RungAt,
    SlaStatus,
)

AHEAD = timedelta(days=1)
"""Clocks differ; what was seen later than this has not happened."""
SLACK = timedelta(seconds=5)
"""Our clock may be a little ahead of the one that stamps the history."""
_ANSWERED = {SlaStatus.MET, SlaStatus.MET_LATE}
_UNANSWERED = {SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED}


@dataclass(frozen=True, slots=True)
class Case:
    """What a ledger is held against: the request's id, what the contract says of it, the policy's hash, and when."""

    identity: str
    reported: datetime
    assessment: Assessment
    policy: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A ledger held against what the request shows; what is not believed is added to `doubts`."""

    shown: Shown
    evidence: Evidence
    case: Case
    escalation_status: str | None
    doubts: list[Doubt]

    def is_settled(self, ledger: Ledger) -> bool:
        """Tell whether all that is measured is settled, by the ledger and by the history: nothing more is done."""
        return all(
            measured.settled and ledger.of(metric).settled is not None
            for metric, measured in self.case.assessment.metrics.items()
        )

    def with_outcomes(self, ledger: Ledger) -> Ledger:
        """Leave out outcomes that nothing bears out, and promises from before the report."""
        metrics = {
            metric: self._with_outcome(metric, kept)
            for metric, kept in ledger.metrics.items()
            if metric in self.case.assessment.metrics
        }
        return ledger.with_metrics(metrics)

    def _with_outcome(
        self, metric: MetricName, kept: MetricLedger
    ) -> MetricLedger:
        settled = kept.settled
        if settled and not self._is_borne_out(metric, settled):
            if self._is_contradicted(metric, settled):
                self.doubts.append(Doubt.SETTLED)
            kept = replace(kept, settled=None)
        if kept.promised and kept.promised.due < self.case.reported:
            kept = replace(kept, promised=None)
        return kept

    def _is_borne_out(self, metric: MetricName, settled: Settled) -> bool:
        if self._is_contradicted(metric, settled):
            return False
        if metric != FIRST_RESPONSE:
            return True
        is_shown = SlaField.RESPONSE_SLA in self.shown.fields
        return self.evidence.told == settled.status or not is_shown

    def _is_contradicted(self, metric: MetricName, settled: Settled) -> bool:
        """Tell whether an outcome can't be one of ours: it lies ahead, fits no status, or the history denies it."""
        if settled.at - self.case.now > AHEAD or not _is_consistent(settled):
            return True
        answered = settled.acknowledged_at
        if answered is not None and answered > self.case.now:
            return True
        return metric == FIRST_RESPONSE and self._is_denied(settled)

    def _is_denied(self, settled: Settled) -> bool:
        """Tell whether its answer was never given, or we have written something else since."""
        if self.evidence.told not in {None, settled.status}:
            return True
        answered = settled.acknowledged_at
        return answered is not None and answered not in self.evidence.answers

    def with_standing_notes(self, ledger: Ledger) -> Ledger:
        """Leave out notes that do not stand, and rungs that no standing note announces."""
        standing = self._standing(ledger)
        if not ledger.notes.keys() <= standing.keys():
            self.doubts.append(Doubt.NOTES)
        metrics = {
            metric: self._with_announced_rungs(
                metric, ledger.of(metric), standing
            )
            for metric in self.case.assessment.metrics
        }
        return replace(ledger, notes=standing).with_metrics(metrics)

    def with_public_notes(self, ledger: Ledger) -> Ledger:
        """Add what the customer has read that the ledger leaves out, where the comments have been read."""
        carried = self.evidence.markers or {}
        left_out = {
            marker: one
            for marker, one in carried.items()
            if marker not in ledger.notes and one in self.shown.comments
        }
        read = {
            marker: one
            for marker, one in left_out.items()
            if markers.audience_of([marker]) is markers.Audience.PUBLIC
        }
        return ledger.with_notes(read) if read else ledger

    def _standing(self, ledger: Ledger) -> dict[str, str]:
        """Return the notes that stand, also those that the ledger leaves out, where the comments have been read."""
        standing = may_stand(ledger, self.shown)
        carried = self.evidence.markers
        if carried is None:
            return standing
        found = {
            marker: one
            for marker, one in standing.items()
            if marker in carried
        }
        for marker, one in carried.items():
            is_left_out = (
                marker not in ledger.notes and one in self.shown.comments
            )
            if is_left_out and markers.corrected_field(marker) is None:
                found[marker] = one
        return found

    def _with_announced_rungs(
        self, metric: MetricName, kept: MetricLedger, standing: Collection[str]
    ) -> MetricLedger:
        due = self.case.assessment.metrics[metric].due
        if due is None:
            return kept
        notes = [
            found for marker in standing if (found := markers.rung_of(marker))
        ]
        announced = {
            note.rung
            for note in notes
            if note.metric == metric and note.due >= due
        }
        rungs = tuple(rung for rung in kept.rungs if rung in announced)
        if rungs != kept.rungs and not _is_rearmed(kept, due):
            self.doubts.append(Doubt.NOTES)
        return replace(kept, rungs=rungs)

    def with_escalations(self, ledger: Ledger) -> tuple[Ledger, bool]:
        """Keep the escalations that the history bears out, and let none be made that the history shows already.

        Also returned is whether the request has been in the status of an escalation since.
        """
        kept: dict[MetricName, MetricLedger] = {}
        has_been_there = False
        for metric, measured in self.case.assessment.metrics.items():
            rung = _escalating(measured)
            if rung is None:
                continue
            since = self._since(rung)
            kept[metric] = self._with_escalation(
                ledger.of(metric), rung, since, measured.due
            )
            has_been_there |= since.was_there
        return ledger.with_metrics(kept), has_been_there

    def _since(self, rung: RungAt) -> "_Since":
        """Return what the request has been through since that rung."""
        since = rung.at - SLACK
        statuses = _held(self.evidence.statuses, since)
        priorities = _held(self.evidence.priorities, since)
        wanted = self.escalation_status
        highest = self.shown.highest_priority
        steps = self.evidence.priorities
        return _Since(
            was_there=bool(wanted) and _names(statuses, wanted),
            was_raised_by_us=any(
                each.ours and each.at >= since for each in steps
            ),
            was_highest=_names(priorities, highest),
        )

    def _with_escalation(
        self,
        kept: MetricLedger,
        rung: RungAt,
        since: "_Since",
        due: datetime | None,
    ) -> MetricLedger:
        is_raised = since.was_raised_by_us or since.was_highest
        has_no_highest = self.shown.highest_priority is None
        needs_none = is_raised or has_no_highest or kept.owes_priority
        is_announced = rung.name in kept.rungs
        shows_one = since.was_there or since.was_raised_by_us or is_announced
        is_rearmed = due is None or _is_rearmed(kept, due)
        is_escalated = kept.escalated and needs_none and shows_one
        if kept.escalated and not is_escalated and not is_rearmed:
            self.doubts.append(Doubt.ESCALATED)
        believed = replace(
            kept,
            escalated=is_escalated,
            raised=kept.raised if is_escalated else is_raised,
            owes_priority=kept.owes_priority and not is_raised,
        )
        if is_rearmed and (is_raised or since.was_there):
            return replace(believed, due=due, policy=self.case.policy)
        return believed


@dataclass(frozen=True, slots=True)
class _Since:
    """What a request has been through since a rung: the status of an escalation, a raised priority, the highest one."""

    was_there: bool
    was_raised_by_us: bool
    was_highest: bool


def _is_consistent(settled: Settled) -> bool:
    """Tell whether an outcome's status fits its answer and its due time."""
    answered = settled.acknowledged_at
    if answered is None:
        return settled.status in _UNANSWERED
    if settled.status not in _ANSWERED or settled.due is None:
        return False
    is_met = answered <= settled.due
    return is_met is (settled.status == SlaStatus.MET)


def _is_rearmed(kept: MetricLedger, due: datetime) -> bool:
    """Tell whether a due time is later than the one that the rungs belong to (R10)."""
    return kept.due is None or due > kept.due


def _escalating(measured: Measurement) -> RungAt | None:
    """Return the first rung reached that calls for an escalation."""
    reached = [
        rung for rung in measured.rungs if rung.name in measured.rungs_reached
    ]
    calling = [rung for rung in reached if rung.escalate]
    return min(calling, key=lambda rung: rung.at, default=None)


def _held(steps: tuple[Step, ...], since: datetime) -> list[Step]:
    """Return what was held at an instant and after it."""
    before = [step for step in steps if step.at < since]
    return [*before[-1:], *(step for step in steps if step.at >= since)]


def _names(steps: list[Step], wanted: str | None) -> bool:
    word = (wanted or "").strip().casefold()
    return any(word in step.words for step in steps)


def may_stand(ledger: Ledger, shown: Shown) -> dict[str, str]:
    """Return the notes whose comments stand; all of them where ours stand that the ledger does not know."""
    strangers = shown.comments.keys() - set(ledger.notes.values())
    return {
        marker: one
        for marker, one in ledger.notes.items()
        if strangers or one in shown.comments
    }
