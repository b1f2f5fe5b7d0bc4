"""The comments and the history that a file holds inside its issues."""

from __future__ import annotations

from jsm_sandbox.play.site_growth import SiteGrowth
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import instants
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    as_list,
    as_number,
    as_object,
    as_text,
)
from jsm_sandbox.state.requests import Comment, History, Issue, Item


class EmbeddedTalk:
    """Takes comments and history over from the issues of a file."""

    def __init__(self, tracker: Tracker, growth: SiteGrowth) -> None:
        """Number after this tracker's ids; the authors become people of its site."""
        self.tracker = tracker
        self.growth = growth

    def take_over(self, raw: JsonObject, issue: Issue) -> None:
        """Take over both, oldest first."""
        issue.comments = [
            self._comment(each, issue) for each in _comments(issue)
        ]
        issue.history = [
            self._history(each, issue) for each in _histories(raw)
        ]
        issue.comments.sort(key=lambda each: each.created)
        issue.history.sort(key=lambda each: each.created)

    def _comment(self, raw: JsonObject, issue: Issue) -> Comment:
        number = self._reserved(raw.get("id"))
        created = instants.lenient(raw.get("created")) or issue.created
        updated = instants.lenient(raw.get("updated")) or created
        return Comment(
            id=number,
            author=self.growth.person(raw.get("author")),
            body=raw.get("body"),
            created=created,
            updated=updated,
            public=raw.get("jsdPublic") is not False,
            properties=_properties(raw),
            raw=raw | {"id": number},
        )

    def _history(self, raw: JsonObject, issue: Issue) -> History:
        number = self._reserved(raw.get("id"))
        author = self.growth.person(raw.get("author"))
        created = instants.lenient(raw.get("created")) or issue.created
        items = tuple(_item(each) for each in _objects(raw.get("items")))
        return History(number, author, created, items, raw | {"id": number})

    def _reserved(self, raw: Json) -> str:
        """Keep a number of the file, or hand out one where it has none."""
        number = as_number(raw)
        if number is None:
            return str(self.tracker.next_id())
        self.tracker.reserve_id(number)
        return as_text(raw)


def _comments(issue: Issue) -> list[JsonObject]:
    """Take the comments out of a request's fields: on a page of their own, or as a bare list."""
    said = issue.fields.get("comment")
    if isinstance(said, dict):
        del issue.fields["comment"]
        return _objects(said.get("comments"))
    return _objects(said)


def _histories(raw: JsonObject) -> list[JsonObject]:
    changelog = as_object(raw.get("changelog"))
    return _objects(changelog.get("histories"))


def _objects(value: Json) -> list[JsonObject]:
    return [each for each in as_list(value) if isinstance(each, dict)]


def _properties(raw: JsonObject) -> JsonObject:
    listed = _objects(raw.get("properties"))
    return {
        as_text(each["key"]): each.get("value")
        for each in listed
        if "key" in each
    }


def _item(raw: JsonObject) -> Item:
    name = as_text(raw.get("field"))
    old = (_or_none(raw.get("from")), _or_none(raw.get("fromString")))
    new = (_or_none(raw.get("to")), _or_none(raw.get("toString")))
    field_id = as_text(raw.get("fieldId")) or name
    is_custom = raw.get("fieldtype") == "custom"
    return Item(name, field_id, is_custom, old, new)


def _or_none(value: Json) -> str | None:
    return None if value is None else str(value)
