"""People win: what an agent has changed in a field of the bot's is put right twice a day at most, and with a word.

That somebody has changed it is seen without the history: the journal knows what was written last, the answer is still
the same, and yet the request shows something else.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.change import Note, SlaField
from jsm_sla_bot.planner import Planned
from jsm_sla_bot.ports import Entry

WATCHED = (SlaField.RESPONSE_SLA, SlaField.RESPONSE_DUE)
"""The fields in which a change by hand would tell people another promise."""

A_DAY = 2

log = structlog.get_logger()


def corrected(one: Planned, known: Mapping[str, Entry], now: datetime) -> Planned:
    """Return the plan with a word to who changed a field by hand, or without the fields that people insist on."""
    changed = [change for change in one.plan.fields if change.field in WATCHED and change.old is not None]
    entry, ledger = known.get(one.sighting.id), one.sighting.shown.ledger
    if not changed or entry is None or ledger is None or not _says_the_same(one, entry):
        return one
    day = f"people:{now:%Y-%m-%d}:"
    count = sum(marker.startswith(day) for marker in ledger.notes)
    names = [str(change.field) for change in changed]
    if count >= A_DAY:
        log.warning("people_insist", key=one.sighting.key, fields=names)
        kept = tuple(change for change in one.plan.fields if change not in changed)
        return replace(one, plan=replace(one.plan, fields=kept))
    note = one.plan.note or Note((), ())
    log.info("field_put_right", key=one.sighting.key, fields=names)
    said = Note(
        (*note.markers, f"{day}{count + 1}"),
        (*note.paragraphs, wording.correction_note(changed)),
        look_first=True,
    )
    return replace(one, plan=replace(one.plan, note=said, ledger=one.plan.ledger or ledger))


def _says_the_same(one: Planned, entry: Entry) -> bool:
    """Tell whether the answer is the one that was written last."""
    assessment = one.assessment
    return (entry.status, _whole(entry.due)) == (str(assessment.status), _whole(assessment.due))


def _whole(instant: datetime | None) -> datetime | None:
    return instant.replace(microsecond=0) if instant else None
