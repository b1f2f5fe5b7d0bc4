"""What has been written of a plan so far, and what went wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsm_sla_bot.jsm.errors import (
    NotesStoppedError,
    NotSentError,
    StoppedError,
    TransientError,
)
from jsm_sla_bot.plan.ledger import Ledger

_NOBODY_THERE = (NotSentError, StoppedError)


@dataclass(slots=True)
class Outcome:
    """What has been written of a plan so far. `failure` is raised once everything else stands."""

    writes: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    escalated: bool = True
    is_edited: bool = False
    """The fields were written already, before the transition."""
    ledger: Ledger | None = None
    """The ledger that was written last."""
    is_frozen: bool = False
    """The request is done, and its status takes no edit."""
    failure: NotesStoppedError | TransientError | None = None

    def fail(self, error: NotesStoppedError | TransientError) -> None:
        """Keep the first failure for the end, unless nothing else can be written either: then raise it."""
        if isinstance(error, _NOBODY_THERE):
            raise error
        self.failure = self.failure or error

    def check(self) -> None:
        """Raise the failure that was kept, with what was written all the same."""
        if isinstance(self.failure, TransientError):
            self.failure.wrote = self.writes
        if self.failure:
            raise self.failure
