"""How a command that somebody waits for asks the site: with less patience than the daemon, and naming the address."""

from collections.abc import Iterator
from contextlib import contextmanager

from jsm_sla_bot import app
from jsm_sla_bot.jsm.http.options import Conduct
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.ports.site import TransientError
from jsm_sla_bot.settings import read_settings

RETRIES = 2


@contextmanager
def bot() -> Iterator[app.Bot]:
    """Put the bot together as the environment says; raises what it raises, the address named where nobody answers."""
    settings = read_settings()
    conduct = Conduct(connections=settings.workers, patience=Patience(retries=RETRIES))
    try:
        with app.bot(settings, conduct=conduct) as made:
            yield made
    except TransientError as error:
        raise TransientError(
            named(str(error), settings.url), error.retry_after
        ) from error


def named(error: str, url: str) -> str:
    """Say which address was asked."""
    return f"{error}; asked was {url}"
