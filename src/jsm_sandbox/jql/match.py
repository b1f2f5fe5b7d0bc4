"""What a parsed query means: which requests match, and in what order they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter, ge, gt, le, lt
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from jsm_sandbox.jql.field_words import (
    NONE,
    all_text,
    answers_to,
    category,
    date_of,
    remembered,
)
from jsm_sandbox.jql.parse import (
    Both,
    Clause,
    Either,
    Node,
    Operand,
    Query,
    Sort,
    Words,
)
from jsm_sandbox.state.json_types import Json, Refusal, as_list, as_object
from jsm_sandbox.state.people import Account
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import Shape, Site

_RELATIVE = re.compile(r"(?P<sign>[+-]?)(?P<parts>(?:\d+[wdhmWDHM]\s*)+)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LITERALS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
_ALIASES = {
    "issue": "key",
    "issuekey": "key",
    "updateddate": "updated",
    "createddate": "created",
    "resolved": "resolutiondate",
    "type": "issuetype",
}
_DATES = ("updated", "created", "resolutiondate", "statuscategorychangedate")
Predicate: TypeAlias = Callable[[Issue], bool]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}


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
                return _all_of([self.predicate(each) for each in parts])
            case Either(parts):
                return _any_of([self.predicate(each) for each in parts])
            case Words(text):
                wanted = text.casefold()
                return lambda issue: wanted in all_text(issue)
            case Clause():
                return self._clause(node)

    def named(self, node: Node) -> set[str] | None:
        """Give the keys and ids that alone can match, or nothing where others can too."""
        match node:
            case Clause(field, "=" | "in", operands) if self.name(field) in (
                "key",
                "id",
            ):
                return {each.text for each in operands}
            case Both(parts):
                found = [names for names in map(self.named, parts) if names is not None]
                return set.intersection(*found) if found else None
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
        number = re.fullmatch(r"cf\[(\d+)\]", low)
        if number:
            low = f"customfield_{number[1]}"
        low = _ALIASES.get(low, low)
        if low in ("key", "id", "statuscategory", "text"):
            return low
        found = self.site.field(low)
        if found is None:
            text = f"Field '{field}' does not exist or you do not have permission to view it."
            raise Refusal(text)
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
            return lambda issue: (issue.project, issue.number)
        if name == "id":
            return attrgetter("id")
        if name == "priority":
            places = {p.id: -n for n, p in enumerate(self.site.priorities)}
            return lambda issue: places.get(
                as_object(issue.fields.get("priority")).get("id", "")
            )
        if self._is_date(name):
            return date_of(name)
        values = self._values(name)
        return lambda issue: min(values(issue), default=None)

    def _check_clause(self, name: str, operands: tuple[Operand, ...]) -> None:
        texts = [each.text for each in operands if each.arguments is None]
        known: dict[str, Callable[[str], object]] = {
            "project": self.site.project,
            "status": self.site.status,
            "priority": self.site.priority,
        }
        for text in texts:
            if self._is_date(name):
                self.instant(Operand(text, quoted=True))
            elif name in known and known[name](text) is None:
                message = f"The value '{text}' does not exist for the field '{name}'."
                raise Refusal(message)

    def _clause(self, clause: Clause) -> Predicate:
        name = self.name(clause.field)
        if clause.operator in ("is", "is not"):
            values = self._values(name)
            empty = clause.operator == "is"
            return lambda issue: (not values(issue)) == empty
        if self._is_date(name):
            return self._compare_dates(clause, date_of(name))
        if clause.operator in ("~", "!~"):
            wanted = clause.operands[0].text.casefold().strip("*")
            meant = clause.operator == "~"
            return lambda issue: (wanted in all_text(issue)) == meant
        if clause.operator in _COMPARE:
            return self._compare_keys(clause, name)
        return self._among(clause, name)

    def _among(self, clause: Clause, name: str) -> Predicate:
        values = self._values(name)
        wanted = {self._operand_text(each) for each in clause.operands}
        empty = bool(wanted & {"empty", "null", "unresolved"})
        if clause.operator not in ("=", "in"):
            return lambda issue: (
                (found := values(issue)) != NONE and wanted.isdisjoint(found)
            )
        return lambda issue: (
            not wanted.isdisjoint(found := values(issue)) or (empty and not found)
        )

    def _operand_text(self, operand: Operand) -> str:
        if operand.text.casefold() == "currentuser" and operand.arguments is not None:
            return self.caller.account_id.casefold()
        return operand.text.casefold()

    def _compare_keys(self, clause: Clause, name: str) -> Predicate:
        text = clause.operands[0].text
        compare = _COMPARE[clause.operator]
        tail = text.rpartition("-")[2]
        if name not in ("key", "id") or not tail.isdigit():
            message = f"The operator '{clause.operator}' is not supported by the '{clause.field}' field."
            raise Refusal(message)
        read = attrgetter("number" if "-" in text else "id")
        number = int(tail)
        return lambda issue: compare(read(issue), number)

    def _compare_dates(
        self, clause: Clause, read: Callable[[Issue], datetime | None]
    ) -> Predicate:
        wanted = [self.instant(each) for each in clause.operands]
        if clause.operator in _COMPARE:
            compare = _COMPARE[clause.operator]
            bound = wanted[0]
            return lambda issue: (
                (here := read(issue)) is not None and compare(here, bound)
            )
        meant = clause.operator in ("=", "in")
        return lambda issue: (
            (here := read(issue)) is not None and (here in wanted) == meant
        )

    def _is_date(self, name: str) -> bool:
        field = self.site.field(name)
        return name in _DATES or (field is not None and field.shape is Shape.DATETIME)

    def _values(self, name: str) -> Callable[[Issue], set[str]]:
        """Give a reader of every text that the field's value answers to, in lower case."""
        if name in ("key", "id"):
            return lambda issue: {issue.key.casefold(), str(issue.id)}
        if name == "statuscategory":
            return remembered("status", category)
        if name == "project":
            answers = remembered("project", answers_to)
            return lambda issue: answers(issue) | {issue.project.casefold()}
        field = self.site.field(name)
        if field is None or field.shape is not Shape.ORGANIZATIONS:
            return remembered(name, answers_to)
        return lambda issue: answers_to(self._named_now(issue.fields.get(name)))

    def _named_now(self, value: Json) -> Json:
        """Show organizations under the names they have now."""
        found = [
            (each, self.site.organization(as_object(each).get("id")))
            for each in as_list(value)
        ]
        return [
            {**each, "name": now.name} if now and isinstance(each, dict) else each
            for each, now in found
        ]

    def instant(self, operand: Operand) -> datetime:
        """Read a date operand: epoch milliseconds, a relative time, a function or a literal to the minute."""
        text = operand.text.strip()
        if operand.arguments is not None:
            return self._function(text.casefold(), operand.arguments)
        if re.fullmatch(r"-?\d+", text):
            return _from_millis(text)
        relative = _RELATIVE.fullmatch(text)
        if relative:
            return self.now + _length(relative)
        for pattern in _LITERALS:
            try:
                return datetime.strptime(text, pattern).replace(
                    tzinfo=ZoneInfo(self.caller.zone)
                )
            except ValueError:
                continue
        raise _no_date(text)

    def _function(self, name: str, arguments: tuple[str, ...]) -> datetime:
        local = self.now.astimezone(ZoneInfo(self.caller.zone))
        midnight = local.replace(
            hour=0,
            minute=0,
            second=0,
            microsecond=0,
        )
        starts = {
            "now": self.now,
            "startofday": midnight,
            "endofday": midnight + timedelta(days=1, milliseconds=-1),
            "startofweek": midnight - timedelta(days=(midnight.weekday() + 1) % 7),
            "startofmonth": midnight.replace(day=1),
        }
        if name not in starts:
            message = f"Unable to find JQL function '{name}({', '.join(arguments)})'."
            raise Refusal(message)
        shift = _RELATIVE.fullmatch(arguments[0]) if arguments else None
        return starts[name] + (_length(shift) if shift else timedelta())


def _from_millis(text: str) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=int(text))
    except OverflowError:
        raise _no_date(text) from None


def _no_date(text: str) -> Refusal:
    return Refusal(
        f"Date value '{text}' for field is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def _all_of(tests: list[Predicate]) -> Predicate:
    def matches(issue: Issue) -> bool:
        for each in tests:  # noqa: SIM110 - a generator for each of 100,000 requests takes twice as long
            if not each(issue):
                return False
        return True

    return matches


def _any_of(tests: list[Predicate]) -> Predicate:
    def matches(issue: Issue) -> bool:
        for each in tests:  # noqa: SIM110 - as above
            if each(issue):
                return True
        return False

    return matches


def _length(relative: re.Match[str]) -> timedelta:
    units = {
        "w": "weeks",
        "d": "days",
        "h": "hours",
        "m": "minutes",
    }
    total = timedelta()
    for amount, unit in re.findall(r"(\d+)([wdhm])", relative["parts"].lower()):
        total += timedelta(**{units[unit]: int(amount)})
    return -total if relative["sign"] == "-" else total


def moves(node: Node) -> bool:
    """Return whether what a condition means depends on when it is asked."""
    match node:
        case Both(parts) | Either(parts):
            return any(moves(each) for each in parts)
        case Clause(_, _, operands):
            return any(
                each.arguments is not None or _RELATIVE.fullmatch(each.text.strip())
                for each in operands
            )
        case _:
            return False


def effective_order(query: Query) -> tuple[Sort, ...]:
    """Give the order of a query, made total by the id: newest first where it says nothing."""
    return (*query.order, Sort("id", descending=not query.order))
