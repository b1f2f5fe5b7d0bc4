"""The daemon's own promises: the alarm, jobs that break, a drain that ends, nothing left behind."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import structlog
import time_machine

from jsm_sla_bot.daemon.alarm import SOON, Alarm
from jsm_sla_bot.daemon.clock import JUMP, JumpWatch, SystemClock, after_jump
from jsm_sla_bot.daemon.scheduler import Daemon, Pace
from jsm_sla_bot.ports.journal import ForeignJournalError, PassKind

CLOCK = SystemClock()


@dataclass
class Crew:
    """Work that notes what it was asked for; each kind of pass can be given something to do."""

    asked: list[str] = field(default_factory=list)
    broken_jobs: dict[str, str] = field(default_factory=dict)
    does: dict[str, Callable[[], object]] = field(default_factory=dict)
    owes: Callable[[], bool] = lambda: False
    upcoming: datetime | None = None
    hung_up: Event = field(default_factory=Event)
    fails: bool = False
    beats: int = 0

    def run(self, kind: PassKind) -> bool:
        """Run a pass that does what this kind was given to do."""
        self.asked.append(kind)
        self.does.get(kind, lambda: None)()
        return not self.fails

    def look_at_site(self) -> None:
        """Find nothing."""

    def sweep_owed(self) -> bool:
        """Tell whether a sweep is owed."""
        return self.owes()

    def next_due(self) -> datetime | None:
        """Return the next instant of the agenda."""
        return self.upcoming

    def stop(self) -> None:
        """Note the end."""
        self.asked.append("stop")

    def hang_up(self) -> None:
        """Note that the site was hung up on."""
        self.hung_up.set()

    def beat(self) -> None:
        """Note that the loop turns."""
        self.beats += 1

    def broken(self, job: str, why: str | None) -> None:
        """Note that a job broke."""
        if why:
            self.broken_jobs[job] = why

    def daemon(self, poll: timedelta, drain_seconds: float = 5.0) -> Daemon:
        """Return a daemon that does this work."""
        return Daemon(
            self, self, CLOCK, Pace(poll, drain_seconds=drain_seconds)
        )


def test_it_sweeps_at_the_start_and_then_polls() -> None:
    """The first pass is a sweep; the poll follows after its interval."""
    crew = Crew()
    made = crew.daemon(timedelta(milliseconds=50))
    crew.does["changed"] = made.stop
    made.run()
    assert [kind for kind in crew.asked if kind != "sweep"] == [
        "changed",
        "stop",
    ]
    assert crew.asked[0] == "sweep"


def test_the_alarm_wakes_a_due_pass_at_its_instant() -> None:
    """An instant on the agenda is met without a poll, not before it and within two seconds."""
    crew, late = Crew(), list[timedelta]()
    made = crew.daemon(timedelta(hours=1))
    instant = crew.upcoming = CLOCK.now() + timedelta(seconds=0.6)

    def due() -> None:
        crew.upcoming = None
        late.append(CLOCK.now() - instant)
        made.stop()

    crew.does["due"] = due
    made.run()
    assert timedelta(0) <= late[0] <= timedelta(seconds=2)


def test_an_instant_that_a_long_sweep_finds_is_met_while_it_is_at_work() -> (
    None
):
    """The alarm does not wait for the end of the pass that put the instant on the agenda."""
    crew, met = Crew(), Event()
    made = crew.daemon(timedelta(hours=1))

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
    crew = Crew(fails=True)
    made = crew.daemon(timedelta(hours=1))
    crew.upcoming = CLOCK.now()
    crew.does["due"] = lambda: threading.Timer(1.5, made.stop).start()
    made.run()
    assert crew.asked.count("due") == 1


def test_a_job_that_breaks_is_reported_and_runs_again() -> None:
    """An error that nobody expected reaches the health and does not end the polling."""
    crew, times = Crew(), list[int]()
    made = crew.daemon(timedelta(milliseconds=50))

    def changed() -> None:
        times.append(1)
        if len(times) == 2:
            made.stop()
        raise KeyError("unexpected")

    crew.does["changed"] = changed
    made.run()
    assert "KeyError" in crew.broken_jobs["changed"]


def test_a_second_sweep_never_begins_beside_the_first() -> None:
    """A poll that finds a sweep owed while one is at work polls as usual."""
    crew, polled = Crew(owes=lambda: True), Event()
    made = crew.daemon(timedelta(milliseconds=50))

    def changed() -> None:
        polled.set()
        made.stop()

    crew.does |= {"sweep": lambda: polled.wait(20), "changed": changed}
    made.run()
    assert crew.asked.count("sweep") == 1


def test_a_write_that_hangs_does_not_hold_up_the_end() -> None:
    """After the time for finishing, the daemon hangs up on the site and ends."""
    crew = Crew()
    made = crew.daemon(timedelta(hours=1), drain_seconds=0.2)

    def sweep() -> None:
        made.stop()
        assert crew.hung_up.wait(20)

    crew.does["sweep"] = sweep
    made.run()
    assert crew.hung_up.is_set()


def test_sigterm_ends_it_and_leaves_no_thread_behind() -> None:
    """After the signal everything that was started has ended, and the signal's old handler is back."""
    before, handler = (
        set(threading.enumerate()),
        signal.getsignal(signal.SIGTERM),
    )
    crew = Crew()
    crew.does["sweep"] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    crew.daemon(timedelta(hours=1)).run()
    assert crew.asked == ["sweep", "stop"]
    assert {
        thread for thread in threading.enumerate() if thread.is_alive()
    } <= before
    assert signal.getsignal(signal.SIGTERM) is handler


def test_an_owed_sweep_keeps_nobody_waiting() -> None:
    """It runs beside the changed passes, which go on at every poll however long it takes; one at a time."""
    crew, ended = Crew(owes=lambda: True), threading.Event()

    def sweep() -> None:
        ended.wait(10)

    def changed() -> None:
        if crew.asked.count("changed") == 3:
            ended.set()
            made.stop()

    crew.does["sweep"], crew.does["changed"] = sweep, changed
    made = crew.daemon(timedelta(seconds=0.2))
    made.run()
    assert crew.asked.count("sweep") == 1
    assert crew.asked.count("changed") >= 3


def test_an_owed_sweep_is_begun_at_the_poll() -> None:
    """Not only by the day: an edit is swept in at once."""
    owed = [False, True, False]
    crew = Crew(owes=lambda: owed.pop(0) if owed else False)

    def sweep() -> None:
        if crew.asked.count("sweep") == 2:
            made.stop()

    crew.does["sweep"] = sweep
    made = crew.daemon(timedelta(seconds=0.2))
    made.run()
    assert crew.asked.count("sweep") == 2


def test_the_days_sweep_that_fails_is_no_reason_for_another_pass() -> None:
    """The job of the sweep itself stands for no changed pass."""
    crew = Crew(fails=True)
    made = crew.daemon(timedelta(hours=1))
    crew.does["sweep"] = made.stop
    made.run()
    assert crew.asked == ["sweep", "stop"]


def test_a_journal_of_another_site_ends_the_daemon() -> None:
    """No pass can go well on it: the daemon ends as after a signal, with the reason."""
    crew = Crew()
    made = crew.daemon(timedelta(hours=1))

    def sweep() -> None:
        raise ForeignJournalError("the journal is about another site")

    crew.does["sweep"] = sweep
    with pytest.raises(ForeignJournalError, match="another site"):
        made.run()
    assert crew.asked == ["sweep", "stop"]


def test_the_loop_beats_while_a_pass_is_at_work() -> None:
    """A long sweep does not make the daemon look as if it hung."""
    crew, beaten = Crew(), Event()
    made = crew.daemon(timedelta(hours=1))

    def sweep() -> None:
        beaten.wait(20)
        made.stop()

    crew.does["sweep"] = sweep
    threading.Timer(1.5, beaten.set).start()
    made.run()
    assert crew.beats >= 1


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
        pytest.param(
            JUMP.total_seconds() + 1, JUMP.total_seconds() + 1, id="forward"
        ),
        pytest.param(-3600, -3600, id="back"),
    ],
)
def test_a_clock_that_is_set_is_noticed_once(
    wrong: float, jump: float
) -> None:
    """Only a jump counts: neither a long wait between two looks, nor what is made up little by little."""
    virtual = Virtual()
    clocks = JumpWatch(virtual.now, virtual.monotonic)
    virtual.pass_by(700)
    assert not clocks.jump()
    virtual.pass_by(1, wrong=wrong)
    assert clocks.jump() == timedelta(seconds=jump)
    virtual.pass_by(1)
    assert not clocks.jump()


@pytest.mark.parametrize(
    ("hours", "changed", "sweep"),
    [
        pytest.param(
            -1, timedelta(minutes=1), timedelta(days=1), id="back by an hour"
        ),
        pytest.param(
            -1000, timedelta(minutes=1), timedelta(days=1), id="back by weeks"
        ),
        pytest.param(
            1, timedelta(0), timedelta(hours=23), id="forward by an hour"
        ),
        pytest.param(1000, timedelta(0), timedelta(0), id="forward by weeks"),
    ],
)
def test_jobs_are_set_with_the_clock(
    hours: int, changed: timedelta, sweep: timedelta
) -> None:
    """After a jump no job waits longer than its interval from now, and none for an instant that is over."""
    start = Virtual().wall
    now = start + timedelta(hours=hours)
    for interval, waits in (
        (timedelta(minutes=1), changed),
        (timedelta(days=1), sweep),
    ):
        assert after_jump(start + interval, now, interval) - now == waits


def test_polls_go_on_after_the_clock_was_set_back() -> None:
    """An hour that the machine lives through twice is no hour without a pass."""
    crew, polled, ended = Crew(), Event(), Event()
    start, again = CLOCK.now(), list[datetime]()
    made = crew.daemon(timedelta(milliseconds=300))

    def changed() -> None:
        polled.set()
        if CLOCK.now() < start:
            again.append(CLOCK.now())
        if len(again) == 3:
            ended.set()

    def set_back() -> None:
        assert polled.wait(20)
        with time_machine.travel(start - timedelta(hours=1)):
            ended.wait(20)
            made.stop()

    crew.does["changed"] = changed
    setting = threading.Thread(target=set_back)
    setting.start()
    with structlog.testing.capture_logs() as lines:
        made.run()
    setting.join()
    assert len(again) >= 3
    assert [line["event"] for line in lines].count("clock_jumped") == 1


def test_after_the_clock_was_set_back_due_requests_do_not_wait_for_it() -> (
    None
):
    """What a failed due pass put off until an instant of the old clock is not put off for an hour."""
    virtual = Virtual()
    alarm = Alarm(timedelta(minutes=1))
    upcoming = virtual.wall - timedelta(hours=2)
    alarm.wait_for_poll(virtual.wall)
    virtual.pass_by(1, wrong=-3600)
    alarm.clock_was_set()
    rings = alarm.next(upcoming, virtual.wall)
    assert rings is not None
    assert rings <= virtual.wall + timedelta(minutes=1)


def test_an_alarm_is_set_once_for_an_instant() -> None:
    """Whoever looks every second does not move it, and an instant that is over rings again."""
    now = Virtual().wall
    upcoming = now + timedelta(minutes=5)
    alarm = Alarm(timedelta(minutes=1))
    assert alarm.next(upcoming, now) == upcoming
    assert alarm.next(upcoming, now + timedelta(seconds=1)) is None
    assert alarm.next(upcoming, upcoming) == upcoming + SOON


def test_an_alarm_waits_for_the_poll_after_a_failure() -> None:
    """Until a pass succeeds."""
    now = Virtual().wall
    alarm = Alarm(timedelta(minutes=1))
    alarm.wait_for_poll(now)
    assert alarm.next(now, now) == now + timedelta(minutes=1)
    alarm.need_not_wait()
    assert alarm.next(now, now) == now + SOON


def test_instants_are_utc() -> None:
    """The clock that the daemon goes by gives aware UTC."""
    assert CLOCK.now().tzinfo is UTC
