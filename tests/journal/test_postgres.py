"""The journal on a real PostgreSQL server: it keeps what SQLite keeps, and a server in trouble keeps nobody waiting."""

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jsm_sla_bot.journal.opening import existing_journal, open_journal
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import DaemonFacts, Entry, JournalError
from jsm_sla_bot.ports.site_identity import SiteIdentity

psycopg = pytest.importorskip(
    "psycopg", reason="the extra `postgres` is not there"
)

from jsm_sla_bot.journal import postgres  # noqa: E402 - only where psycopg is there

pytestmark = pytest.mark.filterwarnings("ignore:.*pgserver.*:Warning")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = SiteIdentity("https://one.example")


@pytest.fixture
def url(postgres_url: str) -> str:
    """Return the address of an empty database."""
    return postgres_url


def test_it_keeps_what_it_is_given(url: str) -> None:
    """Entries, marks, intents and the site, over a second opening too."""
    kept = Entry(
        "1", "SUP-1", NOW, "Running", NOW, NOW, is_open=True, policy="hash"
    )
    journal = open_journal(url)
    journal.bind(SITE)
    for _ in range(2):
        journal.record([kept])
        journal.intend("1", "a")
        journal.advance(NOW)
    journal.close()
    with existing_journal(url) as again:
        assert (again.watermark(), again.open_ids(), again.agenda(NOW)) == (
            NOW,
            ["1"],
            ["1"],
        )
        assert (again.unresolved("1"), again.bound_to()) == (True, SITE)


def test_who_only_looks_changes_nothing(url: str) -> None:
    """The server itself refuses it."""
    open_journal(url).close()
    with (
        pytest.raises(TerminalError, match="read-only"),
        existing_journal(url) as journal,
    ):
        journal.remember(DaemonFacts(at=NOW))


def test_tables_that_are_gone_are_made_again(url: str) -> None:
    """It is a cache, and it still knows its site."""
    journal = open_journal(url)
    journal.bind(SITE)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
        line.execute("DROP TABLE sla_bot_marks")
    with pytest.raises(JournalError, match="a table of it is gone"):
        journal.watermark()
    journal.ensure()
    assert journal.bound_to() == SITE
    journal.close()


def test_a_connection_that_was_cut_is_made_again(url: str) -> None:
    """A server that was restarted meanwhile is noticed before anything is asked of it."""
    journal = open_journal(url)
    journal.advance(NOW)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
        line.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
    assert journal.watermark() == NOW
    journal.close()


def test_a_locked_table_is_said_to_be_locked(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for another session for ever."""
    settings = {**postgres.SERVER_SETTINGS, "lock_timeout": "50ms"}
    monkeypatch.setattr(postgres, "SERVER_SETTINGS", settings)
    journal = open_journal(url)
    with psycopg.connect(url.replace("+psycopg", "")) as line:
        line.execute("LOCK TABLE sla_bot_marks IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(JournalError, match="locked by another session"):
            journal.advance(NOW)
    journal.advance(NOW)
    assert journal.trouble() is None
    journal.close()


def family(server: Any) -> list[int]:
    """Return the process ids of the server and of those that serve one connection each."""
    first = int(
        Path(server.pgdata, "postmaster.pid").read_text().splitlines()[0]
    )
    listed = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, listed)]


@pytest.mark.slow
def test_a_server_that_hangs_is_hung_up_on(
    server: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes what is sent and never answers: connected or not, the cause is told in time, and it recovers."""
    monkeypatch.setattr(postgres, "SILENCE_SECONDS", 0.3)
    connection = {**postgres.CONNECTION, "connect_timeout": 2}
    monkeypatch.setattr(postgres, "CONNECTION", connection)
    journal = open_journal(url)
    journal.advance(NOW)
    stopped = family(server)
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    began = time.monotonic()
    try:
        for _ in range(2):  # over a connection of before, then over a new one
            with pytest.raises(JournalError, match="does not answer"):
                journal.watermark()
        assert "does not answer" in str(journal.trouble())
        assert time.monotonic() - began < 15
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)
    assert journal.watermark() == NOW
    assert journal.trouble() is None
    journal.close()


def test_no_password_is_told(url: str) -> None:
    """Whatever the server says of it."""
    wrong = "postgresql+psycopg://nobody:s3cret@127.0.0.1:1/x"
    with pytest.raises(TerminalError) as refusal:
        open_journal(wrong)
    assert "s3cret" not in str(refusal.value)
