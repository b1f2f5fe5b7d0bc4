"""People win: what an agent has changed in a field of the bot's is put right twice a day at most, and with a word.

That somebody has changed it is seen without the history: the ledger knows the fingerprint of what was written last,
the answer is still the same, and yet the request shows something else. The ledger counts, field by field, in the PUT
that puts it right: a site that takes no notes gets no more corrections than any other.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import blake2s

from jsm_sla_bot.plan import markers, note_texts
from jsm_sla_bot.plan.change import FieldChange, Note, Part, Plan, Shown
from jsm_sla_bot.plan.fields import FieldValue, SlaField
from jsm_sla_bot.plan.ledger import Corrected, Ledger

A_DAY = 2
KEPT = 10
"""So many of the notes on corrections of a field the ledger remembers: it must not grow for ever."""


def fingerprint(field: SlaField, value: FieldValue, shown: Shown) -> str:
    """Return a short name for that value in that place: the same field made anew has been written by nobody."""
    place = shown.places[field].id if field in shown.places else ""
    return blake2s(f"{place}={_text(value)}".encode(), digest_size=4).hexdigest()


def corrected(plan: Plan, shown: Shown, now: datetime) -> Plan:
    """Return the plan with a word to who changed a field by hand, and without the fields that people insist on.

    `now` is aware; days are counted in UTC.
    """
    had, today = shown.ledger, now.astimezone(UTC).date()
    if had is None:
        return plan
    by_hand = [
        change.field for change in plan.fields if _was_written(change, shown, had)
    ]
    insisted = [
        field for field in by_hand if _is_insisted_on(had.corrected.get(field), today)
    ]
    kept = tuple(change for change in plan.fields if change.field not in insisted)
    left = replace(
        plan, fields=kept, insisted=tuple(_name(field, shown) for field in insisted)
    )
    once_more = [field for field in by_hand if field not in insisted]
    return (
        _with_a_word(
            left, once_more, shown, _counted(plan.ledger or had, once_more, today)
        )
        if once_more
        else left
    )


def fields_told_of(plan: Plan) -> frozenset[str]:
    """Return the fields of whose correction the plan's note tells."""
    carried = plan.note.markers if plan.note else ()
    fields = [markers.corrected_field(marker) for marker in carried]
    return frozenset(field for field in fields if field)


def without_a_word(plan: Plan, fields: AbstractSet[str]) -> Plan:
    """Return the plan with nothing said of the correction of these fields."""
    if plan.note is None:
        return plan
    parts = [
        replace(part, markers=kept)
        for part in plan.note.parts
        if (
            kept := tuple(
                marker
                for marker in part.markers
                if markers.corrected_field(marker) not in fields
            )
        )
    ]
    return replace(plan, note=replace(plan.note, parts=tuple(parts)) if parts else None)


def _with_a_word(
    plan: Plan, fields: Sequence[SlaField], shown: Shown, ledger: Ledger
) -> Plan:
    """Say one thing for each field, and once for all of them where to change it."""
    by_field = {
        field: markers.correction_marker(field, ledger.corrected[field].number)
        for field in fields
    }
    told = [
        Part((marker,), (note_texts.correction_note(_name(field, shown)),))
        for field, marker in by_field.items()
    ]
    advice = Part(tuple(by_field.values()), (note_texts.correction_advice(),))
    before = plan.note.parts if plan.note else ()
    return replace(
        plan, note=Note((*before, *told, advice), look_first=True), ledger=ledger
    )


def _counted(ledger: Ledger, fields: Sequence[SlaField], today: date) -> Ledger:
    """Count a correction of each of these fields, and forget the note on the one so many corrections ago."""
    counts = {field: _one_more(ledger.corrected.get(field), today) for field in fields}
    old = {
        markers.correction_marker(field, count.number - KEPT)
        for field, count in counts.items()
    }
    notes = {
        marker: comment for marker, comment in ledger.notes.items() if marker not in old
    }
    named = {str(field): count for field, count in counts.items()}
    return replace(ledger, notes=notes, corrected={**ledger.corrected, **named})


def _one_more(before: Corrected | None, today: date) -> Corrected:
    if before is None:
        return Corrected(1, today, 1)
    return Corrected(
        before.number + 1, today, before.of_day + 1 if before.day == today else 1
    )


def _is_insisted_on(count: Corrected | None, today: date) -> bool:
    return count is not None and count.day == today and count.of_day >= A_DAY


def _name(field: SlaField, shown: Shown) -> str:
    return shown.places[field].name if field in shown.places else str(field)


def _was_written(change: FieldChange, shown: Shown, ledger: Ledger) -> bool:
    return ledger.written.get(str(change.field)) == fingerprint(
        change.field, change.new, shown
    )


def _text(value: FieldValue) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return " ".join((value or "").split())
