"""How a command that somebody waits for asks the site: with less patience than the daemon, and naming the address."""

from collections.abc import Iterator
from contextlib import contextmanager

from jsm_sla_bot import app
from jsm_sla_bot.jsm.http.options import Conduct
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.site import TransientError
from jsm_sla_bot.settings.environment import Settings, read_settings

RETRIES = 2


@contextmanager
def bot(*, new_journal: bool = False) -> Iterator[app.Bot]:
    """Put the bot together as the environment says; raises what it raises, the address named where nobody answers."""
    settings = read_settings()
    with (
        _naming(settings.url),
        app.bot(settings, conduct=_hurried(settings), new_journal=new_journal) as made,
    ):
        yield made


@contextmanager
def looking() -> Iterator[app.Bot]:
    """Put the bot together to be asked only, as `bot` does; it makes no journal and changes none."""
    settings = read_settings()
    with (
        _naming(settings.url),
        app.looking(settings, conduct=_hurried(settings)) as made,
    ):
        yield made


def _hurried(settings: Settings) -> Conduct:
    patience = Patience(retries=RETRIES)
    return Conduct(connections=settings.workers, patience=patience)


@contextmanager
def _naming(url: str) -> Iterator[None]:
    try:
        yield
    except JournalError:
        raise
    except TransientError as error:
        raise TransientError(named(str(error), url), error.retry_after) from error


def named(error: str, url: str) -> str:
    """Say which address was asked."""
    return f"{error} (the site: {url})"
