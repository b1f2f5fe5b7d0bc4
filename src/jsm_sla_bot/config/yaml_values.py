"""YAML text as plain values, each with its place.

libyaml reads the text and gives events; they are put together here, so that no key that is given twice is lost and
every value keeps its line and column. What a word without quotes means is decided in `plain_words`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml.composer import ComposerError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.scanner import ScannerError

from jsm_sla_bot.config.plain_words import (
    BOOLEANS,
    broken,
    plain,
    text_of,
    whole,
)

Event: TypeAlias = Any
"""One of libyaml's events; PyYAML's own types let each lack the mark that every event from a text has."""
Path: TypeAlias = tuple[str | int, ...]
MOST_NODES = 500_000
"""Aliases can blow a small file up; no contract is this long."""
DEEPEST = 100
"""Nothing in the configuration is nested so deeply."""

# Without the C library, on a machine for which no wheel is built, the same events come more slowly.
_READER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_TOO_DEEP = "exceeded maximum nesting depth"
"""libyaml's own words; it looks ahead of the values that have been put together."""
_TAG = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(
    f"{_TAG}{kind}"
    for kind in (
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
    )
) | {"!"}


class TooLarge(ValueError):  # noqa: N818 - it carries no message of its own
    """Values that are nested too deeply, around in a circle, or unfold to too many."""


class Spot(NamedTuple):
    """Where a value stands, and what stands in it; lines and columns count from 1."""

    line: int
    column: int
    inside: "dict[str, Entry] | list[Spot] | None" = None


class Entry(NamedTuple):
    """Where a key stands, and its value."""

    line: int
    column: int
    value: Spot


class Misuse(NamedTuple):
    """Something that YAML allows and the configuration does not."""

    line: int
    column: int
    path: Path
    found: str
    expected: str


class Reading:
    """One file's text, to be read once. `misuses` are found on the way; raises YAMLError and ValueError."""

    def __init__(self, text: str) -> None:
        self.misuses: list[Misuse] = []
        self._reader = _READER(text)
        self._next: Callable[[], Event] = self._reader.get_event
        self._path: list[str | int] = []
        self._anchored: dict[str, tuple[object, Spot, int] | None] = {}
        self._nodes = 0

    def document(self) -> tuple[object, Spot]:
        """Return the only document's value and place; raises YAMLError and TooLarge."""
        try:
            return self._document()
        except ScannerError as error:
            if error.problem == _TOO_DEEP:
                raise TooLarge from error
            raise
        finally:
            self._reader.dispose()

    def _document(self) -> tuple[object, Spot]:
        value: object = None
        spot = Spot(1, 1)
        documents = 0
        event = self._next()
        while not isinstance(event, StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _composing("found another document", event)
            elif isinstance(event, NodeEvent):
                value, spot = self._value(event)
            event = self._next()
        return value, spot

    def _value(self, event: Event) -> tuple[object, Spot]:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(self._path) > DEEPEST:
            raise TooLarge
        if isinstance(event, AliasEvent):
            return self._again(event)
        anchor = event.anchor
        if anchor is None:
            return self._unnamed(event)
        self._anchored[anchor] = None
        before = self._nodes
        value, spot = self._unnamed(event)
        self._anchored[anchor] = (value, spot, self._nodes - before)
        return value, spot

    def _unnamed(self, event: Event) -> tuple[object, Spot]:
        if event.tag is not None:
            self._check_tag(event)
        match event:
            case ScalarEvent():
                return _scalar(event), _spot(event)
            case MappingStartEvent():
                return self._mapping(event)
            case _:
                return self._sequence(event)

    def _sequence(self, event: Event) -> tuple[object, Spot]:
        values: list[object] = []
        spots: list[Spot] = []
        path = self._path
        path.append(0)
        child = self._next()
        while not isinstance(child, SequenceEndEvent):
            path[-1] = len(values)
            value, spot = self._value(child)
            values.append(value)
            spots.append(spot)
            child = self._next()
        path.pop()
        mark = event.start_mark
        return values, Spot(mark.line + 1, mark.column + 1, spots)

    def _mapping(self, event: Event) -> tuple[object, Spot]:
        values: dict[str, object] = {}
        entries: dict[str, Entry] = {}
        path = self._path
        key = self._next()
        while not isinstance(key, MappingEndEvent):
            name = self._key(key, entries)
            path.append(name or "")
            value, spot = self._value(self._next())
            path.pop()
            if name is not None and name not in entries:
                mark = key.start_mark
                values[name] = value
                entries[name] = Entry(mark.line + 1, mark.column + 1, spot)
            key = self._next()
        mark = event.start_mark
        return values, Spot(mark.line + 1, mark.column + 1, entries)

    def _key(self, key: Event, before: dict[str, Entry]) -> str | None:
        """Return a key's text, or None; one that is no text, or was given before, is misused."""
        if not isinstance(key, ScalarEvent):
            self._misuse(key, (), "a key that is not text", "a plain key")
            self._value(key)
            return None
        name = text_of(key.value)
        if name == "<<":
            found = "the merge key '<<'"
            self._misuse(
                key, (name,), found, "its keys and values written out"
            )
            return None
        if name in before:
            found = f"the key '{name}' twice"
            self._misuse(
                key, (name,), found, f"it once: see line {before[name].line}"
            )
        return name

    def _again(self, event: AliasEvent) -> tuple[object, Spot]:
        if event.anchor not in self._anchored:
            found = f"found undefined alias {event.anchor!r}"
            raise _composing(found, event)
        named = self._anchored[event.anchor]
        if named is None:
            raise TooLarge
        value, spot, nodes = named
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            raise TooLarge
        return value, spot

    def _check_tag(self, event: Event) -> None:
        tag = str(event.tag)
        if tag not in _KNOWN_TAGS:
            found = f"the tag '{tag.removeprefix(_TAG)}'"
            self._misuse(event, (), found, "a value without a tag")

    def _misuse(
        self, event: Event, below: Path, found: str, expected: str
    ) -> None:
        mark = event.start_mark
        path = (*self._path, *below)
        self.misuses.append(
            Misuse(
                line=mark.line + 1,
                column=mark.column + 1,
                path=path,
                found=found,
                expected=expected,
            )
        )


def _spot(event: Event) -> Spot:
    mark = event.start_mark
    return Spot(mark.line + 1, mark.column + 1)


def _composing(found: str, event: Event) -> ComposerError:
    return ComposerError(None, None, found, event.start_mark)


def _scalar(event: Event) -> object:
    if event.tag is not None:
        return _tagged(event)
    is_plain, _ = event.implicit
    return plain(event.value) if is_plain else text_of(event.value)


def _tagged(event: Event) -> object:
    """Return what a value with a tag means: a value of the tag's kind, or its text where that is impossible."""
    text = text_of(event.value)
    match event.tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return BOOLEANS.get(text.lower(), text)
        case "int":
            return whole(text)
        case "float":
            return broken(text)
        case _:
            return text
