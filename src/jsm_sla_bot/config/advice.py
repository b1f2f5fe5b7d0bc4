"""What is wrong with a value, and what was probably meant: pydantic's finding in the words of the YAML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.text.nearest import nearest

LONGEST = 60

KEYS = "keys with values"
_KINDS = {
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "dict_type": KEYS,
    "model_type": KEYS,
    "list_type": "a list",
    "too_short": "at least one entry",
}
_WITHOUT_QUOTES = frozenset({"bool_type", "int_type"})
_CLOCKS = {"24/7": "round the clock", "24x7": "round the clock"}
_YES_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def shown(value: object) -> str:
    """Return a value as a message quotes it: short, on one line."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "keys with values"
        case list():
            return "a list" if value else "an empty list"
        case str():
            text = (
                value if len(value) <= LONGEST else f"{value[:LONGEST]}\u2026"
            )
            return f"'{text}'"
        case _:
            return str(value)[:LONGEST]


def wrong_value(
    document: Document, detail: ErrorDetails, path: Path
) -> Problem:
    """Return the problem of a value that does not fit; `path` is where pydantic found it."""
    context = detail.get("ctx", {})
    here = (*path, *context.get("at", ()))
    advice = _advice(document, detail, here)
    if detail["loc"][-1:] == ("[key]",):
        return document.key_problem(
            here,
            found=f"the key {shown(str(here[-1]))}",
            expected=advice.expected,
            suggestion=advice.suggestion,
        )
    return document.problem(
        here,
        found=_found(document, here, detail["type"]),
        expected=advice.expected,
        suggestion=advice.suggestion,
    )


def _found(document: Document, path: Path, kind: str) -> str:
    """Return a value as a message quotes it: a number as it is written, and the quotes where they are the mistake."""
    value = document.find(path)
    token = document.token(path)
    if isinstance(value, float):
        return token or shown(value)
    if _is_quoted(token) and kind in _WITHOUT_QUOTES:
        return shown(token)
    return shown(value)


def _is_quoted(token: str) -> bool:
    return token[:1] in {"'", '"'}


@dataclass(frozen=True, slots=True)
class _Advice:
    """What was expected, and what was probably meant."""

    expected: str
    suggestion: str | None = None


def _advice(document: Document, detail: ErrorDetails, path: Path) -> _Advice:
    context = detail.get("ctx", {})
    value = document.find(path)
    match detail["type"]:
        case "word":
            return _Advice(
                context["expected"], _meant_word(document, path, context)
            )
        case "enum" | "literal_error":
            return _choice(str(context["expected"]), value)
        case "string_pattern_mismatch":
            return _patterned(str(context["pattern"]), value)
        case "greater_than_equal":
            return _Advice(f"a whole number, {context['ge']} or more")
        case kind if kind in _KINDS:
            token = document.token(path)
            expected = f"{_KINDS[kind]}{_layout(kind, value, token)}"
            return _Advice(expected, _reshaped(kind, value))
        case _:
            return _Advice(_in_our_words(detail["msg"]))


def _in_our_words(message: str) -> str:
    """Return what pydantic expected, without the beginning of its sentence."""
    return message.removeprefix("Input should ").removeprefix("be ")


def _meant_word(
    document: Document,
    path: Path,
    context: Mapping[str, Any],
) -> str | None:
    """Return the reader's suggestion, or its other one where that fits the values next to it."""
    instead: str | None = context["instead"]
    if instead and _runs_round_the_clock(document, path):
        return instead
    suggestion: str | None = context["suggestion"]
    return suggestion


def _runs_round_the_clock(document: Document, path: Path) -> bool:
    """Return whether the targets next to a value are counted round the clock, and none in business hours."""
    *around, key = path
    others = document.find(tuple(around))
    if not isinstance(others, dict):
        return False
    clocks = [_clock(value) for name, value in others.items() if name != key]
    words = " ".join(clocks)
    return "round the clock" in words and "business" not in words


def _clock(target: object) -> str:
    """Return the words of a target that name its clock."""
    if isinstance(target, dict):
        return str(target.get("clock", target.get("within")))
    return str(target)


def _choice(expected: str, value: object) -> _Advice:
    """Advise one of the words that pydantic lists: `'keep', 'restart' or 'ask'`."""
    listed = expected.replace(" or ", ", ").split(", ")
    words = [word.strip("'") for word in listed]
    clock = _CLOCKS.get(str(value))
    suggestion = clock if clock in words else nearest(str(value), words)
    return _Advice(expected, suggestion)


def _patterned(pattern: str, value: object) -> _Advice:
    """Return what the pattern asks for, and the value written like that."""
    is_capital = pattern.startswith("^[A-Z]")
    letters = "capital" if is_capital else "lower-case"
    words = (
        re.findall(r"[A-Za-z0-9]+", value) if isinstance(value, str) else []
    )
    joined = "_".join(words)
    meant = joined.upper() if is_capital else joined.lower()
    fits = re.search(pattern, meant)
    expected = f"{letters} letters, digits and underscores"
    return _Advice(expected, meant if fits else None)


def _layout(kind: str, value: object, token: str) -> str:
    """Return how a list, or keys, are written where one stands in the place of the other, and what takes no quotes."""
    if kind in _WITHOUT_QUOTES and _is_quoted(token):
        return ", without quotes"
    if kind == "list_type" and isinstance(value, dict):
        return ": a dash before each entry, '- key: value'"
    if kind in {"dict_type", "model_type"} and isinstance(value, list):
        return ": lines such as 'key: value', without dashes"
    return ""


def _reshaped(kind: str, value: object) -> str | None:
    """Suggest the same value in the kind that was expected."""
    match kind, value:
        case "bool_type", str():
            return _YES_NO.get(value.lower()) or nearest(
                value, ("true", "false")
            )
        case "int_type", str() | float():
            return _whole(value)
        case "string_type", bool():
            return None
        case "string_type", int() | float():
            return f'"{value}"'
        case "list_type", str() if (
            len(value) <= LONGEST and value.isprintable()
        ):
            return f"[{value}]"
        case _:
            return None


def _whole(value: str | float) -> str | None:
    """Suggest the whole number that a text or a broken number holds: `"20"`, `20.0`, `1e3`."""
    if isinstance(value, str):
        text = value.strip()
        return text if text.isascii() and text.isdigit() else None
    return str(int(value)) if value.is_integer() else None
