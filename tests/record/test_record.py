"""The journal: what it keeps, what it forgets, and that it never moves the watermark back."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.ports import Entry, Failure, Mark, PassReport, TerminalError
from jsm_sla_bot.record import KEPT_PASSES, SqlJournal, open_journal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    """Open an empty journal."""
    opened = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    yield opened
    opened.close()


def entry(number: int, *, upcoming: datetime | None = None, is_open: bool = True) -> Entry:
    """Return what a pass keeps of a request."""
    return Entry(str(number), f"SUP-{number}", NOW, "Running", NOW + HOUR, upcoming, is_open, "hash")


def failure(number: int, retry_at: datetime) -> Failure:
    """Return a request that was set aside."""
    return Failure(str(number), f"SUP-{number}", "503", 2, retry_at)


def test_entries_come_back_as_they_were(journal: SqlJournal) -> None:
    """Instants and texts survive the disk, also of more requests than fit into one query."""
    kept = [replace(entry(number), remark="people insist") for number in range(1200)]
    journal.record(kept)
    assert sorted(journal.remarked(), key=lambda one: int(one.id)) == kept
    assert len(journal.updated_of([one.id for one in kept])) == 1200


def test_a_journal_of_another_version_is_made_anew(tmp_path: Path) -> None:
    """It is a cache: what it lacks, the next sweep finds out."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    older = open_journal(url)
    older.advance(NOW)
    older.close()
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.execute("DROP INDEX ix_requests_remark")
        connection.execute("ALTER TABLE requests DROP COLUMN remark")
    connection.close()
    newer = open_journal(url)
    newer.record([entry(1)])
    assert (newer.watermark(), newer.open_ids()) == (None, ["1"])
    newer.close()


def test_the_watermark_moves_forward_only(journal: SqlJournal) -> None:
    """A pass that began earlier may end later: it takes nothing back."""
    assert journal.watermark() is None
    journal.advance(NOW)
    journal.advance(NOW - HOUR)
    assert journal.watermark() == NOW


def test_the_agenda_knows_what_is_due(journal: SqlJournal) -> None:
    """What time changes by now is due, and what waits to be retried; nothing twice."""
    journal.record([entry(1, upcoming=NOW), entry(2, upcoming=NOW + HOUR), entry(3, upcoming=NOW)])
    journal.set_aside([failure(3, NOW + HOUR), failure(4, NOW)])
    assert sorted(journal.agenda(NOW)) == ["1", "4"]
    assert sorted(journal.agenda(NOW + HOUR)) == ["1", "2", "3", "4"]
    assert journal.next_change_at() == NOW


def test_a_request_that_was_written_is_no_longer_set_aside(journal: SqlJournal) -> None:
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


def test_intents_without_an_outcome_are_told_and_dropped(journal: SqlJournal) -> None:
    """An intent is open until its note stands, or until somebody has looked that it never did."""
    journal.intend("1", "a")
    journal.intend("1", "b")
    journal.resolve("1", "a", "100")
    assert (journal.unresolved("1"), journal.unresolved("2")) == (True, False)
    journal.drop_unresolved("1")
    assert not journal.unresolved("1")


def test_marks_are_remembered_and_emptied(journal: SqlJournal) -> None:
    """An empty mark is none."""
    journal.remember(Mark.ALLOWED, "hash")
    assert journal.recall(Mark.ALLOWED) == "hash"
    journal.remember(Mark.ALLOWED, "")
    assert journal.recall(Mark.ALLOWED) is None


def test_only_the_last_passes_are_kept(journal: SqlJournal) -> None:
    """The history of passes does not grow for ever; the newest comes first."""
    for number in range(KEPT_PASSES + 5):
        journal.completed(PassReport("due", NOW, NOW, number, 0, 0, 0, 0))
    kept = journal.passes(KEPT_PASSES * 2)
    assert (len(kept), kept[0].seen) == (KEPT_PASSES, KEPT_PASSES + 4)


def test_a_journal_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    """The message names the setting and quotes no address, which may hold a password."""
    with pytest.raises(TerminalError, match="JSM_SLA_BOT_JOURNAL_URL"):
        open_journal(f"sqlite:///{tmp_path}/nowhere/journal.db")
