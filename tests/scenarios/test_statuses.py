"""A status that `jira.yaml` names: one that the site lacks would let the bot escalate what was answered."""

from dataclasses import replace

import pytest

from jsm_sla_bot.ports.errors import TerminalError
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"


def edit(desk: World, old: str, new: str) -> None:
    """Let an admin edit `jira.yaml`."""
    path = desk.config / "jira.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def answered(desk: World) -> list[str]:
    """Raise requests that an agent answers by their status, and let their due times pass."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=1)
        for _ in range(3)
    ]
    for key in keys:
        desk.tracker.transition(key, "In progress", as_=AGENT)
    desk.wait(days=3)
    return keys


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("acknowledged: [In progress]", "acknowledged: [In progres]"),
        ("closed: [Resolved, Closed]", "closed: [Resolved, Klosed]"),
        ("declined: [Declined]", "declined: [10999]"),
        ("status: Escalated", "status: Esculated"),
    ],
)
def test_a_desk_is_left_alone_while_a_status_is_missing(
    desk: World, old: str, new: str
) -> None:
    """Nothing is written or escalated before the name is corrected; then what was answered shows as met."""
    keys = answered(desk)
    before = desk.requests()
    edit(desk, old, new)
    with desk.bot() as made:
        with pytest.raises(TerminalError, match=r"no status .* on this site"):
            made.connection.check()
        assert made.reconciler.sweep().failed
    assert desk.requests() == before
    edit(desk, new, old)
    assert desk.sweep().failed is None
    assert [desk.shows(key, "Response SLA") for key in keys] == ["Met"] * 3
    assert [desk.shows(key, "Status") for key in keys] == ["In progress"] * 3


def test_a_status_renamed_on_the_site_and_in_the_folder_is_adopted(
    desk: World,
) -> None:
    """The names in force do not fit the site any more: nobody is kept waiting for them."""
    keys = answered(desk)
    assert desk.sweep().failed is None
    statuses = desk.tracker.site.statuses
    where = next(
        n for n, each in enumerate(statuses) if each.name == "Declined"
    )
    statuses[where] = replace(statuses[where], name="Refused")
    edit(desk, "declined: [Declined]", "declined: [Refused]")
    with desk.bot() as made:
        assert made.reconciler.sweep().failed is None
    assert [desk.shows(key, "Response SLA") for key in keys] == ["Met"] * 3


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            "Waiting for costumer",
            "no status .* did you mean 'Waiting for customer'",
        ),
        ("'10999'", "no status with the id 10999 on this site"),
        (
            "'{id}'",
            "no status is named .*: give the name .*'Waiting for customer'",
        ),
    ],
    ids=["slip", "no such id", "an id"],
)
@pytest.mark.parametrize(
    "is_dated", [False, True], ids=["always", "in a period"]
)
def test_a_desk_is_left_alone_while_a_pausing_status_is_missing(
    desk: World, named: str, said: str, *, is_dated: bool
) -> None:
    """The clock of that organization would run on unseen: nothing is written until the name fits the site."""
    desk.tracker.raise_request(organization=12, severity=1)
    before = desk.requests()
    statuses = desk.tracker.site.statuses
    waiting = next(
        each for each in statuses if each.name == "Waiting for customer"
    )
    word = named.format(id=waiting.id)
    paused(desk, word, is_dated=is_dated)
    with desk.bot() as made:
        with pytest.raises(
            TerminalError, match=rf"^organizations.yaml .*{said}"
        ):
            made.connection.check()
        assert made.reconciler.sweep().failed
    assert desk.requests() == before
    paused(desk, "waiting for Customer", is_dated=is_dated)
    assert desk.sweep().failed is None


def paused(desk: World, word: str, *, is_dated: bool) -> None:
    """Let one organization's clock stand still in a status, in one of two periods or always."""
    own = f"overrides: {{pauses_in: [{word}]}}"
    always = f"tier: Knowledge, {own}"
    first = f"{{tier: Knowledge, valid_until: 2025-12-31, {own}}}"
    periods = (
        f"periods: [{first}, {{tier: Knowledge, valid_from: 2026-01-01}}]"
    )
    entry = f"{{id: 12, name: Fjord, {periods if is_dated else always}}}"
    text = f"organizations:\n  - {entry}\n"
    (desk.config / "organizations.yaml").write_text(text, "utf-8")
