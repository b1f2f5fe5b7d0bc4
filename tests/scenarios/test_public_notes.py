"""Nothing internal stays public: wherever a note is met that a customer can read, it is taken back and notes stop."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from jsm_sla_bot import app
from tests.attempts import Attempt
from tests.scenarios.world import BOT, World

POST_NOTE = "POST .*/comment$"
DELETE_NOTE = "DELETE .*/comment"


class KilledError(BaseException):
    """As good as `kill -9`: nothing of ours runs after it."""


def axe(match: str) -> Callable[[Attempt], None]:
    """Return a watcher who kills the bot for good as soon as such a call is answered."""
    fallen: list[str] = []

    def strike(attempt: Attempt) -> None:
        if fallen or re.search(match, f"{attempt.method} {attempt.path}"):
            fallen.append(match)
            raise KilledError

    return strike


def killed(desk: World) -> None:
    """Let a bot be killed between the POST of a note and the look at its answer."""
    options = desk.options(axe(POST_NOTE))
    with (
        pytest.raises(KilledError),
        app.bot(desk.settings(), clock=desk.hands, options=options) as made,
    ):
        made.reconciler.sweep()


def unanswered(desk: World) -> None:
    """Let the answer to a note be lost, and the lookup be refused for a while."""
    desk.goes_wrong(POST_NOTE, "reset-after")
    desk.goes_wrong("GET .*/comment", "503", times=5)
    desk.sweep()
    desk.goes_well()


def undeleted(desk: World) -> None:
    """Let the note be seen to be public, and its deletion fail for a while."""
    desk.goes_wrong(DELETE_NOTE, "503", times=5)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert "still public" in (made.connection.notes_stopped() or "")
    desk.goes_well()


def breached(desk: World, *, visible: bool) -> str:
    """Raise a request, let it be seen, and let its due time pass by a minute."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.wait(minutes=5)
    desk.sweep()
    desk.hands.instant = desk.shows(key, "Response due") + timedelta(minutes=1)
    desk.client.put(
        "/_sandbox/switches", json={"visible_notes": visible}
    ).raise_for_status()
    return key


@pytest.mark.slow
@pytest.mark.parametrize(
    "keep_journal", [True, False], ids=["journal kept", "journal lost"]
)
@pytest.mark.parametrize("accident", [killed, unanswered, undeleted])
def test_a_note_that_is_public_after_an_accident(
    desk: World, accident: Callable[[World], None], *, keep_journal: bool
) -> None:
    """The next start takes it back, confirms nothing of it, and tells the truth in the fields."""
    key = breached(desk, visible=True)
    accident(desk)
    assert len(desk.public_notes()) == 1
    if not keep_journal:
        for file in desk.folder.glob("journal.db*"):
            file.unlink()
    desk.wait(minutes=40)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert made.connection.notes_stopped()
    assert desk.notes(key) == []
    assert desk.shows(key, "Response SLA") == "Breached"
    desk.client.put(
        "/_sandbox/switches", json={"visible_notes": False}
    ).raise_for_status()
    desk.wait(minutes=40)
    desk.sweep()
    assert (len(desk.notes(key)), desk.public_notes()) == (1, [])


def test_a_note_that_somebody_shows_to_the_customer(desk: World) -> None:
    """The ledger knows it, and nothing else is to be written: it is taken back at the next sweep."""
    key = breached(desk, visible=False)
    desk.sweep()
    [note] = [
        each
        for each in desk.tracker.issue(key).comments
        if each.author.name == BOT
    ]
    note.public = True
    desk.wait(hours=1)
    with desk.bot() as made:
        made.reconciler.sweep()
        assert made.connection.notes_stopped()
    assert desk.public_notes() == []


def test_a_public_note_goes_also_where_nothing_is_left_to_say(
    desk: World,
) -> None:
    """The request was answered meanwhile."""
    key = breached(desk, visible=True)
    killed(desk)
    desk.tracker.comment(key, "On it.", as_="Mia Lindqvist")
    desk.wait(minutes=1)
    desk.sweep()
    assert desk.public_notes() == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["429", "503"])
def test_a_site_that_takes_no_comments_for_two_hours(
    desk: World, kind: str
) -> None:
    """The fields of old and new requests tell the truth meanwhile; each note comes once, afterwards."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(20)
    ]
    desk.wait(minutes=5)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.hands.instant = desk.shows(keys[0], "Response due") + timedelta(
            minutes=1
        )
        desk.goes_wrong(POST_NOTE, kind, times=0)
        made.reconciler.due()
        assert {desk.shows(key, "Response SLA") for key in keys} == {
            "Breached"
        }
        assert made.reconciler.breaker.open_because() is None
        late = desk.tracker.raise_request(organization=12, severity=1)
        desk.wait(minutes=1)
        made.reconciler.changed()
        assert desk.shows(late, "Response SLA") == "Running"
        desk.wait(hours=2)
        made.reconciler.due()
        desk.goes_well()
        desk.wait(hours=1)
        made.reconciler.due()
    assert [len(desk.notes(key)) for key in keys] == [1] * 20
