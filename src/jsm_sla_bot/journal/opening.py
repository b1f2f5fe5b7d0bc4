"""Where a journal is kept: made for the daemon where there is none, or an existing one for somebody to look at."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.journal.tables import (
    State,
    engine_for,
    file_of,
    in_one_sentence,
    is_damaged,
    make_tables,
    place_of,
    put_aside,
    state,
)
from jsm_sla_bot.ports.site import TerminalError

log = structlog.get_logger()


def open_journal(url: str) -> SqlJournal:
    """Open the journal at that URL, making its tables; raises TerminalError when it can't be opened."""
    with in_one_sentence(url):
        engine, file = engine_for(url, "journal_mode=WAL"), file_of(url)
        try:
            make_tables(engine)
        except SQLAlchemyError as error:
            if not file or not is_damaged(error):
                raise
            log.error("journal_made_anew", why="it is spoilt")
            engine.dispose()
            put_aside(file)
            make_tables(engine)
    return SqlJournal(engine, file)


@contextmanager
def existing_journal(url: str) -> Iterator[SqlJournal]:
    """Open the journal that a daemon keeps there; makes, rebuilds and drops nothing.

    Raises TerminalError in one sentence where there is none, where it is of another version, and where it can't be
    read or written, also while it is in use.
    """
    with in_one_sentence(url):
        if (file := file_of(url)) and not file.is_file():
            raise TerminalError(
                f"no journal at {place_of(url)}: has the daemon run here?"
            )
        engine = engine_for(url)
        try:
            _check(state(engine), url)
            yield SqlJournal(engine)
        finally:
            engine.dispose()


def _check(found: State, url: str) -> None:
    if found is State.NOTHING:
        raise TerminalError(f"no journal at {place_of(url)}: has the daemon run here?")
    if found is State.ANOTHER:
        message = "is of another version of the bot: ask with that version, or let the daemon of this one make it anew"
        raise TerminalError(f"the journal at {place_of(url)} {message}")
