"""The requests of a period with their histories: from the site, or from a file of them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jsm_sla_bot.app.histories import Histories
from jsm_sla_bot.cli import connected, half_read, history_json
from jsm_sla_bot.cli.console import QuestionError, progress_shown
from jsm_sla_bot.cli.jsonlines import lines
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.ports.site import SetAside
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.errors import RequestError

CHUNK = 500
"""So many requests are read before they are kept."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, as of when (aware UTC), and from which site; without a site there is nothing to link to."""

    records: Sequence[Record]
    as_of: datetime
    site: str = ""
    set_aside: Sequence[SetAside] = field(default=())


def from_site(begins: datetime, ends: datetime) -> tuple[Read, Configuration]:
    """Read the requests reported at or after `begins` and before `ends` (aware) from the site of the environment.

    A reading that was cut short goes on where it stopped.
    """
    with (
        progress_shown(is_wanted=True) as progress,
        connected.histories() as site,
    ):
        progress("the period's requests")
        address = site.address()
        ids = site.ids(begins, ends)
        kept = _taken_up(site, address, begins, ends)
        aside: list[SetAside] = []
        left = [identity for identity in ids if identity not in kept.records]
        for start in range(0, len(left), CHUNK):
            progress(f"{len(kept.records)} of {len(ids)} requests")
            aside += _read(site, left[start : start + CHUNK], kept)
        kept.done()
        found = [
            kept.records[identity]
            for identity in ids
            if identity in kept.records
        ]
        read = Read(found, kept.began, address, tuple(aside))
        return read, site.configuration


def desk(since: datetime) -> tuple[Read, Configuration]:
    """Read every request that is open or was touched at or after `since` (aware) from the site of the environment."""
    return _whole("the desk", lambda site: site.open_or_changed(since))


def labelled(labels: Collection[str]) -> tuple[Read, Configuration]:
    """Read every request that carries one of these labels from the site of the environment."""
    return _whole("the reviews", lambda site: site.labelled(labels))


def _whole(
    what: str, found: Callable[[Histories], Sequence[str]]
) -> tuple[Read, Configuration]:
    """Read requests in one go, as of the instant after they were found."""
    with (
        progress_shown(is_wanted=True) as progress,
        connected.histories() as site,
    ):
        progress(what)
        ids = found(site)
        now = site.clock.now()
        records: list[Record] = []
        aside: list[SetAside] = []
        for start in range(0, len(ids), CHUNK):
            progress(f"{start} of {len(ids)} requests")
            read, left = site.read(ids[start : start + CHUNK])
            records += [each.record for each in read]
            aside += left
        whole = Read(records, now, site.address(), tuple(aside))
        return whole, site.configuration


def _taken_up(
    site: Histories, address: str, begins: datetime, ends: datetime
) -> half_read.HalfRead:
    name = half_read.name_of(address, begins, ends)
    file = site.folder / name if site.folder else None
    statuses = site.configuration.desk.statuses
    return half_read.taken_up(file, site.clock.now(), statuses)


def _read(
    site: Histories, ids: Sequence[str], kept: half_read.HalfRead
) -> Sequence[SetAside]:
    read, aside = site.read(ids)
    kept.keep([each.id for each in read], [each.record for each in read])
    return aside


def from_file(path: Path, configuration: Configuration, now: datetime) -> Read:
    """Read a file of `history export`, as of when it was written; one that does not say it, as of `now` (aware UTC).

    Raises QuestionError with every line that can't be read.
    """
    records: list[Record] = []
    wrong: list[str] = []
    read_at: list[datetime] = []
    for number, line in enumerate(lines(path), 1):
        if not line:
            continue
        try:
            found = history_json.line(line, configuration.desk.statuses)
        except RequestError as error:
            wrong.append(f"{path}:{number}: {error}")
            continue
        records.append(found.record)
        if found.read_at:
            read_at.append(found.read_at)
    if wrong:
        raise QuestionError("\n".join(wrong))
    return Read(records, min(read_at, default=now))
