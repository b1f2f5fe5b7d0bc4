"""What a parsed query means: which requests match, and in what order they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt
from zoneinfo import ZoneInfo

from jsm_sandbox import adf, instants
from jsm_sandbox.jql import Both, Clause, Either, Node, Operand, Query, Sort, Words
from jsm_sandbox.people import Account
from jsm_sandbox.requests import Issue
from jsm_sandbox.site import Field, Shape, Site
from jsm_sandbox.values import Json, Refusal, as_list, as_object

_RELATIVE = re.compile(r"(?P<sign>[+-]?)(?P<parts>(?:\d+[wdhmWDHM]\s*)+)")
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
_COMPARE: dict[str, Callable[[object, object], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}  # type: ignore[dict-item]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and when: bare literals are read in the account's zone."""

    site: Site
    caller: Account
    now: datetime

    def matches(self, node: Node, issue: Issue) -> bool:
        """Tell whether a request matches."""
        match node:
            case Both(parts):
                return all(self.matches(each, issue) for each in parts)
            case Either(parts):
                return any(self.matches(each, issue) for each in parts)
            case Words(text):
                return text.casefold() in _all_text(issue)
            case Clause():
                return self._clause(node, issue)

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

    def sort_key(self, sort: Sort, issue: Issue) -> tuple[bool, Json]:
        """Give what a request is ordered by; the empty ones come last."""
        name = self.name(sort.field)
        value = self._sortable(name, issue)
        return (value is None, value)

    def _sortable(self, name: str, issue: Issue) -> Json:
        if name == "key":
            return (issue.project, issue.number)
        if name == "id":
            return issue.id
        if name == "priority":
            names = [p.id for p in self.site.priorities]
            here = as_object(issue.fields.get("priority")).get("id")
            return -names.index(here) if here in names else None
        if self._is_date(name):
            return self._date_of(name, issue)
        values = self._values(name, issue)
        return min(values, default=None)

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

    def _clause(self, clause: Clause, issue: Issue) -> bool:
        name = self.name(clause.field)
        if clause.operator in ("is", "is not"):
            return (not self._values(name, issue)) == (clause.operator == "is")
        if self._is_date(name):
            return self._compare_dates(clause, self._date_of(name, issue))
        if clause.operator in ("~", "!~"):
            inside = clause.operands[0].text.casefold().strip("*") in _all_text(issue)
            return inside == (clause.operator == "~")
        if clause.operator in _COMPARE:
            return self._compare_keys(clause, name, issue)
        return self._among(clause, name, issue)

    def _among(self, clause: Clause, name: str, issue: Issue) -> bool:
        values = self._values(name, issue)
        wanted = {self._operand_text(each) for each in clause.operands}
        empty = bool(wanted & {"empty", "null", "unresolved"}) and not values
        if clause.operator in ("=", "in"):
            return bool(wanted & values) or empty
        return bool(values) and not wanted & values

    def _operand_text(self, operand: Operand) -> str:
        if operand.text.casefold() == "currentuser" and operand.arguments is not None:
            return self.caller.account_id.casefold()
        return operand.text.casefold()

    def _compare_keys(self, clause: Clause, name: str, issue: Issue) -> bool:
        text = clause.operands[0].text
        tail = text.rpartition("-")[2]
        if name not in ("key", "id") or not tail.isdigit():
            message = f"The operator '{clause.operator}' is not supported by the '{clause.field}' field."
            raise Refusal(message)
        here = issue.number if "-" in text else issue.id
        return _COMPARE[clause.operator](here, int(tail))

    def _compare_dates(self, clause: Clause, here: datetime | None) -> bool:
        if here is None:
            return False
        wanted = [self.instant(each) for each in clause.operands]
        if clause.operator in _COMPARE:
            return _COMPARE[clause.operator](here, wanted[0])
        return (here in wanted) == (clause.operator in ("=", "in"))

    def _is_date(self, name: str) -> bool:
        field = self.site.field(name)
        return name in _DATES or (field is not None and field.shape is Shape.DATETIME)

    @staticmethod
    def _date_of(name: str, issue: Issue) -> datetime | None:
        if name in ("updated", "created"):
            return issue.updated if name == "updated" else issue.created
        return instants.lenient(issue.fields.get(name))

    def _values(self, name: str, issue: Issue) -> set[str]:
        """Give every text that the field's value answers to, in lower case."""
        if name in ("key", "id"):
            return {issue.key.casefold(), str(issue.id)}
        if name == "statuscategory":
            category = as_object(as_object(issue.fields.get("status")).get("statusCategory"))
            return _answers_to(category) | _answers_to(category.get("key"))
        if name == "project":
            return {issue.project.casefold()} | _answers_to(issue.fields.get("project"))
        value = issue.fields.get(name)
        field = self.site.field(name)
        return _answers_to(self._named_now(field, value))

    def _named_now(self, field: Field | None, value: Json) -> Json:
        """Show organisations under the names they have now."""
        if field is None or field.shape is not Shape.ORGANIZATIONS:
            return value
        found = [(each, self.site.organization(as_object(each).get("id"))) for each in as_list(value)]
        return [{**each, "name": now.name} if now and isinstance(each, dict) else each for each, now in found]

    def instant(self, operand: Operand) -> datetime:
        """Read a date operand: epoch milliseconds, a relative time, a function or a literal to the minute."""
        text = operand.text.strip()
        if operand.arguments is not None:
            return self._function(text.casefold(), operand.arguments)
        if re.fullmatch(r"-?\d+", text):
            return datetime.fromtimestamp(int(text) / 1000, tz=UTC)
        relative = _RELATIVE.fullmatch(text)
        if relative:
            return self.now + _length(relative)
        for pattern in _LITERALS:
            try:
                return datetime.strptime(text, pattern).replace(tzinfo=ZoneInfo(self.caller.zone))
            except ValueError:
                continue
        message = (
            f"Date value '{text}' for field is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
        )
        raise Refusal(message)

    def _function(self, name: str, arguments: tuple[str, ...]) -> datetime:
        local = self.now.astimezone(ZoneInfo(self.caller.zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
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


def _length(relative: re.Match[str]) -> timedelta:
    units = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
    total = timedelta()
    for amount, unit in re.findall(r"(\d+)([wdhm])", relative["parts"].lower()):
        total += timedelta(**{units[unit]: int(amount)})
    return -total if relative["sign"] == "-" else total


def _answers_to(value: Json) -> set[str]:
    if value is None:
        return set()
    if isinstance(value, list):
        return {text for each in value for text in _answers_to(each)}
    if isinstance(value, dict):
        names = ("id", "key", "name", "value", "accountId", "displayName")
        found = {str(value[name]).casefold() for name in names if value.get(name) is not None}
        return found | (_answers_to(value["requestType"]) if "requestType" in value else set())
    return {str(value).casefold()}


def _all_text(issue: Issue) -> str:
    pieces = [str(issue.fields.get("summary", "")), adf.to_text(issue.fields.get("description"))]
    return " ".join([*pieces, *(adf.to_text(each.body) for each in issue.comments)]).casefold()


def effective_order(query: Query) -> tuple[Sort, ...]:
    """Give the order of a query, made total by the id: newest first where it says nothing."""
    return (*query.order, Sort("id", descending=not query.order))
