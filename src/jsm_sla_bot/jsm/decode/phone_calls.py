"""Evidence that the customer has phoned (R3): a field with the instant, or when a tick or label was set.

The last entry always agrees with what the request shows now: a call that was taken back is no call.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.jsm.decode.changelog import Change, labels
from jsm_sla_bot.jsm.decode.field_kinds import Kind
from jsm_sla_bot.jsm.decode.fields import LABELS_ID, SiteField
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import Json, JsonObject, choices
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role


@dataclass(frozen=True, slots=True)
class Raised:
    """How the request began: when (aware UTC) and by whom."""

    at: datetime
    by: str = ""


def calls(  # noqa: PLR0913, PLR0917 - the kinds of evidence there are
    field: SiteField | None,
    value: Json,
    labelled: frozenset[str],
    found: Sequence[Change],
    desk: Desk,
    raised: Raised,
) -> list[HistoryEntry]:
    """Tell the calls of a request. A field that shows a call is believed before a label.

    `value` is what the field shows, `labelled` the labels of the request. Raises UnreadableError where a
    datetime field shows something else.
    """
    by_field = _by_field(field, value, found, desk, raised)
    by_label = _by_label(labelled, found, desk, raised)
    standing = [
        entries
        for entries in (by_field, by_label)
        if entries and entries[-1].after
    ]
    return standing[0] if standing else by_field or by_label


def _by_field(
    field: SiteField | None,
    value: Json,
    found: Sequence[Change],
    desk: Desk,
    raised: Raised,
) -> list[HistoryEntry]:
    if field is None:
        return []
    own = [change for change in found if change.field == field.id]
    if field.kind is Kind.DATETIME:
        return _by_instant(
            instant(value, field.name) if value else None, own, raised
        )
    meaning = {each.strip().casefold() for each in desk.called_values}
    ticked = any(
        word and word.casefold() in meaning
        for option in choices(value)
        for word in option
    )
    return _by_tick(
        own,
        lambda item, end: _ticks(item, end, meaning),
        raised,
        present=ticked,
    )


def _by_label(
    labelled: frozenset[str],
    found: Sequence[Change],
    desk: Desk,
    raised: Raised,
) -> list[HistoryEntry]:
    if not desk.called_label:
        return []
    wanted = desk.called_label.casefold()
    own = [change for change in found if change.field == LABELS_ID]
    present = wanted in {each.casefold() for each in labelled}
    return _by_tick(
        own,
        lambda item, end: wanted in _folded_labels(item, end),
        raised,
        present=present,
    )


def _by_instant(
    present: datetime | None, own: Sequence[Change], raised: Raised
) -> list[HistoryEntry]:
    """Tell what a datetime field has held. A value that cannot be read any more is passed over."""
    readable = [
        change for change in own[:-1] if _readable(change.item, "to")
    ] + list(own[-1:])
    first = _moment(own[0].item, "from") if own else present
    entries = list(_at_creation(first, raised))
    before = first
    for change in readable:
        after = (
            present if change is readable[-1] else _moment(change.item, "to")
        )
        entries.append(change.entry(Deed.CALLED, before, after))
        before = after
    return entries


def _by_tick(
    own: Sequence[Change],
    ticked: Callable[[JsonObject, str], bool],
    raised: Raised,
    *,
    present: bool,
) -> list[HistoryEntry]:
    """Tell when a tick or label was set and taken away: it was a call from the moment it was set."""
    first = ticked(own[0].item, "from") if own else present
    since = raised.at if first else None
    entries = list(_at_creation(since, raised))
    for change in own:
        if ticked(change.item, "to") is (since is None):
            after = change.at if since is None else None
            entries.append(change.entry(Deed.CALLED, since, after))
            since = after
    if own and present is (since is None):
        entries.append(
            own[-1].entry(Deed.CALLED, since, own[-1].at if present else None)
        )
    return entries


def _at_creation(
    value: datetime | None, raised: Raised
) -> Iterator[HistoryEntry]:
    if value is not None:
        yield HistoryEntry(
            raised.at, Role.CUSTOMER, Deed.CALLED, None, value, raised.by
        )


def _ticks(item: JsonObject, end: str, meaning: set[str]) -> bool:
    """Tell whether a change names one of the meaning options, by id or text, alone or among several."""
    for value in (item.get(end), item.get(f"{end}String")):
        if (
            isinstance(value, str)
            and ({value.strip().casefold()} | _parts(value)) & meaning
        ):
            return True
    return False


def _parts(value: str) -> set[str]:
    return {part.strip().casefold() for part in value.strip("[] ").split(",")}


def _folded_labels(item: JsonObject, end: str) -> set[str]:
    return {each.casefold() for each in labels(item.get(f"{end}String"))}


def _moment(item: JsonObject, end: str) -> datetime | None:
    for value in (item.get(end), item.get(f"{end}String")):
        try:
            return instant(value)
        except UnreadableError:
            continue
    return None


def _readable(item: JsonObject, end: str) -> bool:
    """Tell whether a change's value can be read: as an instant, or as nothing at all."""
    return _moment(item, end) is not None or not (
        item.get(end) or item.get(f"{end}String")
    )
