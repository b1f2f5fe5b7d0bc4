"""What the request should show: the fields, the note still to be written, the escalation, the ledger (R4, R10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from jsm_sla_bot.plan import markers, note_texts, wording
from jsm_sla_bot.plan.change import Note, Part, Shown
from jsm_sla_bot.plan.fields import FIELDS, FieldValue, SlaField
from jsm_sla_bot.plan.ledger import Ledger, Promise, Settled
from jsm_sla_bot.plan.note_texts import Escalating
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.reason import Because


@dataclass(frozen=True, slots=True)
class Desired:
    """The state to bring about under the policy with that hash.

    `escalate` asks for the configured transition, `raise_priority` for the highest priority: that one may have been
    refused when the transition was made.
    """

    fields: Mapping[SlaField, FieldValue]
    ledger: Ledger
    policy: str
    note: Note | None = None
    escalate: bool = False
    raise_priority: bool = False


def desire(  # noqa: PLR0913 - what a request should show depends on all of these
    assessment: Assessment,
    shown: Shown,
    policy_hash: str,
    zone: tzinfo,
    now: datetime,
    *,
    escalation_status: str | None = None,
) -> Desired:
    """Say what the request should show; `zone` is the one in which people read instants, `now` aware UTC.

    `escalation_status` is where an escalated request goes; only the note needs to know.
    A settled request keeps what it was settled with, whatever a later policy says (D9).
    """
    ledger = shown.ledger or Ledger()
    if ledger.settled and _stands(ledger.settled, assessment, policy_hash):
        return Desired(_settled_fields(ledger.settled), ledger, policy_hash)
    ledger = _rearmed(ledger, assessment)
    broken = _calls_for_escalation(assessment)
    escalate = broken and not ledger.escalated
    raise_priority = (escalate and not ledger.raised) or (
        broken and ledger.owes_priority
    )
    escalating = _escalating(
        shown, escalation_status if escalate else None, raises=raise_priority
    )
    note = _note(assessment, ledger, escalating, zone, now)
    fields = _fields(assessment, zone)
    after = _after(ledger, assessment, shown, policy_hash, escalate=escalate)
    settled = (
        _settlement(assessment, policy_hash, fields, now)
        if assessment.settled
        else None
    )
    return Desired(
        fields,
        replace(after, settled=settled),
        policy_hash,
        note,
        escalate,
        raise_priority,
    )


def _stands(settled: Settled, assessment: Assessment, policy_hash: str) -> bool:
    """Tell whether a request is still settled as it was: only what happens on the request itself can undo that.

    The history of a settled request need not be known: an acknowledgement in the ledger is believed.
    """
    if _has(assessment, Because.CLOCK_RESTARTED):
        return (
            assessment.settled and settled.acknowledged_at == assessment.acknowledged_at
        )
    if settled.acknowledged_at:
        return not _taken_out(settled, assessment, policy_hash)
    answered_since = (
        assessment.acknowledged_at and assessment.acknowledged_at > settled.at
    )
    return assessment.settled and not answered_since


def _taken_out(settled: Settled, assessment: Assessment, policy_hash: str) -> bool:
    """Tell whether an answered request was declined, or labelled as not measured, since (R8).

    Under another policy than the one it was settled with, the exclusion may be that policy's: no reason to re-judge.
    """
    if _has(assessment, Because.DECLINED):
        return True
    return _has(assessment, Because.NOT_MEASURED) and settled.policy == policy_hash


def _has(assessment: Assessment, because: Because) -> bool:
    return any(reason.because is because for reason in assessment.because)


def _rearmed(ledger: Ledger, assessment: Assessment) -> Ledger:
    """Forget the rungs of an earlier due time (R10: a due time that moves later re-arms them)."""
    if assessment.due and (ledger.due is None or assessment.due > ledger.due):
        return replace(
            ledger, rungs=(), escalated=False, owes_priority=False, raised=False
        )
    return ledger


def _escalating(shown: Shown, status: str | None, *, raises: bool) -> Escalating:
    """Return what of the escalation is still to be done: a person may have done it already."""
    highest = shown.highest_priority
    is_there = status is not None and shown.status.casefold() == status.casefold()
    return Escalating(
        raises_priority=raises and highest is not None and shown.priority != highest,
        moves_to=None if is_there else status,
    )


def _note(
    assessment: Assessment,
    ledger: Ledger,
    escalating: Escalating,
    zone: tzinfo,
    now: datetime,
) -> Note | None:
    """Compose one note of everything still unsaid, never a burst (D13)."""
    if assessment.settled:
        return None
    flags = [
        Part((marker,), said)
        for marker, said in _flags(assessment, zone)
        if marker not in ledger.notes
    ]
    parts = (*_rung_parts(assessment, ledger, escalating, zone, now), *flags)
    return Note(parts) if parts else None


def _rung_parts(
    assessment: Assessment,
    ledger: Ledger,
    escalating: Escalating,
    zone: tzinfo,
    now: datetime,
) -> tuple[Part, ...]:
    due = assessment.due
    new = [rung for rung in assessment.rungs_reached if rung not in ledger.rungs]
    if not new or due is None or markers.rung_marker(new[-1], due) in ledger.notes:
        return ()
    told = [markers.rung_marker(rung, due) for rung in reversed(new)]
    unsaid = tuple(marker for marker in told if marker not in ledger.notes)
    said = note_texts.rung_note(new[-1], assessment, escalating, zone, now)
    return (Part(unsaid, said, rungs=tuple(new)),)


def _flags(assessment: Assessment, zone: tzinfo) -> list[tuple[str, tuple[str, ...]]]:
    parts = [
        (markers.flag_marker(flag, assessment), note_texts.flag_note(flag, assessment))
        for flag in assessment.flags
    ]
    if assessment.status is SlaStatus.NOT_ENTITLED:
        parts.append(
            (
                markers.not_entitled_marker(assessment),
                (note_texts.not_entitled_note(assessment, zone),),
            )
        )
    return parts


def _calls_for_escalation(assessment: Assessment) -> bool:
    return any(
        rung.escalate and rung.name in assessment.rungs_reached
        for rung in assessment.rungs
    )


def _fields(assessment: Assessment, zone: tzinfo) -> dict[SlaField, FieldValue]:
    return {each.name: each.shows(assessment, zone) for each in FIELDS}


def _settled_fields(settled: Settled) -> dict[SlaField, FieldValue]:
    return {each.name: each.settled(settled) for each in FIELDS}


def _after(
    ledger: Ledger,
    assessment: Assessment,
    shown: Shown,
    policy_hash: str,
    *,
    escalate: bool,
) -> Ledger:
    """Return the ledger as it will be while the clock runs.

    The policy's hash changes only when a due time moves, or goes from where it was shown: it alone writes nothing.
    """
    if assessment.owed is None:
        goes = ledger.due is not None and shown.fields.get(SlaField.RESPONSE_DUE)
        return replace(ledger, policy=policy_hash) if goes else ledger
    moved = ledger.due != assessment.due
    return replace(
        ledger,
        promised=ledger.promised or _promise(assessment, policy_hash),
        due=assessment.due,
        policy=policy_hash if moved else ledger.policy,
        rungs=tuple(dict.fromkeys((*ledger.rungs, *assessment.rungs_reached))),
        escalated=ledger.escalated or escalate,
    )


def _promise(assessment: Assessment, policy_hash: str) -> Promise | None:
    if assessment.owed is None:
        return None
    target = wording.owed_text(assessment.owed)
    return Promise(
        assessment.owed.due,
        target,
        assessment.tier or "",
        assessment.severity,
        policy_hash,
    )


def _settlement(
    assessment: Assessment,
    policy_hash: str,
    fields: Mapping[SlaField, FieldValue],
    now: datetime,
) -> Settled:
    return Settled(
        status=str(assessment.status),
        tier=assessment.tier or "",
        target=str(fields[SlaField.RESPONSE_TARGET] or ""),
        basis=str(fields[SlaField.SLA_BASIS] or ""),
        due=assessment.due,
        acknowledged_at=assessment.acknowledged_at,
        policy=policy_hash,
        at=now,
    )
