"""A pass as a value: what it goes by, what it looks at, what it may claim in the end, and what came of it.

Selection decides once, when a pass begins, how far it looks and whether it may move the watermark (`Selected`);
what is decided is handed down with the pass and never asked for again, since another pass may begin next to it.
Only the `Tally` changes while the pass is at work.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jsm_sla_bot.passes.planner import Edition, Planned
from jsm_sla_bot.ports.journal import PassKind, PassReport
from jsm_sla_bot.ports.site import Fetched

CHUNK = 1000
"""So many requests are read before the first of them is written: as many as one call for histories takes."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Which requests a pass looks at, and what it may claim once all of them are applied."""

    ids: Sequence[str]
    scope: frozenset[str] | None = None
    """The keys of the projects that it covers; None for a pass that covers none as a whole."""
    may_advance: bool = False
    """Whether it misses nothing since the watermark, so that it may move it."""
    looked_back: datetime | None = None
    """When a pass last looked far behind the watermark, to be remembered; None where that stays as it is."""


@dataclass(slots=True)
class Tally:
    """What a pass has come to so far."""

    seen: int = 0
    read: int = 0
    differing: int = 0
    writes: int = 0
    set_aside: int = 0
    gone: list[str] = field(default_factory=list)
    unfinished: bool = False
    strange: str | None = None
    """What many requests show at once that nobody has written."""
    unmapped: Counter[str] = field(default_factory=Counter)
    """How many open requests each organization has that the policy does not name, by its id (D11)."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass at work. `began` is the site's time, aware UTC; `version` is that of the write locks at its begin.

    `first_read` is the first chunk where it was read already, while the policy was let through.
    """

    kind: PassKind
    edition: Edition
    began: datetime
    version: int
    selected: Selected
    tally: Tally
    first_read: Fetched | None = None

    @property
    def policy(self) -> str:
        """The hash of the policy that it goes by."""
        return self.edition.rules.policy.hash

    def chunks(self) -> Iterator[tuple[Sequence[str], Fetched | None]]:
        """Yield the ids chunk by chunk, each with what was read of it already."""
        read = self.first_read
        for ids in chunks(self.selected.ids):
            yield ids, read
            read = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some requests read together at an instant (aware UTC), and how often each of them has failed before.

    `version` is that of the write locks before they were read.
    """

    version: int
    at: datetime
    edition: Edition
    failures: Mapping[str, int]
    frozen: Mapping[str, str] = field(default_factory=dict)
    """The status in which the site took no edit, of requests that were given up."""

    def frozen_in(self, one: Planned) -> str | None:
        """Return the done status in which a request was given up, if it still has it."""
        sighting = one.sighting
        was = self.frozen.get(sighting.id)
        is_same = (
            sighting.snapshot.status.is_done and was == sighting.shown.status
        )
        return was if is_same else None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pass ended: `refused` and `failed` say why nothing, or not all, was written."""

    policy: str = ""
    refused: str | None = None
    failed: str | None = None


def report(
    kind: PassKind,
    span: tuple[datetime, datetime],
    tally: Tally,
    ending: Ending,
) -> PassReport:
    """Return the report of a pass that took from the first to the second instant (aware UTC)."""
    started, ended = span
    return PassReport(
        kind=kind,
        started=started,
        ended=ended,
        seen=tally.seen,
        read=tally.read,
        differing=tally.differing,
        writes=tally.writes,
        set_aside=tally.set_aside,
        refused=ending.refused,
        failed=ending.failed,
        policy=ending.policy,
    )


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut ids into what is read at once."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
