"""The bot put together: the reconciler at work on one site, the configuration in force, and what it tells of itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock, RLock

import structlog

from jsm_sla_bot.config.calendars.layout import expiring
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.daemon.parts import files_seen, rules_of
from jsm_sla_bot.daemon.reporting import Reporting
from jsm_sla_bot.daemon.vital_signs import VitalSigns
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.jsm.http.options import Conduct
from jsm_sla_bot.jsm.site import Connection
from jsm_sla_bot.passes.reconciler import Reconciler
from jsm_sla_bot.ports.backoff import backoff
from jsm_sla_bot.ports.journal import (
    AllowedPolicy,
    DaemonFacts,
    EndpointCalls,
    HeldBack,
    JournalError,
    PassKind,
    PassOutcome,
    PassReport,
)
from jsm_sla_bot.ports.site import Clock, TerminalError, TransientError
from jsm_sla_bot.settings.environment import Settings
from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health

SWEEP_AGAIN = timedelta(minutes=10)
"""A sweep that fails is tried again after so long at the latest."""

log = structlog.get_logger()


@dataclass(slots=True)
class Bot:
    """A bot put together: the reconciler at work on one site, with what it keeps and what it tells.

    `configuration` is the last good one that the folder held; which of them is in force the reconciler knows.
    """

    settings: Settings
    configuration: Configuration
    journal: SqlJournal
    reconciler: Reconciler
    connection: Connection
    conduct: Conduct
    clock: Clock
    health: Health = field(default_factory=Health)
    metrics: Metrics = field(default_factory=Metrics)
    give_up: Callable[[], None] = lambda: None
    """End the daemon: nothing it does can go well."""
    _seen: object = None
    _refused: bool = False
    _swept: bool = False
    _failures: int = 0
    _broken: dict[str, str | None] = field(default_factory=dict)
    _sweep_after: float = float("-inf")
    _lock: RLock = field(default_factory=RLock)
    _reloading: Lock = field(default_factory=Lock)
    _vital_signs: VitalSigns = field(init=False)
    _reporting: Reporting = field(init=False)

    def __post_init__(self) -> None:
        self._vital_signs = VitalSigns(
            self.settings.poll_interval, self.conduct.monotonic
        )
        self._reporting = Reporting(self.clock.now)

    def beat(self) -> None:
        """Say that the daemon's own loop goes round."""
        self._vital_signs.beat()
        self._reporting.follow(self.health.problems())

    def stop(self) -> None:
        """Let the writes under way finish; every wait ends at once."""
        self.reconciler.stop()
        self.conduct.cancel.set()

    def abort(self) -> None:
        """Hang up on the site, whatever is under way."""
        self.connection.abort()

    def close(self) -> None:
        """Let go of the site."""
        self.connection.close()

    def sweep_owed(self) -> bool:
        """Look whether the configuration on disk has changed; tell whether a sweep is owed."""
        with self._reloading:
            self.journal.ensure()
            self._reload()
        with self._lock:
            if self._refused and self._is_allowed():
                self._offer(self.configuration)
            owed = not self._swept or self.journal.policy() != self.reconciler.offered
            return owed and self.conduct.monotonic() >= self._sweep_after

    def _is_allowed(self) -> bool:
        allowed = AllowedPolicy(self.configuration.policy.hash)
        return self.journal.recall(AllowedPolicy) == allowed

    def reported(self, report: PassReport) -> None:
        """Take a pass's report to the log, the metrics and the health."""
        is_due = report.kind is PassKind.DUE
        is_sweep = report.kind is PassKind.SWEEP
        has_failed = report.outcome is PassOutcome.FAILED
        if is_due and not (report.seen or report.because):
            self.health.right("jira: due")
            return
        if self.journal.foreign:
            self.give_up()
        with self._lock:
            self._reporting.passed(report)
            self.metrics.count(report)
            trouble = self.journal.trouble()
            by_journal = trouble is not None and report.failed == trouble
            self._vital_signs.passed(report, failed_by_journal=by_journal)
            self._tell(
                "jira" if report.kind is PassKind.CHANGED else f"jira: {report.kind}",
                None if by_journal else report.failed,
            )
            swept = is_sweep and report.outcome is PassOutcome.DONE
            if is_sweep:
                self._sweep_came_to(report)
            if not (is_due or has_failed or self._is_something_due()):
                self.health.right("jira: due")
            if report.policy == self.configuration.policy.hash and (
                swept or report.refused
            ):
                self._refused = bool(report.refused)
                self._tell("budget", report.refused)
            self._reporting.follow(self.health.problems())
            self._publish()

    def _sweep_came_to(self, report: PassReport) -> None:
        """A sweep that failed is owed again: later each time, since it may take a person to end what it failed at."""
        self._swept = not report.failed and (self._swept or not report.refused)
        bad = report.failed or self.journal.trouble()
        self._failures = self._failures + 1 if bad else 0
        wait = timedelta(0)
        if bad:
            wait = backoff(self.settings.poll_interval, SWEEP_AGAIN, self._failures)
        self._sweep_after = self.conduct.monotonic() + wait.total_seconds()

    def _is_something_due(self) -> bool:
        try:
            upcoming = self.reconciler.next_due()
        except JournalError:  # its own trouble tells
            return True
        return upcoming is not None and upcoming <= self.clock.now()

    def watch_over(self) -> None:
        """Let the health tell what no report would: no good pass for too long, an open breaker, calendars ending."""
        self._vital_signs.begin()
        self.health.watch("start", self._vital_signs.unproven)
        self.health.watch("passes", self._vital_signs.overdue)
        self.health.watch("journal", self.journal.trouble)
        self.health.watch("breaker", self.reconciler.breaker.open_because)
        self.health.watch("notes", self.connection.notes_stopped)
        self.health.watch("fields", lambda: self.reconciler.strange)
        self.health.watch("projects", self._unserved)
        self.health.watch("absent fields", self._absent)
        self.health.require("jira", self._vital_signs.unreached)
        self.health.require("policy", self._held_back)
        self.health.require("breaker", self.reconciler.breaker.open_because)
        self.health.depend_on("loop", self._vital_signs.hanging)
        today = self.clock.now().date()
        for warning in expiring(self.configuration.policy, today):
            log.warning("calendar_ends", warning=warning)
        for name, calendar in self.configuration.policy.calendars.items():
            self.metrics.calendar(
                name, (date(calendar.spec.last_year, 12, 31) - today).days
            )

    def _held_back(self) -> str | None:
        return self._vital_signs.held_back(self.reconciler.in_force)

    def _unserved(self) -> str | None:
        """Tell which projects can't be understood, so that their requests are set aside."""
        found = self.connection.source.problems().unserved
        told = [
            f"{key}: its requests are set aside: {why}" for key, why in found.items()
        ]
        return "; ".join(told) or None

    def _absent(self) -> str | None:
        """Tell which fields can't be written since requests do not have them."""
        found = self.connection.source.problems().absent
        return "; ".join(map(str, found)) or None

    def _publish(self) -> None:
        """Leave in the journal what `status` tells of a daemon that it can't ask."""
        calls, skew = self.connection.calls(), self.reconciler.skew.total_seconds()
        self.metrics.called(calls)
        self.metrics.fact("clock_skew_seconds", skew)
        self.metrics.fact(
            "breaker_open", float(self.reconciler.breaker.open_because() is not None)
        )
        problems = self.connection.source.problems()
        self.metrics.fact("projects_set_aside", len(problems.unserved))
        self.metrics.fact("fields_absent", len(problems.absent))
        uses = {
            endpoint: EndpointCalls(count, round(seconds, 1))
            for endpoint, (count, seconds) in calls.items()
        }
        facts = DaemonFacts(
            at=self.clock.now(),
            site=self.settings.url,
            identity=self.reconciler.identity or None,
            skew_seconds=skew,
            poll_seconds=self.settings.poll_interval.total_seconds(),
            policy=self.reconciler.in_force,
            problems=self.health.problems(),
            warnings=tuple(self.connection.source.warnings()),
            calls=uses,
        )
        self.journal.remember(facts)

    def _tell(self, subject: str, wrong: str | None) -> None:
        if wrong:
            self.health.wrong(subject, wrong)
        else:
            self.health.right(subject)

    def broken(self, job: str, why: str | None) -> None:
        """Say that a job of the daemon broke down, or (None) that it is well."""
        self._tell(f"daemon: {job}", why)
        if why == self._broken.get(job):
            return
        self._broken[job] = why
        try:
            with self._lock:
                self._publish()
        except Exception as error:  # noqa: BLE001 - the journal may be what broke; the health has been told already
            log.error("status_not_left", error=type(error).__name__)

    def _reload(self) -> None:
        """Read the configuration anew when a file has changed; a broken one changes nothing but the health.

        One that does not fit the site is tried again at every poll: the site may be put right as well.
        """
        seen = files_seen(self.settings)
        if seen == self._seen:
            return
        try:
            found = load(self.settings.config_dir)
            site = self._fitting(found)
        except ConfigurationProblems as problems:
            self._seen = seen
            self._keep(str(problems))
            return
        except (TransientError, TerminalError) as error:
            self._keep(str(error))
            return
        self._seen = seen
        self.health.right("configuration")
        if found.hash != self.configuration.hash:
            log.info(
                "configuration_changed", before=self.configuration.hash, now=found.hash
            )
            with self._lock:
                self._offer(found, site)

    def _keep(self, problem: str) -> None:
        """Say, once, that the last good configuration stays."""
        why = f"the last good one is kept: {problem}"
        if self.health.problems().get("configuration") != why:
            log.error(
                "configuration_broken",
                kept=self.configuration.hash,
                problems=problem.splitlines(),
            )
        self.health.wrong("configuration", why)

    def _fitting(self, found: Configuration) -> Connection | None:
        """Return a connection for another desk, once it is known to fit the site; raises what the site says."""
        if found.desk == self.configuration.desk:
            return None
        site = self.connection.serving(found.desk)
        site.check()
        return site

    def _offer(
        self, configuration: Configuration, site: Connection | None = None
    ) -> None:
        """Let the next sweep judge that configuration; what was said of the one before is over."""
        self.connection = site or self.connection
        self.reconciler.adopt(
            rules_of(configuration), self.connection.source, self.connection.sink
        )
        self.configuration, self._refused, self._sweep_after = (
            configuration,
            False,
            float("-inf"),
        )
        self.journal.clear(HeldBack)
        self.health.right("budget")
