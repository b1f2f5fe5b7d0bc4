"""The composition root: settings and configuration become a working bot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import structlog

from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.daemon.bot import Bot
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.daemon.parts import connection, files_seen, last_admitted, rules_of
from jsm_sla_bot.daemon.scheduler import Daemon, Duties
from jsm_sla_bot.journal.opening import (
    journal_to_look_at,
    nothing_known,
    open_daemons_journal,
)
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.jsm.http.options import Conduct
from jsm_sla_bot.jsm.site import Connection
from jsm_sla_bot.passes.reconciler import Edition, Reconciler
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import Clock, Receipt
from jsm_sla_bot.settings.environment import Settings
from jsm_sla_bot.settings.given import SettingsProblem
from jsm_sla_bot.telemetry.logs import configure_logging
from jsm_sla_bot.telemetry.server import HealthServer

__all__ = ["Bot", "SystemClock", "bot", "looking", "serve"]

log = structlog.get_logger()

Watch = Callable[[Plan, Receipt], None]


@contextmanager
def bot(  # noqa: PLR0913 - what a bot is put together from
    settings: Settings,
    watch: Watch | None = None,
    clock: Clock | None = None,
    conduct: Conduct | None = None,
    *,
    resume: bool = False,
    new_journal: bool = False,
) -> Iterator[Bot]:
    """Put a bot together and take it apart again; raises ConfigurationProblems and TerminalError.

    `clock` stands in for the machine's, `conduct` for the patience with which Jira is asked. The configuration that
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
        before = last_admitted(journal)
        found = _configuration(settings, before if resume else None)
        conduct = conduct or Conduct(connections=settings.workers)
        site = connection(settings, found.configuration, journal, conduct)
        stack.callback(site.close)
        yield _put_together(settings, found, journal, site, clock, watch, before)


@contextmanager
def looking(settings: Settings, conduct: Conduct | None = None) -> Iterator[Bot]:
    """Put a bot together that is only asked: it makes no journal and changes nothing in one.

    Asks the site who it is, since what is known of another one is no answer. Raises as `bot` does, and
    TransientError.
    """
    configure_logging(settings.log_format, settings.log_level)
    with ExitStack() as stack:
        found = _configuration(settings, None)
        conduct = conduct or Conduct(connections=settings.workers)
        nothing = stack.enter_context(nothing_known())
        site = connection(settings, found.configuration, nothing, conduct)
        stack.callback(site.close)
        site.source.check_identity()
        known = journal_to_look_at(settings.journal_url, site.source.site())
        journal = stack.enter_context(known)
        before = last_admitted(journal)
        yield _put_together(settings, found, journal, site, SystemClock(), None, before)


def _put_together(  # noqa: PLR0913, PLR0917 - what a bot is put together from
    settings: Settings,
    found: "_Found",
    journal: SqlJournal,
    site: Connection,
    clock: Clock,
    watch: Watch | None,
    before: Configuration | None,
) -> Bot:
    configuration = found.configuration
    reconciler = Reconciler(
        Edition(rules_of(configuration), site.source, site.sink),
        journal,
        clock,
        workers=settings.workers,
        watch=watch,
        first_contact=settings.first_contact_policy,
    )
    if before and before.policy.hash != configuration.policy.hash:
        then = site.serving(before.desk)
        reconciler.resume(rules_of(before), then.source, then.sink)
    return Bot(
        settings,
        configuration,
        journal,
        reconciler,
        site,
        site.conduct,
        clock,
        _seen=found.seen,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A configuration, with what tells an edit of its files; None where they have to be read again."""

    configuration: Configuration
    seen: object


def _configuration(settings: Settings, fallback: Configuration | None) -> _Found:
    """Read the configuration; a broken one is read again at the first poll, and told then, if there is a fallback."""
    seen = files_seen(settings)
    try:
        found = load(settings.config_dir)
    except ConfigurationProblems:
        if fallback is None:
            raise
        return _Found(fallback, None)
    for warning in found.warnings:
        log.warning("configuration_warning", warning=warning)
    return _Found(found, seen)


def serve(made: Bot, at_signal: Callable[[], None] = lambda: None) -> None:
    """Run the daemon until it is told to stop; raises ForeignJournalError where its journal is another site's.

    `at_signal` is called as soon as a signal to stop comes in, even where the main thread hangs.
    """
    duties = Duties(
        changed=made.reconciler.changed,
        due=made.reconciler.due,
        sweep=made.reconciler.sweep,
        sweep_owed=made.sweep_owed,
        next_due=made.reconciler.next_due,
        now=made.clock.now,
        stop=made.stop,
        abort=made.abort,
        reported=made.reported,
        broken=made.broken,
        hindered=made.journal.trouble,
        beat=made.beat,
    )
    made.watch_over()
    with _health_server(made) as server:
        log.info("health_served", port=server.port)
        daemon = Daemon(duties, made.settings.poll_interval, at_signal=at_signal)
        made.give_up = daemon.stop
        daemon.run()
    if foreign := made.journal.foreign:
        raise foreign


def _health_server(made: Bot) -> HealthServer:
    settings = made.settings
    port = settings.health_port
    address = settings.health_host
    try:
        return HealthServer(port, made.health, made.metrics, address)
    except OSError as error:
        at = f" at JSM_SLA_BOT_HEALTH_ADDRESS {address}" if address else ""
        message = f"JSM_SLA_BOT_HEALTH_PORT {port}{at} can't be used: {error.strerror}"
        raise SettingsProblem(message) from error
