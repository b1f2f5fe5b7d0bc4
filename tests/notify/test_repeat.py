"""What is said again while nobody answers, and when nobody is to be woken (R10)."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.notify.stored import read
from jsm_sla_bot.notify.teller import Teller
from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.ports.journal.outbox import Outbox, Outgoing
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify_plan import NotifyPlan, Route
from jsm_sla_bot.ports.quiet_hours import QuietHours
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import ClockKind
from tests.sla.contract import POLICY, local

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = QuietHours(time(22), time(7))
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Open an outbox."""
    return open_journal(f"sqlite:///{tmp_path / 'journal.db'}").outbox


class Scene:
    """One breached request, a chat, and a sender that takes all that may be sent."""

    def __init__(self, outbox: Outbox, route: Route, clock: ClockKind) -> None:
        self.outbox = outbox
        self.plan = NotifyPlan(routes=(route,))
        self.clock = clock

    def at(
        self, text: str, status: SlaStatus = SlaStatus.BREACHED
    ) -> list[str]:
        """Look at the desk at a local time, and return the titles of what is sent then."""
        now = local(text)
        state = RequestState(
            "SUP-1",
            status,
            severity=1,
            tier="Expert",
            organization="11",
            due=local("2026-03-02 15:00"),
            answered_at=None,
            is_open=status is SlaStatus.BREACHED,
            clock=self.clock,
        )
        view = DeskView(
            self.plan, POLICY, "https://x.example", [state], now, is_whole=True
        )
        Teller(self.outbox).tell(view)
        return [self._sent(each, now) for each in self.outbox.due("chat", now)]

    def _sent(self, each: Outgoing, now: datetime) -> str:
        self.outbox.trying([each], now, None)
        self.outbox.sent([each], now, None)
        return read(each.body).title.partition(") ")[2].partition(":")[0]


def test_it_is_said_again_until_somebody_answers(outbox: Outbox) -> None:
    """Each time once, however often the desk is looked at; a late look says it once, too."""
    route = Route(("chat",), repeat=HALF_AN_HOUR)
    scene = Scene(outbox, route, ClockKind.ROUND_THE_CLOCK)
    assert scene.at("2026-03-02 15:00") == ["is late"]
    assert scene.at("2026-03-02 15:29") == []
    assert scene.at("2026-03-02 15:30") == ["is still late"]
    assert scene.at("2026-03-02 15:31") == []
    assert scene.at("2026-03-02 17:10") == ["is still late"]
    assert scene.at("2026-03-02 17:20") == []
    assert len(scene.at("2026-03-02 17:21", SlaStatus.MET_LATE)) == 1
    assert scene.at("2026-03-02 19:00", SlaStatus.MET_LATE) == []


def test_it_is_counted_on_the_targets_own_clock(outbox: Outbox) -> None:
    """In business hours for a target of business hours: nobody is told again at night."""
    route = Route(("chat",), repeat=timedelta(hours=2))
    scene = Scene(outbox, route, ClockKind.BUSINESS)
    assert scene.at("2026-03-02 16:00") == ["is late"]
    assert scene.at("2026-03-02 23:00") == []
    assert scene.at("2026-03-03 08:59") == []
    hours = [scene.at(f"2026-03-03 {hour:02}:00") for hour in range(9, 12)]
    assert hours.count(["is still late"]) == 1


def test_without_repeat_it_is_said_once(outbox: Outbox) -> None:
    """As before."""
    scene = Scene(outbox, Route(("chat",)), ClockKind.ROUND_THE_CLOCK)
    assert scene.at("2026-03-02 15:00") == ["is late"]
    assert scene.at("2026-03-09 15:00") == []


def test_quiet_hours_wait_for_the_morning(outbox: Outbox) -> None:
    """Nothing is sent at night, and it is said again half an hour after it was said."""
    route = Route(("chat",), repeat=HALF_AN_HOUR, quiet=NIGHT)
    scene = Scene(outbox, route, ClockKind.ROUND_THE_CLOCK)
    assert scene.at("2026-03-02 23:00") == []
    assert scene.at("2026-03-03 06:59") == []
    assert scene.at("2026-03-03 07:00") == ["is late"]
    assert scene.at("2026-03-03 07:29") == []
    assert scene.at("2026-03-03 07:30") == ["is still late"]
    assert scene.at("2026-03-03 23:30") == []
    assert scene.at("2026-03-04 07:00") == ["is still late"]


def test_what_is_over_in_the_morning_is_not_told(outbox: Outbox) -> None:
    """Somebody answered at night: nobody has to hear of it."""
    scene = Scene(
        outbox, Route(("chat",), quiet=NIGHT), ClockKind.ROUND_THE_CLOCK
    )
    assert scene.at("2026-03-02 23:00") == []
    assert scene.at("2026-03-03 01:00", SlaStatus.MET_LATE) == []
    assert scene.at("2026-03-03 07:00", SlaStatus.MET_LATE) == []


@pytest.mark.parametrize(
    ("hours", "now", "over"),
    [
        ("22:00-07:00", "2026-03-02 21:59", None),
        ("22:00-07:00", "2026-03-02 22:00", "2026-03-03 07:00"),
        ("22:00-07:00", "2026-03-03 06:59", "2026-03-03 07:00"),
        ("22:00-07:00", "2026-03-03 07:00", None),
        ("12:00-13:00", "2026-03-02 12:30", "2026-03-02 13:00"),
        ("12:00-13:00", "2026-03-02 13:00", None),
        ("00:00-06:00", "2026-03-02 00:00", "2026-03-02 06:00"),
        # The clock is set forward at 02:00, and back at 03:00.
        ("22:00-07:00", "2026-03-28 23:00", "2026-03-29 07:00"),
        ("22:00-07:00", "2026-10-24 23:00", "2026-10-25 07:00"),
    ],
)
def test_when_quiet_hours_are_over(
    hours: str, now: str, over: str | None
) -> None:
    """By the clock on the wall, past midnight and on the days on which it is set."""
    begins, ends = map(time.fromisoformat, hours.split("-"))
    found = QuietHours(begins, ends).over_at(local(now), STOCKHOLM)
    assert found == (local(over) if over else None)
    assert found is None or found.tzinfo is UTC
