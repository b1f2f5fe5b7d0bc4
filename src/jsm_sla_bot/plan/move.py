"""A transition of R11: a dormant request is closed, or one that was closed so is reopened (D26, D27)."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.plan.note import Note


@dataclass(frozen=True, slots=True)
class Move:
    """Where a request is to go, made once and only from where it was when that was decided.

    `to` and `at` are statuses by name. `awaits` is the marker of the public note without which it is not made; empty
    where none is needed. `otherwise` is what agents read where the workflow does not offer it; None where they have.
    `decided_on` is the request's last change as it was read (aware UTC): with anything newer it is decided again.
    `seen` counts how often we had made it when the request was read; None where its history is not known.
    """

    to: str
    at: str
    decided_on: datetime
    awaits: str = ""
    otherwise: Note | None = None
    seen: int | None = None

    def may_be_made(self, notes: Container[str]) -> bool:
        """Whether the note that it waits for is among these markers, which stand."""
        return not self.awaits or self.awaits in notes
