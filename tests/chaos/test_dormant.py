"""Whatever happens: each reminder and closing is written once and in its time, and each request is closed once for it.

`make chaos` runs the long part (300 requests, three weeks); a short part runs with the other tests.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from jsm_sla_bot import app
from tests.chaos.life import Act
from tests.chaos.silences import act, moves, silences, untimely
from tests.chaos.test_chaos import (
    ATTEMPTS,
    attempt,
    calm,
    lose_journal,
    once,
    trouble,
)
from tests.chaos.trouble import Executioner
from tests.chaos.unasked import public_markers
from tests.scenarios.dormant_desk import turn_on
from tests.scenarios.world import BOT, World, world


@dataclass(frozen=True, slots=True)
class Lived:
    """What is left of a life: public markers, statuses, and the bot's transitions with their instants, by request."""

    said: dict[str, list[str]]
    statuses: dict[str, str]
    moves: dict[str, list[object]]


def steps(
    desk: World,
    acts: list[Act],
    days: int,
    step: timedelta,
    keys: dict[int, str],
) -> Iterator[None]:
    """Let time pass in steps; what people do falls into its step."""
    waiting, now = list(acts), timedelta(0)
    begun = desk.hands.instant
    while waiting or now < timedelta(days=days):
        now += step
        while waiting and waiting[0].after <= now:
            one = waiting.pop(0)
            desk.hands.instant = begun + one.after
            act(desk, one, keys)
        desk.hands.instant = begun + now
        yield


def quiet(folder: Path, acts: list[Act], days: int, step: timedelta) -> Lived:
    """Let the life go by with nothing going wrong."""
    folder.mkdir()
    with world(folder) as desk, turn_on(desk).bot() as made:
        for _ in steps(desk, acts, days, step, {}):
            once(made)
        return left(desk)


def wild(
    folder: Path, seed: int, acts: list[Act], days: int, step: timedelta
) -> Lived:
    """Let the same life go by with everything going wrong; each step ends with a calm pass."""
    folder.mkdir()
    chance = random.Random(f"trouble {seed}")  # noqa: S311 - chance that repeats is the point
    axe = Executioner(chance, 0.03)
    keys: dict[int, str] = {}
    with world(folder) as desk:
        turn_on(desk)
        for _ in steps(desk, acts, days, step, keys):
            trouble(desk, chance, list(keys.values()))
            for _ in range(chance.randrange(ATTEMPTS + 1)):
                attempt(desk, axe)
                if chance.random() < 0.1:
                    lose_journal(folder)
            calm(desk)
            with app.bot(
                desk.settings(WORKERS="1"),
                clock=desk.hands,
                options=Executioner(chance, 0).options(desk),
            ) as made:
                assert once(made)
        return left(desk)


def left(desk: World) -> Lived:
    """Return what is left at the end, once nothing was said too early, and no note to agents twice or in public."""
    assert untimely(desk) == []
    issues = list(desk.tracker.issues.values())
    for issue in issues:
        ours = [each for each in issue.comments if each.author.name == BOT]
        marked = [str(each.properties.get("jsm-sla-bot")) for each in ours]
        assert max(Counter(marked).values(), default=1) == 1
        assert all(each.public is bool(public_markers(each)) for each in ours)
    return Lived(
        said={
            issue.key: sorted(
                marker
                for each in issue.comments
                for marker in public_markers(each)
            )
            for issue in issues
        },
        statuses={issue.key: issue.status_name for issue in issues},
        moves={issue.key: list(moves(issue)) for issue in issues},
    )


def compare(
    folder: Path, seed: int, requests: int, days: int, step: timedelta
) -> None:
    """Live the same life quietly and wildly."""
    acts = silences(seed, requests, days)
    calmly = quiet(folder / "quiet", acts, days, step)
    wildly = wild(folder / "wild", seed, acts, days, step)
    kinds = {
        marker.split(":")[1]
        for each in calmly.said.values()
        for marker in each
    }
    assert kinds == {"reminder", "closing"}
    for each in wildly.said.values():
        assert len(each) == len(set(each))
    assert wildly == calmly


@pytest.mark.slow
def test_a_short_life(tmp_path: Path) -> None:
    """A dozen requests, three weeks: each step once and in its time, the same as where nothing goes wrong."""
    compare(tmp_path, 1, 12, 21, timedelta(hours=24))


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(300, 304))
def test_three_weeks(tmp_path: Path, seed: int) -> None:
    """Three hundred requests, with all that can go wrong at once and the bot killed again and again."""
    compare(tmp_path, seed, 300, 21, timedelta(hours=12))
