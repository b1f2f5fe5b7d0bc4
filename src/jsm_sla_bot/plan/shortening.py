"""A note that is longer than Jira takes says less, but it is written: what to do stands first, the reasons last."""

from collections.abc import Iterable
from dataclasses import replace
from typing import overload

from jsm_sla_bot.plan.blocks import (
    Block,
    Heading,
    Paragraph,
    Table,
    plain_text,
)

LONGEST_NOTE = 30_000
"""Jira takes 32,767 characters of a comment; some are left for what it counts besides the text."""
SHORTEST = 400
"""A paragraph is not cut below so many characters while others can be."""
_CUT = " \N{HORIZONTAL ELLIPSIS} (shortened)"
_BETWEEN = 2


@overload
def shortened(
    blocks: Iterable[str], longest: int = LONGEST_NOTE
) -> tuple[str, ...]: ...
@overload
def shortened(
    blocks: Iterable[Block], longest: int = LONGEST_NOTE
) -> tuple[Block, ...]: ...
def shortened(
    blocks: Iterable[Block], longest: int = LONGEST_NOTE
) -> tuple[Block, ...]:
    """Return the blocks cut to so many characters: the longest at their ends first, then the last ones.

    Of a table the last rows go; a heading, and a paragraph in which people are mentioned, stay whole.
    """
    kept = list(blocks)
    while (excess := _size(kept) - longest) > 0:
        place = max(
            range(len(kept)), key=lambda each: (_length(kept[each]), each)
        )
        shorter = _shorter(kept[place], excess, longest)
        size = _length(kept[place])
        if (size <= SHORTEST or shorter is None) and len(kept) > 1:
            kept.pop()
        elif shorter is None:
            break
        else:
            kept[place] = shorter
    return tuple(kept)


def _shorter(block: Block, excess: int, longest: int) -> Block | None:
    """Return a block cut by about so many characters; None where it can't be cut."""
    match block:
        case str():
            least = min(SHORTEST, longest)
            return _cut(block, max(_length(block) - excess, least))
        case Table():
            return _fewer_rows(block)
        case Heading() | Paragraph():
            return None


def _fewer_rows(table: Table) -> Table | None:
    """Return the table without its last row, a row in its place that says so; None where no row is left."""
    rows = [row for row in table.rows if row[0] != _CUT.strip()]
    if not rows:
        return None
    blanks = ("",) * (len(table.head) - 1)
    says = (_CUT.strip(), *blanks)
    return replace(table, rows=(*rows[:-1], says))


def _size(blocks: Iterable[Block]) -> int:
    return sum(_length(block) + _BETWEEN for block in blocks)


def _length(block: Block) -> int:
    """Count as Jira does: a character outside of the basic plane is two."""
    return len(plain_text(block).encode("utf-16-le", "replace")) // 2


def _cut(text: str, longest: int) -> str:
    kept = text[: max(longest - len(_CUT) - _BETWEEN, 0)]
    while _length(kept) + len(_CUT) + _BETWEEN > longest and kept:
        kept = kept[
            : -max((_length(kept) + len(_CUT) + _BETWEEN - longest) // 2, 1)
        ]
    return kept.rstrip() + _CUT
