"""What a reader of a small word of the YAML raises, and the proof that what it suggests can be taken."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")


class WordError(ValueError):
    """A word that has no meaning; `expected` and `suggestion` are for the person who wrote it.

    `instead` is another suggestion, for where the values around it fit that one.
    """

    def __init__(
        self,
        expected: str,
        suggestion: str | None = None,
        instead: str | None = None,
    ) -> None:
        super().__init__(expected)
        self.expected = expected
        self.suggestion = suggestion
        self.instead = instead


def proven(read: Callable[[object], T]) -> Callable[[object], T]:
    """Make a reader that suggests only what it would read itself."""

    @wraps(read)
    def reader(value: object) -> T:
        try:
            return read(value)
        except WordError as error:
            suggestion = _if_read(read, error.suggestion)
            instead = _if_read(read, error.instead)
            raise WordError(
                error.expected,
                suggestion=suggestion,
                instead=instead,
            ) from None

    return reader


def stripped(value: object) -> str:
    """Return a text without the spaces around it; nothing for what is no text."""
    return value.strip() if isinstance(value, str) else ""


def read_or_none(read: Callable[[object], T], value: object) -> T | None:
    """Return what a reader makes of a value; None where it can't read it, which is another check's problem."""
    try:
        return read(value)
    except WordError:
        return None


def _if_read(
    read: Callable[[object], T], suggestion: str | None
) -> str | None:
    if suggestion is None or read_or_none(read, suggestion) is None:
        return None
    return suggestion
