"""The way in: what is wrong where a parser stopped.

The text is examined, not the parser's message: the parser knows where it stopped, which is seldom where the slip is.
Whoever parses hands in the two places that parsers know, where they stopped and where the unfinished part began.
"""

import re
from collections.abc import Iterator

from jsm_sla_bot.config.syntax import closing, layout, pairs, signs
from jsm_sla_bot.config.syntax.scene import Scene, Slip

_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?$")
_LOOKS = (*signs.LOOKS, *closing.LOOKS, *pairs.LOOKS, *layout.LOOKS)
"""What is asked for one after the other; the first answer is the slip."""


def slips(
    text: str,
    stopped: tuple[int, int],
    began: tuple[int, int] | None = None,
) -> list[Slip]:
    """Return what is wrong where a parser stopped. Places are counted from 0 and lines end at line breaks only."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line, column = stopped
    scene = Scene(lines, line, column, began)
    conflicts = list(_conflicts(scene))
    if conflicts:
        return conflicts
    for look in _LOOKS:
        found = look(scene)
        if found is not None:
            return [found]
    number = next(scene.near(), 0)
    at = column if number == line else 0
    plain = "keys with values, 'key: value', and entries of lists, '- entry'"
    return [
        scene.slip(
            number,
            at,
            found="something that is no YAML",
            expected=plain,
        )
    ]


def _conflicts(scene: Scene) -> Iterator[Slip]:
    """Find what an unfinished merge leaves: each conflict once, at its first mark."""
    inside = False
    for number, line in enumerate(scene.lines):
        mark = _CONFLICT.match(line)
        if mark is None:
            continue
        if not inside:
            expected = "one of the two versions, without the lines of marks"
            yield scene.slip(
                number,
                0,
                found="a merge conflict that is not resolved",
                expected=expected,
            )
        inside = mark[1][0] != ">"
