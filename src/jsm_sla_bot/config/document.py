"""A YAML file as plain values that remember where they stood.

The node tree is read, not the loaded objects: it alone knows the line and column of every key and value, and
it sees a key that is given twice. Keys are always text, dates stay text: `schema` decides what they mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.syntax.scene import Slip
from jsm_sla_bot.config.syntax.slips import slips
from jsm_sla_bot.config.yaml_values import (
    Entry,
    Misuse,
    Path,
    Reading,
    Spot,
    TooLarge,
)

__all__ = ["Document", "Path", "Place", "dotted", "parse"]

START = Spot(1, 1)
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\U0010ffff]")
"""What YAML lets nobody write as it is."""
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,\]}#]+")
"""A value without spaces, or one in quotes."""


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

    def keys(self, path: Path) -> list[str]:
        """Return the keys at that path in their order; none where no keys stand."""
        value = self.find(path)
        return list(value) if isinstance(value, dict) else []

    def entries(self, path: Path) -> list[object]:
        """Return the entries of the list at that path; none where no list stands."""
        value = self.find(path)
        return value if isinstance(value, list) else []

    def mappings(self, path: Path) -> Iterator[tuple[int, dict[str, object]]]:
        """Yield those entries of a list that have keys, each with its index."""
        for index, entry in enumerate(self.entries(path)):
            if isinstance(entry, dict):
                yield index, entry

    def texts(self, path: Path) -> list[str]:
        """Return the entries of a list as texts; an entry that is no text counts as empty and keeps its index."""
        return [
            text if isinstance(text, str) else ""
            for text in self.entries(path)
        ]

    def source(self, path: Path) -> str:
        """Return `file:line` of that value's key, or of the nearest thing around it."""
        return f"{self.file}:{self.line(path)}"

    def line(self, path: Path) -> int:
        """Return the line of that value's key, or of the nearest thing around it."""
        return self._around(path).line

    def problem(
        self,
        path: Path,
        *,
        found: str,
        expected: str,
        suggestion: str | None = None,
    ) -> Problem:
        """Make a problem that stands where the value stands."""
        return self._problem_at(
            self.place(path), path, found, expected, suggestion
        )

    def key_problem(
        self,
        path: Path,
        *,
        found: str,
        expected: str,
        suggestion: str | None = None,
    ) -> Problem:
        """Make a problem that stands where the key stands."""
        return self._problem_at(
            self._around(path), path, found, expected, suggestion
        )

    def _problem_at(
        self,
        place: Place,
        path: Path,
        found: str,
        expected: str,
        suggestion: str | None,
    ) -> Problem:
        return Problem(
            file=self.shown_as,
            line=place.line,
            column=place.column,
            path=dotted(path),
            found=found,
            expected=expected,
            suggestion=suggestion,
        )

    def token(self, path: Path) -> str:
        """Return a short value as it is written in the file, with its quotes; empty where no such value stands."""
        place = self.place(path)
        lines = self.text.splitlines()
        if place.line > len(lines):
            return ""
        found = _TOKEN.match(lines[place.line - 1], place.column - 1)
        return found[0] if found else ""

    def written(self, path: Path) -> str:
        """Return `file:line:column` of that value, or of the nearest thing around it, as people see it."""
        place = self.place(path)
        return f"{self.shown_as}:{place.line}:{place.column}"

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
                    spot = spots[step]
                    nearest = spot
                case _:
                    break
        return Place(nearest.line, nearest.column)


def dotted(path: Path) -> str:
    """Return a path as people read it: `organizations[2].tier`."""
    steps = [
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
    ]
    return "".join(steps).removeprefix(".")


def parse(
    file: str, shown_as: str, text: str
) -> tuple[Document, list[Problem]]:
    """Read YAML text; with problems the document holds what could still be made out."""
    empty = Document(file, shown_as)
    try:
        reading = Reading(text)
        value, spot = reading.document()
    except TooLarge:
        found = "values nested too deeply or around in a circle"
        refused = Problem(
            file=shown_as,
            line=1,
            column=1,
            path="",
            found=found,
            expected="plain keys and lists",
        )
        return empty, [refused]
    except MarkedYAMLError as error:
        return empty, _unreadable(shown_as, text, error)
    except ReaderError:
        return empty, [_control_character(shown_as, text)]
    except (YAMLError, ValueError):
        refused = Problem(
            file=shown_as,
            line=1,
            column=1,
            path="",
            found="something that is not YAML",
            expected="YAML 1.2",
        )
        return empty, [refused]
    document = Document(file, shown_as, value, spot)
    return document, [_misused(shown_as, misuse) for misuse in reading.misuses]


def _misused(shown_as: str, misuse: Misuse) -> Problem:
    path = dotted(misuse.path)
    return Problem(
        file=shown_as,
        line=misuse.line,
        column=misuse.column,
        path=path,
        found=misuse.found,
        expected=misuse.expected,
    )


def _unreadable(
    shown_as: str, text: str, error: MarkedYAMLError
) -> list[Problem]:
    """Return why the text is no YAML, in the project's own words."""
    stopped = _line_and_column(error.problem_mark or error.context_mark)
    began = _line_and_column(error.context_mark)
    found = slips(text, stopped or (0, 0), began)
    return [_slipped(shown_as, slip) for slip in found]


def _line_and_column(mark: Mark | None) -> tuple[int, int] | None:
    return (mark.line, mark.column) if mark else None


def _slipped(shown_as: str, slip: Slip) -> Problem:
    return Problem(
        file=shown_as,
        line=slip.line,
        column=slip.column,
        path="",
        found=slip.found,
        expected=slip.expected,
        suggestion=slip.suggestion,
    )


def _control_character(shown_as: str, text: str) -> Problem:
    control = _CONTROL.search(text)
    position = control.start() if control else 0
    before = text[:position]
    line = before.count("\n") + 1
    column = position - before.rfind("\n")
    return Problem(
        file=shown_as,
        line=line,
        column=column,
        path="",
        found="a control character",
        expected="text without control characters",
    )
