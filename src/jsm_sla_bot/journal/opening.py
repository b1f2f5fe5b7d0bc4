"""Where a journal is kept: made for the daemon where there is none, or an existing one for somebody to look at.

Needs: an address. Promises: only the daemon makes a journal, or brings one up to date; who looks changes nothing, and
whatever keeps a journal from being used is a TerminalError of one sentence, without a password.
Threads: each opening has connections of its own. Restart: an opening that was cut short leaves the tables as they were.
Race accepted: a journal that is made or moved right after somebody has looked is seen at the next look.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jsm_sla_bot.journal.database import (
    NOWHERE,
    Database,
    engine_for,
    file_of,
    in_one_sentence,
    place_of,
)
from jsm_sla_bot.journal.faults import is_damaged
from jsm_sla_bot.journal.files import keep_private, put_aside
from jsm_sla_bot.journal.lenient import LenientJournal
from jsm_sla_bot.journal.schema import State, check_readable, make_ready, state
from jsm_sla_bot.journal.site import name_of, same_site
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.site_identity import SiteIdentity

log = structlog.get_logger()


def open_journal(url: str) -> SqlJournal:
    """Open the journal at that URL, making its tables; raises TerminalError when it can't be opened."""
    return SqlJournal(_opened(url))


def open_daemons_journal(
    url: str, address: str, *, start_over: bool = False
) -> LenientJournal:
    """Open the journal as `open_journal` does, for the site at that address.

    `start_over` is a person's word that one of another site may be erased.
    """
    database = _opened(url)
    return LenientJournal(database, address, start_over=start_over)


def _opened(url: str) -> Database:
    with in_one_sentence(url):
        engine = engine_for(url, "journal_mode=WAL")
        try:
            _make_ready(engine, file_of(url))
        except BaseException:
            engine.dispose()
            raise
        return Database(url, engine)


def _make_ready(engine: Engine, file: Path | None) -> None:
    """Make the tables or bring them up to date; a spoilt file is put aside for somebody to look at."""
    keep_private(file)
    try:
        make_ready(engine)
    except SQLAlchemyError as error:
        if not file or not is_damaged(error):
            raise
        log.error("journal_made_again", why="it is spoilt")
        engine.dispose()
        put_aside(file)
        keep_private(file)
        make_ready(engine)


@contextmanager
def existing_journal(
    url: str, *, changing: bool = False
) -> Iterator[SqlJournal]:
    """Open the journal that a daemon keeps there; makes, migrates and drops nothing, and writes only if `changing`.

    Raises TerminalError in one sentence where there is none, where it is of another version that this one can't
    read, and where it can't be read or written, also while it is in use.
    """
    with in_one_sentence(url):
        if (file := file_of(url)) and not file.is_file():
            raise TerminalError(_none_at(url))
        engine = engine_for(url, changing=changing)
        try:
            if not _is_readable(engine):
                raise TerminalError(_none_at(url))
            yield SqlJournal(Database(url, engine))
        finally:
            engine.dispose()


def why_not_written(url: str) -> str | None:
    """Return why an existing journal can't be written, None where it can be; changes nothing in it."""
    if file_of(url) is None:
        return None
    with in_one_sentence(url):
        database = Database(url, engine_for(url))
    try:
        database.try_to_write()
    except JournalError as error:
        return str(error)
    finally:
        database.engine.dispose()
    return None


def journal_trouble(url: str, site: Callable[[], SiteIdentity]) -> str | None:
    """Return what keeps a daemon of that site from using that journal, None where nothing does; changes nothing.

    One that is not there yet is in order where its folder takes files. `site` is asked only where a journal has one;
    raises what it raises.
    """
    file = file_of(url)
    if file and _is_not_begun(file):
        return _no_folder(file)
    try:
        with existing_journal(url) as found:
            known = found.bound_to()
            trouble = why_not_written(url)
    except TerminalError as error:
        return str(error)
    return trouble or (_of_another(url, known, site()) if known else None)


def _of_another(
    url: str, known: SiteIdentity, site: SiteIdentity
) -> str | None:
    if same_site(known, site):
        return None
    return f"the journal at {place_of(url)} is that of {name_of(known)}, not of {name_of(site)}"


def _is_not_begun(file: Path) -> bool:
    """Tell whether the daemon would make a journal there: there is no file, or an empty one."""
    return not file.is_file() or file.stat().st_size == 0


def _no_folder(file: Path) -> str | None:
    """Return why no file can be made where the journal is to be; the one that is tried has no name."""
    folder = file.absolute().parent
    if not folder.is_dir():
        return f"there is no folder {folder} for the journal"
    try:
        with TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"the folder {folder} of the journal takes no file: {error.strerror}"


@contextmanager
def journal_to_look_at(url: str, site: SiteIdentity) -> Iterator[SqlJournal]:
    """Open what is known of that site, to look only: its journal, else one in memory that knows nothing.

    Raises TerminalError where the journal can't be read.
    """
    with in_one_sentence(url):
        file = file_of(url)
        if file and not file.absolute().parent.is_dir():
            raise FileNotFoundError(file)
        engine = (
            engine_for(url, changing=False)
            if not file or file.is_file()
            else None
        )
        try:
            if engine and _is_readable(engine):
                found = SqlJournal(Database(url, engine))
                known = found.bound_to()
                if known is None or same_site(known, site):
                    yield found
                    return
                log.warning(
                    "journal_of_another_site",
                    journal=place_of(url),
                    about=name_of(known),
                    asked=name_of(site),
                    why="it is left alone, and nothing is known of this site",
                )
            with nothing_known() as empty:
                yield empty
        finally:
            if engine:
                engine.dispose()


@contextmanager
def nothing_known() -> Iterator[SqlJournal]:
    """Open a journal in memory that knows nothing and keeps nothing."""
    engine = engine_for(NOWHERE)
    try:
        make_ready(engine)
        yield SqlJournal(Database(NOWHERE, engine))
    finally:
        engine.dispose()


def _is_readable(engine: Engine) -> bool:
    """Tell whether there is a journal; raises UnfitSchemaError where there is one that this version can't read."""
    with engine.connect() as connection:
        found = state(connection)
        if found in {State.EARLIER, State.LATER}:
            check_readable(connection)
    return found is not State.NOTHING


def _none_at(url: str) -> str:
    return f"no journal at {place_of(url)}: has the daemon run here?"
