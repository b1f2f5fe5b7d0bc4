"""The text that could not be read, where the parser stopped, and the slips found in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LINE = 80
QUOTES = frozenset("'\"")
CLOSERS = {"[": "]", "{": "}"}
COMMENT = re.compile(r"\s+#")
IN_QUOTES = "that text in quotes"


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: where it is (from 1), what stands there, what should, and the line as it may have been meant."""

    line: int
    column: int
    found: str
    expected: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The text, where the parser stopped, and where the part began that it could not finish. All from 0."""

    lines: list[str]
    line: int
    column: int
    began: tuple[int, int] | None

    def text(self, number: int) -> str:
        """Return a line, empty where there is none."""
        if not 0 <= number < len(self.lines):
            return ""
        return self.lines[number]

    @property
    def before(self) -> str:
        """What stands in the line before the place where the parser stopped."""
        return self.text(self.line)[: self.column]

    @property
    def rest(self) -> str:
        """What stands in the line from the place where the parser stopped."""
        return self.text(self.line)[self.column :]

    @property
    def sign(self) -> str:
        """The sign at which the parser stopped; empty at the end of a line."""
        return self.rest[:1]

    def above(self) -> Iterator[int]:
        """Yield the lines above the one where the parser stopped, the nearest first."""
        nearest = min(self.line, len(self.lines)) - 1
        yield from range(nearest, -1, -1)

    def near(self) -> Iterator[int]:
        """Yield the line where the parser stopped, then the line with content before it."""
        if self.text(self.line).strip():
            yield self.line
        for number in self.above():
            if has_content(self.text(number)):
                yield number
                return

    def slip(
        self,
        number: int,
        column: int,
        *,
        found: str,
        expected: str,
        suggestion: str | None = None,
    ) -> Slip:
        """Make a slip that shows its line."""
        return Slip(
            line=number + 1,
            column=column + 1,
            found=f"{found}, in the line {shown_line(self.text(number))}",
            expected=expected,
            suggestion=suggestion,
        )

    def slip_here(
        self,
        *,
        found: str,
        expected: str,
        suggestion: str | None = None,
    ) -> Slip:
        """Make a slip where the parser stopped."""
        return self.slip(
            self.line,
            self.column,
            found=found,
            expected=expected,
            suggestion=suggestion,
        )


def has_content(line: str) -> bool:
    """Return whether a line holds more than a comment."""
    words = line.strip()
    return words != "" and not words.startswith("#")


def shown_line(line: str) -> str:
    """Return a line as a message quotes it."""
    words = line.strip()
    if len(words) > LONGEST_LINE:
        words = f"{words[:LONGEST_LINE]}\u2026"
    return f"'{words}'"


def quoted(text: str) -> str:
    """Return a text in the quotes that need no second look."""
    if '"' in text or "\\" in text:
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return f'"{text}"'


def indent_of(line: str) -> int:
    """Return how many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def is_quoted(before: str) -> bool:
    """Return whether what follows stands within quotes."""
    return any(is_odd(before, quote) for quote in QUOTES)


def is_odd(text: str, quote: str) -> bool:
    """Return whether a text opens a quote that it does not close."""
    return text.count(quote) % 2 == 1
