"""What a lead reads at the opening of a day (R10)."""

from datetime import timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.notify.morning import morning
from jsm_sla_bot.notify.stored import read
from jsm_sla_bot.notify.teller import Teller
from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify_plan import NotifyPlan
from jsm_sla_bot.sla.assessment import SlaStatus
from tests.sla.contract import POLICY, local

PLAN = NotifyPlan(digest=("chat", "lead"))


def state(
    key: str, due: str, status: SlaStatus = SlaStatus.RUNNING
) -> RequestState:
    """Return an open request."""
    return RequestState(
        key,
        status,
        severity=2,
        tier="Knowledge",
        organization="12",
        due=local(due),
        answered_at=None,
        is_open=True,
    )


DESK = [
    state("SUP-1", "2026-03-03 16:00"),
    state("SUP-2", "2026-03-03 10:00", SlaStatus.AT_RISK),
    state("SUP-3", "2026-03-04 10:00"),
    state("SUP-4", "2026-03-02 16:30", SlaStatus.BREACHED),
    state("SUP-5", "2026-02-20 16:30", SlaStatus.BREACHED),
]


def view(now: str, *states: RequestState, is_whole: bool = True) -> DeskView:
    """Look at a desk."""
    site = "https://x.example"
    return DeskView(PLAN, POLICY, site, states, local(now), is_whole=is_whole)


def test_it_says_what_is_due_and_what_is_late() -> None:
    """Today's by their due times, and what has become late since the last opening; nothing older."""
    found = morning(view("2026-03-03 09:00", *DESK))
    assert found
    assert found.title == (
        "First responses: 2 are due today, 1 is late since the last opening"
    )
    keys = [line.partition(" ")[0] for line in found.lines]
    assert keys == ["Due", "SUP-2", "SUP-1", "Late", "SUP-4"]


def test_on_a_monday_it_looks_back_to_friday() -> None:
    """The last opening was on Friday, and at Easter on Thursday."""
    late = state("SUP-1", "2026-03-06 16:59", SlaStatus.BREACHED)
    found = morning(view("2026-03-09 09:00", late))
    assert found
    assert "1 is late" in found.title
    quiet = morning(view("2026-03-10 09:00", late))
    assert quiet
    assert quiet.title == (
        "First responses: none is due today, none is late since the last opening"
    )


def test_closed_days_are_named_ahead() -> None:
    """Holidays of the next fortnight, no weekends."""
    found = morning(view("2026-03-30 09:00"))
    assert found
    assert any(
        line.startswith("Closed on Fri 2026-04-03: ") for line in found.lines
    )
    assert not any("2026-04-04" in line for line in found.lines)


@pytest.mark.parametrize(
    "now",
    ["2026-03-03 08:59", "2026-03-03 11:00", "2026-03-07 09:30"],
    ids=["before the opening", "two hours later", "on a Saturday"],
)
def test_at_other_times_there_is_none(now: str) -> None:
    """Nobody reads it then."""
    assert morning(view(now, *DESK)) is None


def test_it_is_told_once_to_each_channel(tmp_path: Path) -> None:
    """However often the desk is looked at, after a restart too, and only once all of it is known."""
    journal = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    outbox = journal.outbox
    Teller(outbox).tell(view("2026-03-03 09:00", *DESK, is_whole=False))
    later = local("2026-03-03 12:00")
    assert not [
        each for each in outbox.due("lead", later) if each.rung == "opening"
    ]
    for minutes in (5, 10, 15):
        at = local("2026-03-03 09:00") + timedelta(minutes=minutes)
        desk = DeskView(
            PLAN, POLICY, "https://x.example", DESK, at, is_whole=True
        )
        Teller(outbox).tell(desk)
    for channel in PLAN.digest:
        (found,) = outbox.due(channel, later)
        assert read(found.body).title.startswith("First responses: 2 are due")
    Teller(outbox).tell(view("2026-03-04 09:00", *DESK))
    assert len(outbox.due("lead", local("2026-03-04 10:00"))) == 2
    open_now = [
        each for each in outbox.open_stories() if each.rung == "opening"
    ]
    assert len(open_now) == len(PLAN.digest)
    journal.close()
