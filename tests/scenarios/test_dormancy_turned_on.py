"""The day on which dormancy is turned on over a desk of old requests, and acts of customers (R11, D24)."""

from collections import Counter
from datetime import timedelta

import pytest

from jsm_sla_bot.passes.permission import allow
from tests.scenarios.dormant_desk import (
    ANNA,
    CUSTOMER,
    MIA,
    add_rule,
    answers,
    live,
    lived,
    name_statuses,
    said,
    turn_on,
    waiting,
    word,
)
from tests.scenarios.world import BOT, World

OLD = 500


def furnish(desk: World, many: int) -> None:
    """Raise old requests: silent for one to sixty days, answered by the customer, not waiting, urgent, kept open."""
    now = desk.hands.now()
    for number in range(many):
        begin = now - timedelta(days=1 + number % 60)
        key = desk.tracker.raise_request(
            organization=11, severity=3 + number % 2, at=begin
        )
        at = begin + timedelta(hours=1)
        desk.tracker.comment(key, "Which version?", as_=MIA, at=at)
        if number % 7:
            desk.tracker.transition(key, CUSTOMER, as_=MIA, at=at)
        if number % 5 == 0:
            later = at + timedelta(hours=2)
            desk.tracker.comment(key, "Four.", as_=ANNA, at=later)
        if number % 11 == 0:
            labels = ["keep-open"]
            desk.tracker.set_field(key, "labels", labels, as_=MIA, at=at)


def spoken(desk: World) -> Counter[str]:
    """Count the bot's public comments by request."""
    return Counter(
        each["key"]
        for each in desk.requests()
        for one in each["comments"]
        if one["author"] == BOT and one["public"]
    )


def inside(desk: World) -> int:
    """Count the bot's notes to agents."""
    return sum(
        one["author"] == BOT and not one["public"]
        for each in desk.requests()
        for one in each["comments"]
    )


@pytest.mark.slow
def test_the_first_day_on_500_old_requests(desk: World) -> None:
    """At most one reminder each, first ones only, to whom it is due; nobody is closed, and agents read nothing."""
    name_statuses(desk)
    furnish(desk, OLD)
    lived(desk, "2026-03-02T11:00+01:00")
    before = inside(desk)
    add_rule(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert made.reconciler.held_back
        assert spoken(desk) == Counter()
        allow(made.journal, made.configuration.policy.hash)
        assert made.reconciler.reconsider()
        for _ in range(3):
            made.reconciler.sweep()
            desk.wait(hours=1)
            made.reconciler.due()
            made.reconciler.changed()
    counted = spoken(desk)
    assert 200 < len(counted) < OLD
    assert set(counted.values()) == {1}
    assert {each["fields"]["Status"] for each in desk.requests()} <= {
        CUSTOMER,
        "Waiting for support",
    }
    assert inside(desk) == before


def flags(desk: World, key: str) -> list[str]:
    """Return the notes to agents on a customer who has acted."""
    notes = said(desk, key, public=False)
    return [one for one in notes if "the customer acted last" in one]


def test_an_act_that_nobody_answers_is_flagged_once(desk: World) -> None:
    """Fifteen minutes after the customer's comment, in the waiting status: one note, and the next act another (D24)."""
    turn_on(desk)
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=30)
        answers(desk, key)
        live(desk, made, "2026-03-02T10:44+01:00")
        assert flags(desk, key) == []
        live(desk, made, "2026-03-02T10:45+01:00")
        assert len(flags(desk, key)) == 1
        live(desk, made, "2026-03-12T10:00+01:00")
        assert len(flags(desk, key)) == 1
        answers(desk, key, "Anybody?")
        live(desk, made, "2026-03-12T12:00+01:00")
        assert len(flags(desk, key)) == 2
    lived(desk, "2026-03-20T10:00+01:00")
    assert len(flags(desk, key)) == 2
    assert said(desk, key) == []


def test_whoever_works_on_it_is_mentioned(desk: World) -> None:
    """The note on an act that nobody answered mentions the assignee, so that Jira notifies that person."""
    turn_on(desk)
    key = waiting(desk)
    desk.tracker.set_field(key, "Assignee", MIA, as_=MIA)
    desk.wait(hours=1)
    with desk.bot() as made:
        made.reconciler.sweep()
        answers(desk, key)
        live(desk, made, "2026-03-02T12:00+01:00")
    [flag] = flags(desk, key)
    assert flag.startswith(f"@{MIA} Answer the customer")


@pytest.mark.parametrize("deed", ["comment", "status"])
def test_an_act_that_is_answered_in_time_is_not_flagged(
    desk: World, deed: str
) -> None:
    """An agent who answers, or takes the request out of the waiting status, within the time reads nothing."""
    turn_on(desk)
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=30)
        answers(desk, key)
        live(desk, made, "2026-03-02T10:40+01:00")
        if deed == "comment":
            word(desk, key)
        else:
            desk.tracker.transition(key, "In progress", as_=MIA)
        live(desk, made, "2026-03-02T18:00+01:00")
    assert flags(desk, key) == []


@pytest.mark.parametrize("lost", [False, True])
def test_what_was_done_before_it_was_turned_on_is_not_flagged(
    desk: World, *, lost: bool
) -> None:
    """The instant is kept over restarts; where the journal is lost less is flagged, never more."""
    name_statuses(desk)
    early, late = waiting(desk), waiting(desk)
    desk.sweep()
    desk.wait(hours=1)
    answers(desk, early)
    desk.wait(minutes=5)
    add_rule(desk)
    lived(desk, "2026-03-02T11:10+01:00")
    answers(desk, late)
    desk.wait(minutes=5)
    if lost:
        for file in desk.folder.glob("journal.db*"):
            file.unlink()
    lived(desk, "2026-03-04T11:10+01:00")
    assert flags(desk, early) == []
    assert len(flags(desk, late)) == (0 if lost else 1)


def test_turned_off_and_on_again(desk: World) -> None:
    """Turned off, nothing is written; turned on again, what was done meanwhile is not flagged."""
    turn_on(desk)
    policy = desk.config / "policy.yaml"
    on = policy.read_text("utf-8")
    key, silent = waiting(desk), waiting(desk)
    lived(desk, "2026-03-02T12:00+01:00")
    policy.write_text(on.partition("\ndormancy:")[0], "utf-8")
    lived(desk, "2026-03-04T12:00+01:00")
    answers(desk, key)
    lived(desk, "2026-03-09T12:00+01:00")
    assert said(desk, silent) == []
    policy.write_text(on, "utf-8")
    lived(desk, "2026-03-09T18:00+01:00")
    assert flags(desk, key) == []
    assert len(said(desk, silent)) == 1
