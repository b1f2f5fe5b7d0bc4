"""Which public notes are owed now, by state alone: run late, run twice or killed anywhere, each is said once (D18).

None is owed on a request that is not measured or not entitled. What falls due together is one comment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from jsm_sla_bot.plan.blocks import Mention
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.note import Note, Part
from jsm_sla_bot.plan.public.dormant import dormant_notes
from jsm_sla_bot.plan.public.fresh import fresh_notes
from jsm_sla_bot.plan.public.matter import (
    NO_WAYS,
    DormantWays,
    Later,
    Matter,
    Owed,
    OwedFlag,
    OwedMove,
    OwedNote,
)
from jsm_sla_bot.plan.public.promised_eta import eta_notes
from jsm_sla_bot.plan.public.resolution import resolution_notes
from jsm_sla_bot.plan.public.texts import Texts
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.history import as_of, in_order
from jsm_sla_bot.sla.request import RequestSnapshot

_NONE_OWED = frozenset({SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED})


@dataclass(frozen=True, slots=True)
class Due:
    """The public notes that are owed and not said yet, and what agents are to read next to them.

    `next_at` is when time alone next brings something about (aware UTC); None where it does not.
    """

    notes: tuple[OwedNote, ...] = ()
    flags: tuple[OwedFlag, ...] = ()
    next_at: datetime | None = None
    move: OwedMove | None = None
    """The transition of R11 that is to be made."""

    @property
    def until(self) -> datetime | None:
        """The first instant (aware UTC) at which time alone makes one of them moot."""
        instants = [note.until for note in self.notes if note.until]
        return min(instants, default=None)

    def public(self, texts: Texts) -> Note | None:
        """Return the one comment that says all of it to the customer."""
        parts = [
            Part(
                (note.marker,),
                texts.blocks(note.kind, note.facts),
                told=note.told,
            )
            for note in self.notes
        ]
        return Note(tuple(parts)) if parts else None

    def internal(self, note: Note | None) -> Note | None:
        """Return the note for agents with what they are to read of these matters."""
        parts = [Part((one.marker,), one.blocks) for one in self.flags]
        said = note.parts if note else ()
        whole = (*said, *parts)
        return Note(whole) if whole else None


NOTHING_DUE = Due()


def due(  # noqa: PLR0913, PLR0917 - the request, what is known of it, and what surrounds it
    request: RequestSnapshot,
    assessment: Assessment,
    ledger: Ledger | None,
    now: datetime,
    assignee: Mention | None = None,
    ways: DormantWays = NO_WAYS,
) -> Due:
    """Return what the customer is to read now (aware) and has not read yet, and what follows from it."""
    measured = assessment.first_response
    terms = measured.terms
    if terms is None or measured.status in _NONE_OWED:
        return NOTHING_DUE
    if not terms.notes and assessment.dormancy is None:
        return NOTHING_DUE
    now = now.astimezone(UTC)
    known = as_of(in_order(request), now)
    said = ledger.notes.keys() if ledger else frozenset[str]()
    dormancy = assessment.dormancy
    return _sorted(
        Matter(known, measured, terms, said, now, assignee, dormancy, ways)
    )


def _sorted(matter: Matter) -> Due:
    """Sort what a request comes to, without what is said already."""
    notes: list[OwedNote] = []
    flags: list[OwedFlag] = []
    instants: list[datetime] = []
    move: OwedMove | None = None
    for owed in _owed(matter):
        match owed:
            case Later(at):
                instants.append(at)
            case OwedNote() if owed.marker not in matter.said:
                notes.append(owed)
            case OwedFlag() if owed.marker not in matter.said:
                flags.append(owed)
            case OwedMove():
                move = owed
            case _:
                pass
    next_at = min(instants, default=None)
    return Due(tuple(notes), tuple(flags), next_at, move)


def _owed(matter: Matter) -> Iterator[Owed]:
    yield from fresh_notes(matter)
    yield from eta_notes(matter)
    yield from resolution_notes(matter)
    yield from dormant_notes(matter)
