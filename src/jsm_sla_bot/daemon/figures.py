"""What the figures of the desk and of the daemon are, looked up whenever Prometheus asks.

Callers are threads of the health server. Nothing is kept, so a restart begins with what the journal and the first
passes know. Accepted race: passes go on meanwhile, so two figures may be a pass apart.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import TypeVar

from jsm_sla_bot.daemon.configuration import Configurations
from jsm_sla_bot.daemon.needs import DaemonJournal, SiteConnection
from jsm_sla_bot.passes.desk_states import KEPT_FOR
from jsm_sla_bot.passes.reconciler import Reconciler
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.site import Clock
from jsm_sla_bot.review.report import Kind, Report, report
from jsm_sla_bot.telemetry.daemon import Answered, Asked, DaemonFigures
from jsm_sla_bot.telemetry.desk import (
    DeskFigures,
    DueKind,
    OpenKind,
    PromiseKind,
    Trouble,
)
from jsm_sla_bot.telemetry.health import Health

T = TypeVar("T")
NAME = "jsm-sla-bot"


@dataclass(frozen=True, slots=True)
class Figures:
    """Looks up the figures. Safe to use from several threads."""

    reconciler: Reconciler
    journal: DaemonJournal
    configurations: Configurations[SiteConnection]
    clock: Clock
    health: Health
    token_expires: date | None
    unsent_since: Callable[[], Mapping[str, datetime]]
    """Since when the oldest notice waits, by channel. Raises JournalError."""

    def desk(self) -> DeskFigures:
        """Return how the desk stands now, as `report` counts it."""
        now = self.clock.now()
        states = self.reconciler.states.known(now)
        policy = self.configurations.current.policy
        found = report(states, policy, now - KEPT_FOR, now)
        return DeskFigures(
            open=Counter(
                OpenKind(str(one.status), one.tier, str(one.severity))
                for one in found.open
            ),
            troubled=_troubled(found),
            due_next=Counter(
                DueKind(one.tier, str(one.severity)) for one in found.due_next
            ),
            decided=_decided(found),
            next_due=found.next_due,
        )

    def daemon(self) -> DaemonFigures:
        """Return how the daemon stands; what only the journal knows is left out while it can't be read."""
        connection = self.configurations.connection
        problems = connection.source.problems()
        return DaemonFigures(
            version=version(NAME),
            policy=self.reconciler.in_force,
            problems=frozenset(self.health.problems()),
            watermark=self._known(self.journal.watermark),
            agenda_next=self._known(self.reconciler.next_due),
            set_aside=self._known(self._set_aside) or 0,
            policy_held_back=self.reconciler.held_back is not None,
            policy_moved=self.reconciler.moved,
            breaker_open=self.reconciler.breaker.open_because() is not None,
            notes_stopped=connection.notes_stopped() is not None,
            projects_set_aside=len(problems.unserved),
            fields_absent=len(problems.absent),
            clock_skew=self.reconciler.skew.total_seconds(),
            token_expires=_end_of(self.token_expires),
            calendars_end=self._calendars_end(),
            unmapped=self.reconciler.unmapped,
            notices_unsent_since=self._known(self.unsent_since) or {},
            asked={
                endpoint: Asked(count, seconds)
                for endpoint, (count, seconds) in connection.calls().items()
            },
            answers={
                Answered(endpoint, status): count
                for (endpoint, status), count in connection.answers().items()
            },
        )

    def _set_aside(self) -> int:
        return len(self.journal.set_aside_requests())

    def _known(self, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except JournalError:  # the health knows of the journal's trouble
            return None

    def _calendars_end(self) -> Mapping[str, datetime]:
        calendars = self.configurations.current.policy.calendars
        return {
            name: each.covers_until.astimezone(UTC)
            for name, each in calendars.items()
        }


def _troubled(found: Report) -> Mapping[Trouble, int]:
    every = (*found.breached, *found.at_risk)
    return Counter(Trouble(one.organization, str(one.status)) for one in every)


def _decided(found: Report) -> dict[PromiseKind, int]:
    counts: dict[PromiseKind, int] = {}
    for kind, decided in found.decided.items():
        counts[_promise("met", kind)] = decided.met
        counts[_promise("missed", kind)] = decided.missed
    return counts


def _promise(outcome: str, kind: Kind) -> PromiseKind:
    return PromiseKind(outcome, kind.tier, str(kind.severity))


def _end_of(day: date | None) -> datetime | None:
    """Return when a day ends in UTC."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), UTC)
