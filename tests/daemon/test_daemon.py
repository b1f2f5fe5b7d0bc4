"""The daemon's own promises: the alarm, jobs that break, a drain that ends, nothing left behind."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from jsm_sla_bot import daemon
from jsm_sla_bot.app import SystemClock
from jsm_sla_bot.daemon import Daemon, Duties
from jsm_sla_bot.ports import PassReport

CLOCK = SystemClock()


def report(kind: str, failed: str | None = None) -> PassReport:
    """Return the report of a pass that did nothing."""
    now = CLOCK.now()
    return PassReport(kind, now, now, 0, 0, 0, 0, 0, failed=failed)


@dataclass
class Crew:
    """Duties that note what they were asked for; each can be given something to do."""

    asked: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    does: dict[str, Callable[[], object]] = field(default_factory=dict)
    upcoming: datetime | None = None
    aborted: Event = field(default_factory=Event)
    failed: str | None = None

    def duties(self) -> Duties:
        """Return them as the daemon takes them."""
        return Duties(
            changed=lambda: self._run("changed"),
            due=lambda: self._run("due"),
            sweep=lambda: self._run("sweep"),
            sweep_owed=lambda: "sweep" not in self.asked,
            next_due=lambda: self.upcoming,
            now=CLOCK.now,
            stop=lambda: self.asked.append("stop"),
            abort=self.aborted.set,
            reported=lambda _: None,
            broken=self._broken,
        )

    def _run(self, kind: str) -> PassReport:
        self.asked.append(kind)
        self.does.get(kind, lambda: None)()
        return report(kind, self.failed)

    def _broken(self, job: str, why: str | None) -> None:
        if why:
            self.broken[job] = why


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
    made = Daemon(replace(crew.duties(), sweep_owed=lambda: True), timedelta(milliseconds=50))

    def changed() -> None:
        polled.set()
        made.stop()

    crew.does |= {"sweep": lambda: polled.wait(20), "changed": changed}
    made.run()
    assert crew.asked.count("sweep") == 1


def test_a_write_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time for finishing, the daemon hangs up on the site and ends."""
    monkeypatch.setattr(daemon, "DRAIN_SECONDS", 0.2)
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


def test_instants_are_utc() -> None:
    """The clock that the daemon goes by gives aware UTC."""
    assert CLOCK.now().tzinfo is UTC
