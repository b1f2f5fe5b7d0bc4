"""The outbox: notices on their way to a channel, from the intent to the service's receipt.

Promises: a notice is on disk before it is sent, once for each channel however often it is put in, and stays there until
a service has taken it or it is given up. Of a story one notice is sent after the other. Instants are aware UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice for one channel. `body` is the notice as a text; `after` is when it may be sent.

    `is_held`: it may be sent together with others, and what can't wait goes before it. `number` is given by the outbox,
    in the order of putting in.
    """

    channel: str
    id: str
    thread: str
    request: str
    rung: str
    is_end: bool
    body: str
    made: datetime
    after: datetime
    is_held: bool = False
    number: int = 0
    digest: str | None = None
    """What it is sent together with, once that was tried."""
    tried: int = 0
    first_tried: datetime | None = None
    in_doubt: bool = False
    """Whether an attempt may have arrived."""
    sent: datetime | None = None
    remote: str | None = None
    """The service's id of the story."""
    why: str | None = None
    """Why it was not delivered at the last attempt, or given up."""


class Outbox(Protocol):
    """Safe to use from several threads; every method raises JournalError."""

    def put(self, found: Sequence[Outgoing]) -> None:
        """Take notices in; one that was ever taken in for its channel is not taken again."""

    def due(self, channel: str, now: datetime) -> Sequence[Outgoing]:
        """Return what may be sent now, of each story the first that is not sent; what can't wait comes first."""

    def next_after(self, channel: str) -> datetime | None:
        """Return when the next notice of a channel may be sent; None where none waits."""

    def trying(
        self, found: Sequence[Outgoing], now: datetime, digest: str | None
    ) -> None:
        """Note that these are about to be sent, together as one digest or (None) one alone. On disk on return."""

    def sent(
        self, found: Sequence[Outgoing], now: datetime, remote: str | None
    ) -> None:
        """Note that a service has taken these."""

    def failed(
        self,
        found: Sequence[Outgoing],
        after: datetime,
        why: str,
        *,
        in_doubt: bool,
    ) -> None:
        """Note that an attempt failed, and when the next one may be made."""

    def given_up(
        self, found: Sequence[Outgoing], now: datetime, why: str
    ) -> None:
        """Note that these are not sent any more."""

    def remote_of(self, channel: str, thread: str) -> str | None:
        """Return a service's id of a story; None where none of it was sent, or it was sent with others."""

    def open_stories(self) -> Sequence[Outgoing]:
        """Return the notices of all stories that are not ended."""

    def ended(self, threads: Sequence[str]) -> None:
        """Note that stories are over: what waits of them for later, or to be sent with others, is dropped."""

    def in_digest(self, channel: str, digest: str) -> Sequence[Outgoing]:
        """Return what was sent together, of stories that are not ended."""

    def oldest_unsent(self, now: datetime) -> Mapping[str, datetime]:
        """Return since when the oldest notice that may be sent has waited, by channel."""

    def forget(self, before: datetime) -> None:
        """Drop what was sent, and is ended, before an instant."""
