"""The composition root: settings and configuration become a working bot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import structlog

from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.daemon.bot import Bot
from jsm_sla_bot.daemon.parts import connection, files_seen, last_admitted, rules_of
from jsm_sla_bot.daemon.scheduler import Daemon, Duties
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.jsm.http.options import Conduct
from jsm_sla_bot.passes.reconciler import Edition, Reconciler
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import Clock, Receipt
from jsm_sla_bot.settings import Settings, SettingsProblem
from jsm_sla_bot.telemetry.logs import configure_logging
from jsm_sla_bot.telemetry.server import HealthServer

__all__ = ["Bot", "SystemClock", "bot", "serve"]

log = structlog.get_logger()

Watch = Callable[[Plan, Receipt], None]


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return datetime.now(UTC)


@contextmanager
def bot(
    settings: Settings,
    watch: Watch | None = None,
    clock: Clock | None = None,
    conduct: Conduct | None = None,
    *,
    resume: bool = False,
) -> Iterator[Bot]:
    """Put a bot together and take it apart again; raises ConfigurationProblems and TerminalError.

    `clock` stands in for the machine's, `conduct` for the patience with which Jira is asked. The configuration that
    was let through last is in force until a sweep lets another one through; with `resume` it also stands in for one
    that is broken.
    """
    configure_logging(settings.log_format, settings.log_level)
    with ExitStack() as stack:
        journal = open_journal(settings.journal_url)
        stack.callback(journal.close)
        if journal.bind(settings.url):
            log.warning(
                "journal_of_another_site",
                site=settings.url,
                why="the journal is started anew",
            )
        before = last_admitted(journal)
        configuration, seen = _configuration(settings, before if resume else None)
        clock, conduct = (
            clock or SystemClock(),
            conduct or Conduct(connections=settings.workers),
        )
        site = connection(settings, configuration, journal, conduct)
        stack.callback(site.close)
        first = Edition(rules_of(configuration), site.source, site.sink)
        reconciler = Reconciler(
            first,
            journal,
            clock,
            workers=settings.workers,
            watch=watch,
            first_contact=settings.first_contact_policy,
        )
        if before and before.policy.hash != configuration.policy.hash:
            then = site.serving(before.desk)
            reconciler.resume(rules_of(before), then.source, then.sink)
        yield Bot(
            settings,
            configuration,
            journal,
            reconciler,
            site,
            conduct,
            clock,
            _seen=seen,
        )


def _configuration(
    settings: Settings, fallback: Configuration | None
) -> tuple[Configuration, object]:
    """Read the configuration; a broken one is read again at the first poll, and told then, if there is a fallback."""
    seen = files_seen(settings)
    try:
        found = load(settings.config_dir)
    except ConfigurationProblems:
        if fallback is None:
            raise
        return fallback, None
    for warning in found.warnings:
        log.warning("configuration_warning", warning=warning)
    return found, seen


def serve(made: Bot) -> None:
    """Run the daemon until it is told to stop."""
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
    )
    made.watch_over()
    try:
        server = HealthServer(made.settings.health_port, made.health, made.metrics)
    except OSError as error:
        message = f"JSM_SLA_BOT_HEALTH_PORT {made.settings.health_port} can't be used: {error.strerror}"
        raise SettingsProblem(message) from error
    with server:
        log.info("health_served", port=server.port)
        Daemon(duties, made.settings.poll_interval).run()
