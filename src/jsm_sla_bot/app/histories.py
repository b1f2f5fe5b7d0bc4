"""Reads the requests of a period from the site, for who looks back at them. Writes nothing, and has no journal."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jsm_sla_bot.app.site_setup import to_look_at
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.journal.database import file_of
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.ports.site import Clock, HistorySource, Seen, SetAside
from jsm_sla_bot.review.records import record
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.settings.environment import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """A request of the site, by its id."""

    id: str
    record: Record


@dataclass(frozen=True, slots=True)
class Histories:
    """The requests of a site, read with their histories. Raises TransientError, TerminalError, IdentityError.

    `folder` is where the journal is kept; None where that is no file.
    """

    source: HistorySource
    configuration: Configuration
    clock: Clock
    folder: Path | None

    def address(self) -> str:
        """Return where people find the site."""
        found = self.source.site()
        return (found.base_url or found.address).rstrip("/")

    def ids(self, begins: datetime, ends: datetime) -> Sequence[str]:
        """Return the ids of the requests reported at or after `begins` and before `ends` (aware), in order."""
        return _in_order(self.source.reported_between(begins, ends))

    def open_or_changed(self, since: datetime) -> Sequence[str]:
        """Return the ids of the requests that are open or were touched at or after `since` (aware), in order."""
        return _in_order(self.source.open_or_changed_since(since))

    def labelled(self, labels: Collection[str]) -> Sequence[str]:
        """Return the ids of the requests that carry one of these labels, in order."""
        return _in_order(self.source.labelled(labels))

    def read(
        self, ids: Sequence[str]
    ) -> tuple[Sequence[Found], Sequence[SetAside]]:
        """Read these requests; those that could not be understood come with the reason."""
        fetched = self.source.fetch(ids)
        now = self.clock.now()
        policy = self.configuration.policy
        found = [
            Found(each.id, record(each, policy, now))
            for each in fetched.sightings
        ]
        return found, fetched.set_aside


@contextmanager
def histories(
    settings: Settings, clock: Clock, options: HttpOptions | None = None
) -> Iterator[Histories]:
    """Connect to the site, and make sure who we are there. Raises ConfigurationProblems and TerminalError."""
    file = file_of(settings.journal_url)
    folder = file.absolute().parent if file else None
    with to_look_at(settings, options) as (connection, configuration):
        source = connection.histories
        source.check_identity()
        yield Histories(source, configuration, clock, folder)


def _in_order(seen: Iterable[Seen]) -> Sequence[str]:
    return sorted({each.id for each in seen}, key=_number)


def _number(identity: str) -> tuple[int, str]:
    """Order ids as numbers where they are."""
    return (int(identity) if identity.isdigit() else 0, identity)
