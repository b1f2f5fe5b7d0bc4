"""A machine whose clock is wrong: requests are judged by the site's time, and looked at when it is time there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from jsm_sla_bot import app
from tests.scenarios.world import Hands, World

MINUTE = timedelta(minutes=1)


@dataclass
class Wrong:
    """A clock that is wrong by a fixed time."""

    right: Hands
    ahead: timedelta

    def now(self) -> datetime:
        """Return what it shows."""
        return self.right.now() + self.ahead


@pytest.mark.parametrize(
    "ahead",
    [60 * MINUTE, -60 * MINUTE, MINUTE / 12],
    ids=["fast", "slow", "a little fast"],
)
def test_a_wrong_clock_breaches_nothing_early_or_late(
    desk: World, ahead: timedelta
) -> None:
    """Nothing is told before its time at the site, and everything at it; the agenda is kept by our own clock."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    clock = Wrong(desk.hands, ahead)
    options = desk.options()
    with app.bot(desk.settings(), clock=clock, options=options) as made:
        made.reconciler.sweep()
        for status in ("At risk", "Breached"):
            upcoming = made.reconciler.next_due()
            assert upcoming
            desk.hands.instant += upcoming - clock.now() - MINUTE
            assert made.reconciler.due().writes == 0
            desk.hands.instant += MINUTE
            assert made.reconciler.due().writes > 0
            assert desk.shows(key, "Response SLA") == status
            made.reconciler.due()
        assert desk.hands.now() - desk.shows(key, "Response due") < timedelta(
            seconds=1
        )
        assert made.reconciler.sweep().writes == 0
        assert abs(made.reconciler.skew + ahead) < timedelta(seconds=1)


def test_a_little_difference_is_the_way_of_the_answer(desk: World) -> None:
    """Our own clock is believed, so that the agenda does not shift with every answer."""
    desk.tracker.raise_request(organization=12, severity=1)
    clock = Wrong(desk.hands, timedelta(seconds=1))
    with app.bot(desk.settings(), clock=clock, options=desk.options()) as made:
        made.reconciler.sweep()
        assert made.reconciler.next_due() == made.journal.next_change_at()
