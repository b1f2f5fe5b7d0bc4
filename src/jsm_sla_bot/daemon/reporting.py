"""What ops learn of the daemon: a pass's report goes to the log, the figures, the health and the journal.

Passes report from the scheduler's threads, the daemon's loop from its own, HTTP callers read the health from others:
every method is safe to call from any of them. A restart begins with a health that says that nothing has worked yet.
Accepted race: what `status` reads was true at the end of the last pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import RLock

import structlog

from jsm_sla_bot.config.calendars.layout import expiring
from jsm_sla_bot.daemon.configuration import Configurations
from jsm_sla_bot.daemon.figures import Figures
from jsm_sla_bot.daemon.logbook import Logbook
from jsm_sla_bot.daemon.needs import DaemonJournal, SiteConnection
from jsm_sla_bot.daemon.vital_signs import VitalSigns
from jsm_sla_bot.doctor.check import Check
from jsm_sla_bot.doctor.connection import WARN_BEFORE, token_warning
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.doctor.verdict import Detail, Grade
from jsm_sla_bot.passes.reconciler import Reconciler
from jsm_sla_bot.ports.journal import (
    DaemonFacts,
    EndpointCalls,
    JournalError,
    PassKind,
    PassOutcome,
    PassReport,
)
from jsm_sla_bot.ports.site import Clock
from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health

DUE = "jira: due"
"""The subject of the health for passes over due requests."""
_WATCHED = frozenset({"token"})
"""Checks whose findings the health has by itself, every day: they stand in `status` once."""

log = structlog.get_logger()


@dataclass(slots=True)
class Reporting:
    """Takes reports to whoever reads them. `monotonic` is in seconds."""

    url: str
    """The site's address."""
    poll_interval: timedelta
    reconciler: Reconciler
    journal: DaemonJournal
    configurations: Configurations[SiteConnection]
    clock: Clock
    monotonic: Callable[[], float]
    health: Health
    token_expires: date | None = None
    """The last day of the bot's token, where it is known."""
    metrics: Metrics = field(default_factory=Metrics)
    unsent_since: Callable[[], Mapping[str, datetime]] = dict
    """Since when the oldest notice waits, by channel. Raises JournalError."""
    _logbook: Logbook = field(init=False)
    _vital_signs: VitalSigns = field(init=False)
    _broken: dict[str, str | None] = field(default_factory=dict)
    _site_warnings: tuple[str, ...] = ()
    _unmapped_logged: dict[str, date] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self._logbook = Logbook(self.clock.now)
        self._vital_signs = VitalSigns(self.poll_interval, self.monotonic)

    def begin(self) -> None:
        """Report from now on what no pass would: an old success, an open breaker, calendars that end."""
        self._vital_signs.begin()
        self._watch_problems()
        self._require_for_writing()
        self.health.depend_on("loop", self._vital_signs.hanging)
        figures = Figures(
            self.reconciler,
            self.journal,
            self.configurations,
            self.clock,
            self.health,
            self.token_expires,
            self.unsent_since,
        )
        self.metrics.show(figures.desk, figures.daemon)
        self._report_calendars()

    def beat(self) -> None:
        """Report that the daemon's own loop turns: about once a second."""
        self._vital_signs.beat()
        self._logbook.follow(self.health.problems())

    def passed(self, report: PassReport) -> None:
        """Report a pass; one over due requests that found nothing to do only shows that all is well."""
        if _found_nothing_due(report):
            self.health.right(DUE)
            return
        with self._lock:
            self._logbook.passed(report)
            self.metrics.count(report)
            self._report_site(report)
            if report.kind is PassKind.SWEEP:
                self._report_unmapped()
            self._logbook.follow(self.health.problems())
            self._leave_facts()

    def judged(self, refused: str | None) -> None:
        """Report that the policy offered may not be written, and why, or (None) that it may."""
        self._set("budget", refused)

    def examined(self, found: Found) -> None:
        """Report what the doctor's cheap checks found: problems to the health, everything to the log and `status`."""
        problems: list[str] = []
        warnings: list[str] = []
        for check, verdict in found:
            is_problem = verdict.grade is Grade.PROBLEM
            for each in verdict.details:
                _log_finding(check, each, is_problem=is_problem)
                if check.name not in _WATCHED:
                    (problems if is_problem else warnings).append(each.what)
        with self._lock:
            self._site_warnings = tuple(warnings)
        self._set("site", "; ".join(problems) or None)

    def broken(self, job: str, why: str | None) -> None:
        """Report that a job of the daemon failed in a way that nobody expected, or (None) that it works."""
        self._set(f"daemon: {job}", why)
        if why == self._broken.get(job):
            return
        self._broken[job] = why
        try:
            with self._lock:
                self._leave_facts()
        except Exception as error:  # noqa: BLE001 - the journal may be what broke; the health knows already
            log.error("status_not_written", error=type(error).__name__)

    def _report_site(self, report: PassReport) -> None:
        """Report whether the site let the pass get through; what the journal did is its own problem."""
        trouble = self.journal.trouble()
        failed_by_journal = trouble is not None and report.failed == trouble
        self._vital_signs.passed(report, failed_by_journal=failed_by_journal)
        is_changed = report.kind is PassKind.CHANGED
        subject = "jira" if is_changed else f"jira: {report.kind}"
        self._set(subject, None if failed_by_journal else report.failed)
        if report.kind is PassKind.DUE or report.outcome is PassOutcome.FAILED:
            return
        if not self._is_something_due():
            self.health.right(DUE)

    def _report_unmapped(self) -> None:
        """Report each organization without a tier that has open requests: a line of the log a day."""
        unmapped = self.reconciler.unmapped
        today = self.clock.now().date()
        for identity, count in sorted(unmapped.items()):
            if self._unmapped_logged.get(identity) == today:
                continue
            self._unmapped_logged[identity] = today
            log.warning(
                "organization_unmapped",
                organization=identity,
                open_requests=count,
                remedy="jsm-sla-bot organizations --unmapped --yaml",
            )

    def _is_something_due(self) -> bool:
        try:
            upcoming = self.reconciler.next_due()
        except JournalError:  # the health knows of the journal's trouble
            return True
        return upcoming is not None and upcoming <= self.clock.now()

    def _watch_problems(self) -> None:
        watch = self.health.watch
        watch("start", self._vital_signs.unproven)
        watch("passes", self._vital_signs.overdue)
        watch("journal", self.journal.trouble)
        watch("breaker", self.reconciler.breaker.open_because)
        watch("notes", self._notes_stopped)
        watch("fields", lambda: self.reconciler.strange)
        watch("projects", self._unserved_projects)
        watch("absent fields", self._absent_fields)
        watch("token", self._token_ends)
        watch("ledgers", self._newer_ledgers)

    def _require_for_writing(self) -> None:
        self.health.require("jira", self._vital_signs.unreached)
        self.health.require("policy", self._held_back)
        self.health.require("breaker", self.reconciler.breaker.open_because)

    def _report_calendars(self) -> None:
        policy = self.configurations.current.policy
        today = self.clock.now().date()
        for warning in expiring(policy, today):
            log.warning("calendar_ends", warning=warning)

    def _held_back(self) -> str | None:
        return self._vital_signs.held_back(self.reconciler.in_force)

    def _notes_stopped(self) -> str | None:
        return self.configurations.connection.notes_stopped()

    def _token_ends(self) -> str | None:
        """Return that the token ends soon or has ended; `doctor` says the same."""
        if self.token_expires is None:
            return None
        left = self.token_expires - self.clock.now().date()
        return (
            token_warning(self.token_expires) if left <= WARN_BEFORE else None
        )

    def _unserved_projects(self) -> str | None:
        """Return which projects can't be understood, so that their requests are set aside."""
        unserved = self.configurations.connection.source.problems().unserved
        sentences = [
            f"{key}: its requests are set aside: {why}"
            for key, why in unserved.items()
        ]
        return "; ".join(sentences) or None

    def _absent_fields(self) -> str | None:
        """Return which fields can't be written since requests do not have them."""
        absent = self.configurations.connection.source.problems().absent
        return "; ".join(map(str, absent)) or None

    def _newer_ledgers(self) -> str | None:
        """Return how many ledgers a newer version of the bot has written."""
        return self.configurations.connection.source.problems().ledgers

    def _leave_facts(self) -> None:
        """Leave in the journal what can't be asked of the daemon itself."""
        connection = self.configurations.connection
        self.journal.remember(self._facts(connection))

    def _facts(self, connection: SiteConnection) -> DaemonFacts:
        return DaemonFacts(
            at=self.clock.now(),
            site=self.url,
            identity=self.reconciler.identity or None,
            skew_seconds=self._skew_seconds(),
            poll_seconds=self.poll_interval.total_seconds(),
            policy=self.reconciler.in_force,
            problems=self.health.problems(),
            warnings=(*connection.source.warnings(), *self._site_warnings),
            calls=_by_endpoint(connection.calls()),
        )

    def _skew_seconds(self) -> float:
        return self.reconciler.skew.total_seconds()

    def _set(self, subject: str, wrong: str | None) -> None:
        if wrong:
            self.health.wrong(subject, wrong)
        else:
            self.health.right(subject)


def _found_nothing_due(report: PassReport) -> bool:
    return report.kind is PassKind.DUE and not (report.seen or report.because)


def _log_finding(check: Check, found: Detail, *, is_problem: bool) -> None:
    write = log.error if is_problem else log.warning
    write(
        "site_finding", check=check.name, why=found.what, remedy=found.remedy
    )


def _by_endpoint(
    calls: Mapping[str, tuple[int, float]],
) -> dict[str, EndpointCalls]:
    found = {}
    for endpoint, (count, seconds) in calls.items():
        found[endpoint] = EndpointCalls(count, round(seconds, 1))
    return found
