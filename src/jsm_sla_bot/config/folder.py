"""The configuration's folder: which files there are, read and parsed, whatever is in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from jsm_sla_bot.config import document
from jsm_sla_bot.config.document import Document
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import CALENDARS, JIRA, ORGANIZATIONS, POLICY
from jsm_sla_bot.text.nearest import nearest

FILES = (POLICY, ORGANIZATIONS, JIRA)


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found. A file that could not be read is an empty document, or no calendar."""

    policy: Document
    organizations: Document
    jira: Document
    calendars: dict[str, Document]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    broken: frozenset[str]
    """The files whose shape is not worth checking: what is wrong with them has been said."""
    texts: Mapping[str, str]
    """What the files said, by their paths in the folder."""


def read(root: Traversable) -> Folder:
    """Read every file of the configuration, a folder or an archive; problems come with it, nothing is raised."""
    names = _names(root)
    calendars = sorted(_names(root / CALENDARS))
    files = {name: _read(root, name, names) for name in FILES}
    files |= {
        f"{CALENDARS}/{name}": _read(root, f"{CALENDARS}/{name}", set())
        for name in calendars
        if _is_yaml(name)
    }
    problems = [problem for _, found in files.values() for problem in found]
    if not any(name.startswith(CALENDARS) for name in files):
        problems.append(
            Problem(
                file=f"{root}/{CALENDARS}",
                line=0,
                column=0,
                path="",
                found="no calendar",
                expected="at least one YAML file",
            )
        )
    policy, organizations, jira = (files[name][0] for name in FILES)
    return Folder(
        policy,
        organizations,
        jira,
        {
            PurePosixPath(name).stem: files[name][0]
            for name in files
            if name.startswith(f"{CALENDARS}/")
        },
        tuple(problems),
        tuple(_unread(root, names, calendars)),
        frozenset(name for name, (_, found) in files.items() if found),
        {name: found.text for name, (found, _) in files.items()},
    )


def contents(root: Traversable) -> Mapping[str, str]:
    """Return a digest of each YAML file by its path in the folder; a file that can't be read has its reason."""
    return {
        f"{folder}{name}": _digest(root / f"{folder}{name}")
        for folder in ("", f"{CALENDARS}/")
        for name in sorted(_names(root / folder if folder else root))
        if name.endswith((".yaml", ".yml"))
    }


def _digest(file: Traversable) -> str:
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        return str(error.strerror)


def _names(folder: Traversable) -> set[str]:
    try:
        return {
            entry.name for entry in folder.iterdir() if not entry.name.startswith(".")
        }
    except (OSError, ValueError):
        return set()


def _is_yaml(name: str) -> bool:
    return name.endswith(".yaml")


def _unread(root: Traversable, names: set[str], calendars: list[str]) -> Iterator[str]:
    """Tell of files that somebody may believe to be in force."""
    for name in sorted(names - set(FILES)):
        if name.endswith((".yaml", ".yml")):
            yield f"{root / name} is not read: the files are {', '.join(FILES)} and {CALENDARS}/*.yaml"
    for name in calendars:
        if name.endswith(".yml"):
            yield f"{root / CALENDARS / name} is not read: a calendar's file ends in .yaml"


def _read(
    root: Traversable, file: str, beside: set[str]
) -> tuple[Document, list[Problem]]:
    shown_as = str(root / file)
    empty = Document(file, shown_as)
    try:
        text = (root / file).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return empty, [_not_text(shown_as, error)]
    except FileNotFoundError:
        hint = nearest(file, beside - set(FILES))
        return empty, [
            Problem(
                file=shown_as,
                line=0,
                column=0,
                path="",
                found="no such file",
                expected=f"the file {file}",
                suggestion=hint,
            )
        ]
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a file name"
        return empty, [
            Problem(
                file=shown_as,
                line=0,
                column=0,
                path="",
                found=f"a file that can't be read ({why})",
                expected="a readable file",
            )
        ]
    parsed, problems = document.parse(file, shown_as, text)
    parsed = replace(parsed, text=text)
    if parsed.value is None and not problems:
        problems = [
            Problem(
                file=shown_as,
                line=1,
                column=1,
                path="",
                found="an empty file",
                expected="keys with values",
            )
        ]
    return parsed, problems


def _not_text(shown_as: str, error: UnicodeDecodeError) -> Problem:
    before = bytes(error.object[: error.start])
    line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
    found = f"the byte 0x{error.object[error.start]:02x}"
    return Problem(
        file=shown_as,
        line=line,
        column=column,
        path="",
        found=found,
        expected="text in UTF-8",
    )
