"""What `plan` says at its end, and in which formats."""

import json
from datetime import UTC, datetime

import pytest

from jsm_sla_bot.cli import plan_markdown
from jsm_sla_bot.plan.change import FieldChange, Plan
from jsm_sla_bot.plan.fields import SlaField
from tests.cli.conftest import Cli, Desk


def words(text: str) -> str:
    """Return a text as it reads, wherever its lines were broken."""
    return " ".join(text.split())


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """Add a request that was done lately, and one of nobody."""
    now = datetime.now(UTC)  # noqa: TID251 - the look back of a first pass goes by the machine's clock
    done = desk.tracker.raise_request(
        "Done", organization=12, severity=4, at=now
    )
    desk.tracker.transition(done, "Resolved", as_="Mia Lindqvist")
    desk.tracker.raise_request("Whose?", severity=4, at=now)
    return desk


def test_a_plan_ends_with_its_totals(cli: Cli, closed: Desk) -> None:
    """How much of each kind, whether closed requests are touched, and for whom: by name."""
    told = words(cli("plan").out)
    assert "field Response due 4" in told
    assert "internal note" in told
    assert "closed request touched 1" in told
    assert "Acme Industries (organization 12) 2" in told
    assert "Nordbank AB (organization 11) 1" in told
    assert "no organization that counts 1" in told
    assert told.endswith("4 of 4 requests would be written to; nothing was.")


def test_a_plan_names_priorities_as_the_site_does(
    cli: Cli, closed: Desk
) -> None:
    """The priority before and after are read by name in every format: an id is no word for people."""
    assert "Priority P3 Normal P1 Urgent" in words(cli("plan").out)
    assert (
        "| Priority | P3 Normal | P1 Urgent |"
        in cli("plan", "--format", "markdown").out
    )
    assert "priority P3 Normal to P1 Urgent" in cli("plan", "--json").out


def test_the_totals_alone(cli: Cli, closed: Desk) -> None:
    """Of a large desk the totals are what fits a screen; the exit code is the same."""
    told = cli("plan", "--summary", "--exit-code")
    assert told.code == 2
    assert "SUP-1" not in told.out
    assert "Nordbank AB (organization 11)" in told.out


def test_the_totals_as_json(cli: Cli, closed: Desk) -> None:
    """A program reads the same from one object; the lines of requests stay as they were."""
    totals = json.loads(cli("plan", "--summary", "--json").out)
    assert (totals["read"], totals["written"], totals["set_aside"]) == (
        4,
        4,
        0,
    )
    assert totals["kinds"]["closed request touched"] == 1
    assert totals["organizations"]["Acme Industries (organization 12)"] == 2
    lines = cli("plan", "--json").out.splitlines()
    assert lines == cli("plan", "--format", "json").out.splitlines()
    assert {"key", "changes", "also"} == json.loads(lines[0]).keys()


def test_a_plan_in_markdown(cli: Cli, closed: Desk) -> None:
    """Headings and tables, for the description of a change."""
    told = cli("plan", "--format", "markdown").out
    assert "### SUP-1\n\n| | old | new |\n|---|---|---|\n" in told
    assert "| Response due | - | Sat 2024-03-09 06:20 CET |" in told
    assert "## Summary\n" in told
    assert "| Acme Industries (organization 12) | 2 |" in told


def test_nothing_to_write_is_one_sentence(cli: Cli, desk: Desk) -> None:
    """After a pass the totals are empty, and no empty table stands there."""
    cli("once")
    assert (
        cli("plan").out
        == "0 of 2 requests would be written to; nothing was.\n"
    )


def test_no_value_breaks_a_table_of_markdown() -> None:
    """Signs of Markdown and HTML in a field are texts, and a line break ends no row."""
    change = FieldChange(
        SlaField.SUPPORT_TIER, "a|b\n| <img> `x` [y](z)", "Expert"
    )
    plan = Plan(id="1", key="SUP-1", fields=(change,))
    lines = list(plan_markdown.of_request(plan, UTC))
    assert lines[4] == (
        "| Support tier | a\\|b \\| \\<img\\> \\`x\\` \\[y\\](z) | Expert |"
    )
