"""Slips within a line: quotes, brackets, colons, tabs and the signs that YAML keeps for itself."""

import re
from collections.abc import Callable

from jsm_sla_bot.config.syntax.scene import Scene, Slip, quoted

TAB = "spaces to indent or separate"
_KEY = re.compile(
    r"(?P<head>\s*(?:- +)*)(?P<key>[^\s'\"\[\]{}#,&*!|>%@`-][^:#]*):(?P<rest>.*)$"
)
_COLON_WITHIN = re.compile(r"[^\s'\"\[{|>&*!#].*?:(?:\s|$)")
_NO_SPACE = re.compile(
    r"(?P<head>\s*(?:- +)*)(?P<key>[A-Za-z_]\w*):(?P<rest>[^\s:/].*)$"
)
_NO_DASH_SPACE = re.compile(r"(?P<head>\s*)-(?P<rest>[^\s-].*)$")
_RESERVED = "@`%"
_IN_QUOTES = "that text in quotes"
_SIGNS = {
    "-": "the list on the lines below its key, or in brackets, '[entry, entry]'",
    "|": _IN_QUOTES,
    ">": _IN_QUOTES,
    "&": _IN_QUOTES,
}
_OPENERS = {"[": "]", "{": "}"}


def _tab(scene: Scene) -> Slip | None:
    for number in scene.near():
        line = scene.text(number)
        at = line.find("\t")
        if at >= 0 and not _is_quoted(line[:at]):
            return scene.slip(
                number,
                at,
                found="a tab",
                expected=TAB,
            )
    return None


def _is_quoted(before: str) -> bool:
    """Tell whether what follows stands within quotes."""
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1


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
    rest = scene.text(scene.line)[scene.column :]
    name = re.match(r"\*[^\s,\]}]*", rest)
    if name is None:
        return None
    what = f"the alias '{name[0]}' of something that is not there"
    return scene.slip(
        scene.line,
        scene.column,
        found=what,
        expected="the value itself, in quotes if it begins with '*'",
    )


def _reserved(scene: Scene) -> Slip | None:
    line = scene.text(scene.line)
    sign = line[scene.column : scene.column + 1]
    if not sign or sign not in _RESERVED:
        return None
    value = _value_at(scene)
    after = line[scene.column + len(value) :]
    share = re.fullmatch(r"%\s*(\d+(?:\.\d+)?)", value)
    right = f"{share[1]} %" if share else quoted(value)
    what = f"a text that begins with '{sign}'"
    expected = "the number before its sign" if share else _IN_QUOTES
    meant = f"{line[: scene.column]}{right}{after}"
    return scene.slip(
        scene.line,
        scene.column,
        found=what,
        expected=expected,
        suggestion=meant.strip(),
    )


def _value_at(scene: Scene) -> str:
    """Return the plain value where the parser stopped: to the comment, or within brackets to the next entry."""
    line = scene.text(scene.line)
    before = line[: scene.column]
    is_within = any(
        before.count(opens) > before.count(closes) for opens, closes in _OPENERS.items()
    )
    end = r"\s+#|\s*[,\]}]" if is_within else r"\s+#"
    return re.split(end, line[scene.column :])[0].strip()


def _unclosed(scene: Scene) -> Slip | None:
    """Find a quote, bracket or brace that nothing closes: the part that the parser could not finish."""
    if scene.began is None:
        return None
    number, column = scene.began
    sign = scene.text(number)[column : column + 1]
    if sign in {"'", '"'} and scene.line > number:
        return scene.slip(
            number,
            column,
            found=f"a quote {sign} without an end",
            expected=f"a {sign} at the end of the text",
        )
    if (
        sign in _OPENERS
        and scene.text(scene.line)[scene.column : scene.column + 1] != _OPENERS[sign]
    ):
        what = f"a '{sign}' that is not closed, or an entry in it that is no plain one"
        expected = f"entries with a comma between them, then '{_OPENERS[sign]}'; texts with ':' or ',' in quotes"
        return scene.slip(
            number,
            column,
            found=what,
            expected=expected,
        )
    return None


def _escape(scene: Scene) -> Slip | None:
    """Find an escape that is none; a parser stops at its backslash, or behind it."""
    line = scene.text(scene.line)
    for at in (scene.column, scene.column - 1):
        if at >= 0 and line[at : at + 1] == "\\" and _is_quoted(line[:at]):
            what = f"the escape '{line[at : at + 2]}'"
            expected = "single quotes around a text with a backslash"
            return scene.slip(
                scene.line,
                at,
                found=what,
                expected=expected,
            )
    return None


def _after_quotes(scene: Scene) -> Slip | None:
    before = scene.text(scene.line)[: scene.column].rstrip()
    quote = before[-1:]
    if quote in {"'", '"'} and before.count(quote) % 2 == 1:
        return _opened_above(scene, quote)
    if before[-1:] in {"'", '"'} and scene.text(scene.line)[scene.column :].strip():
        what = "text after the end of the quotes"
        return scene.slip(
            scene.line,
            scene.column,
            found=what,
            expected="quotes around the whole text",
        )
    return None


def _opened_above(scene: Scene, quote: str) -> Slip | None:
    """Find the line above whose quote is not closed, so that the next one closes it."""
    for number in range(scene.line - 1, -1, -1):
        line = scene.text(number)
        if line.count(quote) % 2 == 1:
            what = f"a quote {quote} without an end"
            expected = f"a {quote} at the end of the text"
            return scene.slip(
                number,
                line.rindex(quote),
                found=what,
                expected=expected,
            )
    return None


def _comma(scene: Scene) -> Slip | None:
    line = scene.text(scene.line)
    if line[scene.column : scene.column + 1] != ",":
        return None
    expected = "one comma between two entries"
    return scene.slip(
        scene.line,
        scene.column,
        found="a comma without an entry before it",
        expected=expected,
    )


def _closed_twice(scene: Scene) -> Slip | None:
    sign = scene.text(scene.line)[scene.column : scene.column + 1]
    if sign in {"]", "}"}:
        return scene.slip(
            scene.line,
            scene.column,
            found=f"a '{sign}' that closes nothing",
            expected=f"no '{sign}' here",
        )
    return None


def _sign(scene: Scene) -> Slip | None:
    """Find a value that begins with a sign of YAML's own."""
    for number in scene.near():
        key = _KEY.match(scene.text(number))
        value = key["rest"].strip() if key else ""
        expected = _SIGNS.get(value.split(" ", 1)[0]) if " " in value else None
        if key and expected:
            at = len(key["head"]) + len(key["key"]) + 2
            return scene.slip(
                number,
                at,
                found=f"'{value[0]}' at the start of a value",
                expected=expected,
            )
    return None


def _colon(scene: Scene) -> Slip | None:
    """Find a plain text with a colon in it: `name: Acme: Nordic`."""
    for number in scene.near():
        key = _KEY.match(scene.text(number))
        value = key["rest"].strip() if key else ""
        if key and _COLON_WITHIN.match(value):
            value = re.split(r"\s+#", value)[0]
            meant = f"{key['head'].lstrip()}{key['key']}: {quoted(value)}"
            at = len(key["head"]) + len(key["key"]) + 2
            return scene.slip(
                number,
                at,
                found="a text with a colon",
                expected=_IN_QUOTES,
                suggestion=meant,
            )
    return None


def _no_space(scene: Scene) -> Slip | None:
    """Find `tier:Expert` and `-Expert`, which are texts to YAML."""
    for number in scene.near():
        line = scene.text(number)
        key = _NO_SPACE.match(line)
        if key:
            meant = f"{key['head'].lstrip()}{key['key']}: {key['rest'].strip()}"
            at = len(key["head"]) + len(key["key"])
            return scene.slip(
                number,
                at,
                found="a colon without a space after it",
                expected="'key: value'",
                suggestion=meant,
            )
        dash = _NO_DASH_SPACE.match(line)
        if dash:
            meant = f"- {dash['rest'].strip()}"
            return scene.slip(
                number,
                len(dash["head"]),
                found="a dash without a space after it",
                expected="'- entry'",
                suggestion=meant,
            )
    return None


LOOKS: tuple[Callable[[Scene], Slip | None], ...] = (
    _tab,
    _second_document,
    _alias,
    _reserved,
    _escape,
    _comma,
    _unclosed,
    _closed_twice,
    _after_quotes,
    _sign,
    _colon,
    _no_space,
)
"""In the order in which they are asked: what is certain first."""
