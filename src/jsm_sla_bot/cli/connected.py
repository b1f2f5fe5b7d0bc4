"""The bot for a command that a person waits for: it retries less than the daemon, and its errors name the site."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from jsm_sla_bot import app
from jsm_sla_bot.doctor.check import Check
from jsm_sla_bot.doctor.verdict import Verdict
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.site import TransientError
from jsm_sla_bot.ports.survey import Trial
from jsm_sla_bot.settings.environment import read_settings

RETRIES = 2
"""How often a call that failed is tried again."""


@contextmanager
def bot(*, new_journal: bool = False) -> Iterator[app.Bot]:
    """Put the bot together from the environment.

    Raises what `app.bot` raises; where nobody answers, the error names the site's address.
    """
    settings = read_settings()
    conduct = app.hurried(settings, RETRIES)
    with (
        _naming(settings.url),
        app.bot(settings, conduct=conduct, new_journal=new_journal) as made,
    ):
        yield made


@contextmanager
def looking() -> Iterator[app.Bot]:
    """Put the bot together, as `bot` does, to answer questions only; it makes no journal and changes none."""
    settings = read_settings()
    conduct = app.hurried(settings, RETRIES)
    with _naming(settings.url), app.looking(settings, conduct) as made:
        yield made


def examined(
    checks: Sequence[Check], progress: app.Progress
) -> Sequence[tuple[Check, Verdict]]:
    """Make these checks of the site that the environment names. Raises as `looking` does."""
    settings = read_settings()
    conduct = app.hurried(settings, RETRIES)
    with _naming(settings.url):
        return app.examined(settings, checks, progress, conduct)


def tried(key: str) -> Sequence[Trial]:
    """Try every kind of write on one request and undo it. Raises as `looking` does."""
    settings = read_settings()
    conduct = app.hurried(settings, RETRIES)
    with _naming(settings.url):
        return app.tried(settings, key, conduct)


@contextmanager
def _naming(url: str) -> Iterator[None]:
    try:
        yield
    except JournalError:
        raise
    except TransientError as error:
        raise TransientError(named(str(error), url), error.retry_after) from error


def named(error: str, url: str) -> str:
    """Return an error with the address of the site that it is about."""
    return f"{error} (the site: {url})"
