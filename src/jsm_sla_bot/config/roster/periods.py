"""Gives an organization of `organizations.yaml` the periods of a roster: what the roster does not speak of stays.

A period that begins on the same day stays, with its comments. A new one has what its row leaves open (tier,
suspended, and what the organization's own contract changes) of the period before it, and the first of an organization
without periods of the whole agreement. Periods that begin before the first row stay. One row without a first day is
about the last period.
"""

import copy
from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from ruamel.yaml.comments import CommentedMap, CommentedSeq

Entry: TypeAlias = MutableMapping[str, Any]
"""One organization, or one period, as the YAML has it."""
PERIOD_KEYS = ("tier", "valid_from", "valid_until", "suspended")
"""What a roster says of a period."""
_INHERITED = ("tier", "suspended")
_OVERRIDES = "overrides"


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it shall be. `kept` is the YAML's own of the same first day, `before` what a new one follows."""

    values: Mapping[str, Any]
    kept: Entry | None = None
    before: Entry | None = None

    @property
    def inherits(self) -> bool:
        """Whether a new period takes over what the organization's own contract changes."""
        return self.before is not None and _OVERRIDES in self.before


def periods_of(
    entry: Entry, rows: Sequence[Mapping[str, Any]]
) -> Sequence[Period]:
    """Return the periods that an entry shall have after these rows, which are in order."""
    present: list[Entry] = list(entry.get("periods") or ())
    start = rows[0].get("valid_from")
    if present and start is None and len(rows) == 1:
        last = present.pop()
        changed = Period({**_values(last), **rows[0]}, last)
        return [*map(_as_it_is, present), changed]
    earlier = [_as_it_is(each) for each in present if _begins(each, start)]
    return [*earlier, *(_of_row(entry, present, each) for each in rows)]


def _of_row(
    entry: Entry, present: Sequence[Entry], row: Mapping[str, Any]
) -> Period:
    start = row.get("valid_from")
    for own in present:
        if own.get("valid_from") == start:
            return Period({**_values(own), **row}, own)
    before = _before(present or [entry], start)
    inherited = {key: before[key] for key in _INHERITED if before.get(key)}
    every = {**inherited, **row}
    ordered = {key: every[key] for key in PERIOD_KEYS if key in every}
    return Period(ordered, before=before)


def _begins(period: Entry, before: date | None) -> bool:
    """Tell whether a period begins before a day."""
    return (
        before is not None and (period.get("valid_from") or date.min) < before
    )


def set_periods(entry: Entry, wanted: Sequence[Period]) -> None:
    """Give an entry these periods."""
    made = CommentedSeq(_made(each) for each in wanted)
    present = entry.get("periods")
    if isinstance(present, CommentedSeq):
        _keep_remarks(present, made)
        present[:] = made
        present.ca.items.clear()
        present.ca.items.update(made.ca.items)
        return
    words = "; ".join(_remarks(entry))
    for key in (*PERIOD_KEYS, _OVERRIDES):
        entry.pop(key, None)
    entry["periods"] = made
    if words and isinstance(entry, CommentedMap):
        entry.yaml_add_eol_comment(words, "periods")


def _as_it_is(period: Entry) -> Period:
    return Period(_values(period), period)


def _values(period: Entry) -> Mapping[str, Any]:
    return {key: period[key] for key in PERIOD_KEYS if key in period}


def _before(present: Sequence[Entry], start: date | None) -> Entry:
    """Return the last of the periods that begin before a day, else the first of them."""
    earlier = [each for each in present if _begins(each, start)]
    return earlier[-1] if earlier else present[0]


def _made(period: Period) -> Entry:
    """Return a period as it is written: on one line where it is new and has nothing else."""
    if period.kept is not None:
        for key, value in period.values.items():
            if period.kept.get(key) != value:
                period.kept[key] = value
        return period.kept
    made = CommentedMap(period.values)
    if period.before is not None and period.inherits:
        made[_OVERRIDES] = copy.deepcopy(period.before[_OVERRIDES])
    else:
        made.fa.set_flow_style()
    return made


def _keep_remarks(present: CommentedSeq, made: CommentedSeq) -> None:
    """Let the comment at the end of a period's line follow it to its new place."""
    places = {id(each): number for number, each in enumerate(present)}
    for number, each in enumerate(made):
        remark = present.ca.items.get(places.get(id(each), -1))
        if remark is not None:
            made.ca.items[number] = remark


def untangle(entry: Entry) -> None:
    """Write a period on several lines that stands on one with a comment, next to one on several.

    ruamel.yaml garbles what comes after such a line.
    """
    periods = entry.get("periods")
    if not isinstance(periods, CommentedSeq):
        return
    if all(each.fa.flow_style() for each in periods):
        return
    for number, each in enumerate(periods):
        if each.fa.flow_style() and number in periods.ca.items:
            words = "; ".join(_words(periods.ca.items.pop(number)))
            each.fa.set_block_style()
            each.yaml_add_eol_comment(words, next(iter(each)))


def _remarks(entry: Entry) -> Iterator[str]:
    """Yield the comments at the ends of the lines that make way for periods."""
    if not isinstance(entry, CommentedMap):
        return
    for key in PERIOD_KEYS:
        yield from _words(entry.ca.items.pop(key, ()))


def _words(remark: Iterable[object]) -> Iterator[str]:
    """Yield what comments say, line by line."""
    for token in remark:
        lines = getattr(token, "value", "").splitlines()
        words = [each.strip().lstrip("#").strip() for each in lines]
        yield from filter(None, words)
