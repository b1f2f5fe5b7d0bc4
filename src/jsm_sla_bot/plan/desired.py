"""What the request should show: the fields, the note still to be written, the escalation, the ledger (R4, R10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsm_sla_bot.plan.aim import Aim, Circumstances, aim
from jsm_sla_bot.plan.change import Move, Note, Part, Shown
from jsm_sla_bot.plan.fields import FieldValue, SlaField
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.sla.assessment import Assessment, MetricName


@dataclass(frozen=True, slots=True)
class Desired:
    """The state to bring about under the policy with that hash.

    `escalating` are the metrics that ask for the configured transition, `raising` those that ask for the highest
    priority: that one may have been refused when the transition was made.
    """

    fields: Mapping[SlaField, FieldValue]
    ledger: Ledger
    policy: str
    note: Note | None = None
    public: Note | None = None
    move: Move | None = None
    escalating: frozenset[MetricName] = frozenset()
    raising: frozenset[MetricName] = frozenset()


def desire(
    assessment: Assessment, shown: Shown, under: Circumstances
) -> Desired:
    """Say what the request should show, by all of its metrics together."""
    ledger = shown.ledger or Ledger()
    aims = {
        metric: aim(metric, measured, ledger, shown, under)
        for metric, measured in assessment.metrics.items()
    }
    every = list(aims.values())
    kept = {each.metric: each.kept for each in every}
    return Desired(
        fields=_fields(aims, under),
        ledger=ledger.with_metrics(kept),
        policy=under.policy,
        note=_note(every, ledger, under),
        escalating=frozenset(each.metric for each in every if each.escalates),
        raising=frozenset(each.metric for each in every if each.raises),
    )


def _fields(
    aims: Mapping[MetricName, Aim], under: Circumstances
) -> dict[SlaField, FieldValue]:
    """Return what the fields of the metrics measured should show."""
    measured = [own for own in under.table.values() if own.metric in aims]
    return {
        own.name: aims[own.metric].shows(own, under.zone) for own in measured
    }


def _note(
    aims: Sequence[Aim], ledger: Ledger, under: Circumstances
) -> Note | None:
    """Compose one note of everything still unsaid, never a burst (D13)."""
    rungs = [each.rungs for each in aims if each.rungs]
    asked: dict[str, tuple[str, ...]] = {}
    for each in aims:
        asked |= each.flags(under.zone)
    flags = [
        Part((marker,), said)
        for marker, said in asked.items()
        if marker not in ledger.notes
    ]
    parts = (*rungs, *flags)
    return Note(parts) if parts else None
