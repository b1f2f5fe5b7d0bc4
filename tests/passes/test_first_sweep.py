"""A first sweep next to other passes, cut short at any point: what it owes is owed until it has completed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from jsm_sla_bot import app
from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.passes import one_pass
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.journal import AdmittedPolicy
from jsm_sla_bot.ports.site import (
    ChangeSink,
    Fetched,
    Receipt,
    RequestSource,
    Seen,
)
from jsm_sla_bot.ports.site_identity import SiteIdentity
from jsm_sla_bot.ports.site_problems import SiteProblems
from tests.scenarios.world import World

SELECTING = 3
"""The step at which a pass asks for the projects, having asked who we are and what time it is."""
STEPS = 14
"""More steps than the sweep of this desk has: the last of them are never reached."""


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Steps:
    """Counts what a pass does to the site; before each step something else happens, and at one it is killed."""

    kill_at: int
    happens: Callable[[], object]
    taken: int = 0
    is_dead: bool = False
    is_busy: bool = False

    def step(self) -> None:
        """Take one step of the sweep; those of the pass that happens in between don't count."""
        if self.is_busy:
            return
        self.taken += 1
        self.is_dead = self.is_dead or self.taken >= self.kill_at
        if self.is_dead:
            raise Killed
        self.is_busy = True
        self.happens()
        self.is_busy = False


@dataclass
class Source:
    """A source of requests, step by step."""

    source: RequestSource
    steps: Steps

    def check_identity(self) -> str:
        """Ask who we are."""
        self.steps.step()
        return self.source.check_identity()

    def server_time(self) -> datetime:
        """Ask what time it is."""
        self.steps.step()
        return self.source.server_time()

    def site(self) -> SiteIdentity:
        """Ask which site it is."""
        return self.source.site()

    def scope(self) -> frozenset[str]:
        """Ask for the projects."""
        self.steps.step()
        return self.source.scope()

    def warnings(self) -> Sequence[str]:
        """Ask nothing."""
        return self.source.warnings()

    def problems(self) -> SiteProblems:
        """Know of none."""
        return SiteProblems()

    def changed_since(self, since: datetime) -> Iterable[Seen]:
        """Search for what was changed."""
        self.steps.step()
        return self.source.changed_since(since)

    def open_or_changed_since(self, since: datetime) -> Iterable[Seen]:
        """Search for everything."""
        self.steps.step()
        return self.source.open_or_changed_since(since)

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read."""
        self.steps.step()
        return self.source.fetch(ids)


@dataclass
class Sink:
    """A sink for changes, step by step."""

    sink: ChangeSink
    steps: Steps

    def apply(self, plan: Plan) -> Receipt:
        """Write."""
        self.steps.step()
        return self.sink.apply(plan)

    def standing(
        self, request_id: str, claimed: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Look."""
        return self.sink.standing(request_id, claimed)

    def tidy(self, request_id: str) -> int:
        """Tidy."""
        return self.sink.tidy(request_id)


def furnish(desk: World) -> list[str]:
    """Raise requests that were answered and closed within the lookback of 14 days; return their keys."""
    raised = desk.hands.instant - timedelta(days=13, hours=12)
    keys = []
    for _ in range(4):
        key = desk.tracker.raise_request(
            organization=12, severity=3, at=raised
        )
        answered = raised + timedelta(minutes=30)
        closed = raised + timedelta(hours=1)
        desk.tracker.comment(key, "Done.", as_="Mia Lindqvist", at=answered)
        desk.tracker.transition(key, "Closed", as_="Mia Lindqvist", at=closed)
        keys.append(key)
    desk.tracker.raise_request(organization=12, severity=3)
    return keys


def admitted(made: app.Bot) -> app.Bot:
    """Let the policy be let through already, so that passes begin next to each other."""
    made.journal.remember(AdmittedPolicy(made.configuration.policy.hash))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("kill_at", range(1, STEPS))
def test_what_a_first_sweep_owes_is_owed_after_a_kill(
    desk: World, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a *changed* pass before each step of the sweep and a kill at any of them, closed requests get their fields.

    The next start is a day later, when some of them are older than the lookback.
    """
    monkeypatch.setattr(one_pass, "CHUNK", 2)
    closed = furnish(desk)
    with desk.bot(WORKERS="1") as made:
        admitted(made)
        steps = Steps(kill_at, made.reconciler.changed)
        source = Source(made.connection.source, steps)
        sink = Sink(made.connection.sink, steps)
        made.reconciler.adopt(rules_of(made.configuration), source, sink)
        with suppress(Killed):
            made.reconciler.sweep()
        assert (made.journal.watermark() is None) == steps.is_dead
    began = steps.taken > SELECTING - 1
    desk.wait(days=1 if began else 0)
    with desk.bot() as made:
        made.reconciler.changed()
        made.reconciler.sweep()
    assert [desk.shows(key, "Response SLA") for key in closed] == ["Met"] * 4


def test_a_changed_pass_that_began_before_the_first_sweep_moves_no_watermark(
    desk: World,
) -> None:
    """Whether it may and how far it looks back are decided at once: a sweep that begins in between changes neither."""
    closed = furnish(desk)
    with desk.bot(WORKERS="1") as made:
        admitted(made)
        steps = Steps(
            kill_at=STEPS * 9, happens=lambda: begin_a_sweep(made, steps)
        )
        source = Source(made.connection.source, steps)
        sink = Dying(made.connection.sink, steps)
        made.reconciler.adopt(rules_of(made.configuration), source, sink)
        assert made.reconciler.changed().failed is None
        assert made.journal.watermark() is None
    desk.sweep()
    assert [desk.shows(key, "Response SLA") for key in closed] == ["Met"] * 4


@dataclass
class Dying(Sink):
    """A sink that kills the sweep that writes to it."""

    def apply(self, plan: Plan) -> Receipt:
        """Write what the other pass writes."""
        if self.steps.is_busy:
            raise Killed
        return self.sink.apply(plan)


def begin_a_sweep(made: app.Bot, steps: Steps) -> None:
    """Let a sweep begin and die, at the moment at which the other pass selects."""
    if steps.taken != SELECTING:
        return
    with pytest.raises(Killed):
        made.reconciler.sweep()
