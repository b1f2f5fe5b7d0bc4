"""What is wrong in the configuration, where, and what would be right.

Whoever edits YAML gets everything at once: problems are values that are collected over all files, and
one exception carries them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `line` and `column` count from 1; 0 where the file as a whole is meant."""

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        path = f"{self.path}: " if self.path else ""
        hint = f" - did you mean '{self.suggestion}'?" if self.suggestion else ""
        text = f"{place}: {path}found {self.found}, expected {self.expected}{hint}"
        return text if text.isprintable() else text.encode("unicode_escape").decode()


class ConfigurationProblems(ValueError):  # noqa: N818 - it carries many, and is read out as such
    """The configuration can't be used; `problems` has every reason, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=_order))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SnapshotError(RuntimeError):
    """A snapshot can't be made; the message says what to do."""


def _order(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, str(problem)
