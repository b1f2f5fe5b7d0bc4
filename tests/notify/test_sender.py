"""Out of the outbox to the service: nothing lost, nothing doubled where the service has a key, no channel waits."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jsm_sandbox.state.inbox import Unrest
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.notify.sender import Pace, Result, Sender
from jsm_sla_bot.ports.journal.outbox import Outbox
from jsm_sla_bot.ports.notify import Notice, NoticeState
from tests.notify.channels import NOW, SERVICES, Outside, notice, outside
from tests.notify.outboxes import (
    HASTY,
    Counts,
    Hands,
    begin,
    empty,
    outgoing,
)

MANY = 1_000
WITH_KEY = ("slack", "pagerduty", "jsm_operations", "webhook")
LIMIT = [Unrest.ERROR.value]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Outside]:
    """Serve the services to impatient channels."""
    with outside(tmp_path, seconds=0.05) as made:
        yield made


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    """Open a journal."""
    made = open_journal(url(tmp_path))
    yield made
    made.close()


def url(folder: Path) -> str:
    """Return the journal's address."""
    return f"sqlite:///{folder / 'journal.db'}"


def filled(outbox: Outbox) -> dict[str, set[str]]:
    """Put many notices in, and return their ids by channel."""
    names = list(SERVICES)
    found: dict[str, set[str]] = {name: set() for name in names}
    put = []
    now = SystemClock().now()
    for number in range(MANY):
        name = names[number % len(names)]
        made = notice(number)
        found[name].add(made.id)
        put.append(outgoing(made, name, now))
    outbox.put(put)
    outbox.put(put)
    return found


def arrived(there: Outside, channel: str) -> Counter[str]:
    """Return how often each notice arrived, by the words that name its request."""
    return Counter(
        each.texts[0].split("SUP-")[1].split(":")[0]
        for each in there.messages(channel)
    )


def assert_all_arrived(there: Outside) -> int:
    """Check that each arrived, once where the service has a key; return how many arrived twice elsewhere."""
    doubled = 0
    for place, name in enumerate(SERVICES):
        found = arrived(there, name)
        expected = {str(each) for each in range(place, MANY, len(SERVICES))}
        assert found.keys() == expected, name
        if name in WITH_KEY:
            assert set(found.values()) == {1}, name
        else:
            doubled += found.total() - len(expected)
    return doubled


@pytest.mark.slow
def test_a_third_of_all_calls_fails(
    there: Outside, journal: SqlJournal, tmp_path: Path
) -> None:
    """Errors, limits, cut and hanging connections, before and after the deed: all arrive, doubles are counted."""
    filled(journal.outbox)
    there.inbox.trouble(0.3, [], [])
    counts = empty(url(tmp_path), there.where)
    doubled = assert_all_arrived(there)
    assert counts.of(Result.FAILED) > MANY / 4
    assert doubled <= counts.of(Result.REPEATED)
    assert counts.of(Result.SENT) + counts.of(Result.REPEATED) == MANY
    assert not journal.outbox.oldest_unsent(SystemClock().now())


@pytest.mark.slow
def test_the_process_is_killed_again_and_again(
    there: Outside, journal: SqlJournal, tmp_path: Path
) -> None:
    """Wherever it was: the next one goes on, and what may have arrived is looked up or known by its key."""
    filled(journal.outbox)
    there.inbox.trouble(0.3, [], [])
    chance = random.Random(5)  # noqa: S311 - chance that repeats is the point
    kills = 0
    while journal.outbox.oldest_unsent(SystemClock().now()) and kills < 10:
        process = begin(url(tmp_path), there.where)
        process.join(0.2 + 0.5 * chance.random())
        kills += process.is_alive()
        process.kill()
        process.join()
    assert kills > 3
    empty(url(tmp_path), there.where)
    assert_all_arrived(there)


class Scene:
    """One channel whose sender is turned by hand."""

    def __init__(self, there: Outside, outbox: Outbox, name: str) -> None:
        self.there = there
        self.outbox = outbox
        self.clock = Hands(NOW)
        self.counts = Counts()
        self.name = name
        channel = there.channels[name]
        self.sender = Sender(
            name, channel, outbox, self.clock, self.counts, Pace()
        )

    def put(self, *notices: Notice, is_held: bool = False) -> None:
        """Put notices in."""
        self.outbox.put(
            [
                outgoing(each, self.name, self.clock.now(), is_held=is_held)
                for each in notices
            ]
        )

    def texts(self) -> list[str]:
        """Return the first line of each message."""
        return [
            each.texts[-1].splitlines()[0]
            for each in self.there.messages(self.name)
        ]

    def fails(self, share: float, *kinds: Unrest) -> None:
        """Let calls fail."""
        words = [each.value for each in kinds or [Unrest.ERROR]]
        self.there.inbox.trouble(share, words, [SERVICES[self.name]])


@pytest.fixture
def pager(there: Outside, journal: SqlJournal) -> Scene:
    """Turn the sender to PagerDuty."""
    return Scene(there, journal.outbox, "pagerduty")


@pytest.fixture
def chat(there: Outside, journal: SqlJournal) -> Scene:
    """Turn the sender to Slack."""
    return Scene(there, journal.outbox, "slack")


def test_a_channel_that_is_down_is_asked_less_and_less(pager: Scene) -> None:
    """Its trouble is known until it takes a notice again."""
    pager.fails(1.0)
    pager.put(notice(1), notice(2))
    waits = []
    for _ in range(9):
        pager.sender.turn()
        before = pager.there.inbox.calls["pagerduty"]
        pager.sender.turn()
        assert pager.there.inbox.calls["pagerduty"] == before
        upcoming = pager.sender.next_turn()
        assert upcoming
        waits.append((upcoming - pager.clock.now()).total_seconds())
        pager.clock.instant = upcoming
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert "503" in str(pager.sender.trouble())
    pager.fails(0.0)
    pager.sender.turn()
    assert pager.sender.trouble() is None
    assert len(pager.texts()) == 2


def test_a_service_says_how_long_to_wait(chat: Scene) -> None:
    """No sooner, and not much later."""
    chat.there.inbox.is_limited = True
    chat.put(notice(1), notice(2))
    chat.sender.turn()
    upcoming = chat.sender.next_turn()
    assert upcoming == NOW + timedelta(seconds=1)


def test_what_can_not_wait_goes_first(chat: Scene) -> None:
    """However many were there before; those go together."""
    chat.put(*(notice(number) for number in range(50)), is_held=True)
    chat.put(notice(99))
    chat.sender.turn()
    first, second = chat.texts()
    assert first.startswith("SUP-99")
    assert second == "50 requests wait for an answer"


def test_two_do_not_make_a_digest(chat: Scene) -> None:
    """Each stands alone, and so does what was tried alone before."""
    chat.put(notice(1), notice(2), is_held=True)
    chat.sender.turn()
    assert len(chat.texts()) == 2


@pytest.mark.parametrize("kind", [Unrest.ERROR, Unrest.ERROR_AFTER])
def test_a_digest_that_was_tried_stays_as_it_is(
    chat: Scene, kind: Unrest
) -> None:
    """What comes later is no part of it, so that it is known again: it stands once."""
    chat.put(*(notice(number) for number in range(5)), is_held=True)
    chat.fails(1.0, kind)
    chat.sender.turn()
    chat.fails(0.0)
    chat.put(*(notice(number) for number in range(10, 14)), is_held=True)
    chat.clock.wait(minutes=1)
    chat.sender.turn()
    assert sorted(chat.texts()) == [
        "4 requests wait for an answer",
        "5 requests wait for an answer",
    ]


def test_a_story_is_sent_in_its_order(chat: Scene) -> None:
    """The answer waits for the breach, which is tried again."""
    chat.put(notice(1))
    chat.fails(1.0)
    chat.sender.turn()
    chat.put(notice(1, rung="answered", state=NoticeState.RESOLVED))
    chat.put(notice(2))
    chat.fails(0.0)
    chat.clock.wait(seconds=2)
    chat.sender.turn()
    assert len(chat.there.messages("slack")) == 2
    chat.sender.turn()
    answered = [
        each.texts
        for each in chat.there.messages("slack")
        if each.texts[0].startswith("SUP-1")
    ]
    assert len(answered) == 1
    assert chat.sender.next_turn() is None


def test_a_notice_that_is_refused_stops_no_other(pager: Scene) -> None:
    """It is tried again a quarter of an hour later, and given up after a day, which is counted and said."""
    refused = notice(1, title="")
    pager.put(refused)
    pager.put(notice(2))
    pager.sender.turn()
    assert len(pager.texts()) == 1
    upcoming = pager.sender.next_turn()
    assert upcoming == NOW + timedelta(minutes=15)
    pager.clock.wait(hours=25)
    pager.sender.turn()
    assert pager.sender.next_turn() is None
    assert pager.counts.of(Result.GIVEN_UP) == 1
    assert "given up" in str(pager.sender.trouble())


def test_what_is_over_before_it_went_out_with_others_is_dropped(
    chat: Scene,
) -> None:
    """Nobody has to hear of it. What can't wait, or was tried, is still sent."""
    chat.put(notice(1), is_held=True)
    chat.put(notice(2))
    threads = [notice(1).thread, notice(2).thread]
    chat.outbox.ended(threads)
    chat.sender.turn()
    assert [each.split(":")[0] for each in chat.texts()] == ["SUP-2"]
    assert not chat.outbox.open_stories()


def test_what_was_sent_is_forgotten_some_day(chat: Scene) -> None:
    """Once its story is over: until then it keeps a second one from being sent."""
    chat.put(notice(1), notice(2))
    chat.sender.turn()
    chat.outbox.ended([notice(1).thread])
    chat.outbox.forget(NOW + timedelta(days=1))
    chat.put(notice(2))
    chat.sender.turn()
    assert len(chat.texts()) == 2
    (still,) = chat.outbox.open_stories()
    assert still.request == "SUP-2"
    assert chat.outbox.remote_of("slack", notice(2).thread)


def test_a_fault_of_ours_on_one_notice_stops_no_other(
    pager: Scene, journal: SqlJournal
) -> None:
    """A text that nobody can read, of a version to come, say."""
    good = outgoing(notice(1), "pagerduty", NOW)
    spoilt = outgoing(notice(2), "pagerduty", NOW)
    object.__setattr__(spoilt, "body", "{}")
    journal.outbox.put([spoilt, good])
    pager.sender.turn()
    assert len(pager.texts()) == 1
    assert pager.counts.of(Result.REFUSED) == 1


def test_hasty_senders_are_for_tests_only() -> None:
    """Nobody is asked a thousand times a second."""
    assert HASTY.first < Pace().first
