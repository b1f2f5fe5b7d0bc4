"""Slips between lines: indents, entries of lists among keys, lines without a colon."""

import re
from collections.abc import Callable

from jsm_sla_bot.config.syntax.scene import (
    LONGEST_LINE,
    Scene,
    Slip,
    has_content,
    indent_of,
)

_ENTRIES_AND_KEYS = (
    "a key with its value, 'key: value', as in the lines around it"
)
_KEYS_OF_ENTRY = "an entry, '- key: value', or the key indented as the keys of the entry above"
_DASHES = re.compile(r" *(?:- +)*")
_BARE_WORD = re.compile(r"[A-Za-z_]\w*")


def _no_colon(scene: Scene) -> Slip | None:
    """Find a line without a colon where the parser stopped, or right above."""
    for number in scene.near():
        line = scene.text(number)
        is_close = number >= scene.line - 1
        if is_close and ":" not in line and not line.lstrip().startswith("-"):
            return scene.slip(
                number,
                len(line) - len(line.lstrip()),
                found="a line without a colon",
                expected="a key with its value, 'key: value'",
            )
    return None


def _mixed(scene: Scene) -> Slip | None:
    """Find a list among keys, a key among the entries of a list, and an indent that fits nothing above."""
    line = scene.text(scene.line)
    indent = indent_of(line)
    if scene.column != indent:
        return None
    sibling = _sibling(scene, indent)
    if sibling is None:
        return scene.slip_here(
            found=f"an indent of {_spaces(indent)} that no line above has",
            expected="the indent of the lines that it belongs to",
        )
    match _is_entry(line), _is_entry(sibling):
        case True, False:
            return scene.slip_here(
                found="an entry of a list among keys",
                expected=_ENTRIES_AND_KEYS,
            )
        case False, True:
            return scene.slip_here(
                found="a key among the entries of a list",
                expected=_KEYS_OF_ENTRY,
            )
        case _:
            return None


def _too_deep(scene: Scene) -> Slip | None:
    """Find a key that is indented below one that has a value already, or below one without its colon."""
    number = _content_above(scene)
    if number is None:
        return None
    above = scene.text(number)
    indent = indent_of(scene.text(scene.line))
    if indent <= indent_of(above):
        return None
    words = above.strip()
    if _BARE_WORD.fullmatch(words):
        return scene.slip(
            number,
            indent_of(above),
            found="a line without a colon",
            expected="a key with a colon, 'key:'",
            suggestion=f"{words}:",
        )
    column = _content(above)
    return scene.slip(
        scene.line,
        indent,
        found=f"a line that is indented below '{words[:LONGEST_LINE]}', which has a value already",
        expected=f"an indent of {_spaces(column)}, as the keys next to it have",
    )


def _content_above(scene: Scene) -> int | None:
    for number in scene.near():
        if number < scene.line:
            return number
    return None


def _sibling(scene: Scene, indent: int) -> str | None:
    """Return the line above with that indent in the same part; None where there is none."""
    for number in scene.above():
        line = scene.text(number)
        if not has_content(line) or indent_of(line) > indent:
            continue
        is_sibling = indent in {indent_of(line), _content(line)}
        return line if is_sibling else None
    return None


def _content(line: str) -> int:
    """Return the column at which the keys of an entry stand: after its dashes."""
    dashes = _DASHES.match(line)
    return dashes.end() if dashes else 0


def _is_entry(line: str) -> bool:
    words = line.strip()
    return words == "-" or words.startswith("- ")


def _spaces(number: int) -> str:
    return "1 space" if number == 1 else f"{number} spaces"


LOOKS: tuple[Callable[[Scene], Slip | None], ...] = (
    _too_deep,
    _mixed,
    _no_colon,
)
"""In the order in which they are asked, after those of `signs`."""
