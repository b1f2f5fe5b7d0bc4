"""Slips within a line: quotes, brackets, colons, tabs and the signs that YAML keeps for itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jsm_sla_bot.config.syntax.scene import Scene, Slip, quoted

TAB = "spaces to indent or separate"
_KEY = re.compile(
    r"(?P<dashes>\s*(?:- +)*)(?P<key>[^\s'\"\[\]{}#,&*!|>%@`-][^:#]*):(?P<value>.*)$"
)
_COLON_WITHIN = re.compile(r"[^\s'\"\[{|>&*!#].*?:(?:\s|$)")
_NO_SPACE = re.compile(
    r"(?P<dashes>\s*(?:- +)*)(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:/].*)$"
)
_NO_DASH_SPACE = re.compile(r"(?P<indent>\s*)-(?P<entry>[^\s-].*)$")
_ALIAS = re.compile(r"\*[^\s,\]}]*")
_SHARE = re.compile(r"%\s*(\d+(?:\.\d+)?)")
_COMMENT = re.compile(r"\s+#")
_COMMENT_OR_NEXT = re.compile(r"\s+#|\s*[,\]}]")
_RESERVED = frozenset("@`%")
_QUOTES = frozenset("'\"")
_IN_QUOTES = "that text in quotes"
_SIGNS = {
    "-": "the list on the lines below its key, or in brackets, '[entry, entry]'",
    "|": _IN_QUOTES,
    ">": _IN_QUOTES,
    "&": _IN_QUOTES,
}
_CLOSERS = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class _KeyLine:
    """A line that holds a key with its value."""

    number: int
    start: str
    """The key as it is written, with the dashes before it and its colon."""
    value: str

    @property
    def column(self) -> int:
        """Where the value begins, behind one space."""
        return len(self.start) + 1

    def meant(self, value: str) -> str:
        """Return the line with another value, without its indent."""
        return f"{self.start.lstrip()} {value}"


def _key_lines(scene: Scene) -> Iterator[_KeyLine]:
    for number in scene.near():
        found = _KEY.match(scene.text(number))
        if found:
            start = f"{found['dashes']}{found['key']}:"
            yield _KeyLine(number, start, found["value"].strip())


def _tab(scene: Scene) -> Slip | None:
    for number in scene.near():
        line = scene.text(number)
        before, tab, _ = line.partition("\t")
        if tab and not _is_quoted(before):
            return scene.slip(
                number,
                len(before),
                found="a tab",
                expected=TAB,
            )
    return None


def _is_quoted(before: str) -> bool:
    """Return whether what follows stands within quotes."""
    return any(_is_odd(before, quote) for quote in _QUOTES)


def _is_odd(text: str, quote: str) -> bool:
    return text.count(quote) % 2 == 1


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
        expected="the number before its sign" if share else _IN_QUOTES,
        suggestion=meant.strip(),
    )


def _value_at(scene: Scene) -> str:
    """Return the plain value where the parser stopped: to the comment, or within brackets to the next entry."""
    end = _COMMENT_OR_NEXT if _is_within_brackets(scene.before) else _COMMENT
    value, *_ = end.split(scene.rest)
    return value.strip()


def _is_within_brackets(before: str) -> bool:
    unclosed = (
        before.count(opener) - before.count(closer)
        for opener, closer in _CLOSERS.items()
    )
    return max(unclosed) > 0


def _unclosed(scene: Scene) -> Slip | None:
    """Find a quote, bracket or brace that nothing closes: the part that the parser could not finish."""
    if scene.began is None:
        return None
    number, column = scene.began
    sign = scene.text(number)[column : column + 1]
    if sign in _QUOTES and scene.line > number:
        return _open_quote(scene, number, column)
    if sign in _CLOSERS and scene.sign != _CLOSERS[sign]:
        closer = _CLOSERS[sign]
        return scene.slip(
            number,
            column,
            found=f"a '{sign}' that is not closed, or an entry in it that is no plain one",
            expected=f"entries with a comma between them, then '{closer}'; texts with ':' or ',' in quotes",
        )
    return None


def _open_quote(scene: Scene, number: int, column: int) -> Slip:
    quote = scene.text(number)[column]
    return scene.slip(
        number,
        column,
        found=f"a quote {quote} without an end",
        expected=f"a {quote} at the end of the text",
    )


def _escape(scene: Scene) -> Slip | None:
    """Find an escape that is none; a parser stops at its backslash, or behind it."""
    for at in (scene.column, scene.column - 1):
        if _is_escape(scene, at):
            escape = scene.text(scene.line)[at : at + 2]
            return scene.slip(
                scene.line,
                at,
                found=f"the escape '{escape}'",
                expected="single quotes around a text with a backslash",
            )
    return None


def _is_escape(scene: Scene, at: int) -> bool:
    if at < 0:
        return False
    line = scene.text(scene.line)
    return line.startswith("\\", at) and _is_quoted(line[:at])


def _after_quotes(scene: Scene) -> Slip | None:
    """Find text behind quotes that are closed, or that close what a line above left open."""
    before = scene.before.rstrip()
    quote = before[-1:]
    if quote not in _QUOTES:
        return None
    if _is_odd(before, quote):
        return _opened_above(scene, quote)
    if not scene.rest.strip():
        return None
    return scene.slip_here(
        found="text after the end of the quotes",
        expected="quotes around the whole text",
    )


def _opened_above(scene: Scene, quote: str) -> Slip | None:
    """Find the line above whose quote is not closed, so that the next one closes it."""
    for number in scene.above():
        line = scene.text(number)
        if _is_odd(line, quote):
            return _open_quote(scene, number, line.rindex(quote))
    return None


def _comma(scene: Scene) -> Slip | None:
    if scene.sign != ",":
        return None
    return scene.slip_here(
        found="a comma without an entry before it",
        expected="one comma between two entries",
    )


def _closed_twice(scene: Scene) -> Slip | None:
    if scene.sign not in _CLOSERS.values():
        return None
    return scene.slip_here(
        found=f"a '{scene.sign}' that closes nothing",
        expected=f"no '{scene.sign}' here",
    )


def _sign(scene: Scene) -> Slip | None:
    """Find a value that begins with a sign of YAML's own."""
    for line in _key_lines(scene):
        sign, space, _ = line.value.partition(" ")
        if space and sign in _SIGNS:
            return scene.slip(
                line.number,
                line.column,
                found=f"'{sign}' at the start of a value",
                expected=_SIGNS[sign],
            )
    return None


def _colon(scene: Scene) -> Slip | None:
    """Find a plain text with a colon in it: `name: Acme: Nordic`."""
    for line in _key_lines(scene):
        if _COLON_WITHIN.match(line.value):
            value, *_ = _COMMENT.split(line.value)
            return scene.slip(
                line.number,
                line.column,
                found="a text with a colon",
                expected=_IN_QUOTES,
                suggestion=line.meant(quoted(value)),
            )
    return None


def _no_space(scene: Scene) -> Slip | None:
    """Find `tier:Expert` and `-Expert`, which are texts to YAML."""
    for number in scene.near():
        found = _no_space_in(scene, number)
        if found:
            return found
    return None


def _no_space_in(scene: Scene, number: int) -> Slip | None:
    line = scene.text(number)
    key = _NO_SPACE.match(line)
    if key:
        start = f"{key['dashes']}{key['key']}"
        return scene.slip(
            number,
            len(start),
            found="a colon without a space after it",
            expected="'key: value'",
            suggestion=f"{start.lstrip()}: {key['value'].strip()}",
        )
    dash = _NO_DASH_SPACE.match(line)
    if dash:
        return scene.slip(
            number,
            len(dash["indent"]),
            found="a dash without a space after it",
            expected="'- entry'",
            suggestion=f"- {dash['entry'].strip()}",
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
