"""`report` as a support manager types it in the morning."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli, Desk

LINES = [
    {
        "key": "SUP-1",
        "reported": "2026-03-02T08:00:00Z",
        "severity": 1,
        "organizations": ["12"],
        "history": [
            {
                "at": "2026-03-02T10:00:00Z",
                "role": "agent",
                "what": "public_comment",
            }
        ],
    },
    {
        "key": "SUP-2",
        "reported": "2026-03-02T08:00:00Z",
        "severity": 1,
        "organizations": ["12"],
    },
    {
        "key": "SUP-3",
        "reported": "2026-03-05T08:00:00Z",
        "severity": 3,
        "organizations": ["11"],
    },
    {
        "key": "SUP-4",
        "reported": "2026-03-05T08:00:00Z",
        "severity": 3,
        "organizations": ["12"],
        "request_type": "Feature request",
    },
]
AT = ("--as-of", "2026-03-05T12:00Z")


@pytest.fixture
def history(home: Path) -> Path:
    """A file of bare requests, as `assess` reads them."""
    path = home / "h.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)) + "\n", encoding="utf-8")
    return path


def reported(cli: Cli, history: Path, *more: str) -> Mapping[str, Any]:
    """Return the report as JSON."""
    found = cli("report", "--history", history, *AT, "--json", *more)
    assert found.code == 0, found.err
    read: Mapping[str, Any] = json.loads(found.out)
    return read


def test_a_report_says_how_the_desk_stands(cli: Cli, history: Path) -> None:
    """What is breached and due next, and what was kept and missed."""
    found = reported(cli, history)
    assert found["open"] == 4
    assert [one["key"] for one in found["breached"]] == ["SUP-2"]
    assert [one["key"] for one in found["missed"]] == ["SUP-2"]
    assert found["by_status"]["Not applicable"] == 1
    assert found["decided"] == {"met": 1, "missed": 1, "attainment": 50.0}
    assert found["by_tier_and_severity"] == [
        {
            "tier": "Knowledge",
            "severity": 1,
            "met": 1,
            "missed": 1,
            "attainment": 50.0,
        }
    ]
    assert found["next_due"] == "2026-03-06T16:00:00Z"
    assert found["due_next"] == []


def test_the_days_looked_back_at_are_given(cli: Cli, history: Path) -> None:
    """What was missed three days ago is not of the last two."""
    assert reported(cli, history, "--since", "2d")["decided"]["missed"] == 0
    assert reported(cli, history, "--since", "96h")["decided"]["missed"] == 1


def test_one_organization_has_its_own_report(cli: Cli, history: Path) -> None:
    """By id or by name; its requests that are not measured are open too."""
    found = reported(cli, history, "--organization", "12")
    assert found["open"] == 3
    assert found["next_due"] is None


def test_a_person_reads_sentences_that_add_up(cli: Cli, history: Path) -> None:
    """The figures first, then the lists."""
    found = cli("report", "--history", history, *AT)
    assert found.out.splitlines()[:3] == [
        "4 open requests: 1 breached, 0 at risk, 1 running, 0 paused, 1 answered, 1 not measured.",
        "Due in the opening hours that run or come next: 0. The next one: Fri 2026-03-06 17:00 CET.",
        "Since Thu 2026-02-26 13:00 CET: 1 promise kept, 1 missed; in time: 50.0 % (1 of 2).",
    ]
    assert "Breached, not answered yet" in found.out
    assert "At risk" not in found.out


@pytest.mark.parametrize("span", ["7", "0d", "7 weeks ago", "-1d", "1y"])
def test_a_span_that_is_none_is_named(
    cli: Cli, history: Path, span: str
) -> None:
    """With what was expected."""
    found = cli("report", "--history", history, f"--since={span}")
    assert found.code == 1
    assert f'--since: found "{span}", expected a span, such as 7d' in found.err


@pytest.mark.parametrize("option", [AT, ("--config", "config")])
def test_options_of_files_go_with_a_file(
    cli: Cli, home: Path, option: tuple[str, str]
) -> None:
    """The site is seen as it is now, with the daemon's configuration."""
    found = cli("report", *option)
    assert found.code == 1
    assert f"{option[0]} goes with --history" in found.err


def test_the_site_is_reported_on(cli: Cli, desk: Desk) -> None:
    """Every open request, however old; what was missed years ago is no news."""
    found = cli("report", "--json")
    assert found.code == 0, found.err
    read = json.loads(found.out)
    assert read["open"] == 2
    assert [one["key"] for one in read["breached"]] == ["SUP-1", "SUP-2"]
    assert read["decided"]["missed"] == 0


def test_an_unknown_organization_is_named(cli: Cli, history: Path) -> None:
    """With the nearest name."""
    found = cli(
        "report", "--history", history, *AT, "--organization", "Nordbnak"
    )
    assert found.code == 1
    assert "Nordbank" in found.err
