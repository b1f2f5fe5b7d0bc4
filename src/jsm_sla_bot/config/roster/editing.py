"""Takes a roster over into the text of `organizations.yaml`: comments, order and what the roster leaves open stay."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from jsm_sla_bot.config.roster.agreements import Agreement

Entry: TypeAlias = MutableMapping[str, Any]
"""One organization as the YAML has it."""

_PERIOD_KEYS = ("tier", "valid_from", "valid_until", "suspended")
_WIDTH = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """What the roster changes of one organization, in words; nothing for one that stays as it is."""

    id: str
    name: str
    details: Sequence[str]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """The new text, and what is different in it."""

    text: str
    changes: Sequence[Change]


def edited(text: str, roster: Mapping[str, Sequence[Agreement]]) -> Edited:
    """Return the text with the roster in it; the text has to be that of a good `organizations.yaml`."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    entries = document["organizations"]
    by_id = {str(each["id"]): each for each in entries}
    changes = []
    for identity, several in roster.items():
        entry = by_id.get(identity)
        if entry is None:
            entry = CommentedMap(id=int(identity), name=several[0].name)
            _take(entry, several)
            entries.append(entry)
            details = [
                f"{key}: {_shown(entry[key])}" for key in list(entry)[2:]
            ]
            changes.append(
                Change(identity, several[0].name, details, is_new=True)
            )
            continue
        details = _take(entry, several)
        if details:
            changes.append(Change(identity, str(entry["name"]), details))
    if not changes:
        return Edited(text, ())
    written = StringIO()
    yaml.dump(document, written)
    return Edited(written.getvalue(), changes)


def _take(entry: Entry, several: Sequence[Agreement]) -> list[str]:
    """Put into an entry what the rows say of its organization; return what was changed, in words."""
    found: list[str] = []
    first = several[0]
    if len(several) == 1 and "periods" not in entry:
        for key, value in _values(first).items():
            found += _set(entry, key, value)
    else:
        found += _set_periods(entry, several)
    _extend(entry, several, found)
    return found


def _extend(
    entry: Entry, several: Sequence[Agreement], found: list[str]
) -> None:
    """Put into an entry what belongs to the organization and to no period; the last row that says it counts."""
    for each in several:
        if each.csm is not None:
            found += _set(entry, "csm", each.csm)
        if each.representatives is not None:
            found += _set(entry, "representatives", list(each.representatives))


def _values(agreement: Agreement) -> dict[str, Any]:
    """Return what a row says of a period, by the keys of the YAML; what it leaves open is not in it."""
    given = {
        "tier": agreement.tier,
        "valid_from": agreement.valid_from,
        "valid_until": agreement.valid_until,
        "suspended": agreement.suspended,
    }
    return {key: value for key, value in given.items() if value is not None}


def _set_periods(entry: Entry, several: Sequence[Agreement]) -> list[str]:
    """Give an entry these periods, unless it has them already."""
    ordered = sorted(several, key=lambda each: each.valid_from or date.min)
    wanted = [_values(each) for each in ordered]
    present = [
        {key: each[key] for key in _PERIOD_KEYS if key in each}
        for each in entry.get("periods", ())
    ]
    if present == wanted:
        return []
    before = (
        _shown(present)
        if present
        else _shown({key: entry[key] for key in _PERIOD_KEYS if key in entry})
    )
    for key in _PERIOD_KEYS:
        entry.pop(key, None)
    periods = CommentedSeq()
    for values in wanted:
        period = CommentedMap(values)
        period.fa.set_flow_style()
        periods.append(period)
    entry["periods"] = periods
    return [f"periods: {before} → {_shown(wanted)}"]


def _set(entry: Entry, key: str, value: object) -> list[str]:
    before = entry.get(key)
    present = list(before) if isinstance(before, list) else before
    if present == value or (
        key == "suspended" and not before and value is False
    ):
        return []
    entry[key] = value
    if before is None:
        return [f"{key}: {_shown(value)}"]
    return [f"{key}: {_shown(before)} → {_shown(value)}"]


def _shown(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            pairs = (f"{key} {_shown(each)}" for key, each in value.items())
            return ", ".join(pairs)
        case list():
            return "; ".join(_shown(each) for each in value)
        case _:
            return str(value)
