"""`assess` says which step of R11 is due when, where the policy has a rule for dormant requests."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jsm_sla_bot.cli.main import command_line
from tests.sla.test_dormancy import TABLE

SHIPPED = Path(__file__).parents[2] / "config"
RULE = """
dormancy:
  severities: [S3, S4]
  reminders: [{days} business days, 3 business days]
  close_after: 3 business days
"""
LAST_WORD = "2026-03-02T14:00:00+01:00"


def configured(folder: Path, days: int = 3) -> Path:
    """Return the shipped configuration with a rule, and with a status that waits for the customer."""
    shutil.copytree(SHIPPED, folder)
    policy = folder / "policy.yaml"
    rule = RULE.format(days=days).replace(
        "[1 business days", "[1 business day"
    )
    policy.write_text(policy.read_text("utf-8") + rule, "utf-8")
    jira = folder / "jira.yaml"
    text = jira.read_text("utf-8")
    waiting = text.replace(
        "statuses:\n", "statuses:\n  waiting: [Waiting for customer]\n", 1
    )
    jira.write_text(waiting, "utf-8")
    return folder


def waiting(
    at: str = LAST_WORD, *further: dict[str, str], **values: object
) -> dict[str, Any]:
    """Return a request that waits for its customer since an agent's comment, as a line holds it."""
    comment = {"at": at, "role": "agent", "what": "public_comment"}
    return {
        "key": "A-1",
        "reported": "2026-02-02T09:00:00+01:00",
        "severity": 3,
        "organizations": ["12"],
        "status": "Waiting for customer",
        "history": [comment, *further],
        **values,
    }


def assessed(config: Path, request: dict[str, Any], now: str) -> Any:
    """Run the command over one request."""
    file = config.parent / "requests.jsonl"
    file.write_text(json.dumps(request), "utf-8")
    result = CliRunner().invoke(
        command_line("assess"),
        ["assess", str(file), "--now", now, "--policy", str(config)],
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(("word", "days", "due"), TABLE)
def test_the_table_of_the_rule_book(
    tmp_path: Path, word: str, days: int, due: str
) -> None:
    """The dates of the rule book come out of the command, from the YAML on."""
    config = configured(tmp_path / "config", days)
    zone = "+02:00" if "03-29" < word[5:10] < "10-25" else "+01:00"
    at = f"{word.replace(' ', 'T')}:00{zone}"
    told = assessed(config, waiting(at), at)["dormancy"]
    assert told["state"] == "dormant"
    assert told["step"] == "reminder 1"
    assert told["due"] == f"{due.replace(' ', 'T')}:00Z"


def test_every_ground_is_said_with_its_rule_and_place(tmp_path: Path) -> None:
    """The grounds come in order, each with its rule, its place in the YAML and its values, for both readers."""
    config = configured(tmp_path / "config")
    told = assessed(config, waiting(), "2026-03-02T15:00+01:00")["dormancy"]
    assert [one["rule"] for one in told["because"]] == ["D23", "D24", "D25"]
    *_, step = told["because"]
    assert step["source"].startswith("policy.yaml:")
    assert step["values"]["days"] == 3
    assert step["says"] == (
        "The step reminder 1 falls due Thu 2026-03-05 09:00 CET: "
        "3 business days (sweden) after Mon 2026-03-02 14:00 CET."
    )
    assert step["to_customer"] is None
    assert told["closes"] == "2026-03-13T08:00:00Z"


@pytest.mark.parametrize(
    ("said", "step", "due"),
    [
        ("reminder 1", "reminder 2", "2026-03-10T08:00:00Z"),
        ("reminder 2", "closing", "2026-03-10T08:00:00Z"),
    ],
)
def test_steps_that_were_taken_are_read_from_the_history(
    tmp_path: Path, said: str, step: str, due: str
) -> None:
    """A public comment of the bot that says which step it is moves on to the next."""
    config = configured(tmp_path / "config")
    taken = {
        "at": "2026-03-05T09:00:00+01:00",
        "role": "bot",
        "what": "public_comment",
        "to": said,
    }
    told = assessed(
        config, waiting(LAST_WORD, taken), "2026-03-05T10:00+01:00"
    )["dormancy"]
    assert (told["step"], told["due"]) == (step, due)


@pytest.mark.parametrize(
    ("values", "dormancy"),
    [
        ({"severity": 1}, None),
        ({"status": "Waiting for support"}, None),
        ({"labels": ["keep-open"]}, "kept_open"),
        ({"eta": "2026-03-20"}, "eta_ahead"),
    ],
)
def test_null_or_why_not(
    tmp_path: Path, values: dict[str, object], dormancy: str | None
) -> None:
    """Where R11 says nothing the answer is null; where something keeps it open, that is the state and no step."""
    config = configured(tmp_path / "config")
    request = waiting(LAST_WORD, **values)
    told = assessed(config, request, "2026-03-02T15:00+01:00")["dormancy"]
    assert (told["state"] if told else None) == dormancy
    assert told is None or told["step"] is None


def test_without_a_rule_the_answer_has_no_such_key(tmp_path: Path) -> None:
    """As shipped nothing is added to the answer."""
    config = tmp_path / "config"
    shutil.copytree(SHIPPED, config)
    told = assessed(config, waiting(), "2026-03-02T15:00+01:00")
    assert "dormancy" not in told
