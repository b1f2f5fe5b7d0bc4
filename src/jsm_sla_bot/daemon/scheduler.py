"""When passes run: APScheduler jobs, the agenda's alarm, signals, and a drain within ten seconds.

*changed* runs every poll interval, *due* at the agenda's next instant, *sweep* at the start, on a new policy and
once a day. A late job still runs (an explicit grace), and never beside one of its own kind; different kinds overlap.
APScheduler goes by the machine's clock; when somebody sets that, the jobs are set with it.
"""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jsm_sla_bot.daemon.ending import signals
from jsm_sla_bot.ports.journal import JournalError, PassKind, PassReport
from jsm_sla_bot.ports.site import TerminalError, TransientError

GRACE_SECONDS = 3600
"""A job that is late by up to this long still runs; the library's own default of one second loses jobs silently."""

DRAIN_SECONDS = 5.0
HANG_UP_SECONDS = 1.0
"""A write that hangs is left to itself after five seconds: the process has ended in less than ten."""

DUE_AT_ONCE = 3
"""A due request whose write hangs must not make the next one late."""


SOON = timedelta(milliseconds=200)

JUMP = timedelta(seconds=5)
"""Clocks drift and are slewed; one that moves by more than this between two looks, a second apart, was set."""

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
    abort: Callable[[], None]
    """Hang up on the site: what is under way ends at once, its outcome unknown."""
    reported: Callable[[PassReport], None]
    broken: Callable[[str, str | None], None]
    """Say that a job broke down in a way that nobody expected, or (None) that it is well again."""
    beat: Callable[[], None] = lambda: None
    """Say that the daemon's own loop goes round: about once a second."""
    hindered: Callable[[], object] = lambda: None
    """Tell whether something else than the site keeps passes from ending well: what is due waits for the next poll."""


class Clocks:
    """The machine's clock beside one that nobody can set (`monotonic`, in seconds)."""

    def __init__(
        self, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._now, self._monotonic = now, monotonic
        self._apart = self._difference()

    def jump(self) -> timedelta:
        """Return by how much the clock was set since the last look: zero for what clocks do by themselves."""
        before, self._apart = self._apart, self._difference()
        moved = self._apart - before
        return moved if abs(moved) > JUMP else timedelta(0)

    def _difference(self) -> datetime:
        return self._now() - timedelta(seconds=self._monotonic())


class Daemon:
    """Runs the duties until it is told to stop.

    `monotonic`, in seconds, is a clock that nobody can set; `at_signal` is called, from another thread, as soon as a
    signal comes in.
    """

    def __init__(
        self,
        duties: Duties,
        poll_interval: timedelta,
        sweep_interval: timedelta = timedelta(days=1),
        monotonic: Callable[[], float] = time.monotonic,
        at_signal: Callable[[], None] = lambda: None,
    ) -> None:
        self._at_signal = at_signal
        self._duties, self._poll, self._sweep = duties, poll_interval, sweep_interval
        self._clocks = Clocks(duties.now, monotonic)
        self._stopped = Event()
        self._sweeping = Lock()
        self._alarm: datetime | None = None
        self._not_before: datetime | None = None
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(DUE_AT_ONCE + 2)},
            job_defaults={
                "misfire_grace_time": GRACE_SECONDS,
                "coalesce": True,
                "max_instances": 1,
            },
        )

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish the writes under way and return, within ten seconds."""
        with signals(self._signalled):
            self._plan_jobs()
            self._scheduler.start()
            log.info("daemon_started", poll_seconds=self._poll.total_seconds())
            while not self._stopped.wait(
                1
            ):  # a signal that another thread received is handled at the latest now
                self._duties.beat()
                self._guarded("clock", self._follow_clock)
                self._guarded(
                    "alarm", self._set_alarm
                )  # a long sweep fills the agenda while it is at work
            self._drain()

    def stop(self) -> None:
        """Ask the daemon to end."""
        self._stopped.set()

    def _signalled(self) -> None:
        self._at_signal()
        self.stop()

    def _plan_jobs(self) -> None:
        now = datetime.fromtimestamp(self._duties.now().timestamp(), UTC)
        sweep = IntervalTrigger(seconds=int(self._sweep.total_seconds()), timezone=UTC)
        self._scheduler.add_job(
            self._run, sweep, [PassKind.SWEEP], id="sweep", next_run_time=now
        )
        poll = IntervalTrigger(seconds=self._poll.total_seconds(), timezone=UTC)
        self._scheduler.add_job(
            self._run,
            poll,
            [PassKind.CHANGED],
            id="changed",
            next_run_time=now + self._poll,
        )

    def _follow_clock(self) -> None:
        """After the clock was set, let no job wait for longer than its interval, nor for an instant that is over."""
        jump = self._clocks.jump()
        if not jump:
            return
        log.warning(
            "clock_jumped",
            seconds=round(jump.total_seconds()),
            why="the machine's clock was set",
        )
        now = self._duties.now()
        for name, interval in (
            (PassKind.CHANGED, self._poll),
            (PassKind.SWEEP, self._sweep),
        ):
            planned = self._scheduler.get_job(name).next_run_time
            self._scheduler.modify_job(
                name, next_run_time=min(max(planned, now), now + interval)
            )
        self._alarm = self._not_before = None

    def _run(self, kind: PassKind) -> None:
        """Run one pass and report it; what breaks is told, never lost with the job."""
        if not self._stopped.is_set():
            self._guarded(kind, lambda: self._one_pass(kind))
            self._guarded("alarm", self._set_alarm)

    def _guarded(self, what: str, do: Callable[[], None]) -> None:
        try:
            do()
        except JournalError:
            self._not_before = self._duties.now() + self._poll  # the health tells
        except (TransientError, TerminalError) as error:
            self._duties.broken(what, str(error))
        except Exception as error:  # noqa: BLE001 - a job's error would vanish in the scheduler
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error(
                "daemon_job_broke",
                job=what,
                error=type(error).__name__,
                at=f"{where.filename}:{where.lineno}",
            )
            self._duties.broken(what, f"unexpected {type(error).__name__}, see the log")
        else:
            self._duties.broken(what, None)

    def _one_pass(self, kind: PassKind) -> None:
        match kind:
            case PassKind.DUE:
                self._report(self._duties.due())
            case PassKind.SWEEP:
                self._swept()
            case PassKind.CHANGED:
                if self._duties.sweep_owed():
                    self._begin_sweep()
                self._report(self._duties.changed())

    def _begin_sweep(self) -> None:
        """Begin the sweep that is owed beside the passes: meanwhile requests are served by the policy in force."""
        if not self._sweeping.locked():
            now = DateTrigger(self._duties.now(), UTC)
            self._scheduler.add_job(
                self._run, now, [PassKind.SWEEP], id="owed sweep", replace_existing=True
            )

    def _swept(self) -> None:
        """Sweep, unless another sweep is at work."""
        if self._sweeping.acquire(blocking=False):
            try:
                self._report(self._duties.sweep())
            finally:
                self._sweeping.release()

    def _report(self, report: PassReport) -> None:
        if report.kind is PassKind.DUE:
            later = self._duties.now() + self._poll
            bad = report.because or self._duties.hindered()
            self._not_before = later if bad else None
        self._duties.reported(report)

    def _set_alarm(self) -> None:
        """Set the alarm to the next instant at which time alone changes something; not at once after a failure."""
        upcoming = self._duties.next_due()
        if upcoming is None or self._stopped.is_set():
            return
        at = max(upcoming, self._not_before or upcoming)
        if at != self._alarm or at <= self._duties.now():
            self._alarm = at
            at = max(at, self._duties.now() + SOON)
            self._scheduler.add_job(
                self._run,
                DateTrigger(at, UTC),
                [PassKind.DUE],
                id="due",
                replace_existing=True,
                max_instances=DUE_AT_ONCE,
            )

    def _drain(self) -> None:
        log.info("daemon_stopping")
        self._duties.stop()
        self._scheduler.remove_all_jobs()
        ending = Thread(target=self._scheduler.shutdown, name="drain", daemon=True)
        ending.start()
        ending.join(DRAIN_SECONDS)
        if ending.is_alive():
            log.warning(
                "daemon_hangs_up",
                why="a call to Jira does not end; the next start looks up what became of it",
            )
            self._duties.abort()
            ending.join(HANG_UP_SECONDS)
        log.info("daemon_stopped")
