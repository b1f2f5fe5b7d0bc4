"""What is wrong in the configuration, where, and what would be right.

Whoever edits YAML gets everything at once: problems are values that are collected over all files, and
one exception carries them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN_KEY = "the unknown key"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct. `line` and `column` count from 1; 0 where the file or the line as a whole is meant.

    `further` says how many problems of the same kind stand further down and are not listed.
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    suggestion: str | None = None
    further: int = 0

    def __str__(self) -> str:
        parts = [f"{self._place()}: "]
        if self.path:
            parts.append(f"{self.path}: ")
        parts.append(f"found {self.found}, expected {self.expected}")
        if self.suggestion:
            parts.append(f" - did you mean '{self.suggestion}'?")
        if self.further:
            parts.append(
                f" (and {self.further:,} more of this kind further down)"
            )
        text = "".join(parts)
        if text.isprintable():
            return text
        return text.encode("unicode_escape").decode()

    def _place(self) -> str:
        if not self.line:
            return self.file
        if not self.column:
            return f"{self.file}:{self.line}"
        return f"{self.file}:{self.line}:{self.column}"


class ConfigurationProblems(ValueError):  # noqa: N818 - it carries many, and people read it as such
    """The configuration can't be used; `problems` has every reason, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=_order))
        lines = [str(problem) for problem in self.problems]
        super().__init__("\n".join(lines))


class SnapshotError(RuntimeError):
    """A snapshot can't be made; the message names what to do."""


def _order(problem: Problem) -> tuple[str, int, int, str]:
    return problem.file, problem.line, problem.column, str(problem)
