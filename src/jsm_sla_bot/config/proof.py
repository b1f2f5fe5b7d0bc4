"""The proof of suggestions: what messages propose is put in its place, and the whole folder is checked again.

All proposals are tried together. One that leaves a problem where it was put is not made.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from jsm_sla_bot.config.document import Document, Path, Place, parse
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem

LONG_LIST = 1_000
"""Shorter lists are checked again as a whole."""

Spot = tuple[str, str]
"""A file as it is shown, and a dotted path."""


def proven(
    folder: Folder,
    found: Iterable[Problem],
    check: Callable[[Folder], list[Problem]],
) -> list[Problem]:
    """Return the problems without those suggestions that `check` would refuse in their turn."""
    problems = list(found)
    proposed = [
        problem for problem in problems if problem.suggestion is not None
    ]
    if not proposed:
        return problems
    refused = _refused(check(_trial(folder, proposed)))
    documents = _documents(folder)
    return [
        _without_suggestion(problem)
        if _is_in_vain(problem, documents.get(problem.file), refused)
        else problem
        for problem in problems
    ]


@dataclass(frozen=True, slots=True)
class _Refused:
    """Where problems are left when everything has been tried: by path, and by line."""

    spots: frozenset[Spot]
    lines: frozenset[tuple[str, int]]


def _refused(left: Iterable[Problem]) -> _Refused:
    problems = list(left)
    lines = {(problem.file, problem.line) for problem in problems}
    return _Refused(frozenset(_around(problems)), frozenset(lines))


def _without_suggestion(problem: Problem) -> Problem:
    return replace(problem, suggestion=None)


def _is_in_vain(
    problem: Problem, document: Document | None, refused: _Refused
) -> bool:
    """Return whether a suggestion, put in its place, would leave a problem there."""
    if problem.suggestion is None or document is None or not problem.line:
        return False
    path = _path(document, problem)
    if path is None:
        return False
    if _is_about_a_line(problem):
        return (problem.file, problem.line) in refused.lines
    if _is_about_the_key(document, problem, path):
        *around, _ = path
        return document.find((*around, problem.suggestion)) is not None
    return (problem.file, problem.path) in refused.spots


def _trial(folder: Folder, proposed: Iterable[Problem]) -> Folder:
    """Return the folder with everything that was proposed for it."""
    by_file: dict[str, list[Problem]] = {}
    for problem in proposed:
        by_file.setdefault(problem.file, []).append(problem)
    tried = {
        name: _tried(document, by_file.get(name, []))
        for name, document in _documents(folder).items()
    }
    return _with(folder, tried)


def _tried(document: Document, proposed: list[Problem]) -> Document:
    """Return the document with everything that was proposed for it."""
    value = document.value
    fresh: set[int] = set()
    paths: list[Path] = []
    for problem in proposed:
        if _is_about_a_line(problem):
            return _with_line(document, problem)
        path = _path(document, problem)
        if path is None:
            continue
        paths.append(path)
        if path and not _is_about_the_key(document, problem, path):
            new = _as_read(problem.suggestion or "")
            value = _put(value, path, new, fresh)
    return replace(document, value=_cut_short(value, paths))


def _cut_short(value: object, paths: Iterable[Path]) -> object:
    """Return a file's value with its long lists only as far as something is proposed: what follows was checked before.

    Mistakes that take two entries, such as an id that is given twice, are found at the later one.
    """
    if not isinstance(value, dict):
        return value
    cut = dict(value)
    for name, entries in value.items():
        if isinstance(entries, list) and len(entries) > LONG_LIST:
            proposed = [
                path[1] for path in paths if path[:1] == (name,) and path[1:]
            ]
            indexes = [index for index in proposed if isinstance(index, int)]
            cut[name] = entries[: max(indexes, default=-1) + 1]
    return cut


def _is_about_a_line(problem: Problem) -> bool:
    """Return whether a problem is about text that is no YAML: its suggestion is a whole line."""
    return not problem.path and bool(problem.line)


def _with_line(document: Document, problem: Problem) -> Document:
    """Return what the text becomes with the line that was proposed; the document as it is, if that is no YAML."""
    lines = re.split(r"\r\n|\r|\n", document.text)
    if problem.line > len(lines):
        return document
    index = problem.line - 1
    old = lines[index]
    indent = old[: len(old) - len(old.lstrip())]
    lines[index] = f"{indent}{problem.suggestion}"
    text = "\n".join(lines)
    read, problems = parse(document.file, document.shown_as, text)
    return document if problems else replace(read, text=text)


def _path(document: Document, problem: Problem) -> Path | None:
    """Return the way to what a problem is about; None where the document has no such place."""
    steps: list[str | int] = []
    rest = problem.path
    while rest:
        step = _step(document.find(tuple(steps)), rest)
        if step is None:
            return None
        steps.append(step)
        written = f"[{step}]" if isinstance(step, int) else step
        rest = rest.removeprefix(written).removeprefix(".")
    return tuple(steps)


def _step(around: object, rest: str) -> str | int | None:
    """Return the key or index with which the rest of a dotted path begins: the longest that fits."""
    match around:
        case list():
            return _index(rest, len(around))
        case dict():
            fits = [name for name in around if _leads(name, rest)]
            return max(fits, key=len, default=None)
        case _:
            return None


def _index(rest: str, length: int) -> int | None:
    found = re.match(r"\[(\d+)\]", rest)
    if found is None:
        return None
    index = int(found[1])
    return index if index < length else None


def _leads(name: str, rest: str) -> bool:
    if not rest.startswith(name):
        return False
    following = rest[len(name) : len(name) + 1]
    return following in {"", ".", "["}


def _is_about_the_key(
    document: Document, problem: Problem, path: Path
) -> bool:
    return document.place(path) != Place(problem.line, problem.column)


def _as_read(suggestion: str) -> object:
    """Return what a suggestion becomes when somebody writes it into the file."""
    document, problems = parse("", "", f"value: {suggestion}")
    return suggestion if problems else document.find(("value",))


def _put(value: Any, path: Path, new: object, fresh: set[int]) -> object:  # noqa: ANN401 - whatever stands in YAML
    """Return a value with another one at that path. What lies on the way is copied once; `fresh` knows the copies."""
    if not path:
        return new
    step, *rest = path
    if id(value) not in fresh:
        value = copy(value)
        fresh.add(id(value))
    value[step] = _put(value[step], tuple(rest), new, fresh)
    return value


def _around(problems: Iterable[Problem]) -> Iterator[Spot]:
    """Yield where problems are, and all that is around them."""
    for problem in problems:
        yield problem.file, problem.path
        for end in re.finditer(r"[.\[]", problem.path):
            yield problem.file, problem.path[: end.start()]


def _documents(folder: Folder) -> dict[str, Document]:
    """Return the files by the names under which people see them."""
    documents = [
        folder.policy,
        folder.organizations,
        folder.jira,
        folder.public_texts,
        *folder.calendars.values(),
    ]
    return {document.shown_as: document for document in documents}


def _with(folder: Folder, tried: dict[str, Document]) -> Folder:
    """Return the folder with those documents. What was wrong with a text that has another line now is over."""
    before = _documents(folder)
    reread = {
        name
        for name, document in tried.items()
        if document.text != before[name].text
    }
    calendars = {
        name: tried[document.shown_as]
        for name, document in folder.calendars.items()
    }
    left = [
        problem for problem in folder.problems if problem.file not in reread
    ]
    return replace(
        folder,
        policy=tried[folder.policy.shown_as],
        organizations=tried[folder.organizations.shown_as],
        jira=tried[folder.jira.shown_as],
        public_texts=tried[folder.public_texts.shown_as],
        calendars=calendars,
        problems=tuple(left),
    )
