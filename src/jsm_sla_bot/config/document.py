"""A YAML file as plain values that remember where they stood.

The node tree is read, not the loaded objects: it alone knows the line and column of every key and value, and
it sees a key that is given twice. Keys are always text, dates stay text: `schema` says what they mean.
"""

import re
from dataclasses import dataclass

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.syntax.slips import slips
from jsm_sla_bot.config.yaml_values import Entry, Misuse, Path, Reading, Spot, TooLarge

__all__ = ["Document", "Path", "Place", "dotted", "parse"]

START = Spot(1, 1)
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\U0010ffff]")
"""What YAML lets nobody write as it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file's values. `file` is relative to the configuration's folder, `shown_as` is what people see."""

    file: str
    shown_as: str
    value: object = None
    spot: Spot = START
    """Where the value stands, and each value in it."""
    text: str = ""

    def find(self, path: Path) -> object:
        """Return the value at that path, or None."""
        value = self.value
        for step in path:
            match value, step:
                case dict(), str():
                    value = value.get(step)
                case list(), int() if step < len(value):
                    value = value[step]
                case _:
                    return None
        return value

    def source(self, path: Path) -> str:
        """Return `file:line` of that value's key, or of the nearest thing around it."""
        return f"{self.file}:{self.line(path)}"

    def line(self, path: Path) -> int:
        """Return the line of that value's key, or of the nearest thing around it."""
        return self._around(path).line

    def problem(
        self, path: Path, found: str, expected: str, suggestion: str | None = None
    ) -> Problem:
        """Make a problem that stands where the value stands."""
        place = self.place(path)
        return Problem(
            self.shown_as,
            place.line,
            place.column,
            dotted(path),
            found,
            expected,
            suggestion,
        )

    def key_problem(
        self, path: Path, found: str, expected: str, suggestion: str | None = None
    ) -> Problem:
        """Make a problem that stands where the key stands."""
        place = self._around(path)
        return Problem(
            self.shown_as,
            place.line,
            place.column,
            dotted(path),
            found,
            expected,
            suggestion,
        )

    def place(self, path: Path) -> Place:
        """Return where that value stands, or the nearest thing around it."""
        spot = self.spot
        for step in path:
            match spot.inside, step:
                case dict() as entries, str() if step in entries:
                    spot = entries[step].value
                case list() as spots, int() if step < len(spots):
                    spot = spots[step]
                case _:
                    return self._around(path)
        return Place(spot.line, spot.column)

    def _around(self, path: Path) -> Place:
        """Return where that value's key stands, or the nearest thing around it."""
        spot = self.spot
        nearest: Spot | Entry = spot
        for step in path:
            match spot.inside, step:
                case dict() as entries, str() if step in entries:
                    entry = entries[step]
                    nearest = entry
                    spot = entry.value
                case list() as spots, int() if step < len(spots):
                    nearest = spot = spots[step]
                case _:
                    break
        return Place(nearest.line, nearest.column)


def dotted(path: Path) -> str:
    """Return a path as people read it: `organizations[2].tier`."""
    text = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
    )
    return text.removeprefix(".")


def parse(file: str, shown_as: str, text: str) -> tuple[Document, list[Problem]]:
    """Read YAML text; with problems the document holds what could still be made out."""
    try:
        reading = Reading(text)
        value, spot = reading.document()
    except TooLarge:
        line, column = 1, 1
        found = "values nested too deeply or around in a circle"
        expected = "plain keys and lists"
    except MarkedYAMLError as error:
        return Document(file, shown_as), _unreadable(shown_as, text, error)
    except ReaderError:
        line, column = _first_control_character(text)
        found = "a control character"
        expected = "text without control characters"
    except (YAMLError, ValueError):
        line, column = 1, 1
        found = "something that is not YAML"
        expected = "YAML 1.2"
    else:
        document = Document(file, shown_as, value, spot)
        return document, [_problem(shown_as, misuse) for misuse in reading.misuses]
    refused = Problem(shown_as, line, column, "", found, expected)
    return Document(file, shown_as), [refused]


def _problem(shown_as: str, misuse: Misuse) -> Problem:
    path = dotted(misuse.path)
    return Problem(
        shown_as, misuse.line, misuse.column, path, misuse.found, misuse.expected
    )


def _unreadable(shown_as: str, text: str, error: MarkedYAMLError) -> list[Problem]:
    """Say in words of our own why the text is no YAML."""
    mark = error.problem_mark or error.context_mark
    stopped = (mark.line, mark.column) if mark else (0, 0)
    part = error.context_mark
    began = (part.line, part.column) if part else None
    return [
        Problem(
            shown_as,
            slip.line,
            slip.column,
            "",
            slip.found,
            slip.expected,
            slip.suggestion,
        )
        for slip in slips(text, stopped, began)
    ]


def _first_control_character(text: str) -> tuple[int, int]:
    control = _CONTROL.search(text)
    position = control.start() if control else 0
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")
