"""The nearest right word to a wrong one: the only place where the bot guesses what somebody meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

LONGEST_WORD = 100
LIKE_ENOUGH = 0.6
"""How alike two words have to be, from 0 to 1, as `difflib` measures it."""


def nearest(word: object, words: Iterable[str]) -> str | None:
    """Return the word that was probably meant, whatever its case; None where no word is near."""
    if not isinstance(word, str) or len(word) > LONGEST_WORD:
        return None
    return _nearest(word, tuple(words))


@lru_cache  # one slip is often made on every line of a list
def _nearest(word: str, words: tuple[str, ...]) -> str | None:
    wrong = word.strip().casefold()
    right = {candidate.casefold(): candidate for candidate in words}
    near = get_close_matches(wrong, right, n=1, cutoff=LIKE_ENOUGH)
    return right[near[0]] if near else None
