"""A note that is longer than Jira takes says less, but it is written: what to do stands first, the reasons last."""

from collections.abc import Iterable

LONGEST_NOTE = 30_000
"""Jira takes 32,767 characters of a comment; some are left for what it counts besides the text."""
SHORTEST = 400
"""A paragraph is not cut below so many characters while others can be."""
_CUT = " \N{HORIZONTAL ELLIPSIS} (shortened)"
_BETWEEN = 2


def shortened(
    paragraphs: Iterable[str], longest: int = LONGEST_NOTE
) -> tuple[str, ...]:
    """Return the paragraphs cut to so many characters: the longest at their ends first, then the last ones."""
    kept = list(paragraphs)
    while (excess := _size(kept) - longest) > 0:
        place = max(
            range(len(kept)), key=lambda each: (_length(kept[each]), each)
        )
        size = _length(kept[place])
        if size <= SHORTEST and len(kept) > 1:
            kept.pop()
        else:
            kept[place] = _cut(
                kept[place], max(size - excess, min(SHORTEST, longest))
            )
    return tuple(kept)


def _size(paragraphs: list[str]) -> int:
    return sum(_length(paragraph) + _BETWEEN for paragraph in paragraphs)


def _length(text: str) -> int:
    """Count as Jira does: a character outside of the basic plane is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _cut(text: str, longest: int) -> str:
    kept = text[: max(longest - len(_CUT) - _BETWEEN, 0)]
    while _length(kept) + len(_CUT) + _BETWEEN > longest and kept:
        kept = kept[
            : -max((_length(kept) + len(_CUT) + _BETWEEN - longest) // 2, 1)
        ]
    return kept.rstrip() + _CUT
