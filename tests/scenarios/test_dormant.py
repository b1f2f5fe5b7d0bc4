"""A request that its customer does not answer, through the whole chain in virtual time (R11, D23-D27)."""

from datetime import datetime, timedelta

import pytest

from jsm_sandbox.state.requests import History, Item
from tests.scenarios.dormant_desk import (
    ANNA,
    CUSTOMER,
    MIA,
    answers,
    live,
    lived,
    said,
    status,
    turn_on,
    waiting,
    word,
    writes,
)
from tests.scenarios.world import World
from tests.sla.contract import local, utc
from tests.sla.test_dormancy import TABLE


@pytest.fixture
def dormant(desk: World) -> World:
    """Open a desk on which requests go dormant."""
    return turn_on(desk)


def clock(at: datetime) -> str:
    """Return an instant as `live` takes it."""
    return at.isoformat()


@pytest.mark.parametrize(("last", "days", "due"), TABLE)
def test_the_table_of_the_rule_book(
    desk: World, last: str, days: int, due: str
) -> None:
    """The first reminder stands at the very instant of the rule book's table, and not a minute before."""
    many = "business day" if days == 1 else "business days"
    turn_on(desk, f"[{days} {many}]")
    desk.hands.instant = local(last)
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, clock(utc(due) - timedelta(minutes=1)))
        assert said(desk, key) == []
        live(desk, made, clock(utc(due)))
        assert len(said(desk, key)) == 1


def test_from_the_last_word_to_the_closing(dormant: World) -> None:
    """Two reminders and the closing, each on its day, each once; then nothing more."""
    desk = dormant
    desk.at("2026-03-02T14:00+01:00")
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, "2026-03-05T12:00+01:00")
        [first] = said(desk, key)
        assert (
            "Our support team last wrote to you on Mon 2026-03-02 14:00 CET."
            in first
        )
        assert "We will remind you again on Tue 10 March 2026." in first
        assert "the request is closed on Fri 13 March 2026." in first
        live(desk, made, "2026-03-10T12:00+01:00")
        [_, second] = said(desk, key)
        assert "the request is closed on Fri 13 March 2026." in second
        assert "remind" not in second
        live(desk, made, "2026-03-13T08:59+01:00")
        assert status(desk, key) == CUSTOMER
        live(desk, made, "2026-03-13T12:00+01:00")
        assert status(desk, key) == "Closed"
        [_, _, closing] = said(desk, key)
        assert f"we close your request {key}" in closing
        assert "until Fri 2026-03-27 09:00 CET" in closing
        made.reconciler.sweep()
        live(desk, made, "2026-06-01T12:00+02:00")
        assert len(said(desk, key)) == 3
        assert said(desk, key, public=False) == []
    assert desk.shows(key, "Response SLA") == "Met"


def test_an_answer_on_the_last_day_keeps_it_open(dormant: World) -> None:
    """Dormant over Easter and answered on the last day: not closed; our next word begins the sequence again."""
    desk = dormant
    desk.at("2026-04-01T10:00+02:00")
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, "2026-04-08T08:59+02:00")
        assert said(desk, key) == []
        live(desk, made, "2026-04-15T23:00+02:00")
        assert len(said(desk, key)) == 2
        answers(desk, key)
        live(desk, made, "2026-04-30T12:00+02:00")
        assert status(desk, key) == CUSTOMER
        assert len(said(desk, key)) == 2
        word(desk, key)
        live(desk, made, "2026-05-05T12:00+02:00")
        assert len(said(desk, key)) == 2
        live(desk, made, "2026-05-06T12:00+02:00")
        assert "We will remind you again on" in said(desk, key)[-1]
        assert len(said(desk, key)) == 3


def test_after_an_outage_nobody_gets_less_time(dormant: World) -> None:
    """A daemon that was away for three weeks writes one reminder, and the next counts from it."""
    desk = dormant
    key = waiting(desk)
    lived(desk, "2026-03-02T12:00+01:00")
    desk.at("2026-03-23T15:00+01:00")
    lived(desk, "2026-03-25T23:00+01:00")
    [first] = said(desk, key)
    assert "We will remind you again on Thu 26 March 2026" in first
    desk.at("2026-04-20T03:00+02:00")
    lived(desk, "2026-04-22T23:00+02:00")
    [_, second] = said(desk, key)
    assert "the request is closed on Thu 23 April 2026" in second
    assert status(desk, key) == CUSTOMER


def test_who_is_left_alone(dormant: World) -> None:
    """Keep-open, ignored, an S1, not waiting, never answered: no reminder, not closed, no note to agents."""
    desk = dormant
    keys = [waiting(desk) for _ in range(2)]
    desk.tracker.set_field(keys[0], "labels", ["keep-open"], as_=MIA)
    desk.tracker.set_field(keys[1], "labels", ["sla-bot-ignore"], as_=MIA)
    keys.append(waiting(desk, severity=1))
    keys.append(waiting(desk))
    desk.tracker.transition(keys[-1], "In progress", as_=MIA)
    lived(desk, "2026-05-04T12:00+02:00")
    for key in keys:
        assert said(desk, key) == []
        assert said(desk, key, public=False) == []
        assert status(desk, key) != "Closed"


def test_the_label_may_come_between_two_steps(dormant: World) -> None:
    """With the label nothing more is written; without it the sequence goes on where it stood."""
    desk = dormant
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, "2026-03-05T12:00+01:00")
        desk.tracker.set_field(key, "labels", ["keep-open"], as_=MIA)
        live(desk, made, "2026-04-13T12:00+02:00")
        assert len(said(desk, key)) == 1
        desk.tracker.set_field(key, "labels", [], as_=MIA)
        live(desk, made, "2026-04-13T13:00+02:00")
        [_, second] = said(desk, key)
    assert "the request is closed on Thu 16 April 2026" in second


def test_a_comment_reopens_it_once(dormant: World) -> None:
    """Closed, reopened by the customer's comment; closed again by an agent it stays closed."""
    desk = dormant
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, "2026-03-16T12:00+01:00")
        assert status(desk, key) == "Closed"
        answers(desk, key, "It is back!")
        live(desk, made, "2026-03-16T12:05+01:00")
        assert status(desk, key) == "Waiting for support"
        assert len(said(desk, key)) == 3
        desk.wait(hours=1)
        desk.tracker.transition(key, "Closed", as_=MIA)
        desk.wait(hours=1)
        answers(desk, key, "Is it?")
        live(desk, made, "2026-03-20T12:00+01:00")
        assert status(desk, key) == "Closed"
        assert said(desk, key, public=False) == []


@pytest.mark.parametrize(
    ("ways", "at", "words"),
    [
        (None, "2026-03-30T12:00+02:00", "had passed"),
        (
            "dormancy: {close_to: Closed, reopen_to: Escalated}",
            "2026-03-16T12:00+01:00",
            "does not let the bot bring it to Escalated",
        ),
        (
            "dormancy: {close_to: Closed}",
            "2026-03-16T12:00+01:00",
            "names no status to reopen it to",
        ),
    ],
    ids=["too late", "not offered", "not named"],
)
def test_what_is_not_reopened_is_flagged_once(
    desk: World, ways: str | None, at: str, words: str
) -> None:
    """Agents read of the comment once; the request stays closed, and the customer reads nothing."""
    turn_on(desk, **({"ways": f"\n{ways}\n"} if ways else {}))
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, at)
        answers(desk, key, "It is back!")
        live(desk, made, clock(desk.hands.now() + timedelta(hours=1)))
        [flag] = said(desk, key, public=False)
        assert words in flag
        answers(desk, key, "Hello?")
        live(desk, made, clock(desk.hands.now() + timedelta(days=3)))
        made.reconciler.sweep()
    lived(desk, clock(desk.hands.now() + timedelta(days=3)))
    assert said(desk, key, public=False) == [flag]
    assert len(said(desk, key)) == 3
    assert status(desk, key) == "Closed"


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        (
            "\ndormancy: {close_to: Resolved}\n",
            "does not let the bot bring it to Resolved",
        ),
        ("", "names no status to close it to"),
    ],
    ids=["not offered", "not named"],
)
def test_a_workflow_that_offers_no_closing(
    desk: World, ways: str, words: str
) -> None:
    """No comment of a closing, one flag to agents, and the site is written to no more (D26)."""
    turn_on(desk, ways=ways)
    site = desk.tracker.site
    site.transitions[:] = [
        each for each in site.transitions if each.target != "Resolved"
    ]
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, "2026-03-13T12:00+01:00")
        [flag] = said(desk, key, public=False)
        assert words in flag
        assert len(said(desk, key)) == 2
        made.reconciler.sweep()
        desk.forget_calls()
        desk.wait(days=1)
        made.reconciler.sweep()
        assert writes(desk) == []
    assert said(desk, key, public=False) == [flag]
    assert status(desk, key) == CUSTOMER


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "is_act"), [(ANNA, True), (MIA, False)], ids=["customer", "agent"]
)
@pytest.mark.parametrize("field", ["Summary", "Priority", "Attachment"])
def test_any_change_by_the_customer_is_an_answer(
    dormant: World, field: str, who: str, *, is_act: bool
) -> None:
    """Also of a field that the contract does not speak of: no reminder. An agent's change of one counts for nothing."""
    desk = dormant
    key = waiting(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, "2026-03-04T12:00+01:00")
        if field == "Attachment":
            attach(desk, key, who)
        else:
            value = {"Summary": "It is worse", "Priority": "P4 Low"}[field]
            desk.tracker.set_field(key, field, value, as_=who)
        live(desk, made, "2026-03-20T12:00+01:00")
    flags = [
        one for one in said(desk, key, public=False) if "acted last" in one
    ]
    assert len(flags) == is_act
    assert bool(said(desk, key)) is not is_act
    assert status(desk, key) == (CUSTOMER if is_act else "Closed")


def attach(desk: World, key: str, who: str) -> None:
    """Let somebody attach a file: the history alone tells of it."""
    issue = desk.tracker.issue(key)
    added = Item("Attachment", "attachment", False, (None, None), ("7", "log"))  # noqa: FBT003 - not a custom field
    now = desk.hands.now()
    person = desk.tracker.account(who)
    issue.history.append(History("990001", person, now, (added,)))
    desk.tracker.touch(issue, now)


def test_an_organization_of_its_own(dormant: World) -> None:
    """One whose contract has no dormancy is left alone, one with a longer rule gets the longer time (R12)."""
    desk = dormant
    file = desk.config / "organizations.yaml"
    text = file.read_text("utf-8")
    for identity, own in (
        (11, "false"),
        (12, "{reminders: [5 business days], close_after: 5 business days}"),
    ):
        head = next(
            line for line in text.splitlines() if f"id: {identity}" in line
        )
        overrides = f"    overrides:\n      dormancy: {own}\n"
        text = text.replace(f"{head}\n", f"{head}\n{overrides}", 1)
    file.write_text(text, "utf-8")
    without, longer = waiting(desk), waiting(desk, organization=12)
    lived(desk, "2026-03-09T08:59+01:00")
    assert said(desk, longer) == []
    lived(desk, "2026-03-09T12:00+01:00")
    assert "closed on Mon 16 March 2026" in said(desk, longer)[0]
    lived(desk, "2026-03-16T12:00+01:00")
    assert status(desk, longer) == "Closed"
    assert said(desk, without) == []
    assert status(desk, without) == CUSTOMER


def test_an_agent_who_asks_why_reads_of_it(dormant: World) -> None:
    """The label `sla-why` is answered with the steps that lie ahead; that is no word to the customer."""
    desk = dormant
    jira = desk.config / "jira.yaml"
    text = jira.read_text("utf-8").replace("# why_label:", "why_label:")
    jira.write_text(text, "utf-8")
    key = waiting(desk)
    desk.wait(hours=1)
    desk.tracker.set_field(key, "labels", ["sla-why"], as_=MIA)
    desk.sweep()
    [answer] = said(desk, key, public=False)
    assert (
        "Dormant: reminder on Thu 5 March 2026, closes Fri 13 March 2026, because: "
        in answer
    )
    lived(desk, "2026-03-05T12:00+01:00")
    assert len(said(desk, key)) == 1
