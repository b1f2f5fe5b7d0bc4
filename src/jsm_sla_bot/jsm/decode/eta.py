"""The ETA of a request (D21): what its field shows, and what its history says of it.

A slip of the pen in it is no reason to give a request up: what can't be meant is no ETA.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from jsm_sla_bot.jsm.decode.changelog import Change
from jsm_sla_bot.jsm.decode.fields import SiteField
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import Json, JsonObject
from jsm_sla_bot.sla.request import Deed, HistoryEntry

_DATE = len("2026-03-05")
_FIRST_YEAR = 1970
_LAST_YEAR = 9998
"""No Jira is older, and no calendar reaches further."""


def eta(value: Json) -> datetime | date | None:
    """Return the ETA that a field shows: an instant (aware UTC) or a date; None for none, or for none that is meant."""
    if isinstance(value, str) and len(value.strip()) == _DATE:
        return _date(value.strip())
    try:
        return instant(value) if value else None
    except UnreadableError:
        return None


def etas(
    field: SiteField | None, value: Json, found: Sequence[Change]
) -> Iterator[HistoryEntry]:
    """Tell what the field has held; the last entry agrees with the `value` that the request shows now."""
    own = [change for change in found if field and change.field == field.id]
    for change in own:
        is_last = change is own[-1]
        after = eta(value) if is_last else _end(change.item, "to")
        yield change.entry(Deed.ETA, _end(change.item, "from"), after)


def _end(item: JsonObject, end: str) -> datetime | date | None:
    """Return one end of a change: its id is the value, its text is written for people."""
    return eta(item.get(end)) or eta(item.get(f"{end}String"))


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
