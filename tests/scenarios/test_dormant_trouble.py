"""Dormant requests while everything fails: killed, answers lost, two daemons, forged ledgers (R11)."""

from datetime import timedelta

import pytest

from jsm_sandbox.state.json_types import JsonObject
from tests.scenarios.dormant_desk import (
    CUSTOMER,
    MIA,
    answers,
    killed,
    lived,
    lose_journal,
    said,
    status,
    turn_on,
    waiting,
)
from tests.scenarios.world import BOT, World

FIRST = "2026-03-05T09:00+01:00"
SECOND = "2026-03-10T09:00+01:00"
CLOSING = "2026-03-13T09:00+01:00"
LATER = "2026-03-16T12:00+01:00"
KEPT = pytest.mark.parametrize(
    "keep_journal", [True, False], ids=["journal kept", "journal lost"]
)


@pytest.fixture
def dormant(desk: World) -> World:
    """Open a desk on which requests go dormant."""
    return turn_on(desk)


def moves(desk: World, key: str) -> list[str]:
    """Return where the bot has moved a request to, in order."""
    return [
        str(item.new[1])
        for entry in desk.tracker.issue(key).history
        if entry.author.name == BOT
        for item in entry.items
        if item.field_id == "status"
    ]


def path(desk: World, key: str, end: str = "") -> str:
    """Return the path of a call about a request."""
    return f"/rest/api/3/issue/{desk.tracker.issue(key).id}{end}"


@pytest.mark.slow
@KEPT
@pytest.mark.parametrize("call", ["POST {}/comment", "PUT {}"])
@pytest.mark.parametrize(
    ("at", "notes"), [(FIRST, 1), (SECOND, 2), (CLOSING, 3)]
)
def test_killed_at_each_write_of_a_step(
    dormant: World, at: str, notes: int, call: str, *, keep_journal: bool
) -> None:
    """Killed as soon as the site has taken a note or the ledger: each note once, closed once, not a day early."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-02T12:00+01:00")
    for earlier in (FIRST, SECOND)[: notes - 1]:
        desk.at(earlier)
        desk.sweep()
    desk.at(at)
    killed(desk, call.format(path(desk, key)))
    if not keep_journal:
        lose_journal(desk)
    desk.wait(minutes=5)
    desk.sweep()
    assert len(said(desk, key)) == notes
    assert status(desk, key) == ("Closed" if notes == 3 else CUSTOMER)
    lived(desk, "2026-03-20T12:00+01:00")
    assert len(said(desk, key)) == 3
    assert moves(desk, key) == ["Closed"]


@pytest.mark.slow
@KEPT
@pytest.mark.parametrize("then", ["nothing", "reopened by an automation"])
def test_killed_at_the_transition(
    dormant: World, then: str, *, keep_journal: bool
) -> None:
    """Closed once: a restart makes no second transition, not even where somebody's automation opens it again."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-12T12:00+01:00")
    desk.at(CLOSING)
    killed(desk, f"POST {path(desk, key, '/transitions')}")
    assert status(desk, key) == "Closed"
    if not keep_journal:
        lose_journal(desk)
    if then != "nothing":
        robot = "Automation for Jira"
        desk.wait(minutes=1)
        desk.tracker.transition(key, "Waiting for support", as_=robot)
        desk.tracker.transition(key, CUSTOMER, as_=robot)
    desk.wait(minutes=5)
    lived(desk, "2026-04-20T12:00+02:00")
    assert len(said(desk, key)) == 3
    assert moves(desk, key) == ["Closed"]


@pytest.mark.slow
@KEPT
@pytest.mark.parametrize("who", ["customer", "agent"])
def test_somebody_acts_between_the_note_and_the_transition(
    dormant: World, who: str, *, keep_journal: bool
) -> None:
    """Killed in between, and the customer or an agent writes before the restart: it is not closed."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-12T12:00+01:00")
    desk.at(CLOSING)
    killed(desk, f"POST {path(desk, key, '/comment')}")
    if not keep_journal:
        lose_journal(desk)
    desk.wait(minutes=1)
    if who == "customer":
        answers(desk, key)
    else:
        desk.tracker.comment(key, "Wait, one more thing.", as_=MIA)
    lived(desk, "2026-03-16T23:00+01:00")
    assert status(desk, key) == CUSTOMER
    assert moves(desk, key) == []
    assert len(said(desk, key)) == 3


@KEPT
def test_killed_while_reopening(dormant: World, *, keep_journal: bool) -> None:
    """Reopened once: closed again by an agent before the restart, it stays closed."""
    desk = dormant
    key = waiting(desk)
    lived(desk, LATER)
    answers(desk, key, "It is back!")
    killed(desk, f"POST {path(desk, key, '/transitions')}")
    assert moves(desk, key) == ["Closed", "Waiting for support"]
    if not keep_journal:
        lose_journal(desk)
    desk.wait(minutes=1)
    desk.tracker.transition(key, "Closed", as_=MIA)
    lived(desk, "2026-03-18T12:00+01:00")
    assert moves(desk, key) == ["Closed", "Waiting for support"]
    assert status(desk, key) == "Closed"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["503-after", "503"])
@pytest.mark.parametrize(
    "call", ["POST .*/comment$", "POST .*/transitions$", "PUT .*/issue/"]
)
def test_answers_that_are_lost_or_none(
    dormant: World, call: str, kind: str
) -> None:
    """For a whole day the site answers one kind of call with an error, carried out or not: each note still once."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-12T12:00+01:00")
    desk.at(CLOSING)
    desk.goes_wrong(call, kind, times=3)
    for _ in range(4):
        desk.sweep()
        desk.wait(minutes=40)
    desk.goes_well()
    lived(desk, LATER)
    assert len(said(desk, key)) == 3
    assert moves(desk, key) == ["Closed"]
    assert status(desk, key) == "Closed"
    answers(desk, key)
    lived(desk, "2026-03-17T12:00+01:00")
    assert moves(desk, key) == ["Closed", "Waiting for support"]


def test_two_daemons_by_mistake(dormant: World) -> None:
    """Both close and reopen the same request: each note once in the end, each transition once."""
    desk = dormant
    key = waiting(desk)
    with (
        desk.bot() as one,
        desk.bot(JOURNAL_URL=f"sqlite:///{desk.folder / 'b.db'}") as other,
    ):
        for at in (FIRST, SECOND, CLOSING, LATER):
            desk.at(at)
            if at == LATER:
                answers(desk, key)
            for made in (one, other, one):
                made.reconciler.sweep()
                desk.wait(minutes=1)
    assert len(said(desk, key)) == 3
    assert moves(desk, key) == ["Closed", "Waiting for support"]


def test_the_customer_answers_while_it_is_being_closed(
    dormant: World,
) -> None:
    """A comment that came just before our closing note reopens the request: the customer did answer."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-12T12:00+01:00")
    desk.at(CLOSING)
    desk.sweep()
    assert status(desk, key) == "Closed"
    issue = desk.tracker.issue(key)
    closing = next(
        each for each in issue.comments if "we close" in str(each.body)
    )
    answers(desk, key)
    issue.comments[-1].created = closing.created - timedelta(seconds=1)
    desk.wait(minutes=1)
    lived(desk, "2026-03-13T10:00+01:00")
    assert status(desk, key) == "Waiting for support"


def forged(desk: World, key: str, notes: dict[str, str]) -> None:
    """Let somebody write into the ledger of a request."""
    ledger = desk.tracker.issue(key).properties["jsm-sla-bot"]
    assert isinstance(ledger, dict)
    kept = ledger.get("notes")
    known: JsonObject = dict(kept) if isinstance(kept, dict) else {}
    ledger["notes"] = {**known, **notes}


@pytest.mark.parametrize("again", [False, True])
def test_a_forged_ledger_closes_nothing(
    dormant: World, *, again: bool
) -> None:
    """A ledger that calls our first reminder the last one is not believed, by a daemon at work or a new one."""
    desk = dormant
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.at(FIRST)
        made.reconciler.sweep()
        comment = str(desk.tracker.issue(key).comments[-1].id)
        since = "2026-03-02T09:00:00+00:00"
        claim = f"public:reminder:2@{since}>closing/1"
        forged(desk, key, {claim: comment})
        desk.at("2026-03-09T12:00+01:00")
        if not again:
            made.reconciler.sweep()
    desk.sweep()
    assert status(desk, key) == CUSTOMER
    assert len(said(desk, key)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["deleted", "hidden"])
def test_a_reminder_that_nobody_can_read_is_followed_by_nothing(
    dormant: World, deed: str
) -> None:
    """An agent takes the reminder away: it is not written again, and the request is not closed."""
    desk = dormant
    key = waiting(desk)
    desk.sweep()
    desk.at(FIRST)
    desk.sweep()
    issue = desk.tracker.issue(key)
    if deed == "deleted":
        issue.comments.pop()
    else:
        issue.comments[-1].public = False
    desk.wait(minutes=10)
    lived(desk, "2026-04-20T12:00+02:00")
    assert said(desk, key) == []
    assert status(desk, key) == CUSTOMER


def test_neither_ledger_nor_journal_is_needed(dormant: World) -> None:
    """Both lost before each step: the markers of the comments say how far it has come."""
    desk = dormant
    key = waiting(desk)
    for at in (FIRST, SECOND, CLOSING, LATER):
        desk.tracker.issue(key).properties.pop("jsm-sla-bot", None)
        lose_journal(desk)
        desk.at(at)
        if at == LATER:
            answers(desk, key)
        desk.sweep()
    assert len(said(desk, key)) == 3
    assert moves(desk, key) == ["Closed", "Waiting for support"]


@pytest.mark.parametrize("keep_ledger", [True, False])
def test_a_closed_status_that_takes_no_edit(
    dormant: World, *, keep_ledger: bool
) -> None:
    """Frozen once it is closed: the ledger is written before the transition, and a comment still reopens it."""
    desk = dormant
    desk.client.put(
        "/_sandbox/switches", json={"frozen_statuses": ["Closed"]}
    ).raise_for_status()
    key = waiting(desk)
    lived(desk, LATER)
    assert status(desk, key) == "Closed"
    if not keep_ledger:
        desk.tracker.issue(key).properties.pop("jsm-sla-bot")
    answers(desk, key)
    lived(desk, "2026-03-17T12:00+01:00")
    assert moves(desk, key) == ["Closed", "Waiting for support"]
    assert len(said(desk, key)) == 3


def test_a_transition_that_the_site_refuses(dormant: World) -> None:
    """Offered and refused: the closing note stands once, agents read once of it, and it is closed once it may be."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-12T12:00+01:00")
    desk.at(CLOSING)
    desk.goes_wrong("POST .*/transitions$", "400", times=0)
    for _ in range(3):
        desk.sweep()
        desk.wait(hours=5)
    assert status(desk, key) == CUSTOMER
    assert len(said(desk, key)) == 3
    [flag] = said(desk, key, public=False)
    assert flag.startswith("Close the request")
    desk.goes_well()
    lived(desk, LATER)
    assert moves(desk, key) == ["Closed"]
    assert len(said(desk, key)) == 3
    assert said(desk, key, public=False) == [flag]
