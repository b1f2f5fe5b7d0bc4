"""The work that the scheduler calls for: passes of one site, under the configuration that the folder holds.

Needs a reconciler, the journal, the site and the folder; knows no adapter, only the protocols of `daemon.needs`.
Promises: a new configuration is offered at the poll after the edit, and a sweep that is owed is asked for until one
succeeds. The scheduler calls from several threads at once: `sweep_owed` reads the folder in one of them at a time,
and a report and an offer never cross (one lock). A restart owes a sweep. Accepted race: a pass that began before an
offer reports after it; its report is about its own policy and judges no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, RLock
from typing import Generic, TypeVar

import structlog

from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.daemon.configuration import Configurations
from jsm_sla_bot.daemon.needs import DaemonJournal, SiteConnection
from jsm_sla_bot.daemon.owed_sweep import OwedSweep
from jsm_sla_bot.daemon.reporting import Reporting
from jsm_sla_bot.daemon.reviews import Reviews
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.passes.reconciler import Reconciler
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.journal import (
    JournalError,
    PassKind,
    PassOutcome,
    PassReport,
    Silence,
    Silences,
)
from jsm_sla_bot.ports.notices import DeskView, Notices
from jsm_sla_bot.ports.site import Clock
from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health

Examine = Callable[[Configuration], Found]
"""Makes the cheap checks of the site under a configuration. Raises TransientError, TerminalError."""

log = structlog.get_logger()

J = TypeVar("J", bound=DaemonJournal)
C = TypeVar("C", bound=SiteConnection)


@dataclass(slots=True)
class Bot(Generic[J, C]):
    """A bot put together: one site, its journal, its configuration, and what runs passes over it."""

    reconciler: Reconciler
    journal: J
    configurations: Configurations[C]
    reporting: Reporting
    clock: Clock
    examine: Examine
    notices: Notices
    people_find_it_at: Callable[[], str]
    """Returns the address at which people find the site. Raises TransientError, TerminalError."""
    _looked_at: str | None = None
    _owed_sweep: OwedSweep = field(init=False)
    _reviews: Reviews = field(init=False)
    _lock: RLock = field(default_factory=RLock)
    _reloading: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        reporting = self.reporting
        self._owed_sweep = OwedSweep(
            reporting.poll_interval, reporting.monotonic
        )
        self._reviews = Reviews(self.journal, self.clock)

    @property
    def configuration(self) -> Configuration:
        """The last good configuration of the folder."""
        return self.configurations.current

    @property
    def connection(self) -> C:
        """The site, as that configuration reads it."""
        return self.configurations.connection

    @property
    def health(self) -> Health:
        """What is wrong at the moment."""
        return self.reporting.health

    @property
    def metrics(self) -> Metrics:
        """The daemon's figures."""
        return self.reporting.metrics

    def run(self, kind: PassKind) -> bool:
        """Run one pass and report it; tell whether due requests may be tried again before the next poll.

        Raises ForeignJournalError where the journal is about another site, and JournalError.
        """
        report = self._pass(kind)
        self.reported(report)
        if self.journal.foreign:
            raise self.journal.foreign
        if kind is PassKind.SWEEP and report.outcome is PassOutcome.DONE:
            self._raise_reviews(report.policy)
        return not (report.because or self.journal.trouble())

    def _raise_reviews(self, policy: str) -> None:
        """Raise what is owed of service reviews and health checks, under a policy that was let through (D29)."""
        configuration = self.configuration
        if configuration.policy.hash != policy:
            return
        why: str | None = None
        try:
            self._reviews.round(configuration, self.connection.reviews)
        except (TransientError, TerminalError) as error:
            why = str(error)
        self.reporting.broken("reviews", why)

    def reported(self, report: PassReport) -> None:
        """Take a pass's report to ops, and note what it means for the sweep that is owed."""
        with self._lock:
            if report.kind is PassKind.SWEEP:
                self._owed_sweep.swept(report, self.journal.trouble())
            self.reporting.judged(self.reconciler.held_back)
            self.reporting.passed(report)
        self._tell(report)

    def _tell(self, report: PassReport) -> None:
        """Take in what people outside Jira have to know after a pass."""
        plan = self.configuration.notify
        is_nobody = not plan.channels and not self.notices.is_at_work
        if is_nobody or report.outcome is PassOutcome.FAILED:
            return
        now = self.clock.now()
        try:
            view = DeskView(
                plan=plan,
                policy=self.configuration.policy,
                site=self.people_find_it_at(),
                states=self.reconciler.states.known(now),
                now=now,
                is_whole=report.kind is PassKind.SWEEP,
                silences=self._silences(now),
            )
            self.notices.tell(view)
        except (JournalError, TransientError, TerminalError) as error:
            log.warning("notices_not_taken_in", why=str(error))

    def _silences(self, now: datetime) -> Sequence[Silence]:
        kept = self.journal.recall(Silences)
        return kept.lasting(now) if kept else ()

    def sweep_owed(self) -> bool:
        """Look whether the configuration on disk has changed; tell whether a sweep is owed. Raises JournalError."""
        with self._reloading:
            self.journal.ensure()
            self._reload()
        with self._lock:
            if self.reconciler.reconsider():
                self._offered()
            if not self._owed_sweep.is_time:
                return False
            return (
                not self._owed_sweep.has_swept
                or not self.reconciler.is_shown()
            )

    def look_at_site(self) -> None:
        """Make the doctor's cheap checks once for each configuration; a site that does not answer is asked again.

        Nothing is stopped by what they find: what breaks a rule for everybody is refused when the site is read.
        """
        configuration = self.configuration
        if configuration.hash == self._looked_at:
            return
        try:
            found = self.examine(configuration)
        except (TransientError, TerminalError) as error:
            log.debug("site_not_examined", why=str(error))
            return
        self._looked_at = configuration.hash
        self.reporting.examined(found)

    def next_due(self) -> datetime | None:
        """Return when time alone changes something next (aware UTC, our own clock). Raises JournalError."""
        return self.reconciler.next_due()

    def stop(self) -> None:
        """Let the writes under way finish; every wait ends at once."""
        self.notices.end()
        self.reconciler.stop()
        self.connection.end_waits()

    def hang_up(self) -> None:
        """Hang up on the site: what is under way ends at once, its outcome unknown."""
        self.connection.abort()

    def _pass(self, kind: PassKind) -> PassReport:
        match kind:
            case PassKind.CHANGED:
                return self.reconciler.changed()
            case PassKind.DUE:
                return self.reconciler.due()
            case PassKind.SWEEP:
                return self.reconciler.sweep()

    def _reload(self) -> None:
        if self.configurations.has_changed():
            with self._lock:
                self.configurations.offer(self.reconciler)
                self._offered()

    def _offered(self) -> None:
        """Let the next sweep begin at once: nothing that was on hold is so any more."""
        self._owed_sweep.offered()
        self.reporting.judged(None)
