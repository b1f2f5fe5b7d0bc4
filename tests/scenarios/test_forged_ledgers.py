"""The ledger is evidence, not truth: whatever somebody writes into it, the request is judged by its history."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from jsm_sla_bot.daemon.standing import standing
from tests.plan.ledgers import flat, nested
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"
LEDGER = "jsm-sla-bot"
Forgery = Callable[[dict[str, Any]], Any]


def ledger(desk: World, key: str) -> Any:
    """Return the ledger as the site keeps it."""
    return desk.tracker.issue(key).properties[LEDGER]


def forge(
    desk: World, key: str, forgery: Forgery, *, is_of_version_1: bool = False
) -> None:
    """Write something else into the ledger; a forgery is made of its flat shape, that of version 1."""
    desk.wait(minutes=1)
    forged = forgery(flat(ledger(desk, key)))
    is_ledger = isinstance(forged, dict) and forged.get("version") == 1
    if is_ledger and not is_of_version_1:
        forged = nested(forged)
    desk.tracker.issue(key).properties[LEDGER] = forged


def escalated(desk: World) -> str:
    """Let a request be breached, told of and escalated; then an agent lowers its priority and takes it back."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    desk.wait(days=2)
    desk.sweep()
    assert len(desk.notes(key)) == 1
    assert desk.shows(key, "Status") == "Escalated"
    desk.wait(minutes=1)
    desk.tracker.set_field(key, "priority", "P3 Normal", as_=AGENT)
    desk.tracker.transition(key, "Waiting for customer", as_=AGENT)
    return key


def told(desk: World, key: str) -> list[Any]:
    """Return what a request shows, and how many notes it carries."""
    names = (
        "Response SLA",
        "Response due",
        "Acknowledged at",
        "Priority",
        "Status",
    )
    return [*(desk.shows(key, name) for name in names), len(desk.notes(key))]


def answered(one: dict[str, Any]) -> dict[str, Any]:
    """Claim that the request was answered in time."""
    at = "2026-03-02T09:30:00+00:00"
    settled = {
        "status": "Met",
        "tier": "Expert",
        "target": "2 h",
        "basis": "because",
        "due": "2026-03-02T16:00:00+00:00",
        "acknowledged_at": at,
        "policy": one["policy"],
        "at": at,
    }
    return one | {"settled": settled}


FORGERIES: dict[str, Forgery] = {
    "nothing at all": lambda _: {},
    "a text": lambda _: "ledger",
    "the parts of version 1 under version 2": lambda one: one | {"version": 2},
    "without acts": lambda one: (
        one | {"rungs": [], "escalated": False, "raised": False, "notes": {}}
    ),
    "owing the priority": lambda one: one | {"owes_priority": True},
    "an earlier due time": lambda one: (
        one | {"due": "2026-01-01T00:00:00+00:00"}
    ),
    "a later due time": lambda one: one | {"due": "2036-01-01T00:00:00+00:00"},
    "before the first year": lambda one: (
        one | {"due": "0001-01-01T00:00:00+14:00"}
    ),
    "another request's": lambda one: one | {"request": "99999"},
    "an answer never given": answered,
    "an answer to come": lambda one: (
        one
        | {
            "settled": answered(one)["settled"]
            | {"acknowledged_at": "2036-01-01T00:00Z"}
        }
    ),
    "30 kB of notes": lambda one: (
        one | {"notes": {f"R10:x:{number}": "1" for number in range(1500)}}
    ),
    "an unreadable promise": lambda one: one | {"promised": []},
    "a nested policy": lambda one: one | {"policy": [[[[[[]]]]]]},
}


def without_the_breach(one: dict[str, Any]) -> dict[str, Any]:
    """Leave out that the breach was told of; the note on both rungs stays known by the other."""
    notes = {
        m: c for m, c in one["notes"].items() if not m.startswith("R10:breach")
    }
    return one | {"rungs": ["at_risk"], "notes": notes}


FORGERIES["without one of two markers"] = without_the_breach


@pytest.mark.parametrize(
    "is_journal_lost", [False, True], ids=["journal", "no journal"]
)
def test_a_note_is_not_repeated_for_a_marker_left_out(
    desk: World, *, is_journal_lost: bool
) -> None:
    """The note that a ledger knows by one of its markers is found by the other as well."""
    key = escalated(desk)
    desk.sweep()
    forge(desk, key, without_the_breach)
    if is_journal_lost:
        (desk.folder / "journal.db").unlink()
    desk.sweep()
    assert len(desk.notes(key)) == 1
    assert desk.sweep().writes == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORGERIES)
@pytest.mark.parametrize(
    "is_of_version_1", [False, True], ids=["now", "version 1"]
)
def test_a_forged_ledger_moves_nothing(
    desk: World, kind: str, *, is_of_version_1: bool
) -> None:
    """No second note or escalation, nothing taken for answered; what an agent has set stays, and ops are told."""
    key = escalated(desk)
    desk.sweep()
    before = told(desk, key)
    forge(desk, key, FORGERIES[kind], is_of_version_1=is_of_version_1)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert told(desk, key) == before
        assert made.reconciler.sweep().writes == 0
    assert before[0] == "Breached"
    assert before[3:] == ["P3 Normal", "Waiting for customer", 1]


CLAIMS: dict[str, Forgery] = {
    "notes that never stood": lambda one: one | {"notes": claimed("99999")},
    "rungs without notes": lambda one: one | {"rungs": ["at_risk", "breach"]},
    "an escalation": lambda one: one | {"escalated": True, "raised": True},
    "everything": lambda one: (
        one
        | {
            "rungs": ["at_risk", "breach"],
            "escalated": True,
            "notes": claimed("10001"),
        }
    ),
}
DUE = "2026-03-03T09:00:00+00:00"


def claimed(comment: str) -> dict[str, str]:
    """Claim the notes of both rungs."""
    return {f"R10:{rung}:{DUE}": comment for rung in ("at_risk", "breach")}


@pytest.mark.parametrize("kind", CLAIMS)
def test_what_a_ledger_claims_and_nothing_shows_is_done_all_the_same(
    desk: World, kind: str
) -> None:
    """A breach is told of and escalated, whoever says that it has been; `status` names the request once it is."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.sweep()
    assert desk.shows(key, "Response due") == datetime.fromisoformat(DUE)
    forge(desk, key, CLAIMS[kind])
    desk.wait(days=2)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert told(desk, key)[3:] == ["P1 Urgent", "Escalated", 1]
        assert made.reconciler.sweep().writes == 0
        [left] = standing(made.journal, desk.hands.now()).left_alone
    assert (left.key, "not believed" in left.because) == (key, True)


def test_a_note_of_ours_stands_for_no_other(desk: World) -> None:
    """A ledger that points at another note of ours is held against what that one carries, by one look."""
    key = desk.tracker.raise_request(organization=None, severity=1)
    desk.sweep()
    [note] = desk.request(key)["comments"]
    forge(
        desk,
        key,
        lambda one: (
            one
            | {
                "rungs": ["at_risk", "breach"],
                "notes": one["notes"] | claimed(note["id"]),
            }
        ),
    )
    desk.wait(days=2)
    desk.sweep()
    assert len(desk.notes(key)) == 2


def test_a_clone_begins_with_nothing(desk: World) -> None:
    """A request that was cloned with its property keeps its own record."""
    key = escalated(desk)
    desk.sweep()
    clone = desk.tracker.raise_request(organization=12, severity=1)
    desk.tracker.issue(clone).properties[LEDGER] = ledger(desk, key)
    desk.sweep()
    assert desk.shows(clone, "Response SLA") == "Running"
    assert ledger(desk, clone)["request"] == str(desk.tracker.issue(clone).id)
    desk.wait(days=2)
    desk.sweep()
    assert told(desk, clone)[3:] == ["P1 Urgent", "Escalated", 1]


def test_a_settlement_that_stands_outlives_policy_and_agents(
    desk: World,
) -> None:
    """The ledger is believed where the history shows the answer and our own hand in the field."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.sweep()
    desk.wait(minutes=5)
    desk.tracker.comment(key, "On it.", as_=AGENT)
    desk.sweep()
    policy = desk.config / "policy.yaml"
    policy.write_text(
        policy.read_text().replace("24 business hours", "1 business hours", 1)
    )
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Met"
    forge(
        desk,
        key,
        lambda one: (
            one
            | {"settled": one["settled"] | {"status": "Met late", "due": DUE}}
        ),
    )
    desk.sweep()
    assert desk.shows(key, "Response SLA") == "Met"


def test_looking_costs_nothing_where_the_journal_knows(desk: World) -> None:
    """Notes that this journal saw posted are not looked up again; another journal looks once."""
    key = escalated(desk)
    desk.sweep()
    desk.forget_calls()
    desk.sweep()
    assert comment_calls(desk) == 0
    (desk.folder / "journal.db").unlink()
    with desk.bot() as made:
        made.reconciler.sweep()
        made.reconciler.sweep()
    desk.sweep()
    assert comment_calls(desk) == 1
    assert len(desk.notes(key)) == 1


def comment_calls(desk: World) -> int:
    """Count the calls that list comments."""
    return sum(call["path"].endswith("/comment") for call in desk.calls())


def test_an_old_ledger_without_an_id_is_believed_where_it_can_be(
    desk: World,
) -> None:
    """It is not rewritten for the sake of the id."""
    key = escalated(desk)
    desk.sweep()
    forge(
        desk,
        key,
        lambda one: {k: v for k, v in one.items() if k not in NEW},
        is_of_version_1=True,
    )
    desk.wait(seconds=timedelta(minutes=1).total_seconds())
    with desk.bot() as made:
        assert made.reconciler.sweep().writes == 0


NEW = {"request", "doubted"}
