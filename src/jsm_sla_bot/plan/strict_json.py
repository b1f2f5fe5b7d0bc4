"""Values of a ledger out of JSON that anybody may have written: each of its kind, or a refusal that quotes nothing."""

from datetime import UTC, date, datetime
from typing import TypeVar

FIRST_YEAR, LAST_YEAR = 1970, 9998
"""The years of Jira's instants that have a date in every zone."""
LONGEST_TEXT = 4000
HIGHEST_COUNT = 10**60
T = TypeVar("T")


class LedgerError(ValueError):
    """The property is not a ledger of ours; the message says what of it is not."""


class NewerLedgerError(LedgerError):
    """The property is the ledger of a later version of the bot: not ours to judge, nor to replace."""


class Part:
    """One object of the property, from which values are taken by name and kind. Every method raises LedgerError."""

    def __init__(self, value: object, what: str) -> None:
        self._what = what
        self._values: dict[object, object] = _of(dict, value, what)

    def get(self, name: str, *default: object) -> object:
        """Take whatever has that name; the default stands in where nothing has."""
        if name not in self._values and not default:
            raise LedgerError(f"{self._what} has no {name}")
        return self._values.get(name, *default)

    def text(self, name: str, *default: object) -> str:
        """Take a text."""
        return _text_of(self.get(name, *default), self._name(name))

    def texts(self, name: str, *default: object) -> tuple[str, ...]:
        """Take a list of texts."""
        found: list[object] = _of(
            list, self.get(name, *default), self._name(name)
        )
        return tuple(_text_of(each, self._name(name)) for each in found)

    def words(self, name: str, *default: object) -> dict[str, str]:
        """Take texts by text."""
        what = self._name(name)
        found: dict[object, object] = _of(dict, self.get(name, *default), what)
        return {
            _text_of(key, what): _text_of(each, what)
            for key, each in found.items()
        }

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        """Take true or false."""
        given = () if default is None else (default,)
        return _of(bool, self.get(name, *given), self._name(name))

    def count(self, name: str) -> int:
        """Take a whole number that counts something."""
        value = self.get(name)
        number = _of(int, value, self._name(name))
        if isinstance(value, bool) or not 0 <= number < HIGHEST_COUNT:
            raise LedgerError(f"{self._name(name)} counts nothing")
        return number

    def instant(self, name: str) -> datetime:
        """Take an instant, as aware UTC."""
        written = self.text(name)
        try:
            found = datetime.fromisoformat(written)
            aware = (
                found.astimezone(UTC)
                if found.utcoffset() is not None
                else None
            )
        except (ValueError, OverflowError):
            aware = None
        if aware is None or not FIRST_YEAR <= aware.year <= LAST_YEAR:
            raise LedgerError(
                f"{self._name(name)} is no instant with its zone"
            )
        return aware

    def instant_or_none(self, name: str) -> datetime | None:
        """Take an instant, as aware UTC, or nothing."""
        return None if self.get(name) is None else self.instant(name)

    def day(self, name: str) -> date:
        """Take a day."""
        written = self.text(name)
        try:
            return date.fromisoformat(written)
        except ValueError as error:
            raise LedgerError(f"{self._name(name)} is no day") from error

    def part(self, name: str) -> "Part | None":
        """Take an object, or nothing."""
        value = self.get(name)
        return None if value is None else Part(value, self._name(name))

    def parts(self, name: str) -> "dict[str, Part]":
        """Take objects by text; none where nothing has the name."""
        what = self._name(name)
        found: dict[object, object] = _of(dict, self.get(name, {}), what)
        return {
            _text_of(key, what): Part(each, what)
            for key, each in found.items()
        }

    def entries(self, name: str) -> list["Part"]:
        """Take a list of objects; none where nothing has the name."""
        what = self._name(name)
        found: list[object] = _of(list, self.get(name, []), what)
        return [Part(each, what) for each in found]

    def _name(self, name: str) -> str:
        return f"{self._what}: {name}"


def _of(kind: type[T], value: object, what: str) -> T:
    if not isinstance(value, kind):
        raise LedgerError(f"{what} is not of its kind")
    return value


def _text_of(value: object, what: str) -> str:
    found = _of(str, value, what)
    if len(found) > LONGEST_TEXT or not _is_writable(found):
        raise LedgerError(f"{what} has a text that the bot never wrote")
    return found


def _is_writable(text: str) -> bool:
    """Tell whether a text is one: halves of a character are none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
