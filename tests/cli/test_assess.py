"""`assess FILE.jsonl`: an answer for each line, errors named, exit code 1 when there was one."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from jsm_sla_bot.cli.main import command_line

CONFIG = Path(__file__).parents[2] / "config"
KEYS = {
    *(
        "key",
        "tier",
        "severity",
        "target",
        "clock",
        "due",
        "promised_due",
        "status",
        "acknowledged_at",
        "rungs",
    ),
    *("next_change_at", "because"),
}
PHONED = {
    "key": "A-1",
    "reported": "2026-03-06T22:10:00+01:00",
    "severity": 1,
    "organizations": ["11"],
    "product": "Outscan NX",
    "history": [
        {"at": "2026-03-06T22:20:00+01:00", "role": "agent", "what": "called"}
    ],
}


def assessed(
    tmp_path: Path, *lines: str, now: str
) -> tuple[int, list[dict[str, Any]]]:
    """Run the command over these lines."""
    file = tmp_path / "requests.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(
        command_line("assess"),
        ["assess", str(file), "--now", now, "--policy", str(CONFIG)],
    )
    return result.exit_code, [
        json.loads(line) for line in result.stdout.splitlines()
    ]


def test_a_line_is_answered_with_every_key(tmp_path: Path) -> None:
    """The answer has the documented keys; promised is what was owed before the call."""
    code, (told,) = assessed(
        tmp_path, json.dumps(PHONED), now="2026-03-06T22:30+01:00"
    )
    assert code == 0
    assert set(told) >= KEYS
    assert (told["due"], told["promised_due"]) == (
        "2026-03-06T23:20:00Z",
        "2026-03-09T16:00:00Z",
    )
    assert [rung["reached"] for rung in told["rungs"]] == [False, False]
    assert told["next_change_at"] == "2026-03-06T22:50:00Z"


def test_a_probable_answer_withholds_the_rungs(tmp_path: Path) -> None:
    """D35: the role `probable_agent` answers nothing, but no rung is reached; the answer keeps its keys."""
    said = {"at": "2026-03-06T22:25:00+01:00", "what": "public_comment"}
    by = {"role": "probable_agent", "by": "712020:left"}
    called: Any = PHONED["history"]
    history = [*called, {**said, **by}]
    line = json.dumps({**PHONED, "history": history})
    code, (told,) = assessed(tmp_path, line, now="2026-03-07T12:00+01:00")
    assert code == 0
    assert set(told) >= KEYS
    assert (told["status"], told["acknowledged_at"]) == ("Breached", None)
    assert [rung["reached"] for rung in told["rungs"]] == [False, False]
    (named,) = [one for one in told["because"] if one["rule"] == "D35"]
    assert named["values"]["by"] == "712020:left"
    assert named["to_customer"] is None


def test_an_earlier_now_is_answered_as_it_was_seen_then(
    tmp_path: Path,
) -> None:
    """Before the call nobody knew of it."""
    _, (told,) = assessed(
        tmp_path, json.dumps(PHONED), now="2026-03-06T22:15+01:00"
    )
    assert told["due"] == "2026-03-09T16:00:00Z"


def test_a_line_that_cannot_be_judged_stops_no_other(tmp_path: Path) -> None:
    """The broken line is named by its number, the others are answered, and the exit code tells."""
    past = json.dumps(
        {
            **PHONED,
            "key": "A-3",
            "reported": "2031-01-02T10:00Z",
            "severity": 4,
        }
    )
    code, told = assessed(
        tmp_path, "{", "", json.dumps(PHONED), past, now="2026-03-07T12:00Z"
    )
    assert code == 1
    assert [one.get("line") for one in told] == [1, None, 4]
    assert "sweden" in told[2]["error"]


def test_an_instant_out_of_range_is_told(tmp_path: Path) -> None:
    """An instant that has no place in UTC is an error of its line."""
    line = json.dumps({"key": "A-2", "reported": "0001-01-01T00:00:00+14:00"})
    code, (told, other) = assessed(
        tmp_path, line, json.dumps(PHONED), now="2026-03-06T22:30+01:00"
    )
    assert (code, told["line"], other["key"]) == (1, 1, "A-1")
    assert "years 1 to 9999" in told["error"]


def test_a_reason_is_data_and_two_sentences(tmp_path: Path) -> None:
    """Each reason carries its rule, its source and its values, and a sentence for each reader."""
    _, (told,) = assessed(
        tmp_path, json.dumps(PHONED), now="2026-03-07T12:00Z"
    )
    bought = told["because"][0]
    assert (bought["rule"], bought["values"]["tier"]) == ("R6", "Expert")
    assert bought["source"].startswith("organizations.yaml:")
    assert "Nordbank" in bought["says"]
    assert "Nordbank" not in bought["to_customer"]
