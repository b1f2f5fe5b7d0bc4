"""The page about the rooms speaks of the house as it stands."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
TABLE_ROW = re.compile(r"^\| (?!to add|-)(.+)\|$", re.MULTILINE)
NAMED = re.compile(r"`([a-z_/]+(?:\.(?:py|md|yaml)|/))`")
CHANGES = [
    "time to resolution",
    "ETA",
    "public note",
    "chat",
    "PostgreSQL with two replicas",
    "Data Center",
    "web board",
    "report",
    "provisioning",
    "webhooks",
]
"""The ten changes that were tried on the house."""


def rows() -> list[list[str]]:
    """Return the cells of both tables, row by row."""
    page = PAGE.read_text("utf-8")
    found = [row.split("|") for row in TABLE_ROW.findall(page)]
    return [[cell.strip() for cell in row] for row in found]


def ten_changes() -> list[list[str]]:
    """Return the rows that name one room each."""
    return [row for row in rows() if row[1].startswith("`")][: len(CHANGES)]


@pytest.mark.parametrize(
    ("change", "row"),
    list(zip(CHANGES, ten_changes(), strict=True)),
    ids=CHANGES,
)
def test_a_change_has_one_room(
    root: Path, change: str, row: list[str]
) -> None:
    """Each change names a single room, which exists, and the modules in it to begin with."""
    what, room, begins_at, _ = row
    folder = root / "src" / "jsm_sla_bot" / room.strip("`")
    assert change in what
    assert folder.is_dir()
    inside = [name for name in NAMED.findall(begins_at) if "/" not in name]
    assert all((folder / name).exists() for name in inside)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_a_row_names_is_there(root: Path, row: list[str]) -> None:
    """Whoever follows a row finds the file or the folder."""
    package = root / "src" / "jsm_sla_bot"
    room = package / row[1].strip("`")
    places = (room, package, root / "src", root)
    missing = [
        name
        for cell in row
        for name in NAMED.findall(cell)
        if not any((place / name).exists() for place in places)
    ]
    assert missing == []


@pytest.mark.parametrize("package", ["jsm_sla_bot", "jsm_sandbox"])
def test_every_room_is_shown(root: Path, package: str) -> None:
    """No room is missing from the page."""
    page = PAGE.read_text("utf-8")
    rooms = [
        init.parent.name
        for init in (root / "src" / package).glob("*/__init__.py")
    ]
    absent = [room for room in rooms if not re.search(rf"\b{room}\b", page)]
    assert absent == []
