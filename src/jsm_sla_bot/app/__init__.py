"""The composition root: settings and configuration become a working bot. The only module that knows every adapter."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeAlias

import structlog

from jsm_sla_bot.app.channels import Channels, unreadable
from jsm_sla_bot.app.parts import connection_to, look_at
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.daemon import bot as daemon_bot
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.daemon.configuration import (
    Configurations,
    Loaded,
    last_admitted,
    load_or,
    rules_of,
)
from jsm_sla_bot.daemon.reporting import Reporting
from jsm_sla_bot.daemon.scheduler import Daemon, Pace
from jsm_sla_bot.daemon.supervisor import supervisor
from jsm_sla_bot.doctor.checks import cheap
from jsm_sla_bot.doctor.examination import Operation
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.journal.opening import (
    journal_to_look_at,
    nothing_known,
    open_daemons_journal,
)
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.jsm.site import (
    Connection,
)
from jsm_sla_bot.notify.courier import Courier
from jsm_sla_bot.passes.planner import Edition
from jsm_sla_bot.passes.reconciler import Reconciler
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import Clock, Receipt
from jsm_sla_bot.settings.environment import Settings
from jsm_sla_bot.settings.given import SettingsProblem
from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.logs import configure_logging
from jsm_sla_bot.telemetry.server import HealthServer

__all__ = ["Bot", "SystemClock", "bot", "hurried", "looking", "serve"]

log = structlog.get_logger()

Bot: TypeAlias = daemon_bot.Bot[SqlJournal, Connection]
Watch = Callable[[Plan, Receipt], None]


@contextmanager
def bot(  # noqa: PLR0913 - what a bot is put together from
    settings: Settings,
    watch: Watch | None = None,
    clock: Clock | None = None,
    options: HttpOptions | None = None,
    *,
    resume: bool = False,
    new_journal: bool = False,
) -> Iterator[Bot]:
    """Put a bot together and take it apart again; raises ConfigurationProblems and TerminalError.

    `clock` stands in for the machine's, `options` for the patience with which Jira is asked. The configuration that
    was let through last is in force until a sweep lets another one through; with `resume` it also stands in for one
    that is broken. The first pass binds the journal to the site; `new_journal` lets it erase one of another site.
    """
    clock = clock or SystemClock()
    configure_logging(settings.log_format, settings.log_level, clock.now)
    with ExitStack() as stack:
        journal = open_daemons_journal(
            settings.journal_url, settings.url, start_over=new_journal
        )
        stack.callback(journal.close)
        loaded = load_or(
            settings.config_dir,
            lambda: last_admitted(journal) if resume else None,
        )
        before = last_admitted(journal, loaded.configuration)
        connection = connection_to(settings, loaded, journal, options)
        stack.callback(connection.close)
        channels = Channels(clock)
        stack.callback(channels.close)
        parts = _Parts(settings, loaded, before, journal, connection, channels)
        yield _put_together(parts, clock, watch)


@contextmanager
def looking(
    settings: Settings, options: HttpOptions | None = None
) -> Iterator[Bot]:
    """Put a bot together that only answers questions: it makes no journal and changes nothing in one.

    Asks the site who it is, since what is known of another one is no answer. Raises as `bot` does, and
    TransientError.
    """
    configure_logging(settings.log_format, settings.log_level)
    with ExitStack() as stack:
        loaded = load_or(settings.config_dir)
        nothing = stack.enter_context(nothing_known())
        connection = connection_to(settings, loaded, nothing, options)
        stack.callback(connection.close)
        connection.source.check_identity()
        known = journal_to_look_at(
            settings.journal_url, connection.source.site()
        )
        journal = stack.enter_context(known)
        before = last_admitted(journal, loaded.configuration)
        clock = SystemClock()
        channels = Channels(clock)
        parts = _Parts(settings, loaded, before, journal, connection, channels)
        yield _put_together(parts, clock, None)


def hurried(settings: Settings, retries: int) -> HttpOptions:
    """Return how Jira is asked for a command that a person waits for: with few retries."""
    patience = Patience(retries=retries)
    return HttpOptions(connections=settings.workers, patience=patience)


def serve(
    made: Bot, settings: Settings, at_signal: Callable[[], None] = lambda: None
) -> None:
    """Run the daemon until it is stopped; raises ForeignJournalError where its journal is another site's.

    `at_signal` is called as soon as a signal to stop comes in, even where the main thread hangs.
    """
    made.reporting.begin()
    made.notices.begin()
    with _health_server(made, settings) as server:
        log.info("health_served", port=server.port)
        pace = Pace(settings.poll_interval)
        Daemon(
            made,
            made.reporting,
            made.clock,
            pace,
            at_signal=at_signal,
            tell=supervisor(os.environ),
        ).run()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the environment, the folder and the journal give. `before` was let through last."""

    settings: Settings
    loaded: Loaded
    before: Configuration | None
    journal: SqlJournal
    connection: Connection
    channels: Channels


def _put_together(parts: _Parts, clock: Clock, watch: Watch | None) -> Bot:
    settings = parts.settings
    health = Health()
    configurations = Configurations(
        settings.config_dir, parts.loaded, parts.connection, health
    )
    reconciler = _reconciler(parts, clock, watch)
    metrics = Metrics()
    outbox = parts.journal.outbox
    courier = Courier(
        outbox, clock, parts.channels.make, metrics.count_notices
    )
    health.watch("notices", courier.trouble)
    reporting = Reporting(
        url=settings.url,
        poll_interval=settings.poll_interval,
        reconciler=reconciler,
        journal=parts.journal,
        configurations=configurations,
        clock=clock,
        monotonic=parts.connection.options.monotonic,
        health=health,
        token_expires=settings.token_expires,
        metrics=metrics,
        unsent_since=courier.unsent_since,
    )
    examine = partial(_examined_by_daemon, parts, clock)
    return Bot(
        reconciler=reconciler,
        journal=parts.journal,
        configurations=configurations,
        reporting=reporting,
        clock=clock,
        examine=examine,
        notices=courier,
        people_find_it_at=cache(partial(_address, parts.connection)),
    )


def _address(connection: Connection) -> str:
    """Return where people find the site: a gateway's address leads nobody to a request."""
    site = connection.source.site()
    return (site.base_url or site.address).rstrip("/")


def _examined_by_daemon(
    parts: _Parts, clock: Clock, configuration: Configuration
) -> Found:
    """Make the cheap checks over the daemon's own connection."""
    journal = Operation(
        parts.journal.trouble(),
        "the journal",
        unreadable(configuration.notify),
    )
    look = look_at(
        parts.connection, parts.settings, configuration, journal, clock
    )
    return look.made(cheap())


def _reconciler(
    parts: _Parts, clock: Clock, watch: Watch | None
) -> Reconciler:
    """Return the reconciler, what was in force before a restart still in force."""
    configuration = parts.loaded.configuration
    site = parts.connection
    reconciler = Reconciler(
        Edition(rules_of(configuration), site.source, site.sink),
        parts.journal,
        clock,
        workers=parts.settings.workers,
        watch=watch,
        first_contact=parts.settings.first_contact_policy,
    )
    before = parts.before
    if before and before.policy.hash != configuration.policy.hash:
        then = site.serving(before.desk)
        reconciler.resume(rules_of(before), then.source, then.sink)
    return reconciler


def _health_server(made: Bot, settings: Settings) -> HealthServer:
    port = settings.health_port
    address = settings.health_host
    try:
        return HealthServer(port, made.health, made.metrics, address)
    except OSError as error:
        at = f" at JSM_SLA_BOT_HEALTH_ADDRESS {address}" if address else ""
        raise SettingsProblem(
            f"JSM_SLA_BOT_HEALTH_PORT {port}{at} can't be used: {error.strerror}"
        ) from error
