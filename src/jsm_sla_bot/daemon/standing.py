"""How the daemon stands, as data: read from its journal, so it is known next to a running daemon and after its end.

Whoever shows it (the command line, a web board) reads it here and asks neither Jira nor the daemon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    DaemonFacts,
    Entry,
    Failure,
    HeldBack,
    Journal,
    PassReport,
    Vanished,
)

PASSES = 10
"""The number of passes that are shown."""
UPCOMING = timedelta(days=1)

SILENCE = timedelta(minutes=2)
SILENT_POLLS = 3
USUAL_POLL = timedelta(minutes=1)
"""A daemon that has written nothing for `SILENCE` and three polls (of a minute, if unknown) is taken for ended."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """When time alone changes the status of requests. `next` is aware UTC."""

    next: datetime | None
    overdue: int
    within_a_day: int


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A request of which something is left as it is, and why."""

    key: str
    because: str

    @classmethod
    def of(cls, entry: Entry) -> "LeftAlone":
        """Return what an entry with a remark says."""
        return cls(entry.key, entry.remark or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the daemon stands at `now`. All instants are aware UTC."""

    now: datetime
    watermark: datetime | None
    """When the last completely applied pass began, by the site's clock."""
    policy: str | None
    """The hash of the policy that was let through last."""
    held_back: HeldBack | None
    gone: str | None
    """Why requests that can't be seen any more are not believed to be gone."""
    agenda: Agenda
    open_requests: int
    set_aside: Sequence[Failure]
    left_alone: Sequence[LeftAlone]
    passes: Sequence[PassReport]
    """The last ones, newest first."""
    daemon: DaemonFacts | None
    """What the daemon left last; None where none has run yet."""

    @property
    def lag(self) -> timedelta | None:
        """How far the watermark is behind; None before a first pass was applied."""
        return None if self.watermark is None else self.now - self.watermark

    @property
    def age(self) -> timedelta | None:
        """How long ago the daemon left its facts; None where none has."""
        if self.daemon is None:
            return None
        return max(timedelta(0), self.now - self.daemon.at)

    @property
    def is_at_work(self) -> bool | None:
        """Whether the daemon seems to run; None where none has run yet."""
        if self.daemon is None or self.age is None:
            return None
        seconds = self.daemon.poll_seconds
        poll = USUAL_POLL if seconds is None else timedelta(seconds=seconds)
        return self.age <= SILENCE + SILENT_POLLS * poll


def standing(journal: Journal, now: datetime) -> Standing:
    """Read how the daemon stands at `now` (aware UTC); raises JournalError."""
    admitted = journal.recall(AdmittedPolicy)
    vanished = journal.recall(Vanished)
    return Standing(
        now=now,
        watermark=journal.watermark(),
        policy=admitted.policy if admitted else None,
        held_back=journal.recall(HeldBack),
        gone=vanished.because if vanished else None,
        agenda=_agenda(journal, now),
        open_requests=len(journal.open_ids()),
        set_aside=journal.set_aside_requests(),
        left_alone=[LeftAlone.of(entry) for entry in journal.remarked()],
        passes=journal.passes(PASSES),
        daemon=journal.recall(DaemonFacts),
    )


def _agenda(journal: Journal, now: datetime) -> Agenda:
    overdue = journal.agenda(now)
    within_a_day = journal.agenda(now + UPCOMING)
    return Agenda(journal.next_change_at(), len(overdue), len(within_a_day))
