"""The query language: text to a tree. What the tree means is in ``match``."""

from __future__ import annotations

from collections.abc import Callable

from jsm_sandbox.jql.tokens import END, Token, error, tokens
from jsm_sandbox.jql.tree import (
    Both,
    Clause,
    Either,
    Node,
    Operand,
    Query,
    Sort,
    Words,
    negate,
)
from jsm_sandbox.state.json_types import Refusal

UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
MOST_SORTS = 7
_JOINS = ("AND", "OR", "ORDER", "NOT")


def parse(text: str) -> Query:
    """Read a query, or refuse it in Jira's words."""
    return _Parser(tokens(text)).query()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def query(self) -> Query:
        where = None
        order: tuple[Sort, ...] = ()
        if not self._peek().is_end and self._peek().keyword != "ORDER":
            where = self._or()
        if self._peek().keyword == "ORDER":
            order = self._order()
        if not self._peek().is_end:
            raise error(f"Expecting operator but got '{self._peek().text}'.")
        return Query(where, order)

    def _or(self) -> Node:
        parts = self._joined(self._and, ("OR", "||"))
        return parts[0] if len(parts) == 1 else Either(parts)

    def _and(self) -> Node:
        parts = self._joined(self._not, ("AND", "&&"))
        return parts[0] if len(parts) == 1 else Both(parts)

    def _joined(
        self, read: Callable[[], Node], words: tuple[str, str]
    ) -> tuple[Node, ...]:
        """Read conditions that stand between these words."""
        parts = [read()]
        while self._peek().keyword in words:
            self._next()
            parts.append(read())
        return tuple(parts)

    def _not(self) -> Node:
        if self._peek().keyword == "NOT":
            self._next()
            return negate(self._not())
        if self._peek().is_sign("("):
            self._next()
            inside = self._or()
            self._expect(")")
            return inside
        return self._clause()

    def _clause(self) -> Node:
        field = self._next()
        if not field.is_text:
            raise error(f"Expecting a field name but got '{field.shown}'.")
        operator = self._operator()
        if operator is None:
            return self._words(field)
        if operator in ("is", "is not"):
            self._expect_empty(operator)
            return Clause(field.text, operator, ())
        return Clause(field.text, operator, self._operands(operator))

    def _expect_empty(self, operator: str) -> None:
        if self._next().keyword not in ("EMPTY", "NULL"):
            raise error(f"The operator '{operator}' takes only EMPTY or NULL.")

    def _operator(self) -> str | None:
        if self._peek().kind == "op":
            return self._next().text
        match self._peek().keyword:
            case "IN":
                self._next()
                return "in"
            case "NOT" if self._peek(1).keyword == "IN":
                self.at += 2
                return "not in"
            case "IS":
                self._next()
                return self._is_or_is_not()
            case _:
                return None

    def _is_or_is_not(self) -> str:
        if self._peek().keyword != "NOT":
            return "is"
        self._next()
        return "is not"

    def _words(self, first: Token) -> Node:
        words = [first.text]
        while self._peek().is_text and self._peek().keyword not in _JOINS:
            words.append(self._next().text)
        if self._peek().kind == "op":
            raise error(f"Expecting an operator but got '{words[-1]}'.")
        return Words(" ".join(words))

    def _operands(self, operator: str) -> tuple[Operand, ...]:
        if operator not in ("in", "not in") or self._peek().text != "(":
            return (self._operand(),)
        self._next()
        found = [self._operand()]
        while self._peek().is_sign(","):
            self._next()
            found.append(self._operand())
        self._expect(")")
        return tuple(found)

    def _operand(self) -> Operand:
        token = self._next()
        if not token.is_text:
            raise error(f"Expecting a value but got '{token.shown}'.")
        if token.kind == "word" and self._peek().is_sign("("):
            self._next()
            return Operand(token.text, arguments=self._arguments())
        return Operand(token.text, quoted=token.kind == "string")

    def _arguments(self) -> tuple[str, ...]:
        """Read the arguments of a function up to its closing bracket."""
        found: list[str] = []
        while self._peek().text not in (")", ""):
            found.append(self._next().text)
        self._expect(")")
        return tuple(each for each in found if each != ",")

    def _order(self) -> tuple[Sort, ...]:
        self._next()
        if self._next().keyword != "BY":
            raise error("Expecting 'by' after 'order'.")
        sorts = [self._sort()]
        while self._peek().text == ",":
            self._next()
            sorts.append(self._sort())
        if len(sorts) > MOST_SORTS:
            raise Refusal(
                f"JQL can be ordered by at most {MOST_SORTS} fields."
            )
        return tuple(sorts)

    def _sort(self) -> Sort:
        field = self._next()
        if not field.is_text:
            raise error("Expecting a field name after 'order by'.")
        direction = self._peek().keyword
        if direction in ("ASC", "DESC"):
            self._next()
        return Sort(field.text, descending=direction == "DESC")

    def _peek(self, ahead: int = 0) -> Token:
        position = self.at + ahead
        if position < len(self.tokens):
            return self.tokens[position]
        return END

    def _next(self) -> Token:
        token = self._peek()
        self.at += 1
        return token

    def _expect(self, text: str) -> None:
        token = self._next()
        if token.text != text:
            raise error(f"Expecting '{text}' but got '{token.shown}'.")
