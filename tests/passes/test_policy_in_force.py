"""What the configuration offers is a candidate, on hold or in force; one place says which, and by what it changes."""

from jsm_sla_bot import app
from jsm_sla_bot.passes.offer import Candidate, InForce, OnHold
from jsm_sla_bot.passes.permission import allow
from jsm_sla_bot.passes.policy_in_force import AGAIN, Offer
from jsm_sla_bot.ports.journal import HeldBack
from tests.scenarios.world import World

LOOSE = "24 business hours"
TIGHT = "2 business hours"


def edit(desk: World, before: str, after: str) -> None:
    """Edit the policy."""
    path = desk.config / "policy.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(before, after), "utf-8")


def furnish(desk: World, count: int = 30) -> None:
    """Raise so many requests."""
    for _ in range(count):
        desk.tracker.raise_request(organization=12, severity=3)


def put_on_hold(desk: World, made: app.Bot) -> None:
    """Let a policy that is over its budget be offered and judged."""
    edit(desk, LOOSE, TIGHT)
    made.sweep_owed()
    made.reported(made.reconciler.sweep())


def state(made: app.Bot) -> type[Offer]:
    """Return whether what is offered is a candidate, on hold or in force."""
    return type(made.reconciler.offer)


def test_a_policy_is_a_candidate_until_a_sweep_lets_it_through(
    desk: World,
) -> None:
    """The first pass of any kind judges the first policy."""
    furnish(desk, 1)
    with desk.bot() as made:
        assert state(made) is Candidate
        before = made.reconciler.in_force
        made.reconciler.changed()
        assert state(made) is InForce
        after = made.reconciler.in_force
        assert (before, after) == (None, made.configuration.policy.hash)
        assert not made.reconciler.is_shown()
        made.reconciler.sweep()
        assert made.reconciler.is_shown()


def test_a_policy_over_its_budget_is_on_hold_with_why_and_how_much(
    desk: World,
) -> None:
    """Meanwhile the policy before it stays in force, and no sweep is owed."""
    furnish(desk)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        before = made.configuration.policy.hash
        put_on_hold(desk, made)
        offer = made.reconciler.offer
        assert isinstance(offer, OnHold)
        assert offer.edition.policy == made.configuration.policy.hash
        assert (offer.count.changed, offer.count.open) == (30, 30)
        assert made.health.problems()["budget"] == offer.why
        assert made.reconciler.in_force == before
        assert made.reconciler.is_shown()
        assert not made.sweep_owed()


def test_a_permission_offers_it_again(desk: World) -> None:
    """Only a permission for that policy does; the next sweep brings it into force."""
    furnish(desk)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        put_on_hold(desk, made)
        assert not made.reconciler.reconsider()
        assert allow(made.journal, made.configuration.policy.hash)
        assert made.reconciler.reconsider()
        assert state(made) is Candidate
        assert made.journal.recall(HeldBack) is None
        made.reported(made.reconciler.sweep())
        assert state(made) is InForce
        assert made.health.problems() == {}


def test_an_edit_back_to_the_policy_in_force_is_in_force_at_once(
    desk: World,
) -> None:
    """There is nothing to judge, and nothing on hold any more."""
    furnish(desk)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        put_on_hold(desk, made)
        edit(desk, TIGHT, LOOSE)
        assert not made.sweep_owed()
        assert state(made) is InForce
        assert made.journal.recall(HeldBack) is None
        assert made.health.problems() == {}


def test_without_another_in_force_it_is_judged_again_after_an_hour(
    desk: World,
) -> None:
    """Until then every pass is refused for the same reason, without a look at the desk."""
    furnish(desk)
    with desk.bot(FIRST_CONTACT="ask") as made:
        first = made.reconciler.sweep().refused
        assert first is not None
        desk.forget_calls()
        assert made.reconciler.changed().refused == first
        assert not any(
            call["path"].endswith("bulkfetch") for call in desk.calls()
        )
        desk.wait(seconds=AGAIN.total_seconds())
        assert made.reconciler.changed().refused == first
        assert any(call["path"].endswith("bulkfetch") for call in desk.calls())
