"""A file of the configuration is replaced as a whole."""

from pathlib import Path

import pytest

from jsm_sla_bot.config.writing import read_exactly, write_whole


def test_a_file_is_replaced_with_the_same_rights(tmp_path: Path) -> None:
    """Lines end as they are given, and nothing else is left in the folder."""
    file = tmp_path / "jira.yaml"
    file.write_text("old")
    file.chmod(0o640)
    write_whole(file, "new\r\nå\n")
    assert read_exactly(file) == "new\r\nå\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["jira.yaml"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    """What it leads to is replaced."""
    (tmp_path / "there").mkdir()
    file = tmp_path / "there" / "jira.yaml"
    file.write_text("old")
    link = tmp_path / "jira.yaml"
    link.symlink_to(file)
    write_whole(link, "new")
    assert link.is_symlink()
    assert file.read_text() == "new"


def test_where_nothing_can_be_written_the_old_text_stays(
    tmp_path: Path,
) -> None:
    """And no half of a new one next to it."""
    folder = tmp_path / "jira.yaml"
    folder.mkdir()
    (folder / "inside").write_text("kept")
    with pytest.raises(OSError, match="jira"):
        write_whole(folder, "new")
    assert (folder / "inside").read_text() == "kept"
    assert [each.name for each in tmp_path.iterdir()] == ["jira.yaml"]


def test_a_file_in_a_folder_that_takes_no_other_is_written_over(
    tmp_path: Path,
) -> None:
    """As where a container mounts that one file; here, the place of the new one is taken."""
    file = tmp_path / "jira.yaml"
    file.write_text("old")
    (tmp_path / ".jira.yaml.new").mkdir()
    write_whole(file, "new")
    assert file.read_text() == "new"
