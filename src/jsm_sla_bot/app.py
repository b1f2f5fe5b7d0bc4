"""The composition root: settings and configuration become a working bot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import structlog

from jsm_sla_bot.bot import Bot
from jsm_sla_bot.daemon import Daemon, Duties
from jsm_sla_bot.jsm.conduct import Conduct
from jsm_sla_bot.parts import connection, files_seen, rules_of
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.policy.load import load
from jsm_sla_bot.ports import Clock, Receipt
from jsm_sla_bot.reconcile import Reconciler, World
from jsm_sla_bot.record import open_journal
from jsm_sla_bot.settings import Settings, SettingsProblem
from jsm_sla_bot.telemetry import HealthServer, configure_logging

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
    settings: Settings, watch: Watch | None = None, clock: Clock | None = None, conduct: Conduct | None = None
) -> Iterator[Bot]:
    """Put a bot together and take it apart again; raises ConfigurationProblems and TerminalError.

    `clock` stands in for the machine's, `conduct` for the patience with which Jira is asked.
    """
    configure_logging(settings.log_format, settings.log_level)
    configuration = load(settings.config_dir)
    for warning in configuration.warnings:
        log.warning("configuration_warning", warning=warning)
    with ExitStack() as stack:
        journal = open_journal(settings.journal_url)
        stack.callback(journal.close)
        clock, conduct = clock or SystemClock(), conduct or Conduct(connections=settings.workers)
        site = connection(settings, configuration, journal, conduct)
        world = World(site.source, site.sink, journal, clock)
        reconciler = Reconciler(
            world,
            rules_of(configuration),
            workers=settings.workers,
            watch=watch,
            first_contact=settings.first_contact_policy,
        )
        seen = files_seen(settings)
        made = Bot(settings, configuration, journal, reconciler, site, conduct, clock, _seen=seen)
        stack.callback(made.close)
        yield made


def serve(made: Bot) -> None:
    """Run the daemon until it is told to stop."""
    duties = Duties(
        changed=made.reconciler.changed,
        due=made.reconciler.due,
        sweep=made.reconciler.sweep,
        sweep_owed=made.sweep_owed,
        next_due=made.journal.next_change_at,
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
