"""What the journal keeps of requests and passes, and the errors that it raises."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside


class JournalError(TransientError):
    """The journal can't be read or written at the moment; the message is one sentence with the cause.

    It is no fault of the site's, and none of a request's.
    """


class ForeignJournalError(TerminalError):
    """The journal is about another site: it is neither used nor erased without a person's word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal keeps of one request after a pass. Instants are aware UTC.

    `remark` says which of its fields are left as they are, and why; None for nearly all. `frozen_in` names the done
    status in which the site takes no edit of it, so that none is tried while it stays there.
    """

    id: str
    key: str
    updated: datetime
    status: str
    due: datetime | None
    next_change_at: datetime | None
    is_open: bool
    policy: str
    remark: str | None = None
    frozen_in: str | None = None

    def __post_init__(self) -> None:
        """Keep nothing that the request could do to who reads it."""
        object.__setattr__(self, "key", outside(self.key))
        if self.remark is not None:
            object.__setattr__(
                self, "remark", outside(self.remark, LONGEST_MESSAGE)
            )


@dataclass(frozen=True, slots=True)
class Failure:
    """A request set aside: why, how often it has failed, and when to look at it again (aware UTC).

    `updated` (aware UTC) is what it showed when it failed; None where that could not be read.
    """

    id: str
    key: str
    reason: str
    failures: int
    retry_at: datetime
    updated: datetime | None = None

    def __post_init__(self) -> None:
        """Keep nothing that the request could do to who reads it."""
        object.__setattr__(self, "key", outside(self.key))
        object.__setattr__(
            self, "reason", outside(self.reason, LONGEST_MESSAGE)
        )


class PassKind(StrEnum):
    """Which requests a pass looks at."""

    CHANGED = "changed"
    """Those updated since the watermark."""
    DUE = "due"
    """Those whose status changes by the mere passing of time, and those to be tried again."""
    SWEEP = "sweep"
    """Every open request."""


class PassOutcome(StrEnum):
    """How a pass ended."""

    DONE = "done"
    REFUSED = "refused"
    """Its policy may not be written."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass did; `refused` and `failed` say why nothing, or not all, was written."""

    kind: PassKind
    started: datetime
    ended: datetime
    seen: int
    read: int
    differing: int
    writes: int
    set_aside: int
    refused: str | None = None
    failed: str | None = None
    policy: str = ""
    """The hash of the policy it went by, or was refused for."""

    @property
    def outcome(self) -> PassOutcome:
        """How the pass ended."""
        if self.failed:
            return PassOutcome.FAILED
        return PassOutcome.REFUSED if self.refused else PassOutcome.DONE

    @property
    def seconds(self) -> float:
        """How long it took, to the millisecond."""
        return round((self.ended - self.started).total_seconds(), 3)

    @property
    def because(self) -> str | None:
        """Why it did not get through; None where it did."""
        return self.failed or self.refused
