"""When passes run: APScheduler jobs, the agenda's alarm, signals, and a drain within ten seconds.

*changed* runs every poll interval, *due* at the agenda's next instant, *sweep* at the start, on a new policy and
once a day. A late job still runs (an explicit grace), and never beside itself.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jsm_sla_bot.ports import PassReport

GRACE_SECONDS = 3600
"""A job that is late by up to this long still runs; the library's own default of one second loses jobs silently."""

DRAIN_SECONDS = 10

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Duties:
    """What the daemon does, as callables: it knows when, they know what. `next_due` is aware UTC."""

    changed: Callable[[], PassReport]
    due: Callable[[], PassReport]
    sweep: Callable[[], PassReport]
    sweep_owed: Callable[[], bool]
    """Look whether the configuration has changed or the last sweep has failed."""
    next_due: Callable[[], datetime | None]
    now: Callable[[], datetime]
    stop: Callable[[], None]
    reported: Callable[[PassReport], None]


class Daemon:
    """Runs the duties until it is told to stop."""

    def __init__(self, duties: Duties, poll_interval: timedelta, sweep_interval: timedelta = timedelta(days=1)) -> None:
        self._duties, self._poll, self._sweep = duties, poll_interval, sweep_interval
        self._stopped = Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"misfire_grace_time": GRACE_SECONDS, "coalesce": True, "max_instances": 1},
        )

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish the writes under way and return, within ten seconds."""
        with _signals(self.stop):
            self._plan_jobs()
            self._scheduler.start()
            log.info("daemon_started", poll_seconds=self._poll.total_seconds())
            while not self._stopped.wait(1):
                pass  # a signal that another thread received is handled at the latest now
            self._drain()

    def stop(self) -> None:
        """Ask the daemon to end."""
        self._stopped.set()

    def _plan_jobs(self) -> None:
        now = datetime.fromtimestamp(self._duties.now().timestamp(), UTC)
        sweep = IntervalTrigger(seconds=int(self._sweep.total_seconds()), timezone=UTC)
        self._scheduler.add_job(self._run, sweep, ["sweep"], id="sweep", next_run_time=now)
        poll = IntervalTrigger(seconds=self._poll.total_seconds(), timezone=UTC)
        self._scheduler.add_job(self._run, poll, ["changed"], id="changed", next_run_time=now + self._poll)

    def _run(self, kind: str) -> None:
        """Run one pass, report it, and set the alarm for the next instant at which time alone changes something."""
        if self._stopped.is_set():
            return
        passes = {"changed": self._duties.changed, "due": self._duties.due, "sweep": self._duties.sweep}
        if kind == "changed" and self._duties.sweep_owed():
            kind = "sweep"
        report = passes[kind]()
        self._duties.reported(report)
        self._set_alarm()

    def _set_alarm(self) -> None:
        upcoming = self._duties.next_due()
        if upcoming is None or self._stopped.is_set():
            return
        at = max(upcoming, self._duties.now() + timedelta(milliseconds=200))
        self._scheduler.add_job(self._run, DateTrigger(at, UTC), ["due"], id="due", replace_existing=True)

    def _drain(self) -> None:
        log.info("daemon_stopping")
        self._duties.stop()
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=True)
        log.info("daemon_stopped")


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
