"""A YAML file as plain values that remember where they stood.

The node tree is read, not the loaded objects: it alone knows the line and column of every key and value, and
it sees a key that is given twice. Keys are always text, dates stay text: `schema` says what they mean.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.syntax.slips import slips

Path: TypeAlias = tuple[str | int, ...]
MOST_NODES = 500_000
"""Aliases can blow a small file up; no contract is this long."""

_TAG = "tag:yaml.org,2002:"
_PLAIN = {
    "null",
    "bool",
    "int",
    "float",
    "str",
    "timestamp",
    "map",
    "seq",
    "merge",
    "value",
    "!",
}
_LONGEST_NUMBER = 40
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
"""Numbers as people write them; `012` and `0x1f` stay text, nobody means a 10 or a 31 by them."""
_BOOLEANS = {"true": True, "false": False}


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
    keys: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)
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
        place = self.values.get(path) or self._around(path)
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

    def _around(self, path: Path) -> Place:
        for length in range(len(path), 0, -1):
            place = self.keys.get(path[:length]) or self.values.get(path[:length])
            if place:
                return place
        return self.values.get((), Place(1, 1))


def dotted(path: Path) -> str:
    """Return a path as people read it: `organizations[2].tier`."""
    text = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
    )
    return text.removeprefix(".")


def parse(file: str, shown_as: str, text: str) -> tuple[Document, list[Problem]]:
    """Read YAML text; with problems the document holds what could still be made out."""
    reading = _Reading(file, shown_as)
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = False
        root = yaml.compose(text)
        value = reading.value(root, ()) if root is not None else None
    except RecursionError:
        return reading.refused(
            1,
            1,
            "values nested too deeply or around in a circle",
            "plain keys and lists",
        )
    except MarkedYAMLError as error:
        return reading.unreadable(text, error)
    except ReaderError as error:
        line, column = _place_of(text, error.position)
        return reading.refused(
            line, column, "a control character", "text without control characters"
        )
    except (
        YAMLError,
        ValueError,
        AssertionError,
        AttributeError,
        TypeError,
        LookupError,
    ):
        return reading.refused(1, 1, "something that is not YAML", "YAML 1.2")
    return Document(
        file, shown_as, value, reading.keys, reading.values
    ), reading.problems


def _place_of(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")


class _Reading:
    """The walk over one file's nodes."""

    def __init__(self, file: str, shown_as: str) -> None:
        self.file, self.shown_as = file, shown_as
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.problems: list[Problem] = []

    def refused(
        self, line: int, column: int, found: str, expected: str
    ) -> tuple[Document, list[Problem]]:
        problem = Problem(self.shown_as, line, column, "", found, expected)
        return Document(self.file, self.shown_as), [problem]

    def unreadable(
        self, text: str, error: MarkedYAMLError
    ) -> tuple[Document, list[Problem]]:
        """Say in words of our own why the text is no YAML."""
        mark = error.problem_mark or error.context_mark
        stopped = (mark.line, mark.column) if mark else (0, 0)
        part = error.context_mark
        began = (part.line, part.column) if part else None
        problems = [
            Problem(
                self.shown_as,
                slip.line,
                slip.column,
                "",
                slip.found,
                slip.expected,
                slip.suggestion,
            )
            for slip in slips(text, stopped, began)
        ]
        return Document(self.file, self.shown_as), problems

    def value(self, node: Node, path: Path) -> object:
        if len(self.values) > MOST_NODES:
            raise RecursionError
        self.values[path] = _place(node)
        if (tag := str(node.tag).removeprefix(_TAG)) not in _PLAIN:
            self._add(_place(node), path, f"the tag '{tag}'", "a value without a tag")
        match node:
            case MappingNode():
                return {
                    name: self.value(child, (*path, name))
                    for name, child in self._pairs(node, path)
                }
            case SequenceNode():
                return [
                    self.value(child, (*path, index))
                    for index, child in enumerate(node.value)
                ]
            case _:
                return _scalar(node)

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Node]]:
        first: dict[str, Place] = {}
        for key, child in node.value:
            place = _place(key)
            if not isinstance(key, ScalarNode):
                self._add(place, path, "a key that is not text", "a plain key")
            elif (name := _text(key)) == "<<":
                found = "the merge key '<<'"
                self._add(
                    place, (*path, name), found, "its keys and values written out"
                )
            elif name in first:
                self._add(
                    place,
                    (*path, name),
                    f"the key '{name}' twice",
                    f"it once: see line {first[name].line}",
                )
            else:
                first[name] = self.keys[*path, name] = place
                yield name, child

    def _add(self, place: Place, path: Path, found: str, expected: str) -> None:
        problem = Problem(
            self.shown_as, place.line, place.column, dotted(path), found, expected
        )
        self.problems.append(problem)


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _text(node: Any) -> str:  # noqa: ANN401 - ruamel's nodes carry no types
    """Return the text of a scalar; half a character, which YAML can escape, becomes a question mark."""
    return str(node.value).encode(errors="replace").decode()


def _scalar(node: Any) -> object:  # noqa: ANN401 - as above
    text = _text(node)
    value: object = None
    try:
        match str(node.tag).removeprefix(_TAG):
            case "null":
                return value
            case "bool":
                value = _BOOLEANS.get(text.lower())
            case "int" if len(text) < _LONGEST_NUMBER and _WHOLE.fullmatch(text):
                value = int(text)
            case "float" if len(text) < _LONGEST_NUMBER:
                value = float(text.replace("_", ""))
            case _:
                pass
    except ValueError:
        return text
    return text if value is None else value
