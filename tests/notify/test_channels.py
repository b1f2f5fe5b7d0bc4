"""Each adapter speaks its service's shape: what it sends arrives, once where the service can know it again."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsm_sandbox.state.inbox import Unrest
from jsm_sla_bot.ports.notify import (
    NOTHING_BEFORE,
    Before,
    NotDeliveredError,
    NoticeRefusedError,
    NoticeState,
    Urgency,
)
from tests.notify.channels import NOW, SERVICES, Outside, notice, outside

KEYED = ["slack", "pagerduty", "jsm_operations", "webhook"]
"""Channels whose services know a notice again."""
WITH_SECRET = ["slack", "teams", "pagerduty", "jsm_operations", "webhook"]
ENDING = ["pagerduty", "jsm_operations"]
"""Channels whose services end what has been opened."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """Serve everything once for all tests."""
    with outside(tmp_path_factory.mktemp("secrets")) as made:
        yield made


@pytest.fixture
def there(served: Outside) -> Outside:
    """Empty the services."""
    served.inbox.trouble(0.0, [], [])
    served.inbox.messages.clear()
    served.inbox.keys_seen.clear()
    served.inbox.last_posts.clear()
    served.inbox.is_limited = False
    return served


def failing(there: Outside, channel: str, *kinds: Unrest) -> None:
    """Let every call of a channel's service fail."""
    words = [each.value for each in kinds]
    there.inbox.trouble(1.0, words, [SERVICES[channel]])


@pytest.mark.parametrize("channel", SERVICES)
def test_a_notice_arrives_with_its_words(there: Outside, channel: str) -> None:
    """What happened and to whom stands in it, whichever the service."""
    there.channels[channel].deliver(notice(), NOTHING_BEFORE)
    (message,) = there.messages(channel)
    assert "SUP-1: no answer until 10:00" in message.texts[-1]


@pytest.mark.slow
@pytest.mark.parametrize("channel", SERVICES)
@pytest.mark.parametrize("kind", [Unrest.ERROR_AFTER, Unrest.HANG_AFTER])
def test_what_may_have_arrived_is_sent_again(
    there: Outside, channel: str, kind: Unrest
) -> None:
    """Nothing is lost by it, and nothing doubled where the service has a key."""
    failing(there, channel, kind)
    with pytest.raises(NotDeliveredError) as caught:
        there.channels[channel].deliver(notice(), NOTHING_BEFORE)
    assert caught.value.is_unknown
    there.inbox.trouble(0.0, [], [])
    again = Before(is_uncertain=True, since=NOW)
    there.channels[channel].deliver(notice(), again)
    is_keyed = there.channels[channel].has_key
    assert is_keyed is (channel in KEYED)
    assert len(there.messages(channel)) == (1 if is_keyed else 2)


@pytest.mark.parametrize("channel", SERVICES)
def test_what_can_not_have_arrived_is_known(
    there: Outside, channel: str
) -> None:
    """A service that is busy, or wants to be left alone for a while, has not taken it."""
    failing(there, channel, Unrest.LIMIT)
    with pytest.raises(NotDeliveredError) as caught:
        there.channels[channel].deliver(notice(), NOTHING_BEFORE)
    assert not caught.value.is_unknown
    assert not there.messages(channel)
    if channel != "mail":
        assert caught.value.wait


@pytest.mark.parametrize("channel", WITH_SECRET)
def test_no_message_shows_a_secret(there: Outside, channel: str) -> None:
    """A wrong one keeps the notice waiting, and the right one in the same file delivers it without a restart."""
    name = SERVICES[channel]
    path = there.folder / name
    good = path.read_text()
    wrong = good.replace("sandbox", "wrong-secret")
    try:
        path.write_text(wrong)
        with pytest.raises((NotDeliveredError, NoticeRefusedError)) as caught:
            there.channels[channel].deliver(notice(), NOTHING_BEFORE)
        assert "wrong-secret" not in str(caught.value)
        assert "/_services" not in str(caught.value)
    finally:
        path.write_text(good)
    there.channels[channel].deliver(notice(), NOTHING_BEFORE)
    assert len(there.messages(channel)) == 1


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_secret_that_is_not_there_is_one_sentence(
    there: Outside, tmp_path: Path, text: str | None
) -> None:
    """It names the file."""
    path = there.folder / "slack"
    good = path.read_text()
    try:
        path.unlink()
        if text is not None:
            path.write_text(text)
        with pytest.raises(NotDeliveredError, match="slack"):
            there.channels["slack"].deliver(notice(), NOTHING_BEFORE)
    finally:
        path.write_text(good)


@pytest.mark.parametrize("channel", ENDING)
def test_a_page_ends_with_its_story(there: Outside, channel: str) -> None:
    """At risk and breached are one page that becomes louder; the answer ends it, and a new story opens another."""
    deliver = there.channels[channel].deliver
    deliver(notice(rung="at_risk", urgency=Urgency.WARNING), NOTHING_BEFORE)
    deliver(notice(urgency=Urgency.CRITICAL), NOTHING_BEFORE)
    (page,) = there.messages(channel)
    assert len(page.texts) == 2
    assert [each.is_open for each in there.messages(channel)] == [True]
    resolved = notice(rung="answered", state=NoticeState.RESOLVED)
    deliver(resolved, NOTHING_BEFORE)
    deliver(resolved, NOTHING_BEFORE)
    assert [each.is_open for each in there.messages(channel)] == [False]
    deliver(notice(2), NOTHING_BEFORE)
    assert [each.is_open for each in there.messages(channel)] == [False, True]


def test_slack_has_one_message_that_changes(there: Outside) -> None:
    """The next step stands in the thread of the first, and the end as an edit of it."""
    deliver = there.channels["slack"].deliver
    first = deliver(notice(rung="at_risk"), NOTHING_BEFORE)
    known = Before(first.remote)
    assert deliver(notice(), known).remote == first.remote
    ended = notice(
        rung="answered",
        state=NoticeState.RESOLVED,
        title="SUP-1: answered by Mia Lindqvist after 1 h 52 min",
    )
    deliver(ended, known)
    root, reply = there.messages("slack")
    assert reply.thread == root.id == first.remote
    assert root.texts[-1].startswith("SUP-1: answered by Mia Lindqvist")


def test_slack_looks_for_a_reply_before_it_writes_it_again(
    there: Outside,
) -> None:
    """In the thread, however many others were written meanwhile."""
    deliver = there.channels["slack"].deliver
    root = deliver(notice(rung="at_risk"), NOTHING_BEFORE).remote
    failing(there, "slack", Unrest.RESET_AFTER)
    with pytest.raises(NotDeliveredError):
        deliver(notice(), Before(root))
    there.inbox.trouble(0.0, [], [])
    for number in range(210):
        deliver(notice(number + 10), Before(root))
    again = deliver(notice(), Before(root, is_uncertain=True, since=NOW))
    assert again.was_there
    assert len(there.messages("slack")) == 212


def test_slack_takes_one_message_a_second(there: Outside) -> None:
    """It says how long to wait."""
    there.inbox.is_limited = True
    there.channels["slack"].deliver(notice(), NOTHING_BEFORE)
    with pytest.raises(NotDeliveredError) as caught:
        there.channels["slack"].deliver(notice(2), NOTHING_BEFORE)
    assert caught.value.wait
    assert caught.value.wait.total_seconds() == 1


def test_nothing_of_a_customers_words_calls_a_whole_channel(
    there: Outside,
) -> None:
    """Slack reads signs in angle brackets as commands."""
    loud = notice(title="SUP-1: <!channel> & <https://evil.example|login>")
    there.channels["slack"].deliver(loud, NOTHING_BEFORE)
    (message,) = there.messages("slack")
    assert "<" not in message.texts[-1]
    assert "&lt;!channel&gt; &amp; " in message.texts[-1]


@pytest.mark.parametrize("channel", SERVICES)
def test_a_long_list_fits_every_service(there: Outside, channel: str) -> None:
    """A digest of many requests is cut to what the service takes, and not refused."""
    lines = [f"SUP-{number}: " + "x" * 400 for number in range(300)]
    long = notice(title="y" * 3000, lines=lines)
    there.channels[channel].deliver(long, NOTHING_BEFORE)
    assert len(there.messages(channel)) == 1


def test_a_letter_is_of_a_machine_and_of_one_thread(there: Outside) -> None:
    """Line breaks in a title forge no header."""
    deliver = there.channels["mail"].deliver
    deliver(notice(rung="at_risk"), NOTHING_BEFORE)
    deliver(notice(title="SUP-1\r\nBcc: x@evil.example"), NOTHING_BEFORE)
    first, second = there.messages("mail")
    assert first.thread == second.thread
    assert first.id != second.id
    assert second.texts[-1].startswith("SUP-1  Bcc: x@evil.example")
    assert first.place == "lead@example.com"


def test_a_channel_that_nobody_serves_has_not_taken_it(
    there: Outside,
) -> None:
    """No connection, no doubt."""
    address = there.folder / "teams"
    good = address.read_text()
    try:
        address.write_text("http://127.0.0.1:9/x?sig=sandbox")
        with pytest.raises(NotDeliveredError) as caught:
            there.channels["teams"].deliver(notice(), NOTHING_BEFORE)
        assert not caught.value.is_unknown
        address.write_text("no address")
        with pytest.raises(NotDeliveredError, match="no URL"):
            there.channels["teams"].deliver(notice(), NOTHING_BEFORE)
    finally:
        address.write_text(good)


def test_a_letter_that_breaks_off_is_none(there: Outside) -> None:
    """The sandbox's mail server keeps what came to its end, as every mail server does."""
    before = len(there.messages("mail"))
    words = (
        b"EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: half"
    )
    with socket.create_connection(("127.0.0.1", there.where.port)) as caller:
        caller.sendall(words)
        caller.shutdown(socket.SHUT_WR)
        while caller.recv(4096):
            pass
    assert len(there.messages("mail")) == before
