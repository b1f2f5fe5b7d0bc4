"""What the log says of passes and problems: news at once, what lasts once an hour, nothing of idle passes."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import structlog

from jsm_sla_bot.ports.journal import PassKind, PassOutcome, PassReport
from jsm_sla_bot.telemetry.lasting import Lasting

SUMMARY = timedelta(hours=1)
SHOWN_BY_PASSES = ("jira", "budget", "start")
"""Subjects of the health that the line of a pass shows already."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Hour:
    """The passes of about an hour, added up. `since` is aware UTC."""

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
        self._passes = Lasting(now)
        self._problems = Lasting(now)
        self._hour = _Hour(now())
        self._lock = Lock()

    def passed(self, report: PassReport) -> None:
        """Log a pass that did something, one that fails for a new reason, and the first good one after that."""
        with self._lock:
            self._hour.add(report)
        level = self._level(report)
        log.log(level, "pass", **_facts(report))
        self._sum_up()

    def _level(self, report: PassReport) -> int:
        subject = str(report.kind)
        if report.because:
            is_news = self._passes.is_news(subject, report.because)
            return logging.ERROR if is_news else logging.DEBUG
        is_first_good = self._passes.is_over(subject)
        return (
            logging.INFO
            if is_first_good or not _is_idle(report)
            else logging.DEBUG
        )

    def follow(self, problems: Mapping[str, str]) -> None:
        """Log each problem when it begins, changes, still lasts after an hour, and ends; not what passes show."""
        for subject, why in problems.items():
            if subject.startswith(SHOWN_BY_PASSES):
                continue
            if self._problems.is_news(subject, why):
                log.warning("problem", subject=subject, why=why)
        for subject in self._problems.subjects() - problems.keys():
            self._problems.is_over(subject)
            log.info("problem_over", subject=subject)

    def _sum_up(self) -> None:
        now = self._now()
        with self._lock:
            hour = self._hour
            if now - hour.since < SUMMARY:
                return
            self._hour = _Hour(now)
        minutes = round((now - hour.since) / timedelta(minutes=1))
        log.info(
            "passes_summary",
            minutes=minutes,
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
        "seconds": report.seconds,
    }
