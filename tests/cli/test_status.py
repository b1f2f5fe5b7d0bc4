"""`status` and `allow`, from the journal alone."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.daemon.standing_json import FACTS, as_json
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.ports.journal import DaemonFacts
from tests.scenarios.world import World, configuration, world

RUN = CliRunner()
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNKNOWN = DaemonFacts(at=NOW)
"""A daemon that has left nothing but the instant."""


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Run a sweep over two requests, one of which can't be written, and set the environment for the verbs."""
    with world(tmp_path) as desk:
        for _ in range(2):
            desk.tracker.raise_request(organization=12, severity=3)
        desk.goes_wrong(
            f"PUT .*/issue/{desk.request('SUP-2')['id']}$", "503", times=0
        )
        with desk.bot() as made:
            made.reported(made.reconciler.sweep())
        monkeypatch.setenv(
            "JSM_SLA_BOT_JOURNAL_URL", desk.settings().journal_url
        )
        monkeypatch.setenv("JSM_SLA_BOT_CONFIG_DIR", str(desk.config))
        return desk


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set the environment for the verbs where no daemon has ever run; return the journal's file."""
    file = tmp_path / "journal.db"
    monkeypatch.setenv("JSM_SLA_BOT_JOURNAL_URL", f"sqlite:///{file}")
    monkeypatch.setenv("JSM_SLA_BOT_CONFIG_DIR", str(configuration(tmp_path)))
    return file


def told(verb: str) -> str:
    """Return the one sentence with which a verb fails."""
    result = RUN.invoke(command_line(verb), [verb])
    assert (
        result.exit_code,
        result.stdout,
        len(result.stderr.splitlines()),
    ) == (
        1,
        "",
        1,
    )
    return result.stderr


def test_status_as_json(around: World) -> None:
    """Everything there is to know stands in one object; no site and no token are asked for."""
    told = json.loads(
        RUN.invoke(command_line("status"), ["status", "--json"]).stdout
    )
    assert [one["key"] for one in told["set_aside"]] == ["SUP-2"]
    assert [one["kind"] for one in told["passes"]] == ["sweep"]
    assert told["daemon"]["identity"]
    assert told["daemon"]["calls"]["PUT /rest/api/3/issue/{}"]["calls"] > 1
    assert {
        "watermark",
        "lag_seconds",
        "agenda",
        "policy",
        "held_back",
    } <= told.keys()
    assert told["version"] == 1


def test_status_as_a_table(around: World) -> None:
    """A person reads the same, the request that was set aside with its reason."""
    told = RUN.invoke(command_line("status"), ["status"])
    assert told.exit_code == 0
    for word in ("Watermark", "Identity", "SUP-2", "503", "sweep", "ago)"):
        assert word in told.stdout


def test_nothing_to_allow(around: World) -> None:
    """Where nothing is held back, `allow` says so and fails."""
    assert RUN.invoke(command_line("allow"), ["allow"]).exit_code == 1


@pytest.mark.parametrize("verb", ["status", "allow"])
def test_no_journal(alone: Path, verb: str) -> None:
    """Where the daemon has never run, that is said, and nothing is made."""
    assert (
        f"no journal at sqlite:///{alone}: has the daemon run here?"
        in told(verb)
    )
    assert not alone.exists()


@pytest.mark.parametrize("verb", ["status", "allow"])
def test_a_journal_of_another_version(alone: Path, verb: str) -> None:
    """Its marks are left as they are for the bot that understands them."""
    open_journal(f"sqlite:///{alone}").close()
    with sqlite3.connect(alone) as connection:
        connection.execute(
            "ALTER TABLE sla_bot_passes RENAME COLUMN seen TO looked_at"
        )
        connection.execute("UPDATE sla_bot_schema SET version_num = '9999'")
        connection.execute(
            "INSERT INTO sla_bot_marks VALUES ('admitted', 'hash')"
        )
    connection.close()
    assert "a later version of the bot has changed it (schema 9999)" in told(
        verb
    )
    connection = sqlite3.connect(alone)
    assert connection.execute(
        "SELECT value FROM sla_bot_marks"
    ).fetchall() == [("hash",)]
    connection.close()


@pytest.mark.parametrize("verb", ["status", "allow"])
def test_a_database_that_is_none(alone: Path, verb: str) -> None:
    """A wrong path is one sentence, and so is a server that nobody can reach."""
    alone.write_text("Dear Sir or Madam, " * 100, "utf-8")
    assert "file is not a database" in told(verb)


def test_no_password_is_printed(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the database has to say."""
    monkeypatch.setenv(
        "JSM_SLA_BOT_JOURNAL_URL",
        "postgresql+pg8000://bot:s3cret@127.0.0.1:1/x?sslpassword=s3cret",
    )
    assert "s3cret" not in told("status")


def silent_for(alone: Path, age: timedelta, facts: DaemonFacts) -> str:
    """Return what `status` shows when the daemon left its last report so long ago."""
    journal = open_journal(f"sqlite:///{alone}")
    at = datetime.now(UTC) - age  # noqa: TID251 - the verb asks the machine's clock
    journal.remember(replace(facts, at=at, site="https://one.example"))
    journal.close()
    return RUN.invoke(command_line("status"), ["status"]).stdout


@pytest.mark.parametrize(
    ("age", "facts", "at_work"),
    [
        pytest.param(timedelta(seconds=20), UNKNOWN, True, id="a moment ago"),
        pytest.param(
            timedelta(minutes=4),
            UNKNOWN,
            True,
            id="within three minutes' polls",
        ),
        pytest.param(timedelta(minutes=6), UNKNOWN, False, id="silent"),
        pytest.param(
            timedelta(minutes=6),
            DaemonFacts(at=NOW, poll_seconds=600),
            True,
            id="within three long polls",
        ),
        pytest.param(
            timedelta(minutes=4),
            DaemonFacts(at=NOW, poll_seconds=5),
            False,
            id="silent for its short polls",
        ),
    ],
)
def test_a_daemon_that_is_silent(
    alone: Path, age: timedelta, facts: DaemonFacts, *, at_work: bool
) -> None:
    """The age of its last report is shown, and a warning where that is too old for a running daemon."""
    shown = silent_for(alone, age, facts)
    assert " ago)" in shown
    assert ("no daemon seems to run on this journal" not in shown) is at_work


def test_what_the_site_lacks_is_shown(alone: Path) -> None:
    """The daemon's warnings stand where an operator looks."""
    lacking = replace(
        UNKNOWN, warnings=("no status 'Esculated' on this site",)
    )
    assert "no status 'Esculated'" in silent_for(alone, timedelta(0), lacking)


def test_the_daemons_facts_have_always_the_same_keys(alone: Path) -> None:
    """What is not known is null, so that no reader has to ask what is there."""
    journal = open_journal(f"sqlite:///{alone}")
    unknown = as_json(standing(journal, NOW))["daemon"]
    assert unknown == dict.fromkeys((*FACTS, "age_seconds", "at_work"))
    left = DaemonFacts(at=NOW - timedelta(seconds=3), skew_seconds=0.5)
    journal.remember(left)
    known = as_json(standing(journal, NOW))["daemon"]
    assert (known.keys(), known["age_seconds"], known["at_work"]) == (
        unknown.keys(),
        3,
        True,
    )
    journal.close()
