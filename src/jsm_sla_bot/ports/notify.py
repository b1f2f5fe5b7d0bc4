"""Notices: what people outside Jira are told about a request, and the services that bring it to them. Pure.

A notice's `thread` names a story (a request, a metric, a due time), its `id` one step of that story. A service is given
both, so that it can put the steps together and know one that it has had already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

MARK_LENGTH = 32


class NoticeState(StrEnum):
    """Whether somebody has to act."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Urgency(StrEnum):
    """How loudly a service says it; their words for it differ."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Story:
    """What a notice is about: a request, measured by one metric, owed by one due time (aware UTC)."""

    request: str
    metric: str
    due: datetime | None = None

    @property
    def key(self) -> str:
        """The story as a text, the same after a restart."""
        due = f"{self.due:%Y-%m-%dT%H:%M:%SZ}" if self.due else "-"
        return f"{self.request}/{self.metric}/{due}"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `rung` is the step of the story; `title` one line; `lines` the facts below it, for people.

    `severity` is 1 to 4 (0: of several requests). `supersedes` names the rung that this one makes old.
    """

    story: Story
    rung: str
    title: str
    severity: int = 0
    state: NoticeState = NoticeState.FIRING
    urgency: Urgency = Urgency.WARNING
    tier: str = ""
    organization: str = ""
    project: str = ""
    assignee: str = ""
    csm: str = ""
    lines: Sequence[str] = ()
    link: str = ""
    supersedes: str | None = None
    again: int = 0
    """Which repetition it is; 0: the first time."""

    @property
    def thread(self) -> str:
        """What the story is called at a service: short, and of plain signs."""
        return mark(self.story.key)

    @property
    def id(self) -> str:
        """What this very step is called at a service."""
        times = f"/{self.again}" if self.again else ""
        return mark(f"{self.story.key}/{self.rung}/{self.state}{times}")

    @property
    def is_resolved(self) -> bool:
        """Whether nobody has to act any more."""
        return self.state is NoticeState.RESOLVED

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n".join([self.title, *self.lines, *filter(None, [self.link])])


def mark(text: str) -> str:
    """Return a short name for a text: the same text, the same name."""
    return sha256(text.encode()).hexdigest()[:MARK_LENGTH]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a service said: `remote` is the id under which it keeps the story, where it gave one.

    `was_there`: it had this very notice before, from an attempt whose outcome was not known.
    """

    remote: str | None = None
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a story at a service: its id there, and whether this notice may have arrived already."""

    remote: str | None = None
    is_uncertain: bool = False
    since: datetime | None = field(default=None, compare=False)
    """When the first attempt was made, aware UTC."""


NOTHING_BEFORE = Before()


class NotDeliveredError(Exception):
    """A notice was not delivered, or nobody knows; it is tried again. The message holds no secret.

    `is_unknown`: it may have arrived. `wait` is how long the service wants to be left alone.
    """

    def __init__(
        self,
        why: str,
        *,
        is_unknown: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(why)
        self.is_unknown = is_unknown
        self.wait = wait


class NoticeRefusedError(Exception):
    """A service will never take this notice; the message says why, without a secret."""


class Channel(Protocol):
    """A way to people. Safe to use from one thread at a time."""

    @property
    def has_key(self) -> bool:
        """Whether the service knows a notice that it is sent twice, so that it arrives once."""

    def deliver(self, notice: Notice, before: Before) -> Receipt:
        """Bring a notice to people. Raises NotDeliveredError and NoticeRefusedError."""
