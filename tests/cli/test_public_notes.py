"""Whoever runs the bot sees what customers would read, and what they have read, apart from what is for agents."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Desk

READS = "the customer reads"


@pytest.fixture
def fresh(home: Path, desk: Desk) -> str:
    """Turn the notes on, and raise a request now."""
    file = home / "config" / "policy.yaml"
    file.write_text(file.read_text() + "notes: {registered: true}\n")
    now = datetime.now(UTC)  # noqa: TID251 - a note is fresh by the machine's clock
    return desk.tracker.raise_request("Now", organization=12, at=now)


def words(text: str) -> str:
    """Return a text as it reads, wherever its lines were broken."""
    return " ".join(text.split())


def test_plan_shows_it_in_each_format(cli: Cli, fresh: str) -> None:
    """The text, on the request that gets it, and one in the totals; nothing is written."""
    told = words(cli("plan").out)
    assert f"Public note: {READS}" in told
    assert f"public note: {READS} 1" in told
    markdown = cli("plan", "--format", "markdown").out
    assert f"Public note: {READS}" in markdown
    lines = [
        json.loads(line) for line in cli("plan", "--json").out.splitlines()
    ]
    [one] = [line for line in lines if line["key"] == fresh]
    [said] = [each for each in one["also"] if READS in each]
    assert said.startswith("public note public:registered:report; ")
    assert f"Your request {fresh} is registered" in said


def test_once_says_what_was_written(cli: Cli, desk: Desk, fresh: str) -> None:
    """A line for each note, at the pass that writes it and at no later one."""
    told = words(cli("once").out)
    assert told.count(READS) == 1
    assert f"{fresh}: {READS}: Your request {fresh} is registered" in told
    assert READS not in cli("once").out
    [comment] = [
        each for each in desk.tracker.issue(fresh).comments if each.public
    ]
    assert comment.author.name == "SLA Bot"


def test_nothing_of_it_as_shipped(cli: Cli, desk: Desk) -> None:
    """Without the keys nothing is public, and nothing is said of it."""
    assert READS not in cli("plan").out
    assert READS not in cli("once").out
