"""An edit of the configuration is noticed by what the files say, whatever their times and sizes are."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jsm_sla_bot.config.folder import contents

OLD = "S1: 8 business hours\n"
NEW = "S1: 6 business hours\n"


def release(folder: Path, text: str) -> Path:
    """Make a folder of YAML whose files all have one time."""
    (folder / "calendars").mkdir(parents=True)
    for name in ("policy.yaml", "organizations.yaml", "calendars/sweden.yaml"):
        (folder / name).write_text(text, "utf-8")
        os.utime(folder / name, ns=(0, 0))
    return folder


def in_place(root: Path) -> None:
    """Rewrite a file, then give it its time back."""
    (root / "policy.yaml").write_text(NEW, "utf-8")
    os.utime(root / "policy.yaml", ns=(0, 0))


def calendar(root: Path) -> None:
    """Rewrite a calendar likewise."""
    (root / "calendars" / "sweden.yaml").write_text(NEW, "utf-8")
    os.utime(root / "calendars" / "sweden.yaml", ns=(0, 0))


def another(root: Path) -> None:
    """Add a calendar."""
    (root / "calendars" / "norway.yaml").write_text(OLD, "utf-8")


def removed(root: Path) -> None:
    """Take a file away."""
    (root / "organizations.yaml").unlink()


@pytest.mark.parametrize("edit", [in_place, calendar, another, removed])
def test_an_edit_is_noticed(
    tmp_path: Path, edit: Callable[[Path], None]
) -> None:
    """The content decides, and which files there are."""
    root = release(tmp_path / "config", OLD)
    before = contents(root)
    assert contents(root) == before
    edit(root)
    assert contents(root) != before


@pytest.mark.parametrize("part", ["", "calendars"])
def test_a_link_that_is_swapped_is_noticed(tmp_path: Path, part: str) -> None:
    """As a mounted ConfigMap does it: the same names, times and sizes, through a link at the folder or below it."""
    first = release(tmp_path / "1", OLD)
    second = release(tmp_path / "2", NEW)
    root = tmp_path / "config"
    if part:
        root.mkdir()
    link = root / part if part else root
    link.symlink_to(first / part)
    before = contents(root)
    link.unlink()
    link.symlink_to(second / part)
    assert contents(root) != before


def test_a_touch_is_no_edit(tmp_path: Path) -> None:
    """A file that is written again as it was changes nothing."""
    root = release(tmp_path / "config", OLD)
    before = contents(root)
    os.utime(root / "policy.yaml", ns=(1, 1))
    assert contents(root) == before
