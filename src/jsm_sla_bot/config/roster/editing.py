"""Takes a roster over into the text of `organizations.yaml`: comments, order and what the roster leaves open stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap

from jsm_sla_bot.config.roster.agreements import Agreement
from jsm_sla_bot.config.roster.entries import Entries
from jsm_sla_bot.config.roster.periods import (
    PERIOD_KEYS,
    Entry,
    periods_of,
    set_periods,
    untangle,
)


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
    """Return the text with the roster in it; the text has to be that of a good `organizations.yaml`.

    Lines of entries that do not change stay as they are, character by character.
    """
    entries = Entries(text)
    numbers = {
        str(each["id"]): number for number, each in enumerate(entries.listed)
    }
    present = [numbers[each] for each in roster if each in numbers]
    alone = {each: entries.alone(each) for each in present}
    is_by_entry = entries.can_grow and all(
        each is not None for each in alone.values()
    )
    changes: list[Change] = []
    changed: dict[int, Any] = {}
    added: list[Entry] = []
    for identity, several in roster.items():
        number = numbers.get(identity)
        if number is None:
            added.append(_new(identity, several, changes))
            continue
        own = alone[number] if is_by_entry else None
        entry = entries.listed[number] if own is None else own[0]
        details = _take(entry, several)
        if details:
            changes.append(Change(identity, str(entry["name"]), details))
            changed[number] = own
            untangle(entry)
    if not changes:
        return Edited(text, ())
    if is_by_entry:
        return Edited(entries.replaced(changed, added), changes)
    entries.listed.extend(added)
    return Edited(entries.whole(), changes)


def _new(
    identity: str, several: Sequence[Agreement], changes: list[Change]
) -> Entry:
    """Return the entry of an organization that the YAML does not have, and say so."""
    name = several[0].name
    entry: Entry = CommentedMap(id=int(identity), name=name)
    _take(entry, several)
    details = [f"{key}: {_shown(entry[key])}" for key in list(entry)[2:]]
    changes.append(Change(identity, name, details, is_new=True))
    return entry


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
    """Give an entry these periods, unless it has them already, or the rows say nothing of any."""
    ordered = sorted(several, key=lambda each: each.valid_from or date.min)
    rows = [_values(each) for each in ordered]
    if not any(rows):
        return []
    wanted = periods_of(entry, rows)
    after = [dict(each.values) for each in wanted]
    listed = entry.get("periods") or [entry]
    before = [
        {key: each[key] for key in PERIOD_KEYS if key in each}
        for each in listed
    ]
    if "periods" in entry and before == after:
        return []
    said = [f"periods: {_shown(before)} → {_shown(after)}"]
    followed = [
        _shown(each.values.get("valid_from", "the beginning"))
        for each in wanted
        if each.inherits
    ]
    if followed:
        said.append(
            f"overrides: hold in the period from {', '.join(followed)} too"
        )
    set_periods(entry, wanted)
    return said


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
        case Mapping():
            pairs = (f"{key} {_shown(each)}" for key, each in value.items())
            return ", ".join(pairs)
        case list():
            return "; ".join(_shown(each) for each in value)
        case _:
            return str(value)
