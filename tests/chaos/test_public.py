"""Whatever happens: each public note is written once, to its readers, and nothing internal is ever public.

`make chaos` runs the long part (300 requests, a fortnight); a short part runs with the other tests.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from jsm_sandbox.play.administration import add_field
from jsm_sandbox.state import adf
from jsm_sandbox.state.requests import Comment
from jsm_sla_bot import app
from tests.chaos.etas import KIND_OF, early, eta_acts
from tests.chaos.life import AGENT, Act, life, play
from tests.chaos.test_chaos import (
    ATTEMPTS,
    Run,
    attempt,
    calm,
    lose_journal,
    once,
    trouble,
)
from tests.chaos.trouble import Executioner
from tests.chaos.unasked import unasked, with_unmeasured
from tests.scenarios.dormant_desk import CUSTOMER, WAYS
from tests.scenarios.world import BOT, World, configuration, world

NOTES = """
notes:
  registered: {within: 12 h}
  call_us: {within: 12 h}
  eta: {settles: 10 min}
  resolved: {tiers: [Expert, Knowledge], severities: [S1, S2, S3]}
"""
DORMANCY = """
dormancy:
  severities: [S1, S2, S3, S4]
  reminders: [1 business days, 1 business days]
  close_after: 1 business days
"""
KINDS = {"registered", "call_us", "eta", "resolved", "reminder"}
ALL_KINDS = {*KINDS, "closing"}


class Said(NamedTuple):
    """One comment of the bot's: whether the customer reads it, its markers, and what it says of an ETA."""

    is_public: bool
    markers: tuple[str, ...]
    eta: str = ""


@dataclass(slots=True)
class Lived:
    """What is left of a life: the bot's comments by request, and those that were ever public and internal at once."""

    said: dict[str, list[Said]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)


def acts_of(seed: int, requests: int, days: int) -> list[Act]:
    """Draw a life in which agents ask, close and reopen, and set ETAs, too; it ends a day after the last request."""
    chance = random.Random(f"closing {seed}")  # noqa: S311 - chance that repeats is the point
    acts = life(seed, requests, days)
    for raised in [act for act in acts if act.verb == "raise"]:
        if chance.random() < 0.4:
            asked = raised.after + timedelta(hours=chance.expovariate(1 / 12))
            acts.append(Act(asked, raised.request, "ask", {}))
        later = raised.after + timedelta(hours=chance.expovariate(1 / 24))
        if chance.random() < 0.5:
            acts.append(Act(later, raised.request, "resolve", {}))
            if chance.random() < 0.3:
                again = later + timedelta(hours=chance.expovariate(1 / 24))
                acts.append(Act(again, raised.request, "reopen", {}))
    acts = with_unmeasured(seed, acts)
    end = timedelta(days=days + 1)
    listed = [*acts, *eta_acts(seed, acts)]
    return sorted(one for one in listed if one.after <= end)


def act(desk: World, one: Act, keys: dict[int, str]) -> None:
    """Let it happen now."""
    if one.verb == "eta":
        key = keys[one.request]
        desk.tracker.set_field(key, "ETA", one.told["value"], as_=AGENT)
        return
    moves = {"resolve": "Resolved", "reopen": "In progress", "ask": CUSTOMER}
    if one.verb == "ask":
        desk.tracker.comment(keys[one.request], "Which version?", as_=AGENT)
    if one.verb not in moves:
        play(desk.tracker, one, keys)
        return
    with suppress(LookupError):  # it is there already, or the way is closed
        desk.tracker.transition(keys[one.request], moves[one.verb], as_=AGENT)


def steps(
    run: Run, acts: list[Act], days: int, step: timedelta
) -> Iterator[timedelta]:
    """Let time pass in steps; what people do falls into its step."""
    waiting, now = list(acts), timedelta(0)
    begun = run.desk.hands.instant
    while waiting or now < timedelta(days=days):
        now += step
        while waiting and waiting[0].after <= now:
            one = waiting.pop(0)
            run.desk.hands.instant = begun + one.after
            act(run.desk, one, run.keys)
        run.desk.hands.instant = begun + now
        yield now


def ours(desk: World) -> Iterator[tuple[str, Comment]]:
    """Yield the bot's comments with their requests' keys."""
    for issue in list(desk.tracker.issues.values()):
        for comment in issue.comments:
            if comment.author.name == BOT:
                yield issue.key, comment


def said(comment: Comment) -> Said:
    """Return what a comment says it is."""
    own = comment.properties.get("jsm-sla-bot")
    listed = own.get("markers") if isinstance(own, dict) else None
    found = listed if isinstance(listed, list) else []
    text = adf.to_text(comment.body)
    return Said(
        comment.public,
        tuple(str(one) for one in found),
        eta=text if "ETA" in text or "expect" in text else "",
    )


def look(desk: World, lived: Lived) -> None:
    """Look for leaks: at every step, not at the end only."""
    for key, comment in ours(desk):
        is_public, markers, _ = said(comment)
        meant = bool(markers) and all(
            one.startswith("public:") for one in markers
        )
        if is_public is not meant:
            lived.leaks.append(f"{key}: {markers}")


def left(desk: World, lived: Lived) -> Lived:
    """Return what is left at the end, once no note has been read where or when it must not be."""
    assert early(desk) == []
    assert unasked(desk) == []
    for key, comment in ours(desk):
        lived.said.setdefault(key, []).append(said(comment))
    for each in lived.said.values():
        each.sort()
    return lived


def prepared(folder: Path) -> Path:
    """Make a configuration with the public notes on, and a field for ETAs."""
    folder.mkdir()
    file = configuration(folder) / "policy.yaml"
    file.write_text(file.read_text() + NOTES + DORMANCY)
    jira = configuration(folder) / "jira.yaml"
    text = jira.read_text()
    text = text.replace("fields:\n", "fields:\n  eta: ETA\n", 1)
    named = f"statuses:\n  waiting: [{CUSTOMER}]\n"
    jira.write_text(text.replace("statuses:\n", named, 1) + WAYS)
    return folder


def quiet(
    folder: Path, acts: list[Act], days: int, step: timedelta, kind: str
) -> Lived:
    """Let the life go by with nothing going wrong."""
    lived = Lived()
    with world(prepared(folder)) as desk, desk.bot() as made:
        add_field(desk.tracker, "ETA", kind)
        for _ in steps(Run(desk), acts, days, step):
            once(made)
            look(desk, lived)
        return left(desk, lived)


def wild(
    folder: Path,
    seed: int,
    acts: list[Act],
    days: int,
    step: timedelta,
    kind: str,
) -> Lived:
    """Let the same life go by with everything going wrong; each step ends with a calm pass."""
    chance = random.Random(f"trouble {seed}")  # noqa: S311 - chance that repeats is the point
    axe = Executioner(chance, 0.03)
    lived = Lived()
    with world(prepared(folder)) as desk:
        add_field(desk.tracker, "ETA", kind)
        run = Run(desk)
        for _ in steps(run, acts, days, step):
            trouble(desk, chance, list(run.keys.values()))
            for _ in range(chance.randrange(ATTEMPTS + 1)):
                attempt(desk, axe)
                look(desk, lived)
                if chance.random() < 0.1:
                    lose_journal(folder)
            calm(desk)
            with app.bot(
                desk.settings(WORKERS="1"),
                clock=desk.hands,
                options=Executioner(chance, 0).options(desk),
            ) as made:
                assert once(made)
            look(desk, lived)
        return left(desk, lived)


def compare(
    folder: Path,
    seed: int,
    requests: int,
    days: int,
    step: timedelta,
    expected: set[str],
) -> None:
    """Live the same life quietly and wildly."""
    acts = acts_of(seed, requests, days)
    kind = KIND_OF[seed % 2]
    calmly = quiet(folder / "quiet", acts, days, step, kind)
    wildly = wild(folder / "wild", seed, acts, days, step, kind)
    assert calmly.leaks == []
    assert wildly.leaks == []
    public = [one for each in calmly.said.values() for one in each if one[0]]
    kinds = {marker.split(":")[1] for one in public for marker in one.markers}
    assert kinds == expected
    for each in wildly.said.values():
        markers = [marker for one in each for marker in one.markers]
        assert len(markers) == len(set(markers))
    assert wildly.said == calmly.said


@pytest.mark.slow
def test_a_short_life(tmp_path: Path) -> None:
    """Some requests, three days: each note once, none before or after its time, no leak at any moment."""
    compare(tmp_path, 1, 40, 2, timedelta(hours=8), KINDS)


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(200, 206))
def test_an_ordinary_fortnight(tmp_path: Path, seed: int) -> None:
    """Three hundred requests in a fortnight, with all that can go wrong at once and the bot killed again and again."""
    compare(tmp_path, seed, 300, 14, timedelta(hours=3), ALL_KINDS)
