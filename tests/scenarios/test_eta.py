"""An ETA through the whole chain, in virtual time: settled, read once, changed, slipped, reached (D21)."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from jsm_sandbox.play.administration import add_field
from jsm_sla_bot import app
from tests.attempts import Attempt
from tests.scenarios.world import BOT, World

MIA = "Mia Lindqvist"
FIRST = "2026-03-03T12:00:00.000+0100"
SECOND = "2026-03-06T15:30:00.000+0100"
DATE = "2026-03-05"


class KilledError(BaseException):
    """As good as `kill -9`: nothing of ours runs after it."""


def with_eta(desk: World, kind: str) -> World:
    """Give the site a field for ETAs, name it in jira.yaml, and turn the kind on."""
    add_field(desk.tracker, "ETA", kind)
    jira = desk.config / "jira.yaml"
    text = jira.read_text()
    jira.write_text(text.replace("fields:\n", "fields:\n  eta: ETA\n", 1))
    policy = desk.config / "policy.yaml"
    policy.write_text(f"{policy.read_text()}\nnotes: {{eta: true}}\n")
    desk.at("2026-03-02T10:00+01:00")
    return desk


@pytest.fixture
def instants(desk: World) -> World:
    """Give the site a field with date and time."""
    return with_eta(desk, "datetime")


@pytest.fixture
def dates(desk: World) -> World:
    """Give the site a field with a date."""
    return with_eta(desk, "datepicker")


def asked(desk: World) -> str:
    """Raise a request that an agent takes and answers at once."""
    key = desk.tracker.raise_request(organization=11, severity=3)
    desk.tracker.set_field(key, "Assignee", MIA, as_=MIA)
    desk.tracker.comment(key, "On it.", as_=MIA)
    return key


def sets(desk: World, key: str, value: str | None) -> None:
    """Let the agent set the ETA a minute later."""
    desk.wait(minutes=1)
    desk.tracker.set_field(key, "ETA", value, as_=MIA)


def said(desk: World, key: str, *, public: bool) -> list[str]:
    """Return the bot's comments on a request, for the customer or for agents."""
    return [
        one["text"]
        for one in desk.request(key)["comments"]
        if one["author"] == BOT and one["public"] is public
    ]


def etas(desk: World, key: str) -> list[str]:
    """Return the ETAs that the ledger holds."""
    ledger = desk.request(key)["properties"]["jsm-sla-bot"]
    return [one["value"] for one in ledger.get("etas", [])]


def live(desk: World, made: app.Bot, until: str) -> None:
    """Let time pass as the daemon does: a look at what changed, then only the instants that it waits for."""
    end = datetime.fromisoformat(until)
    made.reconciler.changed()
    while True:
        due = made.journal.next_change_at()
        if due is None or due > end:
            break
        desk.hands.instant = max(due, desk.hands.instant)
        made.reconciler.due()
    desk.hands.instant = max(end, desk.hands.instant)
    made.reconciler.changed()


def test_from_the_first_eta_to_the_last(instants: World) -> None:
    """Read once it has settled, again with the old one when it changes; reached, the assignee is mentioned."""
    desk = instants
    key = asked(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        sets(desk, key, FIRST)
        live(desk, made, "2026-03-02T10:10+01:00")
        assert said(desk, key, public=True) == []
        live(desk, made, "2026-03-02T11:00+01:00")
        [first] = said(desk, key, public=True)
        assert first == (
            f"We expect to solve your request {key} by Tue 2026-03-03 12:00 CET."
        )
        sets(desk, key, SECOND)
        live(desk, made, "2026-03-02T18:00+01:00")
        [_, second] = said(desk, key, public=True)
        assert "by Fri 2026-03-06 15:30 CET" in second
        assert "Until now we expected to solve it by Tue 2026-03-03 12:00 CET" in second  # fmt: skip
        live(desk, made, "2026-03-06T15:29+01:00")
        assert said(desk, key, public=False) == []
        live(desk, made, "2026-03-09T12:00+01:00")
        [reached] = said(desk, key, public=False)
        assert reached.startswith(f"@{MIA} ")
        assert "is reached and the request is still open" in reached
        assert len(said(desk, key, public=True)) == 2
    assert etas(desk, key) == [
        "2026-03-03T11:00:00+00:00",
        "2026-03-06T14:30:00+00:00",
    ]
    body = json.dumps(desk.tracker.issue(key).comments[-1].body)
    assert '"type": "mention"' in body
    assert desk.tracker.account(MIA).account_id in body


def test_a_date_ends_with_its_business_hours(dates: World) -> None:
    """The customer reads the hour; at 17:00 of that day it is reached."""
    desk = dates
    key = asked(desk)
    with desk.bot() as made:
        sets(desk, key, DATE)
        made.reconciler.sweep()
        live(desk, made, "2026-03-05T16:59+01:00")
        [told] = said(desk, key, public=True)
        assert "by Thu 2026-03-05 17:00 CET." in told
        assert said(desk, key, public=False) == []
        live(desk, made, "2026-03-05T17:01+01:00")
        assert len(said(desk, key, public=False)) == 1
    assert etas(desk, key) == [DATE]


def test_three_edits_in_five_minutes_are_one_note(instants: World) -> None:
    """However often the bot looks meanwhile, the customer reads the last one only."""
    desk = instants
    key = asked(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        for minute, value in ((0, FIRST), (2, None), (4, SECOND)):
            live(desk, made, f"2026-03-02T10:3{minute}+01:00")
            sets(desk, key, value)
        live(desk, made, "2026-03-02T10:44+01:00")
        assert said(desk, key, public=True) == []
        live(desk, made, "2026-03-02T12:00+01:00")
        [told] = said(desk, key, public=True)
    assert "Fri 2026-03-06 15:30" in told
    assert said(desk, key, public=False) == []


def test_one_that_is_emptied_and_one_that_is_past(instants: World) -> None:
    """Both are for agents: the customer reads nothing of them, and each is said once."""
    desk = instants
    key = asked(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        sets(desk, key, FIRST)
        live(desk, made, "2026-03-02T11:00+01:00")
        sets(desk, key, None)
        live(desk, made, "2026-03-02T12:00+01:00")
        [emptied] = said(desk, key, public=False)
        assert "the ETA was emptied" in emptied
        assert "Tue 2026-03-03 12:00 CET" in emptied
        sets(desk, key, "2026-03-02T09:00:00.000+0100")
        live(desk, made, "2026-03-02T13:00+01:00")
        [_, past] = said(desk, key, public=False)
        assert "was past already when it was set" in past
        made.reconciler.sweep()
        assert len(said(desk, key, public=True)) == 1
        assert len(said(desk, key, public=False)) == 2


def test_who_must_read_none(instants: World) -> None:
    """Not measured, ignored, closed, or a tier that has no ETAs: nobody reads anything."""
    desk = instants
    policy = desk.config / "policy.yaml"
    text = policy.read_text()
    experts = "notes: {eta: {tiers: [Expert, Expert Partner]}}"
    policy.write_text(text.replace("notes: {eta: true}", experts))
    knowledge = desk.tracker.raise_request(organization=12, severity=3)
    feature = desk.tracker.raise_request(
        organization=11, severity=3, request_type="Feature request"
    )
    ignored = asked(desk)
    closed = asked(desk)
    desk.tracker.set_field(ignored, "labels", ["sla-bot-ignore"], as_=MIA)
    for key in (knowledge, feature, ignored, closed):
        sets(desk, key, FIRST)
    desk.wait(minutes=5)
    desk.tracker.transition(closed, "Resolved", as_=MIA)
    desk.wait(hours=1)
    desk.sweep()
    desk.at("2026-03-04T10:00+01:00")
    desk.sweep()
    for key in (knowledge, feature, ignored, closed):
        assert said(desk, key, public=True) == []
        assert not any("ETA" in one for one in said(desk, key, public=False))


def axe(at_call: str) -> Callable[[Attempt], None]:
    """Return a watcher who kills the bot as soon as such a call is answered."""
    fallen: list[str] = []

    def strike(attempt: Attempt) -> None:
        call = f"{attempt.method} {attempt.path}"
        is_met = call.startswith(at_call) and "/search" not in call
        if fallen or is_met:
            fallen.append(call)
            raise KilledError

    return strike


def killed(desk: World, at_call: str) -> None:
    """Let a bot be killed at that call."""
    options = desk.options(axe(at_call))
    with (
        pytest.raises(KilledError),
        app.bot(desk.settings(), clock=desk.hands, options=options) as made,
    ):
        made.reconciler.sweep()


def lose_journal(desk: World) -> None:
    """Delete the journal."""
    for file in desk.folder.glob("journal.db*"):
        file.unlink()


@pytest.mark.parametrize(
    "keep_journal", [True, False], ids=["journal kept", "journal lost"]
)
def test_killed_between_the_note_and_its_proof(
    instants: World, *, keep_journal: bool
) -> None:
    """The next start finds the note by its marker: one note, and the ledger knows what was read."""
    desk = instants
    key = asked(desk)
    desk.sweep()
    sets(desk, key, FIRST)
    desk.wait(minutes=15)
    killed(
        desk, f"POST /rest/api/3/issue/{desk.tracker.issue(key).id}/comment"
    )
    assert len(said(desk, key, public=True)) == 1
    assert etas(desk, key) == []
    if not keep_journal:
        lose_journal(desk)
    desk.wait(minutes=15)
    for _ in range(2):
        desk.sweep()
    assert len(said(desk, key, public=True)) == 1
    assert etas(desk, key) == ["2026-03-03T11:00:00+00:00"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "keep_journal", [True, False], ids=["journal kept", "journal lost"]
)
@pytest.mark.parametrize(
    ("value", "words"),
    [(SECOND, "Until now we expected"), (None, None)],
    ids=["then changed", "then emptied"],
)
def test_killed_and_changed_before_the_next_start(
    instants: World,
    value: str | None,
    words: str | None,
    *,
    keep_journal: bool,
) -> None:
    """What the customer has read is known by the comment itself: the change names it, the emptied one is flagged."""
    desk = instants
    key = asked(desk)
    desk.sweep()
    sets(desk, key, FIRST)
    desk.wait(minutes=15)
    killed(
        desk, f"POST /rest/api/3/issue/{desk.tracker.issue(key).id}/comment"
    )
    if not keep_journal:
        lose_journal(desk)
    sets(desk, key, value)
    desk.wait(minutes=15)
    for _ in range(2):
        desk.sweep()
        desk.wait(minutes=15)
    read = said(desk, key, public=True)
    if words:
        assert words in read[1]
        assert len(etas(desk, key)) == 2
    else:
        [flag] = said(desk, key, public=False)
        assert "the ETA was emptied" in flag
        assert len(read) == 1


def test_a_ledger_that_is_lost(instants: World) -> None:
    """Nothing is said twice, and what was read is back in the ledger."""
    desk = instants
    key = asked(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        sets(desk, key, FIRST)
        live(desk, made, "2026-03-02T11:00+01:00")
        sets(desk, key, SECOND)
        live(desk, made, "2026-03-02T12:00+01:00")
    del desk.tracker.issue(key).properties["jsm-sla-bot"]
    lose_journal(desk)
    for _ in range(2):
        desk.wait(hours=1)
        desk.sweep()
    assert len(said(desk, key, public=True)) == 2
    assert len(etas(desk, key)) == 2


def test_a_slip_of_the_pen_is_no_eta(instants: World) -> None:
    """A value that can't be meant gives nobody up: the clock is measured, and nothing is said."""
    desk = instants
    key = desk.tracker.raise_request(organization=11, severity=3)
    sets(desk, key, "1926-03-03T12:00:00.000+0000")
    desk.wait(hours=1)
    report = desk.sweep()
    assert report.set_aside == 0
    assert desk.shows(key, "Response SLA") == "Running"
    assert desk.notes(key) == []


def test_without_the_field_nothing_is_asked_for(desk: World) -> None:
    """As shipped neither the ETA nor the assignee is read."""
    desk.tracker.raise_request(organization=11, severity=3)
    desk.forget_calls()
    desk.sweep()
    bodies = [json.dumps(call.get("body")) for call in desk.calls()]
    assert not any("assignee" in body for body in bodies)


def test_turned_on_later(instants: World) -> None:
    """An ETA that lies ahead is read once it is turned on; one that is over is not."""
    desk = instants
    policy = desk.config / "policy.yaml"
    text = policy.read_text()
    policy.write_text(text.replace("notes: {eta: true}", ""))
    ahead = asked(desk)
    over = asked(desk)
    sets(desk, ahead, SECOND)
    sets(desk, over, "2026-03-02T12:00:00.000+0100")
    desk.wait(days=1)
    desk.sweep()
    assert (desk.notes(ahead), desk.notes(over)) == ([], [])
    policy.write_text(text)
    desk.wait(minutes=1)
    desk.sweep()
    assert len(said(desk, ahead, public=True)) == 1
    assert said(desk, over, public=True) == []
