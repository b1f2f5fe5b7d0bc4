"""What a check says."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How well something stands."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is wrong: what, and how to mend it (a command, a setting, a link)."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one check. `line` sums it up: what is well, or why the check was skipped."""

    grade: Grade
    line: str
    details: Sequence[Detail] = ()
    has_failed: bool = False
    """It was skipped since the site did not answer as it should: it says nothing about what it would have found."""

    @property
    def is_finding(self) -> bool:
        """Tell whether somebody should look at it."""
        return self.grade in {Grade.WARNING, Grade.PROBLEM}


def ok(line: str) -> Verdict:
    """Return the verdict on what is well."""
    return Verdict(Grade.OK, line)


def skipped(why: str, *, has_failed: bool = False) -> Verdict:
    """Return the verdict on what could not be looked at; `has_failed` where the site should have answered."""
    return Verdict(Grade.SKIPPED, why, has_failed=has_failed)


def judged(
    well: str,
    problems: Sequence[Detail] = (),
    warnings: Sequence[Detail] = (),
) -> Verdict:
    """Return the verdict on a list of findings; `well` is the line where there are none."""
    details = (*problems, *warnings)
    if not details:
        return ok(well)
    grade = Grade.PROBLEM if problems else Grade.WARNING
    first = details[0].what
    rest = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return Verdict(grade, f"{first}{rest}", details)


class NotReadError(Exception):
    """A check needs something that could not be read; the message says why.

    `is_failure`: the site should have answered, and did not.
    """

    def __init__(self, why: str, *, is_failure: bool = False) -> None:
        super().__init__(why)
        self.is_failure = is_failure
