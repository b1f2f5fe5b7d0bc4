"""What the log says of requests that were written and of a daemon that does not start."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from jsm_sla_bot.cli.main import command_line
from tests.scenarios.world import World


def written(lines: str) -> list[dict[str, Any]]:
    """Return the lines about requests that were written."""
    told = [json.loads(line) for line in lines.splitlines()]
    return [one for one in told if one["event"] == "request_written"]


def test_what_was_written_is_told_with_the_reason(
    desk: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """Status, due time, rung and organization by id; no text of a customer's, no None."""
    secret = "Our core router melts"
    desk.tracker.raise_request(organization=12, severity=1, summary=secret)
    with desk.bot(LOG_FORMAT="json") as made:
        made.reconciler.sweep()
        desk.wait(hours=24, seconds=1)
        made.reconciler.due()
    said = capfd.readouterr().err
    first, last = written(said)
    assert (first["key"], first["status"], first["organization"]) == (
        "SUP-1",
        "Running",
        "12",
    )
    assert first["due"] == "2026-03-03T09:00:00+00:00"
    assert "response_due" in first["fields"]
    assert (last["status"], last["rung"]) == ("Breached", "breach")
    assert last["priority"]
    assert list(first)[:5] == ["timestamp", "level", "event", "key", "status"]
    assert secret not in said
    assert "null" not in said


@pytest.mark.parametrize("verb", ["run", "once"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "nonsense"),
        ("CONFIG_DIR", "/nowhere"),
        ("JOURNAL_URL", "sqlite:////nowhere/journal.db"),
        ("POLL_INTERVAL", "never"),
    ],
)
def test_why_it_does_not_start_is_a_line_of_the_log(
    desk: World,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    name: str,
    value: str,
) -> None:
    """Where the log is JSON every line of it is, the last one too."""
    variables = desk.variables(LOG_FORMAT="json", **{name: value})
    for variable, text in variables.items():
        monkeypatch.setenv(variable, text)
    told = CliRunner().invoke(command_line(verb), [verb])
    lines = [json.loads(line) for line in told.stderr.splitlines()]
    assert told.exit_code == 1
    assert (lines[-1]["level"], lines[-1]["event"]) == ("error", "failed")
    assert lines[-1].get("why") or lines[-1].get("problems")
    monkeypatch.setenv("JSM_SLA_BOT_LOG_FORMAT", "console")
    plain = CliRunner().invoke(command_line(verb), [verb]).stderr
    assert not plain.startswith("{")
