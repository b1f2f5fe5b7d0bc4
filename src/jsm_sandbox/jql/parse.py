"""The query language: text to a tree. What the tree means is ``jqlmatch``'s business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

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
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
MOST_SORTS = 7


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in a clause: quoted or bare, or a function with its arguments."""

    text: str
    quoted: bool = False
    arguments: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """``field operator operands``; ``is empty`` has no operands."""

    field: str
    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Bare words, which Jira takes for a text search."""

    text: str


@dataclass(frozen=True, slots=True)
class Both:
    """AND."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """OR."""

    parts: tuple[Node, ...]


Node: TypeAlias = "Clause | Words | Both | Either"


@dataclass(frozen=True, slots=True)
class Sort:
    """One field of ORDER BY."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; no ``where`` means that it is unbounded."""

    where: Node | None
    order: tuple[Sort, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: str
    text: str

    @property
    def keyword(self) -> str:
        """Give the word in capitals, or nothing for quoted text."""
        return self.text.upper() if self.kind == "word" else ""


_NEGATED = {
    "=": "!=",
    "!=": "=",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
    "~": "!~",
    "!~": "~",
}
_NEGATED |= {
    ">": "<=",
    "<=": ">",
    "<": ">=",
    ">=": "<",
}


def parse(text: str) -> Query:
    """Read a query, or refuse it in Jira's words."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    position = 0
    rest = text.rstrip()
    while position < len(rest):
        match = _TOKEN.match(rest, position)
        if match is None or match.lastgroup is None:
            raise _error(f"The character '{rest[position]}' is not expected here.")
        raw = match.group(match.lastgroup)
        value = (
            re.sub(r"\\(.)", r"\1", raw[1:-1]) if match.lastgroup == "string" else raw
        )
        found.append(Token(match.lastgroup, value))
        position = match.end()
    return found


def _error(text: str) -> Refusal:
    return Refusal(f"Error in the JQL Query: {text}")


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def query(self) -> Query:
        where = (
            None
            if self._peek().kind == "end" or self._peek().keyword == "ORDER"
            else self._or()
        )
        order = self._order() if self._peek().keyword == "ORDER" else ()
        if self.at < len(self.tokens):
            raise _error(f"Expecting operator but got '{self._peek().text}'.")
        return Query(where, order)

    def _or(self) -> Node:
        parts = [self._and()]
        while self._peek().keyword in ("OR", "||"):
            self._next()
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._peek().keyword in ("AND", "&&"):
            self._next()
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _not(self) -> Node:
        if self._peek().keyword == "NOT":
            self._next()
            return _negate(self._not())
        if self._peek().text == "(" and self._peek().kind == "punct":
            self._next()
            inside = self._or()
            self._expect(")")
            return inside
        return self._clause()

    def _clause(self) -> Node:
        field = self._next()
        if field.kind not in ("word", "string"):
            raise _error(
                f"Expecting a field name but got '{field.text or 'the end of the query'}'."
            )
        operator = self._operator()
        if operator is None:
            return self._words(field)
        if operator in ("is", "is not"):
            if self._next().keyword not in ("EMPTY", "NULL"):
                raise _error(f"The operator '{operator}' takes only EMPTY or NULL.")
            return Clause(field.text, operator, ())
        return Clause(field.text, operator, self._operands(operator))

    def _operator(self) -> str | None:
        token = self._peek()
        if token.kind == "op":
            return self._next().text
        if token.keyword == "IN":
            self._next()
            return "in"
        if token.keyword == "NOT" and self._peek(1).keyword == "IN":
            self.at += 2
            return "not in"
        if token.keyword == "IS":
            self._next()
            if self._peek().keyword == "NOT":
                self._next()
                return "is not"
            return "is"
        return None

    def _words(self, first: Token) -> Node:
        words = [first.text]
        while self._peek().kind in ("word", "string") and self._peek().keyword not in (
            "AND",
            "OR",
            "ORDER",
            "NOT",
        ):
            words.append(self._next().text)
        if self._peek().kind == "op":
            raise _error(f"Expecting an operator but got '{words[-1]}'.")
        return Words(" ".join(words))

    def _operands(self, operator: str) -> tuple[Operand, ...]:
        if operator not in ("in", "not in") or self._peek().text != "(":
            return (self._operand(),)
        self._next()
        found = [self._operand()]
        while self._peek().text == "," and self._peek().kind == "punct":
            self._next()
            found.append(self._operand())
        self._expect(")")
        return tuple(found)

    def _operand(self) -> Operand:
        token = self._next()
        if token.kind not in ("word", "string"):
            raise _error(
                f"Expecting a value but got '{token.text or 'the end of the query'}'."
            )
        if (
            token.kind == "word"
            and self._peek().text == "("
            and self._peek().kind == "punct"
        ):
            self._next()
            arguments: list[str] = []
            while self._peek().text not in (")", ""):
                arguments.append(self._next().text)
            self._expect(")")
            return Operand(
                token.text, arguments=tuple(a for a in arguments if a != ",")
            )
        return Operand(token.text, quoted=token.kind == "string")

    def _order(self) -> tuple[Sort, ...]:
        self._next()
        if self._next().keyword != "BY":
            raise _error("Expecting 'by' after 'order'.")
        sorts = [self._sort()]
        while self._peek().text == ",":
            self._next()
            sorts.append(self._sort())
        if len(sorts) > MOST_SORTS:
            raise Refusal(f"JQL can be ordered by at most {MOST_SORTS} fields.")
        return tuple(sorts)

    def _sort(self) -> Sort:
        field = self._next()
        if field.kind not in ("word", "string"):
            raise _error("Expecting a field name after 'order by'.")
        descending = self._peek().keyword == "DESC"
        if self._peek().keyword in ("ASC", "DESC"):
            self._next()
        return Sort(field.text, descending)

    def _peek(self, ahead: int = 0) -> Token:
        position = self.at + ahead
        return (
            self.tokens[position] if position < len(self.tokens) else Token("end", "")
        )

    def _next(self) -> Token:
        token = self._peek()
        self.at += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._next()
        if token.text != text:
            raise _error(
                f"Expecting '{text}' but got '{token.text or 'the end of the query'}'."
            )


def _negate(node: Node) -> Node:
    """Push a NOT down to the clauses, as Jira does: so it does not match empty fields either."""
    match node:
        case Both(parts):
            return Either(tuple(_negate(each) for each in parts))
        case Either(parts):
            return Both(tuple(_negate(each) for each in parts))
        case Clause(field, operator, operands):
            return Clause(field, _NEGATED[operator], operands)
        case Words(text):
            return Clause("text", "!~", (Operand(text, quoted=True),))
