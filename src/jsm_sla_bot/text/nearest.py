"""The nearest right word to a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

LONGEST_WORD = 100
LIKE_ENOUGH = 0.6


def nearest(word: object, words: Iterable[str]) -> str | None:
    """Return the word that was probably meant, whatever its case, or None."""
    if not isinstance(word, str) or len(word) > LONGEST_WORD:
        return None
    return _nearest(word, tuple(words))


@lru_cache  # one slip is often made on every line of a list
def _nearest(word: str, words: tuple[str, ...]) -> str | None:
    right = {candidate.casefold(): candidate for candidate in words}
    close = get_close_matches(word.strip().casefold(), right, n=1, cutoff=LIKE_ENOUGH)
    return right[close[0]] if close else None
