"""Slips between a key and its value: a missing space, a colon or a sign in the value."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jsm_sla_bot.config.syntax.scene import (
    COMMENT,
    IN_QUOTES,
    Scene,
    Slip,
    quoted,
)

_KEY = re.compile(
    r"(?P<dashes>\s*(?:- +)*)(?P<key>[^\s'\"\[\]{}#,&*!|>%@`-][^:#]*):(?P<value>.*)$"
)
_COLON_WITHIN = re.compile(r"[^\s'\"\[{|>&*!#].*?:(?:\s|$)")
_NO_SPACE = re.compile(
    r"(?P<dashes>\s*(?:- +)*)(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:/].*)$"
)
_NO_DASH_SPACE = re.compile(r"(?P<indent>\s*)-(?P<entry>[^\s-].*)$")
_FACT_FIRST = re.compile(r"\{\w+\}(?:[^\s,}\]#]|\s+[^\s#,}\]])")
"""A text that begins with a name in braces, which are keys with values to YAML."""
_SIGNS = {
    "-": "the list on the lines below its key, or in brackets, '[entry, entry]'",
    "|": IN_QUOTES,
    ">": IN_QUOTES,
    "&": IN_QUOTES,
}
_BLOCK_TEXT = re.compile(r"[|>][^\s0-9+#-]")
"""A text on the line of the sign that announces one on the lines below."""


@dataclass(frozen=True, slots=True)
class _KeyLine:
    """A line that holds a key with its value."""

    number: int
    start: str
    """The key as it is written, with the dashes before it and its colon."""
    value: str

    @property
    def column(self) -> int:
        """Where the value begins, behind one space."""
        return len(self.start) + 1

    def meant(self, value: str) -> str:
        """Return the line with another value, without its indent."""
        return f"{self.start.lstrip()} {value}"


def _key_lines(scene: Scene) -> Iterator[_KeyLine]:
    for number in scene.near():
        found = _KEY.match(scene.text(number))
        if found:
            start = f"{found['dashes']}{found['key']}:"
            yield _KeyLine(number, start, found["value"].strip())


def _sign(scene: Scene) -> Slip | None:
    """Find a value that begins with a sign of YAML's own."""
    for line in _key_lines(scene):
        if _BLOCK_TEXT.match(line.value):
            found = f"a text that begins with '{line.value[0]}'"
            return _without_quotes(scene, line, line.value, found)
        sign, space, _ = line.value.partition(" ")
        if space and sign in _SIGNS:
            return _no_value(scene, line, sign)
    return None


def _no_value(scene: Scene, line: _KeyLine, sign: str) -> Slip:
    return scene.slip(
        line.number,
        line.column,
        found=f"'{sign}' at the start of a value",
        expected=_SIGNS[sign],
    )


def _without_quotes(
    scene: Scene, line: _KeyLine, value: str, found: str
) -> Slip:
    """Return the slip of a text that needs quotes, with the line as it is meant."""
    return scene.slip(
        line.number,
        line.column,
        found=found,
        expected=IN_QUOTES,
        suggestion=line.meant(quoted(value)),
    )


def _fact_first(scene: Scene) -> Slip | None:
    """Find a text that begins with a fact: `eta: {key} is solved by {eta}.`."""
    return _needs_quotes(scene, _FACT_FIRST, "a text that begins with '{'")


def _colon(scene: Scene) -> Slip | None:
    """Find a plain text with a colon in it: `name: Acme: Nordic`."""
    return _needs_quotes(scene, _COLON_WITHIN, "a text with a colon")


def _needs_quotes(
    scene: Scene, pattern: re.Pattern[str], found: str
) -> Slip | None:
    """Find the first value, without its comment, that a pattern describes."""
    for line in _key_lines(scene):
        value, *_ = COMMENT.split(line.value)
        if pattern.match(value):
            return _without_quotes(scene, line, value, found)
    return None


def _no_space(scene: Scene) -> Slip | None:
    """Find `tier:Expert` and `-Expert`, which are texts to YAML."""
    for number in scene.near():
        found = _no_space_in(scene, number)
        if found:
            return found
    return None


def _no_space_in(scene: Scene, number: int) -> Slip | None:
    line = scene.text(number)
    key = _NO_SPACE.match(line)
    if key:
        start = f"{key['dashes']}{key['key']}"
        return scene.slip(
            number,
            len(start),
            found="a colon without a space after it",
            expected="'key: value'",
            suggestion=f"{start.lstrip()}: {key['value'].strip()}",
        )
    dash = _NO_DASH_SPACE.match(line)
    if dash:
        return scene.slip(
            number,
            len(dash["indent"]),
            found="a dash without a space after it",
            expected="'- entry'",
            suggestion=f"- {dash['entry'].strip()}",
        )
    return None


LOOKS: tuple[Callable[[Scene], Slip | None], ...] = (
    _sign,
    _fact_first,
    _colon,
    _no_space,
)
"""In the order in which they are asked, after those of `closing`."""
