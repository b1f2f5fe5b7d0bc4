"""The daemon's own promises: the alarm, jobs that break, a drain that ends, nothing left behind."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import structlog
import time_machine

from jsm_sla_bot.app import SystemClock
from jsm_sla_bot.daemon import scheduler
from jsm_sla_bot.daemon.scheduler import JUMP, Clocks, Daemon, Duties
from jsm_sla_bot.ports.journal import PassKind, PassReport

CLOCK = SystemClock()


def report(
    kind: PassKind, failed: str | None = None, refused: str | None = None
) -> PassReport:
    """Return the report of a pass that did nothing."""
    now = CLOCK.now()
    return PassReport(kind, now, now, 0, 0, 0, 0, 0, failed=failed, refused=refused)


@dataclass
class Crew:
    """Duties that note what they were asked for; each can be given something to do."""

    asked: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    well: list[str] = field(default_factory=list)
    does: dict[str, Callable[[], object]] = field(default_factory=dict)
    upcoming: datetime | None = None
    aborted: Event = field(default_factory=Event)
    failed: str | None = None

    def duties(self) -> Duties:
        """Return them as the daemon takes them."""
        return Duties(
            changed=lambda: self._run(PassKind.CHANGED),
            due=lambda: self._run(PassKind.DUE),
            sweep=lambda: self._run(PassKind.SWEEP),
            sweep_owed=lambda: "sweep" not in self.asked,
            next_due=lambda: self.upcoming,
            now=CLOCK.now,
            stop=lambda: self.asked.append("stop"),
            abort=self.aborted.set,
            reported=lambda _: None,
            broken=self._broken,
        )

    def _run(self, kind: PassKind) -> PassReport:
        self.asked.append(kind)
        self.does.get(kind, lambda: None)()
        return report(kind, self.failed)

    def _broken(self, job: str, why: str | None) -> None:
        if why:
            self.broken[job] = why
        else:
            self.well.append(job)


def test_it_sweeps_at_the_start_and_then_polls() -> None:
    """The first pass is a sweep; the poll follows after its interval."""
    crew = Crew()
    made = Daemon(crew.duties(), timedelta(milliseconds=50))
    crew.does["changed"] = made.stop
    made.run()
    assert [kind for kind in crew.asked if kind != "sweep"] == ["changed", "stop"]
    assert crew.asked[0] == "sweep"


def test_the_alarm_wakes_a_due_pass_at_its_instant() -> None:
    """An instant on the agenda is met without a poll, not before it and within two seconds."""
    crew, late = Crew(), list[timedelta]()
    made = Daemon(crew.duties(), timedelta(hours=1))
    instant = crew.upcoming = CLOCK.now() + timedelta(seconds=0.6)

    def due() -> None:
        crew.upcoming = None
        late.append(CLOCK.now() - instant)
        made.stop()

    crew.does["due"] = due
    made.run()
    assert timedelta(0) <= late[0] <= timedelta(seconds=2)


def test_an_instant_that_a_long_sweep_finds_is_met_while_it_is_at_work() -> None:
    """The alarm does not wait for the end of the pass that put the instant on the agenda."""
    crew, met = Crew(), Event()
    made = Daemon(crew.duties(), timedelta(hours=1))

    def sweep() -> None:
        crew.upcoming = CLOCK.now()
        assert met.wait(20)
        made.stop()

    def due() -> None:
        crew.upcoming = None
        met.set()

    crew.does |= {"sweep": sweep, "due": due}
    made.run()
    assert "due" in crew.asked


def test_a_due_pass_that_failed_is_not_tried_at_once_again() -> None:
    """While Jira is away an instant that is due does not drive the daemon round in circles."""
    crew = Crew(failed="503")
    made = Daemon(crew.duties(), timedelta(hours=1))
    crew.upcoming = CLOCK.now()
    crew.does["due"] = lambda: threading.Timer(1.5, made.stop).start()
    made.run()
    assert crew.asked.count("due") == 1


def test_a_job_that_breaks_is_told_and_runs_again() -> None:
    """An error that nobody expected reaches the health and does not end the polling."""
    crew, times = Crew(), list[int]()
    made = Daemon(crew.duties(), timedelta(milliseconds=50))

    def changed() -> None:
        times.append(1)
        if len(times) == 2:
            made.stop()
        raise KeyError("unexpected")

    crew.does["changed"] = changed
    made.run()
    assert "KeyError" in crew.broken["changed"]


def test_a_second_sweep_never_begins_beside_the_first() -> None:
    """A poll that finds a sweep owed while one is at work polls as usual."""
    crew, polled = Crew(), Event()
    made = Daemon(
        replace(crew.duties(), sweep_owed=lambda: True), timedelta(milliseconds=50)
    )

    def changed() -> None:
        polled.set()
        made.stop()

    crew.does |= {"sweep": lambda: polled.wait(20), "changed": changed}
    made.run()
    assert crew.asked.count("sweep") == 1


def test_a_write_that_hangs_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After the time for finishing, the daemon hangs up on the site and ends."""
    monkeypatch.setattr(scheduler, "DRAIN_SECONDS", 0.2)
    crew = Crew()
    made = Daemon(crew.duties(), timedelta(hours=1))

    def sweep() -> None:
        made.stop()
        assert crew.aborted.wait(20)

    crew.does["sweep"] = sweep
    made.run()
    assert crew.aborted.is_set()


def test_sigterm_ends_it_and_leaves_no_thread_behind() -> None:
    """After the signal everything that was started has ended, and the signal's old handler is back."""
    before, handler = set(threading.enumerate()), signal.getsignal(signal.SIGTERM)
    crew = Crew()
    crew.does["sweep"] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    Daemon(crew.duties(), timedelta(hours=1)).run()
    assert crew.asked == ["sweep", "stop"]
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before
    assert signal.getsignal(signal.SIGTERM) is handler


def test_an_owed_sweep_keeps_nobody_waiting() -> None:
    """It runs beside the changed passes, which go on at every poll however long it takes; one at a time."""
    crew, ended = Crew(), threading.Event()

    def sweep() -> None:
        ended.wait(10)

    def changed() -> None:
        if crew.asked.count("changed") == 3:
            ended.set()
            made.stop()

    crew.does["sweep"], crew.does["changed"] = sweep, changed
    made = Daemon(
        replace(crew.duties(), sweep_owed=lambda: True), timedelta(seconds=0.2)
    )
    made.run()
    assert crew.asked.count("sweep") == 1
    assert crew.asked.count("changed") >= 3


def test_an_owed_sweep_is_begun_at_the_poll() -> None:
    """Not only by the day: an edit is swept in at once."""
    crew, owed = Crew(), [False, True, False]

    def sweep() -> None:
        if crew.asked.count("sweep") == 2:
            made.stop()

    crew.does["sweep"] = sweep
    made = Daemon(
        replace(crew.duties(), sweep_owed=lambda: owed.pop(0) if owed else False),
        timedelta(seconds=0.2),
    )
    made.run()
    assert crew.asked.count("sweep") == 2


def test_the_days_sweep_that_fails_is_no_reason_for_another_pass() -> None:
    """The job of the sweep itself stands for no changed pass."""
    crew = Crew(failed="503")
    Daemon(crew.duties(), timedelta(hours=1))._run(PassKind.SWEEP)
    assert crew.asked == ["sweep"]


class Virtual:
    """A wall clock and a monotonic one that both move when they are told to, and the first also alone."""

    def __init__(self) -> None:
        self.wall, self.ticks = datetime(2026, 3, 2, 9, tzinfo=UTC), 1000.0

    def now(self) -> datetime:
        """Tell the time."""
        return self.wall

    def monotonic(self) -> float:
        """Tell the seconds."""
        return self.ticks

    def pass_by(self, seconds: float, *, wrong: float = 0) -> None:
        """Let time pass; the wall clock is put wrong by so many seconds on the way."""
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds + wrong)


@pytest.mark.parametrize(
    ("wrong", "jump"),
    [
        pytest.param(0, 0, id="none"),
        pytest.param(0.8, 0, id="slewed"),
        pytest.param(JUMP.total_seconds(), 0, id="a little"),
        pytest.param(JUMP.total_seconds() + 1, JUMP.total_seconds() + 1, id="forward"),
        pytest.param(-3600, -3600, id="back"),
    ],
)
def test_a_clock_that_is_set_is_noticed_once(wrong: float, jump: float) -> None:
    """Only a jump counts: neither a long wait between two looks, nor what is made up little by little."""
    virtual = Virtual()
    clocks = Clocks(virtual.now, virtual.monotonic)
    virtual.pass_by(700)
    assert not clocks.jump()
    virtual.pass_by(1, wrong=wrong)
    assert clocks.jump() == timedelta(seconds=jump)
    virtual.pass_by(1)
    assert not clocks.jump()


@pytest.mark.parametrize(
    ("hours", "changed", "sweep"),
    [
        pytest.param(-1, timedelta(minutes=1), timedelta(days=1), id="back by an hour"),
        pytest.param(
            -1000, timedelta(minutes=1), timedelta(days=1), id="back by weeks"
        ),
        pytest.param(1, timedelta(0), timedelta(hours=23), id="forward by an hour"),
        pytest.param(1000, timedelta(0), timedelta(0), id="forward by weeks"),
    ],
)
def test_jobs_are_set_with_the_clock(
    hours: int, changed: timedelta, sweep: timedelta
) -> None:
    """After a jump no job waits longer than its interval from now, and none for an instant that is over."""
    virtual = Virtual()
    start = virtual.wall
    made = Daemon(
        replace(Crew().duties(), now=virtual.now),
        timedelta(minutes=1),
        monotonic=virtual.monotonic,
    )
    made._plan_jobs()
    made._scheduler.modify_job("sweep", next_run_time=start + timedelta(days=1))
    virtual.pass_by(0, wrong=timedelta(hours=hours).total_seconds())
    with structlog.testing.capture_logs() as told:
        made._follow_clock()
        made._follow_clock()
    waits = [
        made._scheduler.get_job(name).next_run_time - virtual.wall
        for name in ("changed", "sweep")
    ]
    assert waits == [changed, sweep]
    assert [(one["event"], one["log_level"]) for one in told] == [
        ("clock_jumped", "warning")
    ]


def test_polls_go_on_after_the_clock_was_set_back() -> None:
    """An hour that the machine lives through twice is no hour without a pass."""
    crew, polled, start, again = Crew(), Event(), CLOCK.now(), list[datetime]()
    made = Daemon(crew.duties(), timedelta(milliseconds=300))

    def changed() -> None:
        polled.set()
        if CLOCK.now() < start:
            again.append(CLOCK.now())
        if len(again) == 3:
            made.stop()

    def set_back() -> None:
        assert polled.wait(20)
        with time_machine.travel(start - timedelta(hours=1)):
            made._stopped.wait(20)
            made.stop()

    crew.does["changed"] = changed
    setting = threading.Thread(target=set_back)
    setting.start()
    made.run()
    setting.join()
    assert len(again) >= 3


def test_after_the_clock_was_set_back_due_requests_do_not_wait_for_it() -> None:
    """What a failed due pass put off until an instant of the old clock is not put off for an hour."""
    virtual, crew = Virtual(), Crew(failed="503")
    made = Daemon(
        replace(crew.duties(), now=virtual.now),
        timedelta(minutes=1),
        monotonic=virtual.monotonic,
    )
    made._plan_jobs()
    made._scheduler.start(paused=True)
    crew.upcoming = virtual.wall - timedelta(hours=2)
    made._run(PassKind.DUE)
    virtual.pass_by(1, wrong=-3600)
    made._follow_clock()
    made._set_alarm()
    alarm = made._scheduler.get_job("due").trigger.run_date
    made._scheduler.shutdown()
    assert alarm <= virtual.wall + timedelta(minutes=1)


def test_instants_are_utc() -> None:
    """The clock that the daemon goes by gives aware UTC."""
    assert CLOCK.now().tzinfo is UTC
