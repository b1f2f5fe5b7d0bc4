"""When passes run: APScheduler jobs, the agenda's alarm, signals, and an end within ten seconds.

*changed* runs every poll interval, *due* at the agenda's next instant, *sweep* at the start, whenever one is owed and
once a day. A late job still runs (an explicit grace), and only one of its kind at a time; different kinds overlap.
Needs `Work` (what to do) and `Pulse` (whom to tell that it works), both safe to call from several threads.
Threads: jobs run in the scheduler's pool; the loop, once a second, in the thread that calls `run`; signals come in a
thread of their own (`ending`). APScheduler goes by the machine's clock; when somebody sets that, jobs are moved too.
A restart begins with a sweep; nothing is remembered. Accepted races: a job that has just begun when the daemon is
stopped still ends within the drain; two passes over due requests may find the same alarm, the second finds nothing.
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

from jsm_sla_bot.daemon.alarm import Alarm
from jsm_sla_bot.daemon.clock import JumpWatch, after_jump
from jsm_sla_bot.daemon.ending import signals
from jsm_sla_bot.daemon.supervisor import (
    ALIVE,
    READY,
    STOPPING,
    Tell,
    tell_nobody,
)
from jsm_sla_bot.daemon.work import Pulse, Work
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.journal import (
    ForeignJournalError,
    JournalError,
    PassKind,
)
from jsm_sla_bot.ports.site import Clock

GRACE_SECONDS = 3600
"""A job that is late by up to this long still runs; the library's own default of one second loses jobs silently."""

DRAIN_SECONDS = 5.0
HANG_UP_SECONDS = 1.0
"""A write that hangs is left to itself after five seconds: the process has ended in less than ten."""

DUE_AT_ONCE = 3
"""A due request whose write hangs must not make the next one late."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often passes run, and how long the end may take."""

    poll: timedelta
    sweep: timedelta = timedelta(days=1)
    drain_seconds: float = DRAIN_SECONDS


class Daemon:
    """Does the work until it is stopped.

    `monotonic`, in seconds, is a clock that nobody can set; `at_signal` is called, from another thread, as soon as a
    signal comes in; `tell` tells the machine's service manager that the daemon is ready, works, ends.
    """

    def __init__(  # noqa: PLR0913 - what it does, by which clocks, and whom it tells
        self,
        work: Work,
        pulse: Pulse,
        clock: Clock,
        pace: Pace,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        at_signal: Callable[[], None] = lambda: None,
        tell: Tell = tell_nobody,
    ) -> None:
        self._work = work
        self._pulse = pulse
        self._clock = clock
        self._pace = pace
        self._at_signal = at_signal
        self._tell = tell
        self._jumps = JumpWatch(clock.now, monotonic)
        self._alarm = Alarm(pace.poll)
        self._stopped = Event()
        self._sweeping = Lock()
        self._foreign: ForeignJournalError | None = None
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
        """Work until SIGTERM or SIGINT; then finish the writes under way and return, within ten seconds.

        Raises ForeignJournalError, after the same end, where the journal is about another site.
        """
        with signals(self._signalled):
            self._plan_jobs()
            self._scheduler.start()
            log.info(
                "daemon_started", poll_seconds=self._pace.poll.total_seconds()
            )
            self._tell(READY)
            while not self._stopped.wait(1):
                self._pulse.beat()
                self._tell(ALIVE)
                self._guarded("clock", self._follow_clock)
                self._guarded("alarm", self._set_alarm)
            self._drain()
        if self._foreign:
            raise self._foreign

    def stop(self) -> None:
        """Ask the daemon to end."""
        self._stopped.set()

    def _signalled(self) -> None:
        self._at_signal()
        self.stop()

    def _plan_jobs(self) -> None:
        now = self._now()
        self._plan(PassKind.SWEEP, self._pace.sweep, first=now)
        self._plan(
            PassKind.CHANGED, self._pace.poll, first=now + self._pace.poll
        )

    def _plan(
        self, kind: PassKind, interval: timedelta, first: datetime
    ) -> None:
        trigger = IntervalTrigger(
            seconds=interval.total_seconds(), timezone=UTC
        )
        self._scheduler.add_job(
            self._run, trigger, [kind], id=str(kind), next_run_time=first
        )

    def _follow_clock(self) -> None:
        """After the clock was set, let no job wait longer than its interval, nor for an instant that is over."""
        jump = self._jumps.jump()
        if not jump:
            return
        seconds = round(jump.total_seconds())
        log.warning(
            "clock_jumped", seconds=seconds, why="the machine's clock was set"
        )
        self._move(PassKind.CHANGED, self._pace.poll)
        self._move(PassKind.SWEEP, self._pace.sweep)
        self._alarm.clock_was_set()

    def _move(self, kind: PassKind, interval: timedelta) -> None:
        planned = self._scheduler.get_job(kind).next_run_time
        moved = after_jump(planned, self._now(), interval)
        self._scheduler.modify_job(kind, next_run_time=moved)

    def _run(self, kind: PassKind) -> None:
        """Run one pass; what fails is reported, never lost with the job."""
        if self._stopped.is_set():
            return
        self._guarded(kind, lambda: self._one_pass(kind))
        self._guarded("alarm", self._set_alarm)

    def _guarded(self, job: str, do: Callable[[], None]) -> None:
        try:
            do()
        except ForeignJournalError as error:
            self._foreign = error
            self.stop()
        except JournalError:  # the health knows of the journal's trouble
            self._alarm.wait_for_poll(self._now())
        except (TransientError, TerminalError) as error:
            self._pulse.broken(job, str(error))
        except Exception as error:  # noqa: BLE001 - a job's error would vanish in the scheduler
            self._pulse.broken(
                job, f"unexpected {type(error).__name__}, see the log"
            )
            _log_fault(job, error)
        else:
            self._pulse.broken(job, None)

    def _one_pass(self, kind: PassKind) -> None:
        match kind:
            case PassKind.DUE:
                self._due()
            case PassKind.SWEEP:
                self._sweep()
            case PassKind.CHANGED:
                if self._work.sweep_owed():
                    self._begin_sweep()
                self._work.run(PassKind.CHANGED)

    def _due(self) -> None:
        if self._work.run(PassKind.DUE):
            self._alarm.need_not_wait()
        else:
            self._alarm.wait_for_poll(self._now())

    def _begin_sweep(self) -> None:
        """Begin the sweep that is owed next to the passes: meanwhile the policy in force serves requests."""
        if self._sweeping.locked():
            return
        self._scheduler.add_job(
            self._run,
            DateTrigger(self._now(), UTC),
            [PassKind.SWEEP],
            id="owed sweep",
            replace_existing=True,
        )

    def _sweep(self) -> None:
        """Sweep, unless another sweep is at work."""
        if not self._sweeping.acquire(blocking=False):
            return
        try:
            self._guarded("look", self._work.look_at_site)
            self._work.run(PassKind.SWEEP)
        finally:
            self._sweeping.release()

    def _set_alarm(self) -> None:
        """Set the alarm to the next instant at which time alone changes something."""
        upcoming = self._work.next_due()
        if upcoming is None or self._stopped.is_set():
            return
        at = self._alarm.next(upcoming, self._now())
        if at is None:
            return
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
        self._tell(STOPPING)
        self._work.stop()
        self._scheduler.remove_all_jobs()
        ending = Thread(
            target=self._scheduler.shutdown, name="drain", daemon=True
        )
        ending.start()
        ending.join(self._pace.drain_seconds)
        if ending.is_alive():
            log.warning(
                "daemon_hangs_up",
                why="a call to Jira does not end; the next start finds out what became of it",
            )
            self._work.hang_up()
            ending.join(HANG_UP_SECONDS)
        log.info("daemon_stopped")

    def _now(self) -> datetime:
        """Return the present instant as APScheduler needs it: in its own time zone, UTC."""
        return self._clock.now().astimezone(UTC)


def _log_fault(job: str, error: Exception) -> None:
    """Log where an error that nobody expected came from, without its message, which may quote a request."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "daemon_job_broke",
        job=job,
        error=type(error).__name__,
        at=f"{where.filename}:{where.lineno}",
    )
