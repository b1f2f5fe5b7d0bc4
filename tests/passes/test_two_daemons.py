"""Two daemons by mistake, each with a journal of its own, on one site: nothing is done twice that counts once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from jsm_sla_bot import app
from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.passes.recent import LONG
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import Receipt
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"
BOT = "SLA Bot"
A_LONG_PAUSE = LONG.total_seconds() + 1


@contextmanager
def two(desk: World, **changes: str) -> Iterator[tuple[app.Bot, app.Bot]]:
    """Start two bots, each with its own journal."""
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(
                desk.bot(
                    JOURNAL_URL=f"sqlite:///{desk.folder / name}.db",
                    WORKERS="1",
                    **changes,
                )
            )
            for name in ("one", "two")
        )
        yield first, second


@dataclass
class Between:
    """A sink that lets something happen before each plan is written."""

    made: app.Bot
    happens: Callable[[Plan], object]

    def apply(self, plan: Plan) -> Receipt:
        """Let it happen, then write."""
        self.happens(plan)
        return self.made.connection.sink.apply(plan)

    def standing(
        self, request_id: str, claimed: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Look for notes."""
        return self.made.connection.sink.standing(request_id, claimed)

    def tidy(self, request_id: str) -> int:
        """Tidy."""
        return self.made.connection.sink.tidy(request_id)


def before_each_write(
    made: app.Bot, happens: Callable[[Plan], object]
) -> None:
    """Let something happen before each plan of a bot is written."""
    sink = Between(made, happens)
    rules = rules_of(made.configuration)
    made.reconciler.adopt(rules, made.connection.source, sink)


def breached(desk: World, count: int) -> list[str]:
    """Raise requests whose first answer is overdue."""
    keys = [
        desk.tracker.raise_request(
            organization=11,
            severity=1,
            product="Outscan NX",
            priority="P3 Normal",
        )
        for _ in range(count)
    ]
    desk.wait(days=1, hours=1)
    return keys


def own(desk: World, key: str, field: str) -> int:
    """Count how often the bots have changed a field of a request."""
    history = desk.tracker.issue(key).history
    ours = [entry for entry in history if entry.author.name == BOT]
    return sum(
        item.field_id == field for entry in ours for item in entry.items
    )


def puts(desk: World) -> int:
    """Count the edits that the site was asked for."""
    return sum(call["method"] == "PUT" for call in desk.calls())


def come_to_rest(desk: World, *bots: app.Bot) -> None:
    """Let both look at everything again, in turns."""
    for _ in range(2):
        for made in bots:
            desk.wait(minutes=1)
            made.reconciler.sweep()


def test_what_was_read_long_ago_is_read_again_before_it_is_written(
    desk: World,
) -> None:
    """While one pauses the other writes everything: after the pause there is nothing left to write."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(6)
    ]
    with two(desk) as (one, other):
        paused: list[Plan] = []

        def pause(plan: Plan) -> None:
            paused.append(plan)
            if len(paused) == 1:
                other.reconciler.sweep()
                desk.wait(seconds=A_LONG_PAUSE)

        before_each_write(one, pause)
        one.reconciler.sweep()
        assert len(paused) == 1
    assert puts(desk) == len(keys) + 1
    assert {desk.shows(key, "Response SLA") for key in keys} == {"Running"}


@pytest.mark.parametrize(
    "pause", [0.0, A_LONG_PAUSE], ids=["lockstep", "interleaved"]
)
def test_an_escalation_is_never_made_twice(desk: World, pause: float) -> None:
    """The other escalates just before this one does, an agent takes it back: it stays as the agent left it."""
    keys = breached(desk, 3)
    with two(desk) as (one, other):
        begun: list[str] = []

        def overtake(plan: Plan) -> None:
            if begun:
                return
            begun.append(plan.key)
            other.reconciler.sweep()
            for key in keys:
                desk.tracker.set_field(key, "Priority", "P3 Normal", as_=AGENT)
                desk.tracker.transition(key, "Waiting for customer", as_=AGENT)
                desk.tracker.transition(key, "Waiting for support", as_=AGENT)
            desk.wait(seconds=pause)

        before_each_write(one, overtake)
        one.reconciler.sweep()
        come_to_rest(desk, one, other)
    for key in keys:
        assert desk.shows(key, "Priority") == "P3 Normal"
        assert desk.shows(key, "Status") == "Waiting for support"
        assert own(desk, key, "priority") == 1
        assert own(desk, key, "status") == 1
        assert len(desk.notes(key)) == 1
        assert desk.shows(key, "Response SLA") == "Breached"


def test_a_note_stands_once_in_the_end(desk: World) -> None:
    """Both write the same note in the same moment: at the next look the younger is deleted, by whoever looks."""
    key = desk.tracker.raise_request(organization=12, severity=None)
    with two(desk) as (one, other):
        begun: list[str] = []

        def overtake(plan: Plan) -> None:
            if not begun:
                begun.append(plan.key)
                other.reconciler.sweep()

        before_each_write(one, overtake)
        one.reconciler.sweep()
        come_to_rest(desk, one, other)
        desk.forget_calls()
        come_to_rest(desk, one, other)
        assert puts(desk) == 0
    assert len(desk.notes(key)) == 1
