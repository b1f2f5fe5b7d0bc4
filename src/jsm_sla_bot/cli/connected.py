"""The bot for a command that a person waits for: it retries less than the daemon, and its errors name the site."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from jsm_sla_bot import app
from jsm_sla_bot.app import histories as reading
from jsm_sla_bot.app import site_setup
from jsm_sla_bot.app.histories import Histories
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.doctor.check import Check
from jsm_sla_bot.doctor.customers import Customers
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.ports.errors import TransientError
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.write_test import Trial
from jsm_sla_bot.provision.provisioner import Provisioner
from jsm_sla_bot.settings.administrator import read_administrator
from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.given import SettingsProblem

_NO_ADMINISTRATOR = (
    "JSM_SLA_BOT_ADMIN_EMAIL and JSM_SLA_BOT_ADMIN_API_TOKEN are missing: provision signs in as an administrator of "
    "the site; --handout prints a list for one instead"
)
RETRIES = 2
"""How often a call that failed is tried again."""


@contextmanager
def bot(
    *, new_journal: bool = False, watch: app.Watch | None = None
) -> Iterator[app.Bot]:
    """Put the bot together from the environment; `watch` sees what is written.

    Raises what `app.bot` raises; where nobody answers, the error names the site's address.
    """
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with (
        _naming(settings.url),
        app.bot(
            settings, options=options, new_journal=new_journal, watch=watch
        ) as made,
    ):
        yield made


@contextmanager
def looking() -> Iterator[app.Bot]:
    """Put the bot together, as `bot` does, to answer questions only; it makes no journal and changes none."""
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with _naming(settings.url), app.looking(settings, options) as made:
        yield made


def examined(checks: Sequence[Check], progress: site_setup.Progress) -> Found:
    """Make these checks of the site that the environment names. Raises as `looking` does."""
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with _naming(settings.url):
        return site_setup.examined(settings, checks, progress, options)


def customers(progress: site_setup.Progress) -> Customers:
    """List the organizations of the site that the environment names. Raises as `looking` does."""
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with _naming(settings.url):
        return site_setup.customers(settings, progress, options)


def organization_names() -> Mapping[str, str]:
    """Return the names of the site's organizations by id. Raises as `looking` does."""
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with _naming(settings.url):
        return site_setup.organization_names(settings, options)


@contextmanager
def histories() -> Iterator[Histories]:
    """Connect to the site that the environment names, to look back at its requests. Raises as `looking` does."""
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with (
        _naming(settings.url),
        reading.histories(settings, SystemClock(), options) as site,
    ):
        yield site


def tried(key: str) -> Sequence[Trial]:
    """Try every kind of write on one request and undo it. Raises as `looking` does."""
    settings = read_settings()
    options = app.hurried(settings, RETRIES)
    with _naming(settings.url):
        return site_setup.tried(settings, key, options)


@contextmanager
def provisioning(*, is_for_people: bool) -> Iterator[Provisioner]:
    """Sign in as the administrator of the environment, to set up the site.

    Raises SettingsProblem where none is named, unless the answer is a list for people. Raises TransientError and
    TerminalError.
    """
    settings = read_settings()
    admin = read_administrator()
    if admin is None and not is_for_people:
        raise SettingsProblem(_NO_ADMINISTRATOR)
    options = app.hurried(settings, RETRIES)
    with (
        _naming(settings.url),
        site_setup.provisioning(settings, admin, options) as site,
    ):
        yield site


@contextmanager
def _naming(url: str) -> Iterator[None]:
    try:
        yield
    except JournalError:
        raise
    except TransientError as error:
        raise TransientError(
            named(str(error), url), error.retry_after
        ) from error


def named(error: str, url: str) -> str:
    """Return an error with the address of the site that it is about."""
    return f"{error} (the site: {url})"
