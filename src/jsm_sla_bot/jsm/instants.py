"""Instants on the wire: Jira writes them in four ways; all become aware UTC to the millisecond."""

import re
from datetime import UTC, datetime, timedelta

from jsm_sla_bot.jsm.errors import UnreadableError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_YEAR = 9998
"""The last year in which every instant has a date in every zone."""
_LONGEST_DIGITS = 20
_MILLISECONDS_FROM = 10**11
"""A number from here on counts milliseconds; below it, seconds (it would be the year 5138)."""
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}(?::?\d{2})?)",
    re.IGNORECASE | re.ASCII,
)


def instant(value: object, what: str = "an instant") -> datetime:
    """Read an instant: ISO 8601 with any offset, epoch milliseconds or epoch seconds.

    Raises UnreadableError, naming `what`, for anything else: one without an offset is refused, never guessed, and so
    is one before 1970, when nothing of Jira's was, or after 9998, which has no date in some zones.
    """
    moment = _read(value, what)
    if not _EPOCH.year <= moment.year <= _LAST_YEAR:
        raise UnreadableError(f"{what}: the year {moment.year} can't be meant")
    return moment


def wire(moment: datetime) -> str:
    """Write an instant in the one form that Jira's edit takes: `2026-01-02T03:04:05.000+0000`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}+0000"


def epoch_milliseconds(moment: datetime) -> int:
    """Count whole milliseconds since the epoch, rounded down: JQL compares them without any zone."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _read(value: object, what: str) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value, what)
    if isinstance(value, str):
        written = value.strip()
        if written.isascii() and written.isdigit():
            return _of_digits(written, what)
        return _of_text(written, what)
    raise UnreadableError(
        f"{what}: expected an instant, found {type(value).__name__}"
    )


def _of_digits(written: str, what: str) -> datetime:
    if len(written) > _LONGEST_DIGITS:
        raise UnreadableError(f"{what}: a number that is no instant")
    return _of_number(int(written), what)


def _of_number(number: float, what: str) -> datetime:
    scale = 1 if abs(number) >= _MILLISECONDS_FROM else 1000
    try:
        return _EPOCH + timedelta(milliseconds=round(number * scale))
    except (OverflowError, ValueError) as error:
        raise UnreadableError(
            f"{what}: a number that is no instant"
        ) from error


def _of_text(text: str, what: str) -> datetime:
    found = _ISO.fullmatch(text)
    if not found:
        raise UnreadableError(
            f"{what}: expected an instant with its offset from UTC"
        )
    day, minutes, seconds, fraction, offset = found.groups()
    millis = (fraction or "")[:3].ljust(3, "0")
    try:
        moment = datetime.fromisoformat(
            f"{day}T{minutes}{seconds or ':00'}.{millis}{_offset(offset)}"
        )
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise UnreadableError(f"{what}: not a date of any calendar") from error


def _offset(text: str) -> str:
    if text in "Zz":
        return "+00:00"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"
