"""The configuration's folder: which files there are, read and parsed, whatever is in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from jsm_sla_bot.config import document
from jsm_sla_bot.config.document import Document
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import (
    CALENDARS,
    JIRA,
    NOTIFY,
    ORGANIZATIONS,
    POLICY,
    TEXTS,
)
from jsm_sla_bot.text.nearest import nearest

FILES = (POLICY, ORGANIZATIONS, JIRA)
OPTIONAL = (TEXTS, NOTIFY)
"""The files that need not be there, or may hold comments only."""
KUSTOMIZATION = "kustomization.yaml"
"""What makes the folder a ConfigMap: for Kubernetes, not for the bot."""
YAML = ".yaml"
YML = ".yml"
ENDINGS = (YAML, YML)
"""How the names of files with YAML end; the bot reads those that end in `.yaml` only."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found. A file that could not be read is an empty document, or no calendar."""

    policy: Document
    organizations: Document
    jira: Document
    public_texts: Document
    """The file of the texts of public notes, without keys where there is none."""
    notify: Document
    """The file that says who is told of what, without keys where there is none."""
    calendars: dict[str, Document]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    broken: frozenset[str]
    """The files with problems of their own as texts."""
    texts: Mapping[str, str]
    """The files' contents, by their paths in the folder."""


@dataclass(frozen=True, slots=True)
class _File:
    """One file, and what is wrong with it as a text."""

    document: Document
    problems: list[Problem]


def read(root: Traversable) -> Folder:
    """Read every file of the configuration, a folder or an archive; problems come with it, nothing is raised."""
    names = _names(root)
    files = {name: _read(root, name, names) for name in FILES}
    extra = {
        name: _read_optional(root, name) for name in OPTIONAL if name in names
    }
    calendar_names = _names(root / CALENDARS)
    calendars = {
        PurePosixPath(name).stem: _read(root, f"{CALENDARS}/{name}", set())
        for name in sorted(calendar_names)
        if name.endswith(YAML)
    }
    every = [*files.values(), *extra.values(), *calendars.values()]
    problems = [problem for file in every for problem in file.problems]
    if not calendars:
        problems.append(_no_calendar(root))
    return Folder(
        policy=files[POLICY].document,
        organizations=files[ORGANIZATIONS].document,
        jira=files[JIRA].document,
        public_texts=_document_of(extra, TEXTS, root),
        notify=_document_of(extra, NOTIFY, root),
        calendars={name: file.document for name, file in calendars.items()},
        problems=tuple(problems),
        warnings=tuple(_unread(root, names, calendar_names)),
        broken=frozenset(
            file.document.file for file in every if file.problems
        ),
        texts={file.document.file: file.document.text for file in every},
    )


def _no_calendar(root: Traversable) -> Problem:
    return Problem(
        file=f"{root}/{CALENDARS}",
        line=0,
        column=0,
        path="",
        found="no calendar",
        expected="at least one YAML file",
    )


def contents(root: Traversable) -> Mapping[str, str]:
    """Return a digest of each YAML file by its path in the folder; a file that can't be read has its reason."""
    digests = {}
    for folder, prefix in ((root, ""), (root / CALENDARS, f"{CALENDARS}/")):
        for name in sorted(_names(folder)):
            if name.endswith(ENDINGS):
                digests[f"{prefix}{name}"] = _digest(folder / name)
    return digests


def _digest(file: Traversable) -> str:
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        return str(error.strerror)


def _names(folder: Traversable) -> set[str]:
    try:
        every = {entry.name for entry in folder.iterdir()}
    except (OSError, ValueError):
        return set()
    return {name for name in every if not name.startswith(".")}


def _unread(
    root: Traversable,
    names: set[str],
    calendar_names: set[str],
) -> Iterator[str]:
    """Warn of files that somebody may believe to be in force."""
    files = (*FILES, *OPTIONAL)
    read_files = ", ".join(files)
    for name in sorted(names - {*files, KUSTOMIZATION}):
        if name.endswith(ENDINGS):
            yield f"{root / name} is not read: the files are {read_files} and {CALENDARS}/*.yaml"
    for name in sorted(calendar_names):
        if name.endswith(YML):
            yield f"{root / CALENDARS / name} is not read: a calendar's file ends in .yaml"


def _read(root: Traversable, file: str, others: set[str]) -> _File:
    """Read one file; `others` are the names of the files next to it, one of which may be meant."""
    shown_as = str(root / file)
    empty = Document(file, shown_as)
    try:
        text = (root / file).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _File(empty, [_not_text(shown_as, error)])
    except FileNotFoundError:
        return _File(empty, [_missing(shown_as, file, others)])
    except (OSError, ValueError) as error:
        return _File(empty, [_unreadable(shown_as, error)])
    parsed, problems = document.parse(file, shown_as, text)
    if parsed.value is None and not problems:
        problems = [_empty(shown_as)]
    return _File(replace(parsed, text=text), problems)


def _read_optional(root: Traversable, file: str) -> _File:
    """Read a file that may hold comments only."""
    read_file = _read(root, file, set())
    empty = [_empty(str(root / file))]
    if read_file.problems != empty:
        return read_file
    return _File(replace(read_file.document, value={}), [])


def _document_of(
    files: Mapping[str, _File], name: str, root: Traversable
) -> Document:
    """Return the document of a file; one without keys where there is none."""
    if name in files:
        return files[name].document
    return Document(name, str(root / name), {})


def _missing(shown_as: str, file: str, others: set[str]) -> Problem:
    near = nearest(file, others - set(FILES))
    return _of_file(shown_as, "no such file", f"the file {file}", near)


def _of_file(
    shown_as: str, found: str, expected: str, suggestion: str | None = None
) -> Problem:
    """Return a problem with a file as a whole."""
    return Problem(shown_as, 0, 0, "", found, expected, suggestion)


def _unreadable(shown_as: str, error: OSError | ValueError) -> Problem:
    why = getattr(error, "strerror", None) or "not a file name"
    found = f"a file that can't be read ({why})"
    return _of_file(shown_as, found, "a readable file")


def _empty(shown_as: str) -> Problem:
    return Problem(
        file=shown_as,
        line=1,
        column=1,
        path="",
        found="an empty file",
        expected="keys with values",
    )


def _not_text(shown_as: str, error: UnicodeDecodeError) -> Problem:
    content = bytes(error.object)
    before = content[: error.start]
    return Problem(
        file=shown_as,
        line=before.count(b"\n") + 1,
        column=error.start - before.rfind(b"\n"),
        path="",
        found=f"the byte 0x{content[error.start]:02x}",
        expected="text in UTF-8",
    )
