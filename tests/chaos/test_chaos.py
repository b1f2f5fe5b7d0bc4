"""Whatever happens: at the end the desk shows what it shows after an undisturbed run, and was told everything once.

`make chaos` runs the long part (500 requests, a fortnight, 20 seeds); a short part runs with the other tests. A
failure names its seed in brackets: `make chaos ARGS='-k 117'` runs that one again.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot import app
from tests.chaos.life import life, play
from tests.chaos.trouble import CALM, SWITCHES, Executioner, KilledError, order
from tests.scenarios.world import BOT, World, world

FIELDS = (
    "Support tier",
    "Response due",
    "Response SLA",
    "Response target",
    "Acknowledged at",
    "SLA basis",
)
ATTEMPTS = 3


@dataclass(slots=True)
class Run:
    """One life of the desk, and what was written in it."""

    desk: World
    keys: dict[int, str] = field(default_factory=dict)
    escalations: Counter[str] = field(default_factory=Counter)
    idle_writes: list[str] = field(default_factory=list)

    def tell(self) -> None:
        """Take note of the writes since the last time, and forget them."""
        doubtful: set[str] = set()
        with self.desk.tracker.lock:
            for entry in self.desk.tracker.journal.entries:
                if not entry.writes:
                    continue
                if (
                    entry.applied
                    and not entry.changed
                    and entry.path not in doubtful
                ):
                    met = sorted(
                        {
                            each.fault
                            for each in self.desk.tracker.journal.entries
                            if each.fault
                        }
                    )
                    self.idle_writes.append(
                        f"{entry.method} {entry.path} at {entry.at}, amid {met}"
                    )
                if entry.fault:
                    doubtful.add(
                        entry.path
                    )  # its answer was lost: a PUT to fixed values is then sent again
                self.escalations.update(
                    each.key for each in entry.changed if each.what == "status"
                )
            self.desk.tracker.journal.entries.clear()

    def state(self) -> dict[str, Any]:
        """Return what people read: fields, priority, status, and every note of the bot's."""
        return {
            issue.key: _shown(self.desk.tracker, issue.key)
            for issue in self.desk.tracker.issues.values()
        }

    def public(self) -> list[str]:
        """Return the bot's comments that a customer can read."""
        issues = self.desk.tracker.issues.values()
        return [
            issue.key
            for issue in issues
            for each in issue.comments
            if each.author.name == BOT and each.public
        ]


def _shown(tracker: Tracker, key: str) -> dict[str, Any]:
    issue = tracker.issue(key)
    fields = {
        name: issue.fields.get(tracker.site.field_id(name)) for name in FIELDS
    }
    notes = sorted(
        str(each.properties.get("jsm-sla-bot"))
        for each in issue.comments
        if each.author.name == BOT
    )
    return {
        **fields,
        "status": issue.status_name,
        "priority": issue.fields["priority"],
        "notes": notes,
    }


def quiet_run(
    folder: Path, seed: int, requests: int, days: int, step: timedelta
) -> Run:
    """Let the life go by with nothing going wrong."""
    with world(folder) as desk, desk.bot() as made:
        run = Run(desk)
        for _ in steps(run, seed, requests, days, step):
            once(made)
            run.tell()
        return run


def wild_run(
    folder: Path, seed: int, requests: int, days: int, step: timedelta
) -> Run:
    """Let the same life go by with everything going wrong; each step ends with a calm pass."""
    chance = random.Random(f"trouble {seed}")  # noqa: S311 - chance that repeats is the point
    axe = Executioner(chance, 0.02)
    with world(folder) as desk:
        run = Run(desk)
        for _ in steps(run, seed, requests, days, step):
            trouble(desk, chance, list(run.keys.values()))
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
            run.tell()
        return run


def steps(
    run: Run, seed: int, requests: int, days: int, step: timedelta
) -> Any:
    """Let time pass in steps; what people do falls into its step."""
    acts, now = life(seed, requests, days), timedelta(0)
    begun = run.desk.hands.instant
    while acts or now < timedelta(days=days):
        now += step
        while acts and acts[0].after <= now:
            act = acts.pop(0)
            run.desk.hands.instant = begun + act.after
            play(run.desk.tracker, act, run.keys)
        run.desk.hands.instant = begun + now
        yield now


def attempt(desk: World, axe: Executioner) -> None:
    """Start the bot under all that trouble; it may well be killed."""
    with (
        suppress(KilledError),
        app.bot(
            desk.settings(WORKERS="1"),
            clock=desk.hands,
            options=axe.options(desk),
        ) as made,
    ):
        once(made)


def once(made: app.Bot) -> bool:
    """Do what the daemon does at its start or at its poll: a sweep if one is owed, else changed and due."""
    owed = made.sweep_owed() or made.journal.set_aside_requests()
    reports = (
        [made.reconciler.sweep()]
        if owed
        else [made.reconciler.changed(), made.reconciler.due()]
    )
    for report in reports:
        made.reported(report)
    return not any(report.failed or report.set_aside for report in reports)


def trouble(desk: World, chance: random.Random, keys: list[str]) -> None:
    """Order some faults and turn some switches."""
    for each in order(chance, keys):
        desk.tracker.faults.place(each)
    for name, value in chance.choice(SWITCHES).items():
        setattr(desk.tracker.switches, name, value)


def calm(desk: World) -> None:
    """Take all trouble back."""
    desk.tracker.faults.clear()
    for name, value in CALM.items():
        setattr(desk.tracker.switches, name, value)


def lose_journal(folder: Path) -> None:
    """Delete the journal."""
    for file in folder.glob("journal.db*"):
        file.unlink()


def compare(
    folder: Path, seed: int, requests: int, days: int, step: timedelta
) -> None:
    """Live the same life quietly and wildly, and compare what is left of it."""
    (folder / "quiet").mkdir()
    (folder / "wild").mkdir()
    quiet = quiet_run(folder / "quiet", seed, requests, days, step)
    wild = wild_run(folder / "wild", seed, requests, days, step)
    assert quiet.idle_writes == []
    assert wild.idle_writes == []
    assert wild.public() == []
    ours, theirs = wild.state(), quiet.state()
    different = [
        line
        for key in theirs
        for line in _differences(key, theirs[key], ours[key])
    ]
    assert not different, "\n".join(different)
    assert wild.escalations == quiet.escalations


def _differences(
    key: str, quiet: dict[str, Any], wild: dict[str, Any]
) -> list[str]:
    return [
        f"{key} {name}: {quiet[name]!r} became {wild[name]!r}"
        for name in quiet
        if quiet[name] != wild[name]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_life(tmp_path: Path, seed: int) -> None:
    """Sixty requests, three days: the same end, every note once, no write that changes nothing."""
    compare(tmp_path, seed, 60, 3, timedelta(hours=6))


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(100, 120))
def test_an_ordinary_fortnight(tmp_path: Path, seed: int) -> None:
    """Five hundred requests in a fortnight, with all that can go wrong at once and the bot killed again and again."""
    compare(tmp_path, seed, 500, 14, timedelta(hours=3))
