"""What came of writing a chunk, added up from several threads."""

from dataclasses import dataclass, field

from jsm_sla_bot.passes.outcome import (
    Done,
    Failed,
    Halted,
    Left,
    Nothing,
    Outcome,
    Written,
)
from jsm_sla_bot.ports.errors import IdentityError
from jsm_sla_bot.ports.journal import (
    Entry,
    Failure,
)


@dataclass(slots=True)
class Result:
    """What has come of a chunk so far. `suspects` are set aside only if the site turns out to be well."""

    written: Written = field(default_factory=Written)
    entries: list[Entry] = field(default_factory=list)
    suspects: list[Failure] = field(default_factory=list)
    stopped_by: IdentityError | None = None

    def add(self, outcome: Outcome) -> None:
        """Count the outcome of one request."""
        match outcome:
            case Left():
                self.written.left = True
            case Nothing():
                pass
            case Done(kept, _, receipt):
                self.entries.append(kept)
                self.written.writes += receipt.writes
            case Failed(failure, _, receipt, suspect):
                aside = self.suspects if suspect else self.written.set_aside
                aside.append(failure)
                self.written.writes += receipt.writes if receipt else 0
            case Halted(error):
                self.stopped_by = self.stopped_by or error
