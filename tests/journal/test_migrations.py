"""A journal and bots of several versions: nothing is dropped, and who can't go on says so in one sentence."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from tests.journal.earlier_schemas import (
    FIRST_RELEASE,
    OF_NO_VERSION,
    REQUEST,
    ROWS,
    WITH_FROZEN,
    WITHOUT_REMARK,
    contents,
    make,
    run,
)

from jsm_sla_bot.journal.migrating import FOLDER
from jsm_sla_bot.journal.opening import (
    existing_journal,
    journal_to_look_at,
    open_daemons_journal,
    open_journal,
)
from jsm_sla_bot.journal.schema import HEAD, REVISIONS, VERSION_TABLE
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.journal.tables import metadata
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    Entry,
    HeldBack,
    JournalError,
)
from jsm_sla_bot.ports.site_identity import SiteIdentity

pytestmark = pytest.mark.filterwarnings("ignore:.*pgserver.*:Warning")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = SiteIdentity("https://one.example")
ENTRY = Entry(
    "1", "SUP-1", NOW, "Running", None, None, is_open=True, policy="hash"
)
LATER_AND_FITTING = (
    "ALTER TABLE sla_bot_requests ADD COLUMN mood VARCHAR",
    "ALTER TABLE sla_bot_passes ADD COLUMN weight INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE sla_bot_owners (name VARCHAR)",
)
LATER_AND_UNFIT = {
    "renamed column": "ALTER TABLE sla_bot_requests RENAME COLUMN due TO due_at",
    "renamed table": "ALTER TABLE sla_bot_intents RENAME TO sla_bot_outbox",
}


def config(connection: Connection, folder: Path = FOLDER) -> Config:
    """Return what Alembic needs to know."""
    made = Config()
    made.set_main_option("script_location", str(folder))
    made.attributes["connection"] = connection
    return made


def move(url: str, revision: str, folder: Path = FOLDER) -> None:
    """Move the schema to a revision, as the bot that has it as its last one does."""
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(config(connection, folder), revision)
    engine.dispose()


def newer_bot(folder: Path, *statements: str) -> Path:
    """Return the migrations of a bot that has one more than ours."""
    copied = folder / "migrations"
    shutil.copytree(
        FOLDER, copied, ignore=shutil.ignore_patterns("__pycache__")
    )
    lines = [
        '"""More."""',
        "from alembic import op",
        "revision = '9999'",
        f"down_revision = {HEAD!r}",
        "def upgrade() -> None:",
        *(f"    op.execute({statement!r})" for statement in statements),
    ]
    (copied / "versions" / "r9999_more.py").write_text(
        "\n".join(lines), "utf-8"
    )
    return copied


@contextmanager
def opened(url: str) -> Iterator[SqlJournal]:
    """Open the journal as a daemon of this version does."""
    with closing(open_daemons_journal(url, SITE.address)) as journal:
        yield journal


def knows_what_it_knew(journal: SqlJournal) -> None:
    """Assert that everything of an earlier version's journal is there."""
    assert journal.recall(AdmittedPolicy) == AdmittedPolicy("hash")
    assert journal.recall(HeldBack) == HeldBack("other", "too many")
    assert journal.watermark() == NOW
    assert journal.bound_to() == SITE
    assert journal.unresolved("1")
    assert journal.resolved("1") == {"b": "100"}
    assert journal.agenda(NOW) == ["1", "2"]
    assert journal.open_ids() == ["1"]
    assert [failure.failures for failure in journal.set_aside_requests()] == [
        3
    ]
    assert [report.writes for report in journal.passes(9)] == [4]


def works(journal: SqlJournal) -> None:
    """Assert that it can be written, and read again."""
    journal.record(
        [replace(ENTRY, id="9", remark="people insist", frozen_in="Done")]
    )
    assert [entry.id for entry in journal.remarked()] == ["9"]
    assert journal.frozen_in(["9"]) == {"9": "Done"}
    journal.intend("9", "c")
    assert journal.unresolved("9")


def test_the_code_knows_every_migration() -> None:
    """The revisions are listed, so that a verb need not load Alembic to compare them."""
    walked = ScriptDirectory(str(FOLDER)).walk_revisions()
    assert tuple(script.revision for script in walked)[::-1] == REVISIONS


def test_the_migrations_lead_to_the_tables_of_the_code(any_url: str) -> None:
    """A new journal, which is made without them, is the same as one that went through all of them."""
    move(any_url, HEAD)
    engine = create_engine(any_url)
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    migrated = contents(any_url)
    run(any_url, *(f"DROP TABLE {name}" for name in migrated))
    open_journal(any_url).close()
    assert contents(any_url) == migrated


def test_a_bot_without_revisions_would_leave_the_tables_alone(
    any_url: str,
) -> None:
    """It drops what has columns that it does not know: until nobody runs it any more, no table gets one."""
    make(any_url, WITH_FROZEN)
    before = contents(any_url)
    with opened(any_url):
        pass
    after = contents(any_url)
    assert {name: after[name][0] for name in before} == {
        name: columns[0] for name, columns in before.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "schema",
    [FIRST_RELEASE, WITHOUT_REMARK, WITH_FROZEN],
    ids=["first release", "before it", "last one"],
)
def test_a_journal_without_a_revision_is_taken_over(
    any_url: str, schema: tuple[str, ...]
) -> None:
    """Nothing of it is lost, and from then on it has a revision."""
    make(any_url, schema, *ROWS, REQUEST)
    for _ in range(2):
        with opened(any_url) as journal:
            knows_what_it_knew(journal)
    with opened(any_url) as journal:
        works(journal)
    assert contents(any_url)[VERSION_TABLE] == [["version_num"], (HEAD,)]


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_journal_of_every_earlier_revision_is_brought_up_to_date(
    any_url: str, revision: str
) -> None:
    """A newer bot on an older schema keeps all rows."""
    move(any_url, revision)
    run(any_url, *ROWS, REQUEST)
    with opened(any_url) as journal:
        knows_what_it_knew(journal)
        works(journal)


def test_a_table_that_was_lost_before_is_made(any_url: str) -> None:
    """The others keep what they hold."""
    make(any_url, FIRST_RELEASE, *ROWS, "DROP TABLE sla_bot_requests")
    with opened(any_url) as journal:
        assert journal.recall(AdmittedPolicy) == AdmittedPolicy("hash")
        works(journal)


def test_an_older_bot_works_next_to_a_newer_one(
    any_url: str, tmp_path: Path
) -> None:
    """Where the newer one has only added, the older one goes on, before and after a restart, and changes no table."""
    with opened(any_url) as running:
        running.record([ENTRY])
        move(any_url, "9999", newer_bot(tmp_path, *LATER_AND_FITTING))
        tables = {name: rows[0] for name, rows in contents(any_url).items()}
        running.ensure()
        running.intend("1", "a")
        assert running.trouble() is None
    with opened(any_url) as again:
        assert again.open_ids() == ["1"]
        assert again.unresolved("1")
        works(again)
    with existing_journal(any_url) as looked_at:
        assert looked_at.remarked()
    after = contents(any_url)
    assert {name: rows[0] for name, rows in after.items()} == tables
    assert after[VERSION_TABLE] == [["version_num"], ("9999",)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", LATER_AND_UNFIT.values(), ids=LATER_AND_UNFIT.keys()
)
def test_an_older_bot_stops_where_it_can_not_work(
    any_url: str, tmp_path: Path, change: str
) -> None:
    """It says in one sentence why and what to do, whether it runs or starts, and leaves every row where it is."""
    said = r"a later version of the bot has changed it \(schema 9999\): its table|it has no table"
    with opened(any_url) as running:
        running.record([ENTRY])
        running.intend("1", "a")
        move(any_url, "9999", newer_bot(tmp_path, change))
        before = contents(any_url)
        with pytest.raises(JournalError, match=said):
            running.ensure()
        assert "give this one a journal of its own" in str(running.trouble())
    with pytest.raises(TerminalError, match=said) as refusal:
        open_daemons_journal(any_url, SITE.address)
    assert "run that version" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    with pytest.raises(TerminalError, match=said), existing_journal(any_url):
        pass
    with (
        pytest.raises(TerminalError, match=said),
        journal_to_look_at(any_url, SITE),
    ):
        pass
    assert contents(any_url) == before


def test_tables_that_nobody_has_made_are_left_alone(any_url: str) -> None:
    """What can't be brought up to date is one sentence, and not half of it is done."""
    make(any_url, OF_NO_VERSION, *ROWS)
    before = contents(any_url)
    with pytest.raises(
        TerminalError, match="sla_bot_requests has no column is_open"
    ):
        open_journal(any_url)
    assert contents(any_url) == before


def test_who_only_looks_migrates_nothing(any_url: str) -> None:
    """What lacks something is one sentence that says what to do; what lacks nothing is read as it is."""
    make(any_url, FIRST_RELEASE, *ROWS, REQUEST)
    before = contents(any_url)
    for look in (existing_journal(any_url), journal_to_look_at(any_url, SITE)):
        with pytest.raises(
            TerminalError, match="start the daemon of this version"
        ):
            look.__enter__()
    assert contents(any_url) == before
    run(any_url, WITH_FROZEN[-1])
    before = contents(any_url)
    with existing_journal(any_url) as journal:
        knows_what_it_knew(journal)
    with journal_to_look_at(any_url, SITE) as journal:
        knows_what_it_knew(journal)
    assert contents(any_url) == before


def test_several_that_start_at_once_do_not_collide(any_url: str) -> None:
    """One brings the journal up to date, the others wait for it."""
    make(any_url, FIRST_RELEASE, *ROWS, REQUEST)
    with ThreadPoolExecutor(4) as pool:
        journals = list(pool.map(open_journal, [any_url] * 4))
    for journal in journals:
        knows_what_it_knew(journal)
        journal.close()
    assert contents(any_url)[VERSION_TABLE] == [["version_num"], (HEAD,)]


def test_several_that_make_one_at_once_do_not_collide(any_url: str) -> None:
    """Nobody has been there before."""
    with ThreadPoolExecutor(4) as pool:
        journals = list(pool.map(open_journal, [any_url] * 4))
    for journal in journals:
        journal.close()
    assert contents(any_url)[VERSION_TABLE] == [["version_num"], (HEAD,)]


@pytest.mark.slow
def test_two_processes_that_start_at_once_do_not_collide(
    tmp_path: Path,
) -> None:
    """A lock on the database holds between processes too."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    make(url, FIRST_RELEASE, *ROWS, REQUEST)
    script = "import sys; from jsm_sla_bot.journal.opening import open_journal; open_journal(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    with opened(url) as journal:
        knows_what_it_knew(journal)


def test_another_applications_alembic_is_left_alone(any_url: str) -> None:
    """Its revision stands in a table of the usual name."""
    run(any_url, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    run(any_url, "INSERT INTO alembic_version VALUES ('abc')")
    make(any_url, FIRST_RELEASE, *ROWS, REQUEST)
    with opened(any_url) as journal:
        works(journal)
    assert contents(any_url)["alembic_version"] == [["version_num"], ("abc",)]


def test_a_journal_that_is_up_to_date_loads_no_alembic(tmp_path: Path) -> None:
    """Neither the first start nor a later one, nor who looks, waits for it."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    script = (
        "import sys\n"
        "from jsm_sla_bot.journal.opening import existing_journal, open_journal\n"
        "open_journal(sys.argv[1]).close()\n"
        "open_journal(sys.argv[1]).close()\n"
        "with existing_journal(sys.argv[1]) as journal: journal.watermark()\n"
        "sys.exit('alembic' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, url], check=False).returncode == 0  # fmt: skip
