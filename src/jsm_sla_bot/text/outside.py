"""Text from outside: what the site, a file or a journal holds, made fit to be shown and kept.

Whoever writes a request chooses its words: escape sequences that take over a terminal, signs that turn the direction
of writing, line breaks that forge another line of a log. None of them leaves here.
"""

import re

LONGEST = 300
"""So many characters of one text are enough for a person to know it again."""
LONGEST_MESSAGE = 4_000
"""A message names many things, each of them bounded already."""

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, movements of the cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, and their like
    r"|\x1b[ -/]*[0-~]"
)
_JOINERS = frozenset("\u200c\u200d")
"""Signs without a width that some scripts and emoji are spelled with."""


def outside(value: object, longest: int = LONGEST) -> str:
    """Return a text from outside on one line: printable signs only, cut where it is longer than `longest`."""
    text = str(value)
    looked_at = text[: 4 * longest]
    line = _one_line(_SEQUENCE.sub("", looked_at)).strip()
    if len(line) <= longest and len(text) == len(looked_at):
        return line
    kept = line[: longest - 1].rstrip()
    return f"{kept}\N{HORIZONTAL ELLIPSIS}"


def lines_from_outside(value: object) -> str:
    """Return a text of several lines in the same way; its own line breaks stay."""
    lines = [_kept_indent(line) for line in str(value).split("\n")]
    return "\n".join(lines)


def _kept_indent(line: str) -> str:
    if line.isprintable():
        return line
    return _one_line(_SEQUENCE.sub("", line))


def _one_line(text: str) -> str:
    return "".join(map(_printable, text))


def _printable(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return " " if sign.isspace() else ""
