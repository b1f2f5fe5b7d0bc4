"""`notes`: whoever words what customers read sees it first."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.plan.public.kind import NoteKind
from tests.cli.conftest import Cli, Desk

MEANINGS = """
severity_definitions:
  S1: production is stopped.
  S4: a comment, or the documentation
"""


def add(home: Path, text: str) -> None:
    """Add to the policy."""
    file = home / "config" / "policy.yaml"
    file.write_text(file.read_text() + text)


@pytest.fixture
def fresh(home: Path, desk: Desk) -> str:
    """Raise a request now, of severity 1."""
    now = datetime.now(UTC)  # noqa: TID251 - a note is fresh by the machine's clock
    return desk.tracker.raise_request(
        "Now", organization=12, severity=1, at=now
    )


def test_every_kind_has_an_example(cli: Cli, home: Path) -> None:
    """With made-up facts, and no brace left over; no Jira is asked."""
    found = cli("notes", "--example")
    assert found.code == 0, found.err
    for kind in NoteKind:
        assert f"{kind} (with made-up facts)" in found.out
    assert "{" not in found.out
    assert "We expect to solve your request SUP-12 by" in found.out


def test_one_kind_is_asked_for(cli: Cli, home: Path) -> None:
    """In the words of the folder's texts.yaml."""
    texts = home / "config" / "texts.yaml"
    texts.write_text("eta: |\n  Done {eta}.\n\n  Before: {old_eta}.\n")
    found = cli("notes", "--kind", "eta", "--example", "--json")
    assert json.loads(found.out) == [
        {
            "kind": "eta",
            "standing": "with made-up facts",
            "paragraphs": [
                "Done Thu 2026-03-05 17:00 CET.",
                "Before: Wed 2026-03-04 17:00 CET.",
            ],
        }
    ]


def test_a_request_shows_what_its_customer_would_read(
    cli: Cli, home: Path, fresh: str
) -> None:
    """Each kind: owed now, standing already, or not owed; nothing is written."""
    add(home, "notes: {registered: true}\n")
    before = cli("notes", fresh)
    assert "registered (would be written now)" in before.out
    assert f"Your request {fresh} is registered" in before.out
    assert "eta (not owed now)" in before.out
    assert cli("once").code == 0
    after = cli("notes", fresh, "--kind", "registered")
    assert after.out.startswith("registered (stands on the request)")
    assert f"Your request {fresh} is registered" in after.out


def test_as_shipped_nothing_is_owed(cli: Cli, fresh: str) -> None:
    """Every kind is off."""
    found = json.loads(cli("notes", fresh, "--json").out)
    assert {each["standing"] for each in found} == {"not owed now"}


@pytest.mark.parametrize("asked", [(), ("SUP-1", "--example")])
def test_either_a_request_or_an_example(
    cli: Cli, home: Path, asked: tuple[str, ...]
) -> None:
    """Never both, never neither."""
    found = cli("notes", *asked)
    assert found.code == 1
    assert "give the key of a request, or --example" in found.err


def test_the_severity_is_explained_where_the_policy_does(
    cli: Cli, home: Path, fresh: str
) -> None:
    """R15: in the note, to agents, to the customer and to administrators, in the policy's words."""
    add(home, f"notes: {{registered: true}}\n{MEANINGS}")
    said = "Severity S1 means: production is stopped."
    assert said in " ".join(cli("notes", fresh).out.split())
    told = cli("explain", fresh, "--for-customer").out
    assert said in " ".join(told.split())
    assert "S1: production is stopped" in cli("explain", fresh).out
    handout = cli("provision", "--handout").out
    assert "- S1: production is stopped\n- S4: a comment" in handout


def test_without_definitions_nothing_is_explained(
    cli: Cli, home: Path, fresh: str
) -> None:
    """As shipped."""
    add(home, "notes: {registered: true}\n")
    for verb in (
        ("notes", fresh),
        ("explain", fresh, "--for-customer"),
        ("provision", "--handout"),
    ):
        assert "mean" not in cli(*verb).out


@pytest.mark.parametrize("is_told", [True, False])
def test_a_changed_severity_is_told_where_the_policy_wants_it(
    cli: Cli, desk: Desk, home: Path, is_told: bool
) -> None:
    """R15: the last change by an agent, up or down, and only in the notes at the beginning."""
    add(
        home,
        f"notes: {{registered: true}}\ntell_severity_changes: {str(is_told).lower()}\n",
    )
    now = datetime.now(UTC)  # noqa: TID251 - a note is fresh by the machine's clock
    raised = desk.tracker.raise_request(
        "Now", organization=12, severity=3, at=now - timedelta(minutes=5)
    )
    desk.tracker.set_field(raised, "Severity", 1, as_="Mia Lindqvist")
    up = " ".join(cli("notes", raised).out.split())
    assert ("The severity was raised to S1 at" in up) is is_told
    desk.tracker.set_field(raised, "Severity", 2, as_="Mia Lindqvist")
    down = " ".join(cli("notes", raised).out.split())
    assert ("The severity was lowered to S2 at" in down) is is_told
    assert "raised to" not in down
