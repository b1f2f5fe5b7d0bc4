"""Verbs that look at a site or set it up: each signs in for itself, and none has a journal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from jsm_sla_bot.app.channels import unreadable
from jsm_sla_bot.app.parts import connection_to, look_at
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.daemon.configuration import (
    load_or,
)
from jsm_sla_bot.doctor.check import Check
from jsm_sla_bot.doctor.customers import CustomerLook, Customers
from jsm_sla_bot.doctor.examination import Operation
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.doctor.rights import ASKED
from jsm_sla_bot.journal.opening import (
    journal_trouble,
    nothing_known,
)
from jsm_sla_bot.jsm.errors import ForbiddenError, IdentityError
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.site import (
    Connection,
    administrator,
    surveyor,
    write_test,
)
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.sign_in import Basic
from jsm_sla_bot.ports.site import Clock
from jsm_sla_bot.ports.survey import Part, Unread
from jsm_sla_bot.ports.write_test import Trial
from jsm_sla_bot.provision.provisioner import Provisioner
from jsm_sla_bot.provision.wanted import fields_to_have
from jsm_sla_bot.settings.administrator import EMAIL, Administrator
from jsm_sla_bot.settings.environment import Settings
from jsm_sla_bot.telemetry.logs import configure_logging

Progress = Callable[[str], None]
"""Called with what is read next."""


def examined(
    settings: Settings,
    checks: Sequence[Check],
    progress: Progress,
    options: HttpOptions | None = None,
    clock: Clock | None = None,
) -> Found:
    """Make these checks, reading only. Raises TransientError and TerminalError where the site can't be reached."""
    clock = clock or SystemClock()
    with to_look_at(settings, options) as (connection, configuration):
        journal = Operation(
            _journal_trouble(settings, connection),
            "the journal",
            unreadable(configuration.notify),
        )
        look = look_at(connection, settings, configuration, journal, clock)
        return look.made(checks, progress)


def _journal_trouble(settings: Settings, connection: Connection) -> str | None:
    """Return what is wrong with the journal; where the site can't be asked, as far as that is known without it."""
    try:
        return journal_trouble(settings.journal_url, connection.source.site)
    except (TerminalError, TransientError):
        return None


def customers(
    settings: Settings, progress: Progress, options: HttpOptions | None = None
) -> Customers:
    """List the site's organizations with their open requests. Raises TransientError, TerminalError."""
    with to_look_at(settings, options) as (connection, configuration):
        connection.check()
        signs = settings.sign_in()
        desk = configuration.desk
        reads = surveyor(connection, desk, SystemClock(), signs, ASKED)
        look = CustomerLook(reads, connection.source, configuration.policy)
        return look.made(progress)


def organization_names(
    settings: Settings, options: HttpOptions | None = None
) -> Mapping[str, str]:
    """Return the names of the site's organizations by id. Raises TransientError, TerminalError."""
    with to_look_at(settings, options) as (connection, configuration):
        desk = configuration.desk
        reads = surveyor(
            connection, desk, SystemClock(), settings.sign_in(), ASKED
        )
        parts = frozenset({Part.SITE, Part.ORGANIZATIONS})
        found = reads.survey(parts, lambda _: None).organizations
        listed = () if isinstance(found, Unread) else found
        return {each.id: each.name for each in listed}


def tried(
    settings: Settings, key: str, options: HttpOptions | None = None
) -> Sequence[Trial]:
    """Try every kind of write on one request and undo it. Raises TransientError, TerminalError."""
    with to_look_at(settings, options) as (connection, configuration):
        return list(write_test(connection, configuration.desk).tried(key))


@contextmanager
def provisioning(
    settings: Settings,
    admin: Administrator | None,
    options: HttpOptions | None = None,
) -> Iterator[Provisioner]:
    """Sign in as the administrator; without one as the bot, which sees less. Raises TerminalError."""
    configure_logging(settings.log_format, settings.log_level)
    configuration = load_or(settings.config_dir).configuration
    auth = (
        Basic(admin.email, admin.token.get_secret_value())
        if admin
        else settings.sign_in()
    )
    desk = configuration.desk
    wanted = fields_to_have(desk, configuration.policy)
    with administrator(
        settings.url, auth, desk, options, as_far_as_allowed=admin is None
    ) as site:
        try:
            terms = configuration.policy.default_terms
            yield Provisioner(site, desk, wanted, terms.severity_definitions)
        except (ForbiddenError, IdentityError) as error:
            if admin is None:
                raise
            message = f"{error} - signed in with {EMAIL}: provision needs an administrator of Jira"
            raise TerminalError(message) from error


@contextmanager
def to_look_at(
    settings: Settings, options: HttpOptions | None
) -> Iterator[tuple[Connection, Configuration]]:
    """Connect to the site without a journal: what is done needs none."""
    configure_logging(settings.log_format, settings.log_level)
    with ExitStack() as stack:
        loaded = load_or(settings.config_dir)
        nothing = stack.enter_context(nothing_known())
        connection = connection_to(settings, loaded, nothing, options)
        stack.callback(connection.close)
        yield connection, loaded.configuration
