"""A journal that can't be written, or is another site's: what is written all the same, what waits, what is said."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from typer.testing import CliRunner, Result

from jsm_sla_bot import app
from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.journal import database
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.ports.journal import AdmittedPolicy
from jsm_sla_bot.ports.site_identity import SiteIdentity
from tests.scenarios.world import World

ELSEWHERE = SiteIdentity(
    "https://elsewhere.example", "99", "https://elsewhere.example"
)


@contextmanager
def read_only(made: app.Bot, _file: Path) -> Iterator[None]:
    """Let the volume be read-only: the journal can be read."""

    def be_read_only(line: sqlite3.Connection, _record: object) -> None:
        line.execute("PRAGMA query_only=ON")

    made.journal.close()
    event.listen(Engine, "connect", be_read_only)
    yield
    event.remove(Engine, "connect", be_read_only)
    made.journal.close()


@contextmanager
def locked(_made: app.Bot, file: Path) -> Iterator[None]:
    """Let another process be writing to the journal all the time."""
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield
    holder.close()


@pytest.mark.parametrize(
    "trouble", [read_only, locked], ids=["read-only", "locked"]
)
def test_fields_are_written_and_what_needs_an_intent_waits(
    desk: World,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[app.Bot, Path], AbstractContextManager[None]],
) -> None:
    """Known requests and new ones show the truth; note and escalation follow once, when the journal is well."""
    monkeypatch.setattr(database, "LOCK_MILLISECONDS", 20)
    monkeypatch.setattr(database, "TRY_MILLISECONDS", 5)
    known = desk.tracker.raise_request(organization=12, severity=1)
    normal = desk.request(known)["priority"]
    with desk.bot() as made:
        made.reporting.begin()
        made.reported(made.reconciler.sweep())
        with trouble(made, desk.folder / "journal.db"):
            new = desk.tracker.raise_request(organization=12, severity=3)
            desk.wait(hours=24, seconds=1)
            for _ in range(3):
                made.reported(made.reconciler.changed())
                made.reported(made.reconciler.due())
                desk.wait(seconds=30)
            assert desk.shows(known, "Response SLA") == "Breached"
            assert desk.shows(new, "Response SLA") != ""
            assert (desk.notes(known), desk.request(known)["priority"]) == (
                [],
                normal,
            )
            assert "can't be written" in made.health.problems()["journal"]
            assert (
                not {"jira", "jira: due", "breaker"}
                & made.health.problems().keys()
            )
        desk.wait(minutes=1)
        for _ in range(2):
            made.reported(made.reconciler.changed())
            made.reported(made.reconciler.due())
            desk.wait(seconds=30)
        assert "journal" not in made.health.problems()
        assert made.reconciler.sweep().writes == 0
    assert len(desk.notes(known)) == 1
    assert desk.request(known)["priority"] != normal


def test_a_journal_that_cannot_be_written_is_no_outage_of_the_site(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many notes wait for it, the site goes on being written to."""
    monkeypatch.setattr(database, "LOCK_MILLISECONDS", 5)
    monkeypatch.setattr(database, "TRY_MILLISECONDS", 5)
    keys = [
        desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(20)
    ]
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(hours=24, seconds=1)
        with locked(made, desk.folder / "journal.db"):
            made.reported(made.reconciler.due())
            made.reported(made.reconciler.due())
            assert made.reconciler.breaker.open_because() is None
    assert {desk.shows(key, "Response SLA") for key in keys} == {"Breached"}


@pytest.fixture
def asked(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Return a caller of the verbs in this world, with one request on the desk."""
    desk.tracker.raise_request(organization=12, severity=3)
    for name, value in desk.variables().items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(command_line(words[0]), words)


@pytest.mark.parametrize(
    "words",
    [("plan",), ("explain", "SUP-1"), ("status",)],
    ids=lambda words: words[0],
)
def test_who_only_looks_leaves_no_journal_behind(
    desk: World, asked: Callable[..., Result], words: tuple[str, ...]
) -> None:
    """A question to a site leaves nothing on this machine."""
    asked(*words)
    assert list(desk.folder.glob("journal*")) == []


def journal_of_elsewhere(desk: World) -> bytes:
    """Leave another site's journal there; return what it holds."""
    file = desk.folder / "journal.db"
    journal = open_journal(f"sqlite:///{file}")
    journal.bind(ELSEWHERE)
    journal.remember(AdmittedPolicy("hash"))
    journal.intend("1", "a")
    journal.close()
    return file.read_bytes()


@pytest.mark.parametrize(
    ("words", "code"),
    [(("plan",), 0), (("explain", "SUP-1"), 0), (("once",), 1), (("run",), 1)],
    ids=lambda one: one[0] if isinstance(one, tuple) else str(one),
)
def test_a_journal_of_another_site_is_never_erased(
    desk: World,
    asked: Callable[..., Result],
    words: tuple[str, ...],
    code: int,
) -> None:
    """Who only looks does without it; who would write ends with both names, and the site is not written to."""
    before = journal_of_elsewhere(desk)
    told = asked(*words)
    assert told.exit_code == code
    assert (desk.folder / "journal.db").read_bytes() == before
    assert desk.request("SUP-1")["fields"]["Response SLA"] is None
    if code:
        assert ELSEWHERE.address in told.stderr
        assert desk.url in told.stderr
        assert "--new-journal" in told.stderr.splitlines()[-1]


def test_with_a_persons_word_it_is_erased(
    desk: World, asked: Callable[..., Result]
) -> None:
    """What was let through at the other site is not let through here."""
    journal_of_elsewhere(desk)
    assert asked("once", "--new-journal").exit_code == 0
    assert desk.shows("SUP-1", "Response SLA") == "Running"
    assert asked("once").exit_code == 0


def test_other_spellings_are_the_same_site(
    desk: World, asked: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site's own word counts, not how somebody has written its address."""
    assert asked("once").exit_code == 0
    monkeypatch.setenv(
        "JSM_SLA_BOT_URL", desk.url.replace("127.0.0.1", "localhost")
    )
    assert asked("once").exit_code == 0


def test_once_on_a_full_disk_ends_in_a_sentence(
    desk: World, asked: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what was written, and why the journal was not."""
    assert asked("once").exit_code == 0
    desk.tracker.raise_request(organization=12, severity=3)
    monkeypatch.setattr(database, "LOCK_MILLISECONDS", 20)
    holder = sqlite3.connect(desk.folder / "journal.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    told = asked("once")
    holder.close()
    assert told.exit_code == 1
    assert "can't be written: it is locked" in told.stderr.splitlines()[-1]
    assert desk.shows("SUP-2", "Response SLA") == "Running"
