"""A journal in trouble: whatever is asked of it, the cause is one sentence, and no error of the database's gets out."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from jsm_sla_bot.journal import database
from jsm_sla_bot.journal.opening import (
    existing_journal,
    open_daemons_journal,
    open_journal,
)
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import (
    Agenda,
    Entry,
    Failure,
    HeldBack,
    Intents,
    Journal,
    JournalError,
    Marks,
    PassKind,
    PassLog,
    PassReport,
    SeenRequests,
)
from jsm_sla_bot.ports.site_identity import SiteIdentity

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = SiteIdentity("https://one.example")
ENTRY = Entry(
    "1", "SUP-1", NOW, "Running", NOW, NOW, is_open=True, policy="hash"
)
FAILURE = Failure("2", "SUP-2", "503", 1, NOW)
REPORT = PassReport(PassKind.DUE, NOW, NOW, 0, 0, 0, 0, 0)
NEWS = "x" * 200_000

CALLS: dict[str, Callable[[SqlJournal], object]] = {
    "ensure": lambda journal: journal.ensure(),
    "bind": lambda journal: journal.bind(SITE),
    "watermark": lambda journal: journal.watermark(),
    "advance": lambda journal: journal.advance(NOW),
    "updated_of": lambda journal: journal.updated_of(["1"]),
    "remarked": lambda journal: journal.remarked(),
    "record": lambda journal: journal.record([ENTRY]),
    "set_aside": lambda journal: journal.set_aside([FAILURE]),
    "set_aside_requests": lambda journal: journal.set_aside_requests(),
    "failures_of": lambda journal: journal.failures_of(["2"]),
    "changes_of": lambda journal: journal.changes_of(["1"], NOW),
    "agenda": lambda journal: journal.agenda(NOW),
    "next_change_at": lambda journal: journal.next_change_at(),
    "open_ids": lambda journal: journal.open_ids(),
    "forget": lambda journal: journal.forget(["1"]),
    "pardon": lambda journal: journal.pardon(["1"]),
    "completed": lambda journal: journal.completed(REPORT),
    "passes": lambda journal: journal.passes(3),
    "policy": lambda journal: journal.policy(),
    "swept": lambda journal: journal.swept("hash"),
    "recall": lambda journal: journal.recall(HeldBack),
    "remember": lambda journal: journal.remember(HeldBack("hash", NEWS)),
    "clear": lambda journal: journal.clear(HeldBack),
    "unresolved": lambda journal: journal.unresolved("1"),
    "intend": lambda journal: journal.intend("1", NEWS),
    "resolve": lambda journal: journal.resolve("1", "a", "100"),
    "resolved": lambda journal: journal.resolved("1"),
    "frozen_in": lambda journal: journal.frozen_in(["1"]),
    "drop_unresolved": lambda journal: journal.drop_unresolved("1"),
}
"""Every method of the port, with something to do."""

READING = (
    "watermark", "updated_of", "remarked", "set_aside_requests", "failures_of", "changes_of", "agenda",
    "next_change_at", "open_ids", "passes", "policy", "recall", "unresolved", "resolved", "frozen_in",
)  # fmt: skip


def test_every_method_of_the_port_is_tried() -> None:
    """A method that is added to the port has to be added here."""
    methods = {
        name
        for port in (Agenda, SeenRequests, PassLog, Intents, Marks, Journal)
        for name, found in vars(port).items()
        if callable(found) and not name.startswith("_")
    }
    assert methods == CALLS.keys()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the file as a process does that lets nobody else read it either."""
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.close()


@contextmanager
def held_by_a_writer(file: Path) -> Iterator[None]:
    """Hold the file as a process does that writes for a long time: others can read it."""
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


@contextmanager
def directory_gone(file: Path) -> Iterator[None]:
    """Take the whole directory away."""
    shutil.rmtree(file.parent)
    yield


@contextmanager
def no_database(file: Path) -> Iterator[None]:
    """Put something else into the file."""
    for each in file.parent.glob("journal.db*"):
        each.write_bytes(b"garbage " * 2000)
    yield


@contextmanager
def tables_gone(file: Path) -> Iterator[None]:
    """Drop the tables."""
    with sqlite3.connect(file) as connection:
        for table in (
            "marks",
            "requests",
            "set_aside",
            "passes",
            "intents",
            "notices",
            "silences",
            "schema",
        ):
            connection.execute(f"DROP TABLE sla_bot_{table}")
    connection.close()
    yield


@contextmanager
def nonsense_inside(file: Path) -> Iterator[None]:
    """Keep an instant that is none."""
    with sqlite3.connect(file) as connection:
        connection.execute(
            "UPDATE sla_bot_requests SET updated = 9e17, next_change_at = -9e17"
        )
    connection.close()
    yield


HEALING_LAST = sorted(CALLS, key=lambda name: name == "ensure")
Trouble = Callable[[Path], AbstractContextManager[None]]
TROUBLES = [locked, held_by_a_writer, directory_gone, no_database, tables_gone, nonsense_inside]  # fmt: skip


@dataclass
class Kept:
    """A journal in a folder of its own, and how to open it again."""

    file: Path

    @property
    def url(self) -> str:
        """Return its address."""
        return f"sqlite:///{self.file}"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Keep a journal with something of everything in it; nobody waits long for a lock."""
    monkeypatch.setattr(database, "LOCK_MILLISECONDS", 20)
    monkeypatch.setattr(database, "TRY_MILLISECONDS", 5)
    folder = tmp_path / "volume"
    folder.mkdir()
    made = Kept(folder / "journal.db")
    journal = open_journal(made.url)
    for name in ("bind", "record", "set_aside", "completed"):
        CALLS[name](journal)
    journal.close()
    return made


def complaint(journal: SqlJournal, method: str) -> str | None:
    """Ask for something; return why it can't be had."""
    try:
        CALLS[method](journal)
    except JournalError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "fresh", [True, False], ids=["new connection", "in use"]
)
@pytest.mark.parametrize(
    "trouble", TROUBLES, ids=lambda one: str(one.__name__)
)
def test_no_error_of_the_databases_leaves_the_journal(
    kept: Kept, trouble: Trouble, *, fresh: bool
) -> None:
    """It does what it is asked for, or says in one sentence why it can't."""
    journal = open_journal(kept.url)
    if fresh or trouble is locked:
        journal.close()
    with trouble(kept.file):
        said = [complaint(journal, method) for method in HEALING_LAST]
    journal.close()
    assert any(said) or trouble is directory_gone
    for each in filter(None, said):
        assert each.startswith(f"the journal at {kept.url} can't be ")
        assert "\n" not in each
        assert "sqlalche" not in each


@contextmanager
def each_connection(journal: SqlJournal, statement: str) -> Iterator[None]:
    """Run a statement on every connection that the journal opens meanwhile."""

    def run(line: sqlite3.Connection, _record: object) -> None:
        line.execute(statement)

    journal.close()
    event.listen(Engine, "connect", run)
    try:
        yield
    finally:
        event.remove(Engine, "connect", run)
        journal.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA max_page_count=1", "the disk is full"),
        ("PRAGMA query_only=1", "read-only"),
    ],
    ids=["full", "read-only"],
)
def test_a_journal_that_cannot_be_written_says_why(
    kept: Kept, statement: str, said: str
) -> None:
    """What only reads goes on; what writes fails with the cause, in the journal's own error."""
    journal = open_journal(kept.url)
    with each_connection(journal, statement):
        complaints = [complaint(journal, method) for method in READING]
        assert not any(complaints)
        assert journal.trouble() is None
        for method in ("remember", "intend"):
            assert said in str(complaint(journal, method))
            assert said in str(journal.trouble())


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (locked, "is locked by another process"),
        (directory_gone, "does not exist"),
        (no_database, "is not a database"),
        (tables_gone, "no journal"),
    ],
    ids=["locked", "directory gone", "no database", "tables gone"],
)
def test_who_looks_at_a_journal_in_trouble_reads_why(
    kept: Kept, trouble: Trouble, said: str
) -> None:
    """`status` ends in one sentence."""
    with (
        trouble(kept.file),
        pytest.raises(TerminalError) as refusal,
        existing_journal(kept.url) as journal,
    ):
        journal.watermark()
    assert said in str(refusal.value) or "no journal at" in str(refusal.value)


def test_trouble_is_over_when_a_write_goes_well(kept: Kept) -> None:
    """Until then it is told; reading alone proves nothing."""
    journal = open_journal(kept.url)
    with held_by_a_writer(kept.file):
        with pytest.raises(JournalError):
            journal.advance(NOW)
        assert journal.watermark() is None
        assert "locked" in str(journal.trouble())
    journal.advance(NOW)
    assert journal.trouble() is None
    journal.close()


def test_the_daemons_journal_loses_what_it_cannot_write_but_no_intent(
    kept: Kept,
) -> None:
    """A cache may be lost, since the next sweep rebuilds it; what must be on disk first may not."""
    journal = open_daemons_journal(kept.url, SITE.address)
    with held_by_a_writer(kept.file):
        for name in CALLS.keys() - {"intend"}:
            CALLS[name](journal)
        with pytest.raises(JournalError, match="locked"):
            journal.intend("1", "b")
    assert journal.watermark() is None
    journal.advance(NOW)
    assert journal.watermark() == NOW
    journal.close()


def test_only_its_owner_reads_the_journal(tmp_path: Path) -> None:
    """It names requests and people: whatever the umask is, and also where an earlier version has made it."""
    file = tmp_path / "journal.db"
    file.touch(0o644)
    before = os.umask(0)
    try:
        journal = open_journal(f"sqlite:///{file}")
        journal.advance(NOW)
        modes = {
            stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()
        }
        journal.close()
    finally:
        os.umask(before)
    assert modes == {0o600}


def test_a_journal_remade_while_running_keeps_its_site(kept: Kept) -> None:
    """Lost or spoilt: it is still known which site it is about."""
    journal = open_journal(kept.url)
    journal.bind(SITE)
    for each in kept.file.parent.glob("journal.db*"):
        each.unlink()
    journal.ensure()
    assert journal.bound_to() == SITE
    journal.close()
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
