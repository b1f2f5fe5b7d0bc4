"""What one SLA metric asks to be written to a request: its rungs' note, its escalation, its ledger (R10)."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from jsm_sla_bot.plan import markers, note_texts, wording
from jsm_sla_bot.plan.change import Part, Shown
from jsm_sla_bot.plan.explanation.asked import Asking
from jsm_sla_bot.plan.fields import FieldTable, FieldValue, OwnField, due_field
from jsm_sla_bot.plan.ledger import Ledger, MetricLedger, Promise
from jsm_sla_bot.plan.note_texts import Escalating
from jsm_sla_bot.plan.public.matter import NO_WAYS, DormantWays
from jsm_sla_bot.plan.public.texts import SHIPPED, Texts
from jsm_sla_bot.plan.settlement import settlement, stands
from jsm_sla_bot.sla.assessment import (
    Flag,
    Measurement,
    MetricName,
    SlaStatus,
)

LASTING = frozenset({Flag.OTHER_REPORTER})
"""The flags that an answer does not settle: they last as long as the request is open."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under what a plan is made: the policy's hash, the zone in which people read instants, and when (aware UTC).

    `escalation_status` is where an escalated request goes, None where it stays. `table` are the fields that the bot
    owns, `texts` what public notes say, `ways` where requests go by R11.
    """

    policy: str
    zone: tzinfo
    now: datetime
    escalation_status: str | None
    table: FieldTable
    texts: Texts = SHIPPED
    ways: DormantWays = NO_WAYS
    asking: Asking | None = None
    """By which label agents ask why; None where they can't."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What one metric asks for. `kept` is its part of the ledger after everything is written.

    `is_settled`: the request stays as it was settled before, and nothing is said. `escalates` asks for the configured
    transition, `raises` for the highest priority: that one may have been refused when the transition was made.
    """

    metric: MetricName
    measured: Measurement
    kept: MetricLedger
    is_settled: bool = False
    escalates: bool = False
    raises: bool = False
    rungs: Part | None = None

    def shows(self, own: OwnField, zone: tzinfo) -> FieldValue:
        """Return what a field of this metric's should show."""
        if self.is_settled and self.kept.settled:
            return own.settled(self.kept.settled)
        return own.shows(self.measured, zone)

    def flags(self, zone: tzinfo) -> dict[str, tuple[str, ...]]:
        """Return the paragraphs, by marker, that ask for something to be corrected.

        Once it is settled only what does not concern the due time is asked for.
        """
        measured = self.measured
        if self.is_settled or measured.settled:
            return {
                markers.flag_marker(flag, measured): note_texts.flag_note(
                    flag, measured
                )
                for flag in measured.flags
                if flag in LASTING
            }
        said = {
            markers.flag_marker(flag, measured): note_texts.flag_note(
                flag, measured
            )
            for flag in measured.flags
        }
        if measured.status is SlaStatus.NOT_ENTITLED:
            marker = markers.not_entitled_marker(measured)
            said[marker] = (note_texts.not_entitled_note(measured, zone),)
        return said


def aim(
    metric: MetricName,
    measured: Measurement,
    ledger: Ledger,
    shown: Shown,
    under: Circumstances,
) -> Aim:
    """Say what a metric asks for.

    A settled request keeps what it was settled with, whatever a later policy says (D9).
    """
    had = ledger.of(metric)
    if had.settled and stands(had.settled, measured, under.policy):
        return Aim(metric, measured, had, is_settled=True)
    before = _rearmed(had, measured)
    is_broken = _calls_for_escalation(measured)
    escalates = is_broken and not before.escalated
    raises_now = escalates and not before.raised
    raises = raises_now or (is_broken and before.owes_priority)
    is_due_shown = _is_due_shown(metric, shown, under)
    after = _after(before, measured, under.policy, is_due_shown=is_due_shown)
    settled = None
    if measured.settled:
        settled = settlement(measured, under.policy, under.zone, under.now)
    kept = replace(
        after, settled=settled, escalated=after.escalated or escalates
    )
    asked = Aim(metric, measured, kept, escalates=escalates, raises=raises)
    done = _done_with_the_note(asked, shown, under)
    rungs = _rung_part(asked, before, ledger, done, under)
    return replace(asked, rungs=rungs)


def _rearmed(kept: MetricLedger, measured: Measurement) -> MetricLedger:
    """Forget the rungs of an earlier due time (R10: a due time that moves later re-arms them)."""
    due = measured.due
    if due and (kept.due is None or due > kept.due):
        return kept.rearmed()
    return kept


def _calls_for_escalation(measured: Measurement) -> bool:
    reached = [
        rung for rung in measured.rungs if rung.name in measured.rungs_reached
    ]
    return any(rung.escalate for rung in reached)


def _is_due_shown(
    metric: MetricName, shown: Shown, under: Circumstances
) -> bool:
    own = due_field(metric, under.table)
    return own is not None and bool(shown.fields.get(own.name))


def _after(
    kept: MetricLedger,
    measured: Measurement,
    policy: str,
    *,
    is_due_shown: bool,
) -> MetricLedger:
    """Return what will be kept while the clock runs.

    The policy's hash changes only when a due time moves, or goes from where it was shown: it alone writes nothing.
    """
    if measured.owed is None:
        goes = kept.due is not None and is_due_shown
        return replace(kept, policy=policy) if goes else kept
    is_moved = kept.due != measured.due
    rungs = dict.fromkeys((*kept.rungs, *measured.rungs_reached))
    return replace(
        kept,
        promised=kept.promised or _promise(measured, policy),
        due=measured.due,
        policy=policy if is_moved else kept.policy,
        rungs=tuple(rungs),
    )


def _promise(measured: Measurement, policy: str) -> Promise | None:
    if measured.owed is None:
        return None
    target = wording.owed_text(measured.owed)
    tier = measured.tier or ""
    return Promise(measured.owed.due, target, tier, measured.severity, policy)


def _done_with_the_note(
    asked: Aim, shown: Shown, under: Circumstances
) -> Escalating:
    """Return what of the escalation is still to be done: a person may have done it already."""
    highest = shown.highest_priority
    is_lower = highest is not None and shown.priority != highest
    status = under.escalation_status if asked.escalates else None
    is_there = (
        status is not None and shown.status.casefold() == status.casefold()
    )
    return Escalating(
        raises_priority=asked.raises and is_lower,
        priority=shown.highest_priority_name,
        moves_to=None if is_there else status,
    )


def _rung_part(
    asked: Aim,
    before: MetricLedger,
    ledger: Ledger,
    done: Escalating,
    under: Circumstances,
) -> Part | None:
    """Return what is said of the rungs reached since, None where a note says so already."""
    measured = asked.measured
    due = measured.due
    new = [rung for rung in measured.rungs_reached if rung not in before.rungs]
    if measured.settled or not new or due is None:
        return None
    carried = [
        markers.rung_marker(rung, due, asked.metric) for rung in reversed(new)
    ]
    if carried[0] in ledger.notes:
        return None
    unsaid = tuple(marker for marker in carried if marker not in ledger.notes)
    said = note_texts.rung_note(new[-1], measured, done, under.zone, under.now)
    blocks = note_texts.with_csm(said, new[-1], measured)
    return Part(unsaid, blocks, rungs=tuple(new), metric=asked.metric)
