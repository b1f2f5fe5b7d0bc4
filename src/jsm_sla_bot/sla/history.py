"""The history, read as a time line: what a field held, from when, as it was known at an instant."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter, lt
from typing import NamedTuple

from jsm_sla_bot.sla.request import (
    CHANGES,
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Status,
    Value,
)


class Held(NamedTuple):
    """A value that a field held from `since` on (the report, for the first one)."""

    since: datetime
    value: Value
    entry: HistoryEntry | None = None


_NOTHING: Mapping[Deed, Value] = {
    Deed.STATUS: Status("Open"),
    Deed.ORGANIZATIONS: (),
    Deed.LABELS: frozenset(),
}
"""What a field holds that holds nothing."""

_FIRST = {deed: place for place, deed in enumerate((Deed.STATUS, *Deed))} | {
    Deed.STATUS: -1
}
"""Of deeds at one instant the change of status comes first: a reopening and the answer that came with it."""


def in_order(snapshot: RequestSnapshot) -> RequestSnapshot:
    """Return the snapshot with its history sorted by instant, whatever order it came in.

    Changes of one field at one instant are put into the order in which each begins where the one before ended.
    """
    instants = [entry.at for entry in snapshot.history]
    if all(map(lt, instants, instants[1:])):
        return snapshot
    history = sorted(snapshot.history, key=attrgetter("at"))
    if len(set(instants)) < len(instants):
        history = _without_ties(snapshot, history)
    ordered = tuple(history)
    return (
        snapshot
        if ordered == snapshot.history
        else replace(snapshot, history=ordered)
    )


def as_of(snapshot: RequestSnapshot, now: datetime) -> RequestSnapshot:
    """Return the snapshot as it was at `now`: later entries undone. The history must be in order."""
    history = snapshot.history
    if not history or history[-1].at <= now:
        return snapshot
    known = tuple(entry for entry in history if entry.at <= now)
    undone: dict[str, Value] = {}
    for entry in reversed(history[len(known) :]):
        if entry.what in CHANGES:
            undone[CHANGES[entry.what]] = _value(entry.what, entry.before)
    return replace(snapshot, history=known, **undone)  # type: ignore[arg-type]


def held(snapshot: RequestSnapshot, what: Deed) -> list[Held]:
    """Return the values that a field has held, first to last. The history must be in order.

    Where the history contradicts itself, what the next change found is the truth, and at the end the present
    value: so `held` and `as_of` agree on the past.
    """
    entries = [entry for entry in snapshot.history if entry.what is what]
    present: Value = getattr(snapshot, CHANGES[what])
    if not entries:
        return [Held(snapshot.reported, present)]
    truths = [_value(what, entry.before) for entry in entries]
    values = [Held(snapshot.reported, truths[0])]
    values += [
        Held(entry.at, truth, entry)
        for entry, truth in zip(entries, [*truths[1:], present], strict=True)
    ]
    return values


def disagreements(snapshot: RequestSnapshot) -> list[Deed]:
    """Return the fields whose history contradicts itself or the present value; of a status only the phase counts."""
    ends: dict[Deed, Value] = {}
    found: dict[Deed, None] = {}
    changes = [entry for entry in snapshot.history if entry.what in CHANGES]
    for entry in changes:
        what = entry.what
        if what in ends and _differ(what, ends[what], entry.before):
            found[what] = None
        ends[what] = entry.after
    for what, value in ends.items():
        if _differ(what, value, getattr(snapshot, CHANGES[what])):
            found[what] = None
    return list(found)


def knows(snapshot: RequestSnapshot, what: Deed) -> bool:
    """Return whether the history has a deed of that kind."""
    return what in [entry.what for entry in snapshot.history]


def standing_calls(
    snapshot: RequestSnapshot,
) -> list[tuple[datetime, HistoryEntry]]:
    """Return the instants of the calls that stand, in order, each with the entry that recorded it (R3, D2).

    One that is written over an earlier one is a further call if it was made after that one was written down, and
    leaves it standing: calling never makes a deadline later. Otherwise it corrects the earlier one.
    """
    called = Deed.CALLED
    entries = [entry for entry in snapshot.history if entry.what is called]
    if not entries:
        return []
    calls: list[tuple[datetime, HistoryEntry]] = []
    for entry in entries:
        if not isinstance(entry.after, datetime):
            calls = []
            continue
        if calls and not calls[-1][0] <= calls[-1][1].at < entry.after:
            calls.pop()
        calls.append((entry.after, entry))
    return sorted(calls, key=itemgetter(0))


def _differ(what: Deed, one: Value, other: Value) -> bool:
    if one == other:
        return False
    one, other = _value(what, one), _value(what, other)
    if isinstance(one, Status) and isinstance(other, Status):
        return one.phase is not other.phase
    return one != other


def _value(what: Deed, value: Value) -> Value:
    return _NOTHING.get(what) if value is None else value


def _without_ties(
    snapshot: RequestSnapshot, history: list[HistoryEntry]
) -> list[HistoryEntry]:
    """Order what happened at one instant, last things first, each field back from the value it came to hold."""
    truths: dict[Deed, Value] = {
        deed: getattr(snapshot, name) for deed, name in CHANGES.items()
    }
    backwards: list[HistoryEntry] = []
    for _, moment in groupby(reversed(history), key=attrgetter("at")):
        by_deed = sorted(
            moment, key=lambda entry: _FIRST[entry.what], reverse=True
        )
        for what, tied in groupby(by_deed, key=attrgetter("what")):
            backwards += _unwound(sorted(tied, key=_canonical), truths, what)
    return backwards[::-1]


def _unwound(
    tied: list[HistoryEntry], truths: dict[Deed, Value], what: Deed
) -> Iterator[HistoryEntry]:
    """Yield the last of them that led to the value then held, or the last at all, until none is left."""
    ends = [_value(what, entry.after) for entry in tied]
    by_end: dict[Value, list[int]] = {}
    for number, end in enumerate(ends):
        by_end.setdefault(end, []).append(number)
    left = list(range(len(tied)))
    yielded: set[int] = set()
    while left:
        fitting = by_end.get(truths.get(what))
        number = fitting[-1] if fitting else left[-1]
        by_end[ends[number]].pop()
        yielded.add(number)
        while left and left[-1] in yielded:
            left.pop()
        truths[what] = _value(what, tied[number].before)
        yield tied[number]


def _canonical(entry: HistoryEntry) -> tuple[str, ...]:
    values = (
        sorted(value) if isinstance(value, frozenset) else value
        for value in (entry.before, entry.after)
    )
    return (entry.role, entry.by, *map(str, values))
