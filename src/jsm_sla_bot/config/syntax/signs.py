"""Slips of single signs: tabs, spaces that are none, and the signs that YAML keeps for itself."""

import re
import unicodedata
from collections.abc import Callable

from jsm_sla_bot.config.syntax.scene import (
    CLOSERS,
    COMMENT,
    IN_QUOTES,
    Scene,
    Slip,
    is_quoted,
    quoted,
)

TAB = "spaces to indent or separate"
_ALIAS = re.compile(r"\*[^\s,\]}]*")
_SHARE = re.compile(r"%\s*(\d+(?:\.\d+)?)")
_COMMENT_OR_NEXT = re.compile(r"\s+#|\s*[,\]}]")
_RESERVED = frozenset("@`%")
_ODD_SPACE = re.compile(r"[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]")
"""What looks like a space and is none to YAML: word processors and chats write it."""


def _tab(scene: Scene) -> Slip | None:
    for number in scene.near():
        line = scene.text(number)
        before, tab, _ = line.partition("\t")
        if tab and not is_quoted(before):
            return scene.slip(
                number,
                len(before),
                found="a tab",
                expected=TAB,
            )
    return None


def _odd_space(scene: Scene) -> Slip | None:
    """Find what looks like a space where YAML wants one."""
    for number in scene.near():
        line = scene.text(number)
        odd = _ODD_SPACE.search(line)
        if odd and not is_quoted(line[: odd.start()]):
            name = unicodedata.name(odd[0]).lower()
            article = "an" if name.startswith(tuple("aeiou")) else "a"
            is_indent = not line[: odd.start()].strip()
            meant = _ODD_SPACE.sub(" ", line).strip()
            return scene.slip(
                number,
                odd.start(),
                found=f"{article} {name} (U+{ord(odd[0]):04X}) that only looks like a space",
                expected="plain spaces",
                suggestion=None if is_indent else meant,
            )
    return None


def _second_document(scene: Scene) -> Slip | None:
    line = scene.text(scene.line)
    if line.startswith(("---", "...")):
        return scene.slip(
            scene.line,
            0,
            found="a second document",
            expected="one document a file, without '---'",
        )
    if line.startswith("%"):
        return scene.slip(
            scene.line,
            0,
            found="a directive",
            expected="keys with values from the first line on",
        )
    return None


def _alias(scene: Scene) -> Slip | None:
    name = _ALIAS.match(scene.rest)
    if name is None:
        return None
    return scene.slip_here(
        found=f"the alias '{name[0]}' of something that is not there",
        expected="the value itself, in quotes if it begins with '*'",
    )


def _reserved(scene: Scene) -> Slip | None:
    """Find a value that begins with a sign that YAML keeps for itself."""
    if scene.sign not in _RESERVED:
        return None
    value = _value_at(scene)
    share = _SHARE.fullmatch(value)
    right = f"{share[1]} %" if share else quoted(value)
    meant = f"{scene.before}{right}{scene.rest.removeprefix(value)}"
    return scene.slip_here(
        found=f"a text that begins with '{scene.sign}'",
        expected="the number before its sign" if share else IN_QUOTES,
        suggestion=meant.strip(),
    )


def _value_at(scene: Scene) -> str:
    """Return the plain value where the parser stopped: to the comment, or within brackets to the next entry."""
    end = _COMMENT_OR_NEXT if _is_within_brackets(scene.before) else COMMENT
    value, *_ = end.split(scene.rest)
    return value.strip()


def _is_within_brackets(before: str) -> bool:
    unclosed = (
        before.count(opener) - before.count(closer)
        for opener, closer in CLOSERS.items()
    )
    return max(unclosed) > 0


LOOKS: tuple[Callable[[Scene], Slip | None], ...] = (
    _tab,
    _odd_space,
    _second_document,
    _alias,
    _reserved,
)
"""In the order in which they are asked: what is certain first."""
