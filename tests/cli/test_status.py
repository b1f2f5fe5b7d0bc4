"""`status` and `allow`, from the journal alone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jsm_sla_bot.cli.main import command_line
from tests.scenarios.world import World, world

RUN = CliRunner()


@pytest.fixture
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Run a sweep over two requests, one of which can't be written, and set the environment for the verbs."""
    with world(tmp_path) as desk:
        for _ in range(2):
            desk.tracker.raise_request(organization=12, severity=3)
        desk.goes_wrong(f"PUT .*/issue/{desk.request('SUP-2')['id']}$", "503", times=0)
        with desk.bot() as made:
            made.reported(made.reconciler.sweep())
        given = desk.settings()
        told = {"URL": given.url, "EMAIL": "bot@example.com", "API_TOKEN": "sandbox", "JOURNAL_URL": given.journal_url}
        for name, value in {**told, "CONFIG_DIR": str(given.config_dir)}.items():
            monkeypatch.setenv(f"JSM_SLA_BOT_{name}", value)
        return desk


def test_status_as_json(around: World) -> None:
    """Everything there is to know stands in one object."""
    told = json.loads(RUN.invoke(command_line(), ["status", "--json"]).stdout)
    assert [one["key"] for one in told["set_aside"]] == ["SUP-2"]
    assert [one["kind"] for one in told["passes"]] == ["sweep"]
    assert told["daemon"]["identity"]
    assert told["daemon"]["calls"]["PUT /rest/api/3/issue/{}"]["calls"] > 1
    assert {"watermark", "lag_seconds", "agenda", "policy", "held_back"} <= told.keys()


def test_status_as_a_table(around: World) -> None:
    """A person reads the same, the request that was set aside with its reason."""
    told = RUN.invoke(command_line(), ["status"])
    assert told.exit_code == 0
    for word in ("Watermark", "Identity", "SUP-2", "503", "sweep"):
        assert word in told.stdout


def test_nothing_to_allow(around: World) -> None:
    """Where nothing is held back, `allow` says so and fails."""
    assert RUN.invoke(command_line(), ["allow"]).exit_code == 1
