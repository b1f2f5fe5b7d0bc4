"""People win: a field of the bot's that an agent has changed is corrected twice a day at most, each time with a note.

That somebody has changed it is seen without the history: the ledger knows the fingerprint of what was written last,
the answer is still the same, and yet the request shows something else. The ledger counts, field by field, in the PUT
that corrects it: a site that takes no notes gets no more corrections than any other.
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
    """Return a short name for that value in that place; a field that was created again has never been written."""
    place = shown.places[field].id if field in shown.places else ""
    return blake2s(
        f"{place}={_text(value)}".encode(), digest_size=4
    ).hexdigest()


def corrected(plan: Plan, shown: Shown, now: datetime) -> Plan:
    """Return the plan with a note to who changed a field by hand, and without the fields that people insist on.

    `now` is aware; days are counted in UTC.
    """
    had = shown.ledger
    if had is None:
        return plan
    today = now.astimezone(UTC).date()
    by_hand = [
        change.field
        for change in plan.fields
        if _is_by_hand(change, shown, had)
    ]
    insisted = [
        each
        for each in by_hand
        if _is_insisted_on(had.corrected.get(each), today)
    ]
    kept = [change for change in plan.fields if change.field not in insisted]
    names = [_name(field, shown) for field in insisted]
    plan = replace(plan, fields=tuple(kept), insisted=tuple(names))
    once_more = [field for field in by_hand if field not in insisted]
    if not once_more:
        return plan
    ledger = _counted(plan.ledger or had, once_more, today)
    return _announcing(plan, once_more, shown, ledger)


def announced(plan: Plan) -> frozenset[str]:
    """Return the fields whose correction the plan's note announces."""
    carried = plan.note.markers if plan.note else ()
    fields = [markers.corrected_field(marker) for marker in carried]
    return frozenset(field for field in fields if field)


def without_announcing(plan: Plan, fields: AbstractSet[str]) -> Plan:
    """Return the plan without a note on the correction of these fields."""
    if plan.note is None:
        return plan
    parts = [_without(part, fields) for part in plan.note.parts]
    left = tuple(part for part in parts if part.markers)
    return replace(plan, note=replace(plan.note, parts=left) if left else None)


def _without(part: Part, fields: AbstractSet[str]) -> Part:
    kept = [
        one
        for one in part.markers
        if markers.corrected_field(one) not in fields
    ]
    return replace(part, markers=tuple(kept))


def _announcing(
    plan: Plan, fields: Sequence[SlaField], shown: Shown, ledger: Ledger
) -> Plan:
    """Say one thing for each field, and once for all of them where to change it."""
    by_field = {
        field: markers.correction_marker(field, ledger.corrected[field].number)
        for field in fields
    }
    said = [
        Part((marker,), (note_texts.correction_note(_name(field, shown)),))
        for field, marker in by_field.items()
    ]
    advice = Part(tuple(by_field.values()), (note_texts.correction_advice(),))
    before = plan.note.parts if plan.note else ()
    return replace(plan, note=Note((*before, *said, advice)), ledger=ledger)


def _counted(
    ledger: Ledger, fields: Sequence[SlaField], today: date
) -> Ledger:
    """Count a correction of each of these fields, and forget the note on the one so many corrections ago."""
    corrected = dict(ledger.corrected)
    notes = dict(ledger.notes)
    for field in fields:
        count = _one_more(corrected.get(field), today)
        corrected[str(field)] = count
        notes.pop(markers.correction_marker(field, count.number - KEPT), None)
    return replace(ledger, notes=notes, corrected=corrected)


def _one_more(before: Corrected | None, today: date) -> Corrected:
    if before is None:
        return Corrected(1, today, 1)
    of_day = before.of_day + 1 if before.day == today else 1
    return Corrected(before.number + 1, today, of_day)


def _is_insisted_on(count: Corrected | None, today: date) -> bool:
    return count is not None and count.day == today and count.of_day >= A_DAY


def _name(field: SlaField, shown: Shown) -> str:
    return shown.places[field].name if field in shown.places else str(field)


def _is_by_hand(change: FieldChange, shown: Shown, ledger: Ledger) -> bool:
    """Tell whether what is to be written stood there already: somebody has changed it since."""
    written = ledger.written.get(str(change.field))
    return written == fingerprint(change.field, change.new, shown)


def _text(value: FieldValue) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return " ".join((value or "").split())
