"""One mistake made on every line of a long list: its first places are enough, with the number of the others."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from jsm_sla_bot.config.problem import UNKNOWN_KEY, Problem

T = TypeVar("T")

MOST = 100
"""So many problems of one kind are listed."""

_NUMBER = re.compile(r"\[\d+\]|\d{2,}")
"""What differs between the places of one kind: indexes, dates and ids, but no severity such as S1."""

_OWN = re.compile(r"'[^']*'|\d+")
"""What differs between warnings of one kind."""


def first_of_each_kind(problems: Iterable[Problem]) -> list[Problem]:
    """Return the first problems of each kind in the order of the file; the last of them counts those left out.

    Of one kind are the problems of a file whose paths differ in indexes, dates and ids only, and the unknown
    keys of one place.
    """
    in_order = sorted(dict.fromkeys(problems), key=_place)
    listed: list[Problem] = []
    for alike in _grouped(in_order, _kind):
        further = sum(problem.further for problem in alike)
        first = [replace(problem, further=0) for problem in alike[:MOST]]
        left_out = len(alike) - len(first)
        first[-1] = replace(first[-1], further=further + left_out)
        listed += first
    return listed


def first_warnings(warnings: Iterable[str]) -> Iterator[str]:
    """Yield the first warnings of each kind; the last of them counts those left out."""
    for warning, further in with_further(warnings, _without_its_own):
        yield (
            f"{warning} (and {further:,} more of this kind)"
            if further
            else warning
        )


def _without_its_own(warning: str) -> str:
    return _OWN.sub("", warning)


def with_further(
    found: Iterable[T], kind: Callable[[T], Hashable]
) -> Iterator[tuple[T, int]]:
    """Yield the first of each kind, each with 0, and the last of those with the number that is left out."""
    for alike in _grouped(found, kind):
        *first, last = alike[:MOST]
        for each in first:
            yield each, 0
        yield last, max(len(alike) - MOST, 0)


def _grouped(
    found: Iterable[T], kind: Callable[[T], Hashable]
) -> Iterable[list[T]]:
    by_kind: dict[Hashable, list[T]] = {}
    for each in found:
        by_kind.setdefault(kind(each), []).append(each)
    return by_kind.values()


def _kind(problem: Problem) -> tuple[str, str]:
    path = problem.path
    if problem.found.startswith(UNKNOWN_KEY):
        path, _, _ = path.rpartition(".")
    return problem.file, _NUMBER.sub("", path)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column
