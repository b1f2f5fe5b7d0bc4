"""Random damage to JSON: what a broken proxy, an odd app or a hostile hand may make of an answer."""

import json
from random import Random
from typing import Any

DEEP: Any = json.loads("[" * 300 + "]" * 300)
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**400,
    -(10**30),
    float("inf"),
    float("-inf"),
    float("nan"),
    1e308,
    "",
    " ",
    "\0",
    "\ud800",
    "x\udfff",
    "\N{SUPERSCRIPT TWO}",
    "\N{ARABIC-INDIC DIGIT TWO}",
    "9" * 5000,
    "x" * 40_000,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999-1400",
    "2026-02-30T00:00:00.000+0000",
    "2026-03-02T25:61:00Z",
    "2026-03-02T10:00:00.000+9999",
    "2096-01-01T00:00:00.000+0000",
    "1969-12-31T23:59:59+0000",
    [],
    {},
    [[]],
    [None],
    {"id": None},
    {"id": {}, "value": [], "child": {"child": {"child": 1}}},
    {"accountId": ["x"]},
    DEEP,
]


def damaged(value: Any, chance: Random, most: int = 3) -> Any:
    """Return a copy of a JSON value with one to `most` places damaged."""
    copy = json.loads(json.dumps(value))
    for _ in range(chance.randint(1, most)):
        copy = _damaged_once(copy, chance)
    return copy


def _damaged_once(value: Any, chance: Random) -> Any:
    """Go down at random and damage what is there."""
    holder: Any = None
    place: Any = None
    here = value
    while (
        isinstance(here, dict | list)
        and here
        and (place is None or chance.random() < 0.85)
    ):
        holder = here
        keys = list(here) if isinstance(here, dict) else range(len(here))
        place = chance.choice(keys)
        here = here[place]
    if holder is None:
        return chance.choice(ODD)
    match chance.randrange(6):
        case 0:
            del holder[place]
        case 1 if isinstance(holder, list):
            holder.insert(chance.randint(0, len(holder)), here)
        case 2 if isinstance(here, str) and here:
            holder[place] = _respelled(here, chance)
        case 3:
            holder[place] = [here]
        case 4 if isinstance(holder, dict):
            holder[place] = holder[chance.choice(list(holder))]
        case _:
            holder[place] = chance.choice(ODD)
    return value


def _respelled(text: str, chance: Random) -> str:
    """Change, drop or double one character."""
    place = chance.randrange(len(text))
    letter = chance.choice(
        ["", text[place] * 2, "9", "-", "\ud83d", "\0", ":", "Z"]
    )
    return text[:place] + letter + text[place + 1 :]
