"""The history, read as a time line: what a field held, from when, as it was known at an instant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Value


@dataclass(frozen=True, slots=True)
class Held:
    """A value that a field held from `since` on (the report, for the first one)."""

    since: datetime
    value: Value
    entry: HistoryEntry | None = None


_FIELDS = {
    Deed.SEVERITY: "severity",
    Deed.STATUS: "status",
    Deed.ORGANIZATIONS: "organizations",
    Deed.PRODUCT: "product",
    Deed.LABELS: "labels",
}


def in_order(snapshot: RequestSnapshot) -> RequestSnapshot:
    """Return the snapshot with its history sorted by instant; entries of one instant keep their order."""
    return replace(snapshot, history=tuple(sorted(snapshot.history, key=attrgetter("at"))))


def as_of(snapshot: RequestSnapshot, now: datetime) -> RequestSnapshot:
    """Return the snapshot as it was at `now`: later entries undone. The history must be in order."""
    later = [entry for entry in snapshot.history if entry.at > now]
    if not later:
        return snapshot
    undone: dict[str, Value] = {}
    for entry in reversed(later):
        if entry.what in _FIELDS:
            undone[_FIELDS[entry.what]] = entry.before
    known = snapshot.history[: len(snapshot.history) - len(later)]
    return replace(snapshot, history=known, **undone)  # type: ignore[arg-type]


def held(snapshot: RequestSnapshot, what: Deed) -> list[Held]:
    """Return the values that a field has held, first to last. The history must be in order.

    The present value is the truth: where the history ends with another one, it is dated at the last entry.
    """
    entries = [entry for entry in snapshot.history if entry.what is what]
    if not entries:
        return [Held(snapshot.reported, getattr(snapshot, _FIELDS[what]))]
    values = [Held(snapshot.reported, entries[0].before)]
    values += [Held(entry.at, entry.after, entry) for entry in entries]
    present = getattr(snapshot, _FIELDS[what])
    if values[-1].value != present:
        values[-1] = Held(entries[-1].at, present, entries[-1])
    return values


def disagreements(snapshot: RequestSnapshot) -> Iterator[Deed]:
    """Yield the fields whose present value is not what their history ends with."""
    for what in (Deed.SEVERITY, Deed.ORGANIZATIONS, Deed.PRODUCT):
        entries = [entry for entry in snapshot.history if entry.what is what]
        if entries and entries[-1].after != getattr(snapshot, _FIELDS[what]):
            yield what


def standing_call(snapshot: RequestSnapshot) -> tuple[datetime, HistoryEntry] | None:
    """Return the instant of the call as the request shows it now, with the entry that says so (R3)."""
    entries = [entry for entry in snapshot.history if entry.what is Deed.CALLED]
    if not entries or not isinstance(entries[-1].after, datetime):
        return None
    return entries[-1].after, entries[-1]
