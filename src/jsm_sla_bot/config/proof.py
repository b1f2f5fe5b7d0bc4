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

Spot = tuple[str, str]
"""A file as it is shown, and a dotted path."""


def proven(
    folder: Folder, found: Iterable[Problem], check: Callable[[Folder], list[Problem]]
) -> list[Problem]:
    """Return the problems without those suggestions that `check` would refuse in their turn."""
    found = list(found)
    proposed = [problem for problem in found if problem.suggestion is not None]
    if not proposed:
        return found
    documents = {document.shown_as: document for document in _documents(folder)}
    tried = {
        name: _tried(document, [each for each in proposed if each.file == name])
        for name, document in documents.items()
    }
    reread = {
        each.file
        for each in proposed
        if _is_about_a_line(each) and tried.get(each.file) != documents.get(each.file)
    }
    left = [problem for problem in folder.problems if problem.file not in reread]
    again = check(replace(_with(folder, tried), problems=tuple(left)))
    refused = _Refused(
        frozenset(_around(again)), frozenset((each.file, each.line) for each in again)
    )
    return [_kept(problem, documents, refused) for problem in found]


@dataclass(frozen=True, slots=True)
class _Refused:
    """Where problems are left when everything has been tried: by path, and by line."""

    spots: frozenset[Spot]
    lines: frozenset[tuple[str, int]]


def _kept(
    problem: Problem, documents: dict[str, Document], refused: _Refused
) -> Problem:
    document = documents.get(problem.file)
    if problem.suggestion is None or document is None or not problem.line:
        return problem
    path = _path(document, problem)
    if path is None:
        return problem
    if _is_about_a_line(problem):
        in_vain = (problem.file, problem.line) in refused.lines
    elif _is_about_the_key(document, problem, path):
        in_vain = document.find((*path[:-1], problem.suggestion)) is not None
    else:
        in_vain = (problem.file, problem.path) in refused.spots
    return replace(problem, suggestion=None) if in_vain else problem


def _tried(document: Document, proposed: list[Problem]) -> Document:
    """Return the document with everything that was proposed for it."""
    value = document.value
    fresh: set[int] = set()
    for problem in proposed:
        if _is_about_a_line(problem):
            return _with_line(document, problem)
        path = _path(document, problem)
        if path and not _is_about_the_key(document, problem, path):
            value = _put(value, path, _as_read(problem.suggestion or ""), fresh)
    return replace(document, value=value)


def _is_about_a_line(problem: Problem) -> bool:
    """Tell whether a problem is about text that is no YAML: then a whole line is proposed."""
    return not problem.path and bool(problem.line)


def _with_line(document: Document, problem: Problem) -> Document:
    """Return what the text becomes with the line that was proposed."""
    lines = re.split(r"\r\n|\r|\n", document.text)
    if problem.line > len(lines):
        return document
    old = lines[problem.line - 1]
    indent = old[: len(old) - len(old.lstrip())]
    lines[problem.line - 1] = f"{indent}{problem.suggestion}"
    text = "\n".join(lines)
    read, problems = parse(document.file, document.shown_as, text)
    return document if problems else read


def _path(document: Document, problem: Problem) -> Path | None:
    """Return the way to what a problem is about; None where the document has no such place."""
    steps: list[str | int] = []
    rest = problem.path
    while rest:
        step = _step(document.find(tuple(steps)), rest)
        if step is None:
            return None
        rest = rest.removeprefix(f"[{step}]").removeprefix(str(step)).removeprefix(".")
        steps.append(step)
    return tuple(steps)


def _step(around: object, rest: str) -> str | int | None:
    """Return the key or index with which the rest of a dotted path begins: the longest that fits."""
    match around:
        case list():
            index = re.match(r"\[(\d+)\]", rest)
            return int(index[1]) if index and int(index[1]) < len(around) else None
        case dict():
            fits = [name for name in around if _leads(name, rest)]
            return max(fits, key=len, default=None)
        case _:
            return None


def _leads(name: str, rest: str) -> bool:
    return rest.startswith(name) and rest[len(name) : len(name) + 1] in {"", ".", "["}


def _is_about_the_key(document: Document, problem: Problem, path: Path) -> bool:
    return document.place(path) != Place(problem.line, problem.column)


def _as_read(suggestion: str) -> object:
    """Return what a suggestion becomes when somebody writes it into the file."""
    document, problems = parse("", "", f"value: {suggestion}")
    return suggestion if problems else document.find(("value",))


def _put(value: Any, path: Path, new: object, fresh: set[int]) -> object:  # noqa: ANN401 - whatever stands in YAML
    """Return a value with another one at that path. What lies on the way is copied once; `fresh` knows the copies."""
    if not path:
        return new
    if id(value) not in fresh:
        value = copy(value)
        fresh.add(id(value))
    value[path[0]] = _put(value[path[0]], path[1:], new, fresh)
    return value


def _around(problems: Iterable[Problem]) -> Iterator[Spot]:
    """Yield where problems are, and all that is around them."""
    for problem in problems:
        yield problem.file, problem.path
        for end in re.finditer(r"[.\[]", problem.path):
            yield problem.file, problem.path[: end.start()]


def _documents(folder: Folder) -> list[Document]:
    files = [folder.policy, folder.organizations, folder.jira]
    return [*files, *folder.calendars.values()]


def _with(folder: Folder, tried: dict[str, Document]) -> Folder:
    return replace(
        folder,
        policy=tried[folder.policy.shown_as],
        organizations=tried[folder.organizations.shown_as],
        jira=tried[folder.jira.shown_as],
        calendars={
            name: tried[document.shown_as]
            for name, document in folder.calendars.items()
        },
    )
