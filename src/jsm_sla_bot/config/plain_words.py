"""What a word of the YAML without quotes means, as YAML 1.2 has it: `no` and `on` are words, `09:00` is no number."""

import re

_NULLS = dict.fromkeys(("", "~", "null", "Null", "NULL"))
BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_WORDS: dict[str, object] = {**_NULLS, **BOOLEANS}
_NUMBER_BEGINS = frozenset("0123456789+-.")
_LONGEST_NUMBER = 40
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
"""Numbers as people write them; `012` and `0x1f` stay text, nobody means a 10 or a 31 by them."""
_BROKEN = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+][0-9]+)?)",
    re.ASCII,
)


def plain(text: str) -> object:
    """Return what a word without quotes means."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_BEGINS:
        return text_of(text)
    if _WHOLE.fullmatch(text):
        return whole(text)
    if _BROKEN.fullmatch(text):
        return broken(text)
    return text_of(text)


def text_of(text: str) -> str:
    """Return the text of a scalar; half a character, which YAML can escape, becomes a question mark."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def whole(text: str) -> object:
    """Return the whole number that a text is; the text where it is none, or too long a one."""
    is_number = len(text) < _LONGEST_NUMBER and _WHOLE.fullmatch(text)
    return int(text) if is_number else text


def broken(text: str) -> object:
    """Return the number that a text is; the text where it is none, or too long a one."""
    if len(text) >= _LONGEST_NUMBER:
        return text
    try:
        return float(text.replace("_", ""))
    except ValueError:
        return text
