"""What the fields of a request answer to in a query: every text, every instant, all its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter

from jsm_sandbox.state import adf, instants
from jsm_sandbox.state.json_types import Json, as_object
from jsm_sandbox.state.requests import Issue

NONE: set[str] = set()


def date_of(name: str) -> Callable[[Issue], datetime | None]:
    """Give a reader of a date field."""
    if name in ("updated", "created"):
        return attrgetter(name)
    return lambda issue: instants.lenient(issue.fields.get(name))


def category(status: Json) -> set[str]:
    """Give what a status category answers to, by its status."""
    category = as_object(as_object(status).get("statusCategory"))
    return answers_to(category) | answers_to(category.get("key"))


def remembered(
    name: str, read: Callable[[Json], set[str]]
) -> Callable[[Issue], set[str]]:
    """Read a field; what says the same of itself is read once."""
    known: dict[tuple[Json, ...], set[str]] = {}

    def values(issue: Issue) -> set[str]:
        value = issue.fields.get(name)
        if value is None:
            return NONE
        if not isinstance(value, dict) or "self" not in value:
            return read(value)
        mark = (
            value["self"],
            value.get("name"),
            value.get("value"),
            value.get("displayName"),
        )
        try:
            return known[mark]
        except KeyError:
            known[mark] = read(value)
            return known[mark]
        except (
            TypeError
        ):  # a loaded file may hold anything, lists for names too
            return read(value)

    return values


def answers_to(value: Json) -> set[str]:
    """Give every text that a value answers to, in lower case."""
    if value is None:
        return set()
    if isinstance(value, list):
        return {text for each in value for text in answers_to(each)}
    if isinstance(value, dict):
        names = ("id", "key", "name", "value", "accountId", "displayName")
        found = {
            str(value[name]).casefold()
            for name in names
            if value.get(name) is not None
        }
        return found | (
            answers_to(value["requestType"])
            if "requestType" in value
            else set()
        )
    return {str(value).casefold()}


def all_text(issue: Issue) -> str:
    """Give all the words of a request, in lower case."""
    pieces = [
        str(issue.fields.get("summary", "")),
        adf.to_text(issue.fields.get("description")),
    ]
    return " ".join(
        [*pieces, *(adf.to_text(each.body) for each in issue.comments)]
    ).casefold()
