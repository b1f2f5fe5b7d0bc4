"""A query as a tree: its conditions and its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


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


_NEGATED = {
    "=": "!=",
    "!=": "=",
    "in": "not in",
    "not in": "in",
    "is": "is not",
    "is not": "is",
    "~": "!~",
    "!~": "~",
    ">": "<=",
    "<=": ">",
    "<": ">=",
    ">=": "<",
}


def negate(node: Node) -> Node:
    """Push a NOT down to the clauses, as Jira does: so it does not match empty fields either."""
    match node:
        case Both(parts):
            return Either(tuple(map(negate, parts)))
        case Either(parts):
            return Both(tuple(map(negate, parts)))
        case Clause(field, operator, operands):
            return Clause(field, _NEGATED[operator], operands)
        case Words(text):
            return Clause("text", "!~", (Operand(text, quoted=True),))
