"""An agent asks why with a label: one internal note for each setting, the label gone after it, whatever goes wrong."""

from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from jsm_sandbox.http.exchanges import Exchange, observers
from jsm_sandbox.state import adf
from jsm_sla_bot.app import SystemClock
from tests.scenarios.forks import forked
from tests.scenarios.world import BOT, World, world

MIA = "Mia Lindqvist"
WHY = "sla-why"
PATIENCE_SECONDS = 60


def can_ask(desk: World) -> World:
    """Name the label in jira.yaml."""
    file = desk.config / "jira.yaml"
    text = file.read_text()
    assert f"# why_label: {WHY}\n" in text
    file.write_text(text.replace("# why_label:", "why_label:"))
    return desk


@pytest.fixture
def desk(desk: World) -> World:
    """Open an empty desk on which agents can ask."""
    return can_ask(desk)


def ask(desk: World, key: str, *others: str) -> None:
    """Set the label, next to others."""
    desk.wait(seconds=7)
    desk.tracker.set_field(key, "labels", [WHY, *others], as_=MIA)


def labels(desk: World, key: str) -> list[str]:
    """Return the labels of a request."""
    return list(desk.shows(key, "Labels"))


def answers(desk: World, key: str) -> list[str]:
    """Return the bot's notes that answer why; none of them is read by a customer."""
    found = [
        one
        for one in desk.request(key)["comments"]
        if one["author"] == BOT and "with the label" in one["text"]
    ]
    assert not any(one["public"] for one in found)
    return [one["text"] for one in found]


def nodes(desk: World, key: str) -> list[str]:
    """Return the kinds of the blocks of the last comment on a request."""
    body = desk.tracker.issue(key).comments[-1].body
    assert isinstance(body, dict)
    content = body["content"]
    assert isinstance(content, list)
    return [str(each["type"]) for each in content if isinstance(each, dict)]


@pytest.fixture
def key(desk: World) -> str:
    """Raise a request that was looked at already."""
    found = desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX"
    )
    desk.sweep()
    return found


def test_the_next_pass_answers_once(desk: World, key: str) -> None:
    """One internal note with the whole explanation, the label gone, other labels left, no further write."""
    ask(desk, key, "urgent")
    desk.sweep()
    [said] = answers(desk, key)
    for part in (
        f"@{MIA} asks why",
        "Running: Answer by Tue 2026-03-03 10:00 CET.",
        "Nordbank AB (organization 11) has bought Expert.",
        "Counted on sweden: 8 h",
        "An agent's public comment or move",
        "First promised: Tue 2026-03-03 10:00 CET",
    ):
        assert part in said
    assert labels(desk, key) == ["urgent"]
    desk.forget_calls()
    desk.sweep()
    assert not [one for one in desk.calls() if one["method"] == "PUT"]
    assert answers(desk, key) == [said]


def test_tables_are_tables_and_who_asked_is_mentioned(
    desk: World, key: str
) -> None:
    """What Jira draws as a table is written as one, and Jira notifies the agent."""
    ask(desk, key)
    desk.sweep()
    found = nodes(desk, key)
    assert found.count("table") == 3
    assert found.count("heading") == 3
    body = desk.tracker.issue(key).comments[-1].body
    mention = body["content"][0]["content"][0]
    mia = desk.tracker.account(MIA).account_id
    assert mention == {
        "type": "mention",
        "attrs": {"id": mia, "text": f"@{MIA}"},
    }


def test_each_setting_is_answered(desk: World, key: str) -> None:
    """Asked again after the answer, the bot answers again, with what holds then."""
    for number in range(1, 4):
        ask(desk, key)
        desk.sweep()
        assert len(answers(desk, key)) == number
        assert labels(desk, key) == []
        desk.wait(hours=30)
    assert "Breached" in answers(desk, key)[-1]


def test_the_first_look_at_a_request_answers_too(desk: World) -> None:
    """Whatever else is written to it: one comment says all of it, the urgent things first."""
    key = desk.tracker.raise_request(organization=12, labels=[WHY])
    desk.sweep()
    [note] = desk.notes(key)
    assert note.index("Set the severity") < note.index("Asked why")
    assert labels(desk, key) == []


def test_a_passing_look_answers(desk: World, key: str) -> None:
    """Setting the label touches the request: no sweep is waited for."""
    with desk.bot() as made:
        made.reconciler.sweep()
        ask(desk, key)
        made.reconciler.changed()
        made.reconciler.changed()
    assert len(answers(desk, key)) == 1
    assert labels(desk, key) == []


WITHOUT_SLA = [
    ("not entitled", {"organization": 15}, "Not entitled"),
    (
        "not measured",
        {"organization": 11, "request_type": "Feature request"},
        "Feature requests are planned",
    ),
]


@pytest.mark.parametrize(
    ("report", "says"),
    [case[1:] for case in WITHOUT_SLA],
    ids=[case[0] for case in WITHOUT_SLA],
)
def test_a_request_without_an_sla_gets_the_reason(
    desk: World, report: dict[str, object], says: str
) -> None:
    """R7, R8: why no clock runs, and what would make it run."""
    key = desk.tracker.raise_request(severity=1, **report)  # type: ignore[arg-type]
    desk.sweep()
    ask(desk, key)
    desk.sweep()
    [said] = answers(desk, key)
    assert says in said
    assert "A clock runs once" in said
    assert labels(desk, key) == []


def test_a_request_that_is_done_is_answered(desk: World, key: str) -> None:
    """Nothing moves any more, but why it came out like that may be asked."""
    desk.tracker.comment(key, "Done.", as_=MIA)
    desk.tracker.transition(key, "Resolved", as_=MIA)
    desk.sweep()
    desk.wait(hours=30)
    ask(desk, key)
    desk.sweep()
    [said] = answers(desk, key)
    assert "Met: Acknowledged" in said
    assert labels(desk, key) == []


def test_a_request_that_was_taken_out_is_left_alone(
    desk: World, key: str
) -> None:
    """The bot writes nothing to it; it answers once the other label is gone."""
    ask(desk, key, "sla-bot-ignore")
    desk.sweep()
    assert answers(desk, key) == []
    desk.tracker.set_field(key, "labels", [WHY], as_=MIA)
    desk.sweep()
    assert len(answers(desk, key)) == 1


def test_a_request_that_cannot_be_judged_is_answered(desk: World) -> None:
    """No calendar reaches as far: the agent reads that, the label goes, the request stays set aside."""
    desk.at("2039-03-02T10:00+01:00")
    key = desk.tracker.raise_request(organization=12, severity=1)
    well = desk.tracker.raise_request(organization=15, severity=1)
    ask(desk, key)
    with desk.bot() as made:
        for _ in range(3):
            made.reconciler.sweep()
            desk.wait(hours=1)
        [failure] = made.journal.set_aside_requests()
    assert failure.key == key
    [said] = answers(desk, key)
    assert "can't be judged" in said
    assert "sweden" in said
    assert labels(desk, key) == []
    assert desk.shows(well, "Response SLA") == "Not entitled"
    ask(desk, key)
    desk.sweep()
    assert len(answers(desk, key)) == 2


def test_without_the_key_a_label_is_a_label(desk: World, key: str) -> None:
    """Nothing is written, nothing is taken off."""
    file = desk.config / "jira.yaml"
    file.write_text(file.read_text().replace("why_label: sla-why\n", ""))
    desk.sweep()
    ask(desk, key)
    desk.forget_calls()
    desk.sweep()
    assert answers(desk, key) == []
    assert labels(desk, key) == [WHY]
    assert not [one for one in desk.calls() if one["method"] == "PUT"]


@pytest.mark.parametrize("kind", ["403", "400", "503", "429"])
def test_no_note_no_label_off(desk: World, key: str, kind: str) -> None:
    """While the site takes no note the question stands; then it is answered once."""
    desk.goes_wrong("POST .*/comment$", kind, times=0)
    ask(desk, key)
    desk.sweep()
    assert labels(desk, key) == [WHY]
    desk.goes_well()
    desk.wait(hours=1)
    desk.sweep()
    assert len(answers(desk, key)) == 1
    assert labels(desk, key) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["503", "reset", "reset-after", "503-after"])
def test_a_lost_answer_doubles_nothing(
    desk: World, key: str, kind: str
) -> None:
    """Of the note or of the edit: in the end there is one note, and no label."""
    for match in ("POST .*/comment$", "PUT .*/issue/[^/]*$"):
        before = len(answers(desk, key))
        ask(desk, key)
        desk.goes_wrong(match, kind, times=2)
        for _ in range(3):
            desk.sweep()
            desk.wait(hours=1)
        desk.goes_well()
        desk.sweep()
        assert len(answers(desk, key)) == before + 1
        assert labels(desk, key) == []


def test_a_label_that_may_not_be_edited_stays(desk: World, key: str) -> None:
    """The screens of the project lack labels: the answer is given once, the fields are written all the same."""
    desk.tracker.switches.screen_check = True
    desk.tracker.site.off_screen.add("labels")
    ask(desk, key)
    desk.hands.instant = desk.shows(key, "Response due") + timedelta(minutes=1)
    for _ in range(3):
        desk.sweep()
        desk.wait(hours=1)
    assert len(answers(desk, key)) == 1
    assert labels(desk, key) == [WHY]
    assert desk.shows(key, "Response SLA") == "Breached"


def test_the_ledger_and_the_journal_are_lost(desk: World, key: str) -> None:
    """The label did not go yet: the note is found by its marker, not written again."""
    desk.goes_wrong("PUT .*/issue/[^/]*$", "503", times=0)
    ask(desk, key)
    desk.sweep()
    assert len(answers(desk, key)) == 1
    assert labels(desk, key) == [WHY]
    desk.goes_well()
    desk.tracker.issue(key).properties.pop("jsm-sla-bot")
    for file in desk.folder.glob("journal.db*"):
        file.unlink()
    desk.wait(hours=1)
    desk.sweep()
    assert len(answers(desk, key)) == 1
    assert labels(desk, key) == []


def test_an_answer_that_was_deleted_stays_deleted(
    desk: World, key: str
) -> None:
    """Nobody asks any more: the label is gone."""
    ask(desk, key)
    desk.sweep()
    desk.tracker.issue(key).comments.clear()
    desk.wait(hours=1)
    desk.sweep()
    assert answers(desk, key) == []


def test_a_long_history_is_cut_to_what_the_site_takes(
    desk: World, key: str
) -> None:
    """Hundreds of changes of severity: the answer says less, but it is given."""
    for number in range(400):
        desk.wait(seconds=1)
        desk.tracker.set_field(
            key,
            "Severity",
            ("S2 - Major", "S1 - Critical")[number % 2],
            as_=MIA,
        )
    ask(desk, key)
    desk.sweep()
    [said] = answers(desk, key)
    assert len(said) < 32_767
    assert "(shortened)" in said
    assert "What would change it" in said
    assert labels(desk, key) == []


def test_a_note_that_goes_public_is_taken_back(desk: World, key: str) -> None:
    """The site shows it to the customer: it is deleted, and the label stays for the answer that is still owed."""
    desk.tracker.switches.visible_notes = True
    ask(desk, key)
    desk.sweep()
    assert desk.notes(key) == []
    assert labels(desk, key) == [WHY]


def kill_at(desk: World, call: int) -> bool:
    """Start a pass and kill it as soon as the site has answered so many calls; tell whether it came to that."""
    answered = count(1)
    struck = False

    def strike(_: Exchange) -> None:
        nonlocal struck
        if next(answered) == call:
            struck = True
            process.kill()

    process = forked(["once"], desk.command("once").environ)
    observers.append(strike)
    try:
        process.join(PATIENCE_SECONDS)
    finally:
        observers.remove(strike)
        process.kill()
        process.join()
    return struck


@pytest.mark.slow
@pytest.mark.parametrize(
    "keep_journal", [True, False], ids=["journal kept", "journal lost"]
)
def test_killed_at_each_call_there_is_one_note_for_each_setting(
    tmp_path: Path, keep_journal: bool
) -> None:
    """Whichever call was the last: started again, the bot has answered each question once and taken each label off."""
    with world(tmp_path) as desk:
        can_ask(desk)
        desk.hands.instant = SystemClock().now()
        key = desk.tracker.raise_request(organization=12, severity=3)
        kill_at(desk, 1_000)
        asked = 0
        for call in count(1):
            ask(desk, key)
            asked += 1
            was_killed = kill_at(desk, call)
            if not keep_journal:
                for file in tmp_path.glob("journal.db*"):
                    file.unlink()
            kill_at(desk, 1_000)
            assert len(answers(desk, key)) == asked
            assert labels(desk, key) == []
            if not was_killed:
                break
        assert asked > 5
        assert desk.public_notes() == []


def test_what_the_note_says_is_text(desk: World, key: str) -> None:
    """Every block of it can be read as words by whoever reads comments without drawing them."""
    ask(desk, key)
    desk.sweep()
    body = desk.tracker.issue(key).comments[-1].body
    assert adf.to_text(body).count("\n") > 15
