"""Which public notes are owed now, by state alone: run late, run twice or killed anywhere, each is said once (D18).

None is owed on a request that is not measured or not entitled. What falls due together is one comment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.note import Note, Part
from jsm_sla_bot.plan.public.fresh import fresh_notes
from jsm_sla_bot.plan.public.matter import Matter, OwedNote
from jsm_sla_bot.plan.public.resolution import resolution_notes
from jsm_sla_bot.plan.public.texts import Texts
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.history import as_of, in_order
from jsm_sla_bot.sla.request import RequestSnapshot

_NONE_OWED = frozenset({SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED})


@dataclass(frozen=True, slots=True)
class Due:
    """The public notes that are owed and not said yet."""

    notes: tuple[OwedNote, ...] = ()

    @property
    def until(self) -> datetime | None:
        """The first instant (aware UTC) at which time alone makes one of them moot."""
        instants = [note.until for note in self.notes if note.until]
        return min(instants, default=None)

    def note(self, texts: Texts) -> Note | None:
        """Return the one comment that says all of it."""
        parts = [
            Part((note.marker,), texts.paragraphs(note.kind, note.facts))
            for note in self.notes
        ]
        return Note(tuple(parts)) if parts else None


NOTHING_DUE = Due()


def due(
    request: RequestSnapshot,
    assessment: Assessment,
    ledger: Ledger | None,
    now: datetime,
) -> Due:
    """Return what the customer is to read now (aware) and has not read yet."""
    measured = assessment.first_response
    terms = measured.terms
    if terms is None or not terms.notes or measured.status in _NONE_OWED:
        return NOTHING_DUE
    now = now.astimezone(UTC)
    known = as_of(in_order(request), now)
    said = ledger.notes.keys() if ledger else frozenset[str]()
    matter = Matter(known, measured, terms, said, now)
    owed = [note for note in _owed(matter) if note.marker not in said]
    return Due(tuple(owed))


def _owed(matter: Matter) -> Iterator[OwedNote]:
    yield from fresh_notes(matter)
    yield from resolution_notes(matter)
