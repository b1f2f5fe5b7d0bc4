"""The journal: what it keeps, what it forgets, and that it never moves the watermark back."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.journal.opening import existing_journal, open_journal
from jsm_sla_bot.journal.pass_log import KEPT_PASSES
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    AllowedGone,
    AllowedPolicy,
    Entry,
    Failure,
    PassKind,
    PassReport,
    Vanished,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    """Open an empty journal."""
    opened = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    yield opened
    opened.close()


def entry(
    number: int, *, upcoming: datetime | None = None, is_open: bool = True
) -> Entry:
    """Return what a pass keeps of a request."""
    return Entry(
        str(number),
        f"SUP-{number}",
        NOW,
        "Running",
        NOW + HOUR,
        upcoming,
        is_open,
        "hash",
    )


def failure(number: int, retry_at: datetime) -> Failure:
    """Return a request that was set aside."""
    return Failure(str(number), f"SUP-{number}", "503", 2, retry_at, NOW)


def test_entries_come_back_as_they_were(journal: SqlJournal) -> None:
    """Instants and texts survive the disk, also of more requests than fit into one query."""
    kept = [
        replace(entry(number), remark="people insist")
        for number in range(1200)
    ]
    journal.record(kept)
    assert sorted(journal.remarked(), key=lambda one: int(one.id)) == kept
    assert len(journal.updated_of([one.id for one in kept])) == 1200


def test_the_watermark_moves_forward_only(journal: SqlJournal) -> None:
    """A pass that began earlier may end later: it takes nothing back."""
    assert journal.watermark() is None
    journal.advance(NOW)
    journal.advance(NOW - HOUR)
    assert journal.watermark() == NOW


def test_the_agenda_knows_what_is_due(journal: SqlJournal) -> None:
    """What time changes by now is due, and what waits to be retried; nothing twice."""
    journal.record(
        [
            entry(1, upcoming=NOW),
            entry(2, upcoming=NOW + HOUR),
            entry(3, upcoming=NOW),
        ]
    )
    journal.set_aside([failure(3, NOW + HOUR), failure(4, NOW)])
    assert sorted(journal.agenda(NOW)) == ["1", "4"]
    assert sorted(journal.agenda(NOW + HOUR)) == ["1", "2", "3", "4"]
    assert journal.next_change_at() == NOW


def test_a_request_that_was_written_is_no_longer_set_aside(
    journal: SqlJournal,
) -> None:
    """Its failures are forgotten with the first success."""
    journal.set_aside([failure(1, NOW)])
    assert journal.failures_of(["1", "2"]) == {"1": failure(1, NOW)}
    journal.record([entry(1)])
    assert journal.set_aside_requests() == []


def test_what_is_gone_is_forgotten(journal: SqlJournal) -> None:
    """It is neither open nor set aside any more."""
    journal.record([entry(1), entry(2), entry(3, is_open=False)])
    journal.set_aside([failure(1, NOW)])
    journal.forget(["1"])
    assert (journal.open_ids(), journal.set_aside_requests()) == (["2"], [])


def test_intents_without_an_outcome_are_told_and_dropped(
    journal: SqlJournal,
) -> None:
    """An intent is open until its note stands, or until somebody has looked that it never did."""
    journal.intend("1", "a")
    journal.intend("1", "b")
    journal.resolve("1", "a", "100")
    assert (journal.unresolved("1"), journal.unresolved("2")) == (True, False)
    journal.drop_unresolved("1")
    assert not journal.unresolved("1")


def test_marks_are_remembered_and_emptied(journal: SqlJournal) -> None:
    """One that is cleared is none, and the others stay."""
    journal.remember(AdmittedPolicy("hash", {"policy.yaml": "x"}))
    journal.remember(AllowedPolicy("hash"))
    assert journal.recall(AllowedPolicy) == AllowedPolicy("hash")
    journal.clear(AllowedPolicy)
    assert journal.recall(AllowedPolicy) is None
    assert journal.recall(AdmittedPolicy) == AdmittedPolicy(
        "hash", {"policy.yaml": "x"}
    )


@pytest.mark.slow
def test_only_the_last_passes_are_kept(journal: SqlJournal) -> None:
    """The history of passes does not grow for ever; the newest comes first."""
    for number in range(KEPT_PASSES + 5):
        journal.completed(
            PassReport(PassKind.DUE, NOW, NOW, number, 0, 0, 0, 0)
        )
    kept = journal.passes(KEPT_PASSES * 2)
    assert (len(kept), kept[0].seen) == (KEPT_PASSES, KEPT_PASSES + 4)


def test_a_journal_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path,
) -> None:
    """The message names the setting and quotes no address, which may hold a password."""
    with pytest.raises(TerminalError, match="JSM_SLA_BOT_JOURNAL_URL"):
        open_journal(f"sqlite:///{tmp_path}/nowhere/journal.db")


def foreign(file: Path) -> None:
    """Leave somebody else's tables there, called as the journal might call its own."""
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE requests (id INTEGER, body TEXT)")
        connection.execute("INSERT INTO requests VALUES (1, 'precious')")
    connection.close()


def precious(file: Path) -> list[tuple[str]]:
    """Read them again."""
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT body FROM requests").fetchall()
    connection.close()
    return found


def test_nobody_elses_table_is_touched(tmp_path: Path) -> None:
    """In a shared database the journal has names of its own, also when a table of it is made again."""
    file = tmp_path / "shared.db"
    foreign(file)
    for _ in range(2):
        opened = open_journal(f"sqlite:///{file}")
        opened.record([entry(1)])
        opened.close()
        with sqlite3.connect(file) as connection:
            connection.execute("DROP TABLE sla_bot_passes")
        connection.close()
    assert precious(file) == [("precious",)]


def test_looking_for_a_journal_makes_none(tmp_path: Path) -> None:
    """Where there is none, that is said, and nothing is left behind."""
    with pytest.raises(
        TerminalError,
        match=r"no journal at sqlite.*: has the daemon run here\?",
    ):
        existing_journal(f"sqlite:///{tmp_path / 'journal.db'}").__enter__()
    assert list(tmp_path.iterdir()) == []
    foreign(tmp_path / "other.db")
    with (
        pytest.raises(TerminalError, match="no journal at"),
        existing_journal(f"sqlite:///{tmp_path / 'other.db'}"),
    ):
        pass
    assert precious(tmp_path / "other.db") == [("precious",)]


def test_a_damaged_journal_is_one_sentence(tmp_path: Path) -> None:
    """Also where the damage is found only while it is read."""
    file = tmp_path / "journal.db"
    written = open_journal(f"sqlite:///{file}")
    written.record([entry(number) for number in range(500)])
    written.close()
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)
    with (
        pytest.raises(TerminalError, match="malformed"),
        existing_journal(f"sqlite:///{file}") as journal,
    ):
        [journal.watermark(), journal.open_ids()]
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100, "utf-8")
    with (
        pytest.raises(TerminalError, match="not a database"),
        existing_journal(f"sqlite:///{tmp_path}/letter.db"),
    ):
        pass


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "no address of a database"),
        ("postgresql://u:s3cret@db:port/x", "no address of a database"),
        ("nobodys+driver://u:s3cret@db/x", "can't be used"),
        (
            "postgresql+pg8000://u:s3cret@127.0.0.1:1/x",
            "JSM_SLA_BOT_JOURNAL_URL",
        ),
    ],
)
def test_an_address_that_leads_nowhere_is_one_sentence(
    url: str, sentence: str
) -> None:
    """Whatever is wrong with it, nobody reads the password."""
    for opened in (
        open_journal,
        lambda url: existing_journal(url).__enter__(),
    ):
        with pytest.raises(TerminalError, match=sentence) as refusal:
            opened(url)
        assert "s3cret" not in str(refusal.value)


def test_who_is_pardoned_waits_for_nothing(journal: SqlJournal) -> None:
    """It is no longer set aside, and an instant that has passed does not come up for ever."""
    journal.record([entry(1, upcoming=NOW)])
    journal.set_aside([failure(1, NOW)])
    journal.pardon(["1"])
    assert (
        journal.set_aside_requests(),
        journal.agenda(NOW),
        journal.open_ids(),
    ) == (
        [],
        [],
        ["1"],
    )


def test_a_completed_sweep_settles_what_was_not_believed(
    journal: SqlJournal,
) -> None:
    """A word for requests that have come back is no word for another day."""
    journal.remember(Vanished(frozenset({"1"}), "can't be seen"))
    journal.remember(AllowedGone(frozenset({"1"})))
    journal.swept("hash")
    assert journal.recall(Vanished) is None
    assert journal.recall(AllowedGone) is None
