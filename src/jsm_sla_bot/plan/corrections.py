"""People win: what an agent has changed in a field of the bot's is put right twice a day at most, and with a word.

That somebody has changed it is seen without the history: the ledger knows the fingerprint of what was written last,
the answer is still the same, and yet the request shows something else.
"""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2s

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.change import FieldChange, FieldValue, Note, Plan, Shown, SlaField
from jsm_sla_bot.plan.ledger import Ledger

A_DAY = 2
KEPT = 20
"""So many of the notes on corrections the ledger remembers: it must not grow for ever."""


def fingerprint(field: SlaField, value: FieldValue, shown: Shown) -> str:
    """Return a short name for that value in that place: the same field made anew has been written by nobody."""
    place = shown.places[field].id if field in shown.places else ""
    return blake2s(f"{place}={_text(value)}".encode(), digest_size=4).hexdigest()


def corrected(plan: Plan, shown: Shown, now: datetime) -> Plan:
    """Return the plan with a word to who changed a field by hand, or without the fields that people insist on.

    `now` is aware; days are counted in UTC.
    """
    ledger = shown.ledger
    by_hand = [change for change in plan.fields if ledger and _was_written(change, shown, ledger)]
    if not by_hand or ledger is None:
        return plan
    day = f"people:{now.astimezone(UTC):%Y-%m-%d}:"
    count = sum(marker.startswith(day) for marker in ledger.notes)
    if count >= A_DAY:
        kept = tuple(change for change in plan.fields if change not in by_hand)
        return replace(plan, fields=kept, insisted=tuple(_name(change.field, shown) for change in by_hand))
    note = plan.note or Note((), ())
    said = Note(
        (*note.markers, f"{day}{count + 1}"),
        (*note.paragraphs, wording.correction_note([_name(change.field, shown) for change in by_hand])),
        look_first=True,
    )
    return replace(plan, note=said, ledger=_shortened(plan.ledger or ledger))


def _name(field: SlaField, shown: Shown) -> str:
    return shown.places[field].name if field in shown.places else str(field)


def _was_written(change: FieldChange, shown: Shown, ledger: Ledger) -> bool:
    return ledger.written.get(str(change.field)) == fingerprint(change.field, change.new, shown)


def _shortened(ledger: Ledger) -> Ledger:
    """Forget all but the newest notes on corrections."""
    markers = sorted(marker for marker in ledger.notes if marker.startswith("people:"))
    old = set(markers[:-KEPT])
    return replace(ledger, notes={k: v for k, v in ledger.notes.items() if k not in old}) if old else ledger


def _text(value: FieldValue) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return " ".join((value or "").split())
