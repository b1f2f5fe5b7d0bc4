"""The pieces of a query's text: quoted strings, operators, punctuation and words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jsm_sandbox.state.json_types import Refusal

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*') |
    (?P<op>!=|>=|<=|!~|=|>|<|~) |
    (?P<punct>[(),]) |
    (?P<word>[^\s()=!<>,~"']+)
    )""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: str
    text: str

    @property
    def keyword(self) -> str:
        """Give the word in capitals, or nothing for quoted text."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def is_end(self) -> bool:
        """Return whether the text ends here."""
        return self.kind == "end"

    @property
    def is_text(self) -> bool:
        """Return whether this may name a field or be a value."""
        return self.kind in ("word", "string")

    @property
    def shown(self) -> str:
        """Name the token in a message."""
        return self.text or "the end of the query"

    def is_sign(self, text: str) -> bool:
        """Return whether this is a bracket or a comma that is not quoted."""
        return self.kind == "punct" and self.text == text


END = Token("end", "")


def tokens(text: str) -> list[Token]:
    """Cut a query into its pieces. Raises Refusal for a character that has no place in one."""
    found: list[Token] = []
    position = 0
    rest = text.rstrip()
    while position < len(rest):
        match = _TOKEN.match(rest, position)
        if match is None or match.lastgroup is None:
            raise error(
                f"The character '{rest[position]}' is not expected here."
            )
        found.append(_token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


def _token(kind: str, raw: str) -> Token:
    if kind != "string":
        return Token(kind, raw)
    inside = raw[1:-1]
    return Token(kind, _ESCAPED.sub(r"\1", inside))


def error(text: str) -> Refusal:
    """Refuse a query for what it says at some place."""
    return Refusal(f"Error in the JQL Query: {text}")
