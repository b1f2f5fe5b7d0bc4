"""The text that could not be read, where the parser stopped, and what a slip in it says."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LINE = 80


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
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def near(self) -> Iterator[int]:
        """Yield the line where the parser stopped, then the line with content before it."""
        if self.text(self.line).strip():
            yield self.line
        for number in range(min(self.line, len(self.lines)) - 1, -1, -1):
            if self.text(number).strip() and not self.text(number).lstrip().startswith(
                "#"
            ):
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
        in_line = f"{found}, in the line {shown_line(self.text(number))}"
        return Slip(
            line=number + 1,
            column=column + 1,
            found=in_line,
            expected=expected,
            suggestion=suggestion,
        )


def shown_line(line: str) -> str:
    """Return a line as a message quotes it."""
    words = line.strip()
    cut = words if len(words) <= LONGEST_LINE else f"{words[:LONGEST_LINE]}\u2026"
    return f"'{cut}'"


def quoted(text: str) -> str:
    """Return a text in the quotes that need no second look."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def indent_of(line: str) -> int:
    """Return how many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))
