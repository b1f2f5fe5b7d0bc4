"""Where a journal is kept: made for the daemon where there is none, or an existing one for somebody to look at."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
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
from jsm_sla_bot.journal.site import name_of, same_site
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.journal.tables import State, make_tables, state
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.site import SiteIdentity, TerminalError

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
        engine, file = engine_for(url, "journal_mode=WAL"), file_of(url)
        keep_private(file)
        try:
            make_tables(engine)
        except SQLAlchemyError as error:
            if not file or not is_damaged(error):
                raise
            log.error("journal_made_anew", why="it is spoilt")
            engine.dispose()
            put_aside(file)
            keep_private(file)
            make_tables(engine)
        return Database(url, engine)


@contextmanager
def existing_journal(url: str, *, changing: bool = False) -> Iterator[SqlJournal]:
    """Open the journal that a daemon keeps there; makes, rebuilds and drops nothing, and writes only if `changing`.

    Raises TerminalError in one sentence where there is none, where it is of another version, and where it can't be
    read or written, also while it is in use.
    """
    with in_one_sentence(url):
        if (file := file_of(url)) and not file.is_file():
            raise TerminalError(_none_at(url))
        engine = engine_for(url, changing=changing)
        try:
            _check(state(engine), url)
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


@contextmanager
def journal_to_look_at(url: str, site: SiteIdentity) -> Iterator[SqlJournal]:
    """Open what is known of that site, to look only: its journal, else one in memory that knows nothing.

    Raises TerminalError where the journal can't be read.
    """
    with in_one_sentence(url):
        file = file_of(url)
        if file and not file.absolute().parent.is_dir():
            raise FileNotFoundError(file)
        engine = engine_for(url, changing=False) if not file or file.is_file() else None
        try:
            if engine and state(engine) is State.OURS:
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
        make_tables(engine)
        yield SqlJournal(Database(NOWHERE, engine))
    finally:
        engine.dispose()


def _check(found: State, url: str) -> None:
    if found is State.NOTHING:
        raise TerminalError(_none_at(url))
    if found is not State.OURS:
        message = "is of another version of the bot: ask with that version, or let the daemon of this one make it anew"
        raise TerminalError(f"the journal at {place_of(url)} {message}")


def _none_at(url: str) -> str:
    return f"no journal at {place_of(url)}: has the daemon run here?"
