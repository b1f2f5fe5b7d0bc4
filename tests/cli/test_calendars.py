"""`calendars refresh | diff | show`: a slip on the command line spoils no reviewed snapshot."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

NEW = ("--country", "NO", "--zone", "Europe/Oslo", "--years", "2025-2030")


def test_a_new_calendar_is_written(cli: Cli, home: Path) -> None:
    """Country, zone and years are enough; the next diff finds nothing."""
    assert cli("calendars", "refresh", "norway", *NEW).code == 0
    assert cli("calendars", "diff", "norway").code == 0
    assert "2026-05-17" in cli("calendars", "show", "norway", 2026).out
    assert (home / "config" / "calendars" / "norway.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sweden", "--years", "2030-2024"), "years: found '2030-2024'"),
        (("sweden", "--country", "NO"), "for a new calendar"),
        (("sweden", "--zone", "Europe/Oslo"), "for a new calendar"),
        (("../policy", *NEW), "expected a calendar's name"),
        (
            (
                "oslo",
                "--country",
                "NO",
                "--zone",
                "Europe/Olso",
                "--years",
                "2025-2030",
            ),
            "zone: found",
        ),
    ],
)
def test_a_slip_changes_no_file(
    cli: Cli, home: Path, arguments: tuple[str, ...], told: str
) -> None:
    """One sentence, exit code 1, and every file as it was."""
    before = {path: path.read_bytes() for path in home.rglob("*.yaml")}
    answer = cli("calendars", "refresh", *arguments)
    assert (answer.code, told in answer.err) == (1, True)
    assert {path: path.read_bytes() for path in home.rglob("*.yaml")} == before


def test_a_file_that_cannot_be_written_is_told(cli: Cli, home: Path) -> None:
    """A folder that is not there is one sentence with its path, no traceback."""
    (home / "config" / "calendars" / "finland.yaml").symlink_to(
        home / "nowhere" / "finland.yaml"
    )
    answer = cli("calendars", "refresh", "finland", *NEW)
    assert (
        answer.code,
        "No such file" in answer.err,
        "Traceback" in answer.err,
    ) == (
        1,
        True,
        False,
    )
