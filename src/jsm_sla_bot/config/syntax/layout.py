"""Slips between lines: indents, entries of lists among keys, lines without a colon."""

import re
from collections.abc import Callable

from jsm_sla_bot.config.syntax.scene import LONGEST_LINE, Scene, Slip, indent_of


def _no_colon(scene: Scene) -> Slip | None:
    for number in scene.near():
        line = scene.text(number)
        if (
            ":" not in line
            and not line.lstrip().startswith("-")
            and number >= scene.line - 1
        ):
            at = len(line) - len(line.lstrip())
            return scene.slip(
                number,
                at,
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
    before = _sibling(scene, indent)
    if before is None:
        what = f"an indent of {_spaces(indent)} that no line above has"
        return scene.slip(
            scene.line,
            indent,
            found=what,
            expected="the indent of the lines that it belongs to",
        )
    is_entry = _is_entry(line)
    if is_entry and not _is_entry(before):
        what = "an entry of a list among keys"
        return scene.slip(
            scene.line,
            indent,
            found=what,
            expected="a key with its value, 'key: value', as in the lines around it",
        )
    if not is_entry and _is_entry(before):
        what = "a key among the entries of a list"
        expected = "an entry, '- key: value', or the key indented as the keys of the entry above"
        return scene.slip(
            scene.line,
            indent,
            found=what,
            expected=expected,
        )
    return None


def _too_deep(scene: Scene) -> Slip | None:
    """Find a key that is indented below one that has a value already, or below one without its colon."""
    above = next((n for n in scene.near() if n < scene.line), None)
    line = scene.text(scene.line)
    if above is None or indent_of(line) <= indent_of(scene.text(above)):
        return None
    words = scene.text(above).strip()
    if re.fullmatch(r"[A-Za-z_]\w*", words):
        at = indent_of(scene.text(above))
        expected = "a key with a colon, 'key:'"
        return scene.slip(
            above,
            at,
            found="a line without a colon",
            expected=expected,
            suggestion=f"{words}:",
        )
    what = f"a line that is indented below '{words[:LONGEST_LINE]}', which has a value already"
    column = _content(scene.text(above))
    expected = f"an indent of {_spaces(column)}, as the keys next to it have"
    return scene.slip(
        scene.line,
        indent_of(line),
        found=what,
        expected=expected,
    )


def _sibling(scene: Scene, indent: int) -> str | None:
    """Return the line above with that indent in the same part; None where there is none."""
    for number in range(scene.line - 1, -1, -1):
        line = scene.text(number)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if indent_of(line) == indent:
            return line
        if indent_of(line) < indent:
            return line if _content(line) == indent else None
    return None


def _content(line: str) -> int:
    """Return the column at which the keys of an entry stand: after its dashes."""
    dashes = re.match(r" *(?:- +)*", line)
    return dashes.end() if dashes else 0


def _is_entry(line: str) -> bool:
    return line.lstrip().startswith(("- ", "-\n")) or line.strip() == "-"


def _spaces(number: int) -> str:
    return "1 space" if number == 1 else f"{number} spaces"


LOOKS: tuple[Callable[[Scene], Slip | None], ...] = (_too_deep, _mixed, _no_colon)
"""In the order in which they are asked, after those of `signs`."""
