"""What the log says of passes and of what is wrong: news at once, what lasts once an hour, nothing of idle passes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import structlog

from jsm_sla_bot.ports.journal import PassKind, PassOutcome, PassReport
from jsm_sla_bot.telemetry.lasting import Lasting

SUMMARY = timedelta(hours=1)
SHOWN_BY_PASSES = ("jira", "budget", "start")
"""Subjects of the health of which the log tells in the line of a pass."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Hour:
    """What the passes of about an hour have come to. `since` is aware UTC."""

    since: datetime
    passes: int = 0
    failed: int = 0
    read: int = 0
    writes: int = 0
    set_aside: int = 0

    def add(self, report: PassReport) -> None:
        """Count a pass."""
        self.passes += 1
        self.failed += report.outcome is not PassOutcome.DONE
        self.read += report.read
        self.writes += report.writes
        self.set_aside += report.set_aside


class Logbook:
    """Logs passes and problems. `now` returns aware UTC. Safe to use from several threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lasting = Lasting(now)
        self._problems = Lasting(now)
        self._hour = _Hour(now())
        self._lock = Lock()

    def passed(self, report: PassReport) -> None:
        """Log a pass: one that did something, one that failed as none did before it, the first good one after it."""
        with self._lock:
            self._hour.add(report)
        subject = str(report.kind)
        if report.because:
            tell = (
                log.error
                if self._lasting.is_news(subject, report.because)
                else log.debug
            )
        elif self._lasting.is_over(subject) or not _is_idle(report):
            tell = log.info
        else:
            tell = log.debug
        tell("pass", **_facts(report))
        self._summed_up()

    def follow(self, problems: Mapping[str, str]) -> None:
        """Log a problem when it begins, changes, still lasts after an hour, and ends; a pass's own is told with it."""
        for subject, why in problems.items():
            if not subject.startswith(SHOWN_BY_PASSES) and self._problems.is_news(
                subject, why
            ):
                log.warning("problem", subject=subject, why=why)
        for subject in self._problems.subjects() - problems.keys():
            self._problems.is_over(subject)
            log.info("problem_over", subject=subject)

    def _summed_up(self) -> None:
        now = self._now()
        with self._lock:
            hour = self._hour
            if now - hour.since < SUMMARY:
                return
            self._hour = _Hour(now)
        log.info(
            "passes_summary",
            minutes=round((now - hour.since).total_seconds() / 60),
            passes=hour.passes,
            failed=hour.failed,
            read=hour.read,
            writes=hour.writes,
            set_aside=hour.set_aside,
        )


def _is_idle(report: PassReport) -> bool:
    if report.kind is PassKind.SWEEP:
        return False
    return not (report.writes or report.differing or report.set_aside)


def _facts(report: PassReport) -> dict[str, object]:
    return {
        "kind": str(report.kind),
        "outcome": str(report.outcome),
        "refused": report.refused,
        "failed": report.failed,
        "seen": report.seen,
        "read": report.read,
        "differing": report.differing,
        "writes": report.writes,
        "set_aside": report.set_aside,
        "seconds": round((report.ended - report.started).total_seconds(), 3),
    }
