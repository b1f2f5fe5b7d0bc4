"""What a parsed query means: which requests match, and in what order they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from jsm_sandbox.jql.dates import DateReader
from jsm_sandbox.jql.field_words import (
    answers_to,
    category,
    date_of,
    remembered,
)
from jsm_sandbox.jql.predicates import (
    COMPARE,
    Predicate,
    Values,
    all_of,
    any_of,
    compare_keys,
    contains,
    is_among_or_empty,
    is_dated,
    is_empty,
    is_other,
)
from jsm_sandbox.jql.tree import (
    Both,
    Clause,
    Either,
    Node,
    Operand,
    Query,
    Sort,
    Words,
)
from jsm_sandbox.state.custom_fields import Shape
from jsm_sandbox.state.json_types import Json, Refusal, as_list, inside
from jsm_sandbox.state.people import Account
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import Site

_CUSTOM = re.compile(r"cf\[(\d+)\]")
_EMPTY = frozenset({"empty", "null", "unresolved"})
_ALIASES = {
    "issue": "key",
    "issuekey": "key",
    "updateddate": "updated",
    "createddate": "created",
    "resolved": "resolutiondate",
    "type": "issuetype",
}
_DATES = ("updated", "created", "resolutiondate", "statuscategorychangedate")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and when: bare literals are read in the account's zone."""

    site: Site
    caller: Account
    now: datetime

    def predicate(self, node: Node) -> Predicate:
        """Turn a condition into a test for one request. Raises Refusal for what can't be asked."""
        match node:
            case Both(parts):
                return all_of([self.predicate(each) for each in parts])
            case Either(parts):
                return any_of([self.predicate(each) for each in parts])
            case Words(text):
                return contains(text.casefold(), meant=True)
            case Clause():
                return self._clause(node)

    def named(self, node: Node) -> set[str] | None:
        """Give the keys and ids that alone can match, or nothing where others can too."""
        match node:
            case Clause(field, "=" | "in", operands):
                if self.name(field) not in ("key", "id"):
                    return None
                return {each.text for each in operands}
            case Both(parts):
                found = [self.named(each) for each in parts]
                limiting = [names for names in found if names is not None]
                return set.intersection(*limiting) if limiting else None
            case _:
                return None

    def check(self, node: Node) -> None:
        """Refuse unknown fields and values, whether or not any request would be asked."""
        match node:
            case Both(parts) | Either(parts):
                for each in parts:
                    self.check(each)
            case Clause(field, _, operands):
                self._check_clause(self.name(field), operands)
            case _:
                return

    def name(self, field: str) -> str:
        """Turn a field's spelling in a query into its id."""
        low = field.casefold()
        number = _CUSTOM.fullmatch(low)
        if number:
            low = f"customfield_{number[1]}"
        low = _ALIASES.get(low, low)
        if low in ("key", "id", "statuscategory", "text"):
            return low
        found = self.site.field(low)
        if found is None:
            raise Refusal(
                f"Field '{field}' does not exist or you do not have permission to view it."
            )
        return found.id

    def sort_key(self, sort: Sort) -> Callable[[Issue], tuple[bool, Json]]:
        """Give a reader of what a request is ordered by; the empty ones come last."""
        read = self._sortable(self.name(sort.field))

        def key(issue: Issue) -> tuple[bool, Json]:
            value = read(issue)
            return (value is None, value)

        return key

    def _sortable(self, name: str) -> Callable[[Issue], Json]:
        if name == "key":
            return attrgetter("project", "number")
        if name == "id":
            return attrgetter("id")
        if name == "priority":
            return self._priority_rank()
        if self._is_date(name):
            return date_of(name)
        values = self._values(name)
        return lambda issue: min(values(issue), default=None)

    def _priority_rank(self) -> Callable[[Issue], int | None]:
        """Give a reader of a priority's rank, the highest of the site being the greatest."""
        ranks = {each.id: -n for n, each in enumerate(self.site.priorities)}
        return lambda issue: ranks.get(inside(issue.fields, "priority", "id"))

    def _check_clause(self, name: str, operands: tuple[Operand, ...]) -> None:
        literals = [each for each in operands if each.arguments is None]
        for each in literals:
            if self._is_date(name):
                self.instant(each)
            elif not self._exists(name, each.text):
                raise Refusal(
                    f"The value '{each.text}' does not exist for the field '{name}'."
                )

    def _exists(self, name: str, text: str) -> bool:
        """Return whether the site has a value, for fields whose values are set up."""
        match name:
            case "project":
                return self.site.project(text) is not None
            case "status":
                return self.site.status(text) is not None
            case "priority":
                return self.site.priority(text) is not None
            case _:
                return True

    def _clause(self, clause: Clause) -> Predicate:
        name = self.name(clause.field)
        if clause.operator in ("is", "is not"):
            return is_empty(self._values(name), meant=clause.operator == "is")
        if self._is_date(name):
            return self._compare_dates(clause, date_of(name))
        if clause.operator in ("~", "!~"):
            wanted = clause.operands[0].text.casefold()
            return contains(wanted.strip("*"), meant=clause.operator == "~")
        if clause.operator in COMPARE:
            return compare_keys(clause, name)
        return self._among(clause, name)

    def _among(self, clause: Clause, name: str) -> Predicate:
        values = self._values(name)
        wanted = {self._operand_text(each) for each in clause.operands}
        if clause.operator not in ("=", "in"):
            return is_other(values, wanted)
        if wanted & _EMPTY:
            return is_among_or_empty(values, wanted)
        return lambda issue: not wanted.isdisjoint(values(issue))

    def _operand_text(self, operand: Operand) -> str:
        text = operand.text.casefold()
        if text == "currentuser" and operand.arguments is not None:
            return self.caller.account_id.casefold()
        return text

    def _compare_dates(
        self, clause: Clause, read: Callable[[Issue], datetime | None]
    ) -> Predicate:
        wanted = [self.instant(each) for each in clause.operands]
        if clause.operator in COMPARE:
            return is_dated(read, COMPARE[clause.operator], wanted[0])
        meant = clause.operator in ("=", "in")

        def matches(issue: Issue) -> bool:
            here = read(issue)
            return here is not None and (here in wanted) == meant

        return matches

    def _is_date(self, name: str) -> bool:
        if name in _DATES:
            return True
        field = self.site.field(name)
        return field is not None and field.shape is Shape.DATETIME

    def _values(self, name: str) -> Values:
        """Give a reader of every text that the field's value answers to, in lower case."""
        match name:
            case "key" | "id":
                return lambda issue: {issue.key.casefold(), str(issue.id)}
            case "statuscategory":
                return remembered("status", category)
            case "project":
                answers = remembered("project", answers_to)
                return lambda issue: (
                    answers(issue) | {issue.project.casefold()}
                )
            case _:
                return self._field_values(name)

    def _field_values(self, name: str) -> Values:
        field = self.site.field(name)
        if field is None or field.shape is not Shape.ORGANIZATIONS:
            return remembered(name, answers_to)
        return lambda issue: answers_to(
            self._named_now(issue.fields.get(name))
        )

    def _named_now(self, value: Json) -> Json:
        """Show organizations under the names they have now."""
        return [self._renamed(each) for each in as_list(value)]

    def _renamed(self, value: Json) -> Json:
        now = self.site.organization(inside(value, "id"))
        if now is None or not isinstance(value, dict):
            return value
        return {**value, "name": now.name}

    def instant(self, operand: Operand) -> datetime:
        """Read a date operand: epoch milliseconds, a relative time, a function or a literal to the minute."""
        return DateReader(self.now, self.caller.zone).instant(operand)


def effective_order(query: Query) -> tuple[Sort, ...]:
    """Give the order of a query, made total by the id: newest first where it says nothing."""
    return (*query.order, Sort("id", descending=not query.order))
