"""Every kind of mistake in the configuration: told with its place, what was found, what was expected."""

import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from tests.config.samples import ConfigFolder

P, ORG, J = "policy.yaml", "organizations.yaml", "jira.yaml"
C, N = "calendars/office.yaml", "calendars/night.yaml"
TAKEN = re.compile(
    r"found (?:the [a-z ]*)?(.+?), expected .* - did you mean '(.*)'\?$",
    re.DOTALL,
)
EDIT = re.compile(r"([^:]+): `(.*)` -> `(.*)`", re.DOTALL)


def mistake(block: str) -> ParameterSet:
    """Read a block of the table: what it is, the file with the edit, the problem (without the file; @: in another)."""
    name, edit, problem = block.strip().splitlines()
    found = EDIT.fullmatch(edit.replace("\\n", "\n").replace("\\t", "\t"))
    assert found, edit
    return pytest.param(*found.groups(), problem, id=name.removeprefix("# "))


MISTAKES = Path(__file__).with_name("mistakes.txt").read_text().split("\n\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"), [mistake(block) for block in MISTAKES]
)
def test_a_mistake_is_told_with_its_place(
    folder: ConfigFolder, file: str, old: str, new: str, problem: str
) -> None:
    """One slip is exactly one problem, at its line and column, with the nearest right word."""
    folder.edit(file, old, new)
    elsewhere = problem.startswith("@")
    told = problem.removeprefix("@") if elsewhere else f"{file}:{problem}"
    assert folder.problems() == [f"config/{told}"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        mistake(block)
        for block in MISTAKES
        if "did you mean" in block and "in the line" not in block
    ],
)
def test_what_is_suggested_can_be_taken(
    folder: ConfigFolder, file: str, old: str, new: str, problem: str
) -> None:
    """The suggestion, put in the place of what was found, leaves no problem there."""
    folder.edit(file, old, new)
    line, column, told = problem.split(":", 2)
    found = TAKEN.search(told)
    assert found, told
    lines = (folder.root / file).read_text().splitlines(keepends=True)
    text = lines[int(line) - 1]
    before = text[: int(column) - 1]
    after = text[int(column) - 1 :].replace(found[1].strip("'"), found[2], 1)
    lines[int(line) - 1] = before + after
    folder.write(file, "".join(lines))
    left = folder.problems()
    assert [each for each in left if f"{file}:{line}:{column}:" in each] == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(
            b"",
            "1:1: found an empty file, expected keys with values",
            id="empty",
        ),
        pytest.param(
            b"# nothing yet\n",
            "1:1: found an empty file, expected keys with values",
            id="comments only",
        ),
        pytest.param(
            b"- a\n",
            "1:1: found a list, expected keys with values: lines such as 'key: value', without dashes",
            id="a list",
        ),
        pytest.param(
            b"projects: []\nfields:\n  a: \xe5\n",
            "3:6: found the byte 0xe5, expected text in UTF-8",
            id="latin-1",
        ),
        pytest.param(
            b"projects:\n  - \x07\n",
            "2:5: found a control character, expected text without control characters",
            id="control character",
        ),
        pytest.param(
            b"a: 1\n---\nb: 2\n",
            "2:1: found a second document, in the line '---', expected one document a file, without '---'",
            id="two documents",
        ),
        pytest.param(
            b"[" * 5000,
            "1:1: found values nested too deeply or around in a circle, expected plain keys and lists",
            id="very deep",
        ),
    ],
)
def test_a_file_that_is_none_is_told(
    folder: ConfigFolder, content: bytes, problem: str
) -> None:
    """A file that isn't YAML, or not text at all, is one problem with its place."""
    folder.write("jira.yaml", content)
    assert folder.problems() == [f"config/jira.yaml:{problem}"]


def test_problems_of_several_files_come_together(folder: ConfigFolder) -> None:
    """Everything wrong is told at once, in the order of files and lines, whatever kind it is."""
    folder.edit(
        ORG, "tier: Standard\n    suspended", "tier: Basic\n    suspended"
    )
    folder.edit(ORG, "2026-12-31", "2026-02-30")
    folder.edit(P, "reopen: keep", "reopen: kept")
    folder.edit(P, "share: 100 %", "share: 50 %")
    folder.edit(N, "zone: UTC", "zone: Mars")
    (folder.root / "jira.yaml").unlink()
    assert [problem.partition(": ")[0] for problem in folder.problems()] == [
        "config/calendars/night.yaml:2:7",
        "config/jira.yaml",
        "config/organizations.yaml:6:18",
        "config/organizations.yaml:16:11",
        "config/policy.yaml:23:9",
        "config/policy.yaml:32:29",
    ]


def test_a_broken_policy_does_not_hide_an_organization_given_twice(
    folder: ConfigFolder,
) -> None:
    """A file that can't be read at all doesn't stop the checks of the others."""
    folder.write(P, "tiers: [")
    folder.edit(ORG, "id: 3", "id: 1")
    files = [problem.split(":")[0] for problem in folder.problems()]
    assert files == ["config/organizations.yaml", "config/policy.yaml"]


def test_a_missing_file_is_told_with_the_one_that_was_meant(
    folder: ConfigFolder,
) -> None:
    """A file under a wrong name is a problem that names the right one and the one that is there."""
    (folder.root / ORG).rename(folder.root / "organisations.yaml")
    assert folder.problems() == [
        (
            "config/organizations.yaml: found no such file, expected the file organizations.yaml"
            " - did you mean 'organisations.yaml'?"
        )
    ]


def test_a_file_that_can_not_be_opened_is_told(folder: ConfigFolder) -> None:
    """A folder in a file's place is a problem, not a traceback."""
    (folder.root / J).unlink()
    (folder.root / J).mkdir()
    assert folder.problems() == [
        "config/jira.yaml: found a file that can't be read (Is a directory), expected a readable file"
    ]


def test_a_missing_folder_is_one_problem(tmp_path: Path) -> None:
    """Without a folder there is one thing to say, not one for each file."""
    problems = ConfigFolder(tmp_path / "nowhere").problems()
    assert problems == [
        "config: found no such folder, expected the folder of the configuration"
    ]


def test_a_folder_without_calendars_is_told(folder: ConfigFolder) -> None:
    """No calendar at all is said once, where calendars belong."""
    for name in ("office", "night"):
        (folder.root / f"calendars/{name}.yaml").unlink()
    assert (
        "config/calendars: found no calendar, expected at least one YAML file"
        in folder.problems()
    )
