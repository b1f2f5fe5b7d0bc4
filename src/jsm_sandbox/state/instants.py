"""Instants on the wire: Jira writes them in the site's zone, without a colon in the offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
STRICT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}")


def machine_utc() -> datetime:
    """Read the machine's clock: the default of everything that takes a clock."""
    return datetime.now(tz=UTC)


def wire(instant: datetime, zone: tzinfo) -> str:
    """Write an instant as Jira does: ``2026-01-02T03:04:05.000+0200``."""
    local = instant.astimezone(zone)
    return (
        f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"
    )


def millis(instant: datetime) -> int:
    """Count the milliseconds since the epoch."""
    return int(instant.timestamp() * 1000)


def lenient(value: object) -> datetime | None:
    """Read any instant that a person or a file may have written, or nothing; a naive one counts as UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if not isinstance(value, str):
        return None
    try:
        return lenient(datetime.fromisoformat(value))
    except ValueError:
        return None


def stated(value: object) -> datetime:
    """Read any instant as `lenient` does. Raises ValueError for what is none."""
    found = lenient(value)
    if found is None:
        raise ValueError(
            f"{value!r} is not an instant: write it like 2026-03-02T09:00:00Z"
        )
    return found


def _from_number(value: float) -> datetime | None:
    digits_of_seconds = 1e11
    in_millis = abs(value) > digits_of_seconds
    seconds = value / 1000 if in_millis else value
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None


def is_date(value: object) -> bool:
    """Tell whether a value is a date as the edit endpoint takes it: ``2026-01-02``."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return False
    return lenient(value) is not None


def strict(value: object) -> datetime | None:
    """Read the one form that the edit endpoint takes, or nothing."""
    if not isinstance(value, str) or not STRICT.fullmatch(value):
        return None
    return lenient(value)
