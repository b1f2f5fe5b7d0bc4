"""The shape of `notes`: what the customer reads on a request, each kind off until it is turned on (R9, D12, D18)."""

from typing import Annotated

from pydantic import BeforeValidator

from jsm_sla_bot.config.schema.base import LongSpan, Shape, Text
from jsm_sla_bot.config.schema.severity import SeverityName, switched


def _switched(value: object) -> object:
    """Read the short forms: `true` for everybody, `false` for nobody."""
    return switched(value, NoteShape)


class NoteShape(Shape):
    """For whom a kind of public note is turned on. Short form: `true` for everybody, `false` for nobody."""

    tiers: list[Text] | None = None
    """The tiers whose customers get it; left out: all."""
    severities: list[SeverityName] | None = None
    """The severities for which it is written; left out: all."""


class FreshNote(NoteShape):
    """A note that is owed only while what calls for it is fresh (D19)."""

    within: LongSpan | None = None
    """So long after the event it is still written, elapsed time; left out: 2 h."""


class EtaNote(NoteShape):
    """The note on an ETA and on each change of it (D21)."""

    settles: LongSpan | None = None
    """So long a value stands unchanged before the customer reads it; left out: 10 min."""


class ResolvedNote(NoteShape):
    """The note that confirms that an agent has closed the request (D22)."""

    within: LongSpan | None = None
    """So long after the closing it is still written, elapsed time; left out: 1 day."""
    answered_within: LongSpan | None = None
    """No note where an agent has commented in public so long before the closing; left out: 15 min."""


AnyFreshNote = Annotated[
    FreshNote,
    BeforeValidator(_switched, json_schema_input_type=bool | FreshNote),
]
AnyEtaNote = Annotated[
    EtaNote, BeforeValidator(_switched, json_schema_input_type=bool | EtaNote)
]
AnyResolvedNote = Annotated[
    ResolvedNote,
    BeforeValidator(_switched, json_schema_input_type=bool | ResolvedNote),
]


class NotesShape(Shape):
    """What the customer reads on a request, each kind off unless it is named (D12)."""

    registered: AnyFreshNote | None = None
    """The request is registered: its number, severity, target and due time (R9)."""
    call_us: AnyFreshNote | None = None
    """Please call: what the customer gains by it, where the target waits for the call (R3, D20)."""
    eta: AnyEtaNote | None = None
    """The ETA, and each change of it (D21)."""
    resolved: AnyResolvedNote | None = None
    """The request is closed, and how to have it reopened (D22)."""
