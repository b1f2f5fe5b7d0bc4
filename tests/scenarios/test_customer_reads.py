"""Through the whole chain: what the customer reads, once each, and nothing that is not theirs to read."""

from datetime import timedelta

import pytest

from jsm_sla_bot.passes.planner import Planned, is_overtaken
from tests.scenarios.world import BOT, World

MIA = "Mia Lindqvist"
NOTES = """
notes:
  registered: {tiers: [Expert, Expert Partner]}
  call_us: {severities: [S1, S2]}
  resolved: true
"""


@pytest.fixture
def talking(desk: World) -> World:
    """Turn the public notes on."""
    turn_on(desk)
    return desk


def turn_on(desk: World) -> None:
    """Add the public notes to the policy."""
    file = desk.config / "policy.yaml"
    file.write_text(file.read_text() + NOTES)


def read(desk: World, key: str) -> list[str]:
    """Return the bot's comments that the customer of a request reads."""
    return [
        one["text"]
        for one in desk.request(key)["comments"]
        if one["author"] == BOT and one["public"]
    ]


def inside(desk: World, key: str) -> list[str]:
    """Return the bot's comments that only agents read."""
    return [
        one["text"]
        for one in desk.request(key)["comments"]
        if one["author"] == BOT and not one["public"]
    ]


def expert(desk: World, severity: int = 1) -> str:
    """Raise a request of an Expert."""
    return desk.tracker.raise_request(
        organization=11, severity=severity, product="Outscan NX"
    )


def test_from_the_report_to_the_resolution(talking: World) -> None:
    """Registered and asked to call in one comment, nothing more until it is closed, then that; each pass but once."""
    key = expert(talking)
    for _ in range(3):
        talking.wait(minutes=5)
        talking.sweep()
    [registered] = read(talking, key)
    assert key in registered
    assert "2 h, round the clock" in registered
    assert "Nordbank" not in registered
    talking.tracker.comment(key, "On it.", as_=MIA)
    talking.wait(minutes=30)
    talking.tracker.transition(key, "Resolved", as_=MIA)
    for _ in range(3):
        talking.wait(minutes=1)
        talking.sweep()
    assert len(read(talking, key)) == 2
    assert "closed" in read(talking, key)[1]
    assert talking.shows(key, "Response SLA") == "Met"


def test_our_own_words_answer_nobody(talking: World) -> None:
    """D4, D12: a public note of the bot's stops no clock and is no deed of the customer's."""
    key = expert(talking)
    talking.sweep()
    assert read(talking, key)
    due = talking.shows(key, "Response due")
    assert talking.shows(key, "Response SLA") == "Running"
    talking.hands.instant = due + timedelta(minutes=1)
    talking.sweep()
    assert talking.shows(key, "Response SLA") == "Breached"
    assert talking.shows(key, "Acknowledged at") is None
    assert len(read(talking, key)) == 1
    assert "Breached" in inside(talking, key)[0]


def test_turning_it_on_floods_nobody(desk: World) -> None:
    """D19: requests that are older get nothing; the next one does."""
    old = [expert(desk) for _ in range(5)]
    done = expert(desk)
    desk.tracker.transition(done, "Resolved", as_=MIA)
    desk.sweep()
    desk.wait(hours=30)
    turn_on(desk)
    new = expert(desk)
    desk.sweep()
    assert [read(desk, key) for key in (*old, done)] == [[]] * 6
    assert len(read(desk, new)) == 1


@pytest.mark.parametrize("event", ["answered", "called"])
def test_moot_before_it_was_written(talking: World, event: str) -> None:
    """The site takes no comments at first; meanwhile somebody answers, or the customer calls."""
    key = expert(talking)
    talking.goes_wrong("POST .*/comment$", "503", times=0)
    talking.sweep()
    talking.goes_well()
    if event == "answered":
        talking.tracker.comment(key, "On it.", as_=MIA)
    else:
        talking.tracker.phone(key)
    talking.wait(minutes=40)
    talking.sweep()
    assert read(talking, key) == []


def test_no_note_for_those_who_get_none(talking: World) -> None:
    """D18: not measured, not entitled, taken out by the label, another tier."""
    chat = expert(talking)
    talking.tracker.set_field(chat, "labels", ["outside-the-service"], as_=MIA)
    out = expert(talking)
    talking.tracker.set_field(out, "labels", ["sla-bot-ignore"], as_=MIA)
    knowledge = talking.tracker.raise_request(organization=12, severity=1)
    talking.sweep()
    for key in (chat, out, knowledge):
        assert read(talking, key) == []


def test_an_internal_note_next_to_it_stays_inside(talking: World) -> None:
    """One pass, one comment for each audience; the agents' words are not in the customer's."""
    key = talking.tracker.raise_request(organization=11, product="Outscan NX")
    talking.sweep()
    [public] = read(talking, key)
    [note] = inside(talking, key)
    assert "Set the severity" in note
    assert "Set the severity" not in public


def test_the_ledger_is_lost(talking: World) -> None:
    """Neither the ledger nor the journal is needed to know what the customer has read."""
    key = expert(talking)
    talking.sweep()
    talking.tracker.issue(key).properties.pop("jsm-sla-bot")
    for file in talking.folder.glob("journal.db*"):
        file.unlink()
    talking.wait(minutes=10)
    talking.sweep()
    assert len(read(talking, key)) == 1


def test_a_ledger_hides_no_leak(talking: World) -> None:
    """A ledger that calls an internal note public keeps nobody from taking it back: the note's own marker counts."""
    key = talking.tracker.raise_request(organization=11, product="Outscan NX")
    talking.sweep()
    issue = talking.tracker.issue(key)
    leaked = next(
        each
        for each in issue.comments
        if each.author.name == BOT and not each.public
    )
    leaked.public = True
    ledger = issue.properties["jsm-sla-bot"]
    assert isinstance(ledger, dict)
    ledger["notes"] = {"public:eta:x": str(leaked.id)}
    talking.wait(minutes=10)
    talking.sweep()
    assert all("Set the severity" not in text for text in read(talking, key))


def test_nothing_is_read_again_for_a_note_that_stands(talking: World) -> None:
    """A public note costs its POST, and no look at the comments at later passes of the same daemon."""
    key = expert(talking)
    with talking.bot() as made:
        made.reconciler.sweep()
        talking.forget_calls()
        talking.tracker.set_field(key, "labels", ["seen"], as_=MIA)
        talking.wait(minutes=5)
        made.reconciler.changed()
    looks = [
        call
        for call in talking.calls()
        if call["method"] == "GET" and call["path"].endswith("/comment")
    ]
    assert looks == []
    assert len(read(talking, key)) == 1


@pytest.mark.parametrize("keep_journal", [True, False])
def test_a_closed_request_that_takes_no_edit(
    talking: World, *, keep_journal: bool
) -> None:
    """A frozen status takes the comment and not the ledger: the note still comes once, a lost journal or not."""
    talking.client.put(
        "/_sandbox/switches", json={"frozen_statuses": ["Resolved"]}
    ).raise_for_status()
    key = expert(talking)
    talking.sweep()
    talking.tracker.comment(key, "On it.", as_=MIA)
    talking.wait(minutes=30)
    talking.tracker.transition(key, "Resolved", as_=MIA)
    for _ in range(3):
        talking.wait(minutes=5)
        talking.sweep()
        if not keep_journal:
            for file in talking.folder.glob("journal.db*"):
                file.unlink()
    assert len(read(talking, key)) == 2


def test_a_plan_that_waits_too_long_is_made_again(talking: World) -> None:
    """D19: what was fresh when it was planned may be moot when its turn to be written comes."""
    key = talking.tracker.raise_request(organization=11, severity=4)
    reported = talking.hands.now()
    with talking.bot() as made:
        one = made.reconciler.one(key)
    assert isinstance(one, Planned)
    assert one.plan.public
    fresh = reported + timedelta(hours=2)
    assert not is_overtaken(one, fresh)
    assert is_overtaken(one, fresh + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("rule", "hours", "count"),
    [
        ("true", 20, 1),
        ("true", 30, 0),
        ("{within: 7 days}", 30, 1),
    ],
    ids=["an outage of less", "a longer one", "where the policy has more"],
)
def test_a_resolution_is_confirmed_for_a_day_or_as_the_policy_says(
    desk: World, rule: str, hours: int, count: int
) -> None:
    """R9, D22: an outage is made up for while the closing is news, once, and the policy says for how long it is."""
    file = desk.config / "policy.yaml"
    file.write_text(f"{file.read_text()}\nnotes: {{resolved: {rule}}}\n")
    key = expert(desk)
    desk.sweep()
    desk.wait(minutes=30)
    desk.tracker.transition(key, "Resolved", as_=MIA)
    desk.wait(hours=hours)
    for _ in range(2):
        desk.sweep()
        desk.wait(minutes=1)
    assert len(read(desk, key)) == count


def test_a_call_is_asked_for_once_for_a_severity_and_all_lesser(
    talking: World,
) -> None:
    """D18, D20: lowered, the request was asked for already; raised to a graver one, once more, and never again."""
    key = expert(talking, severity=2)
    asked = []
    for severity in (2, 1, 2, 1, 2):
        talking.tracker.set_field(key, "Severity", severity, as_=MIA)
        talking.wait(minutes=1)
        talking.sweep()
        asked.append(sum("call" in text for text in read(talking, key)))
    assert asked == [1, 2, 2, 2, 2]
