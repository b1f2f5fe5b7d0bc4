"""Issues of another site, planted on this one: what they hold is kept, and the site grows around it.

Statuses, priorities, organizations and people of the file are added; where a name is already known, the
file's id wins. Custom fields with the name of a standard field become that field; all others are served
back unread.
"""

from __future__ import annotations

from dataclasses import replace

from jsm_sandbox.play.field_adoption import FieldAdoption
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import instants, wire
from jsm_sandbox.state.blueprint import project
from jsm_sandbox.state.json_types import Json, JsonObject, as_list, as_object
from jsm_sandbox.state.people import Account, Kind
from jsm_sandbox.state.requests import Comment, History, Issue, Item
from jsm_sandbox.state.setup import (
    Organization,
    Priority,
    Project,
    Shape,
    Status,
)

OPEN = "indeterminate"
DONE = "done"
CATEGORIES = {
    "new": "open",
    OPEN: "open",
    DONE: "done",
}
"""How the categories of statuses are called in what is said of a file."""

NOBODY = Account("unknown", "Someone", "", Kind.UNKNOWN)


class Transplant:
    """Plants the issues of one document."""

    def __init__(self, tracker: Tracker, document: JsonObject) -> None:
        """Plant into this tracker; the document may name fields."""
        self.tracker = tracker
        self.site = tracker.site
        self.document = document
        self._undated = 0
        self._uncategorized: dict[str, str] = {}
        self._resolved: set[str] = set()

    @property
    def remarks(self) -> list[str]:
        """Say what the file leaves out, and what stands in its place."""
        said = []
        if self._undated:
            said.append(
                f"without `created`, taken as raised now: {self._undated}"
            )
        for name, category in sorted(self._uncategorized.items()):
            said.append(
                f"status {name!r} without a category, taken as {CATEGORIES[category]}"
            )
        return said

    def plant(self, issues: list[JsonObject]) -> None:
        """Plant every issue, after its fields are known."""
        for each in issues:
            number = _text(each.get("id"))
            self.tracker.reserve_id(int(number) if number.isdecimal() else 0)
        FieldAdoption(self.site).adopt([self.document, *issues])
        self._resolved = {
            _text(
                as_object(as_object(each.get("fields")).get("status")).get(
                    "name"
                )
            )
            for each in issues
            if _is_resolved(as_object(each.get("fields")))
        }
        for each in issues:
            self._plant_one(each)

    def _plant_one(self, raw: JsonObject) -> None:
        fields = dict(as_object(raw.get("fields")))
        desk = self._desk(raw, fields)
        key = self._key(raw, desk)
        raised = instants.lenient(fields.get("created"))
        self._undated += raised is None
        created = raised or self.tracker.now()
        updated = instants.lenient(fields.get("updated")) or created
        never_missing = {
            "created": instants.wire(created, self.site.zone),
            "updated": instants.wire(updated, self.site.zone),
            "status": wire.status(self.site.statuses[0]),
            "project": wire.project(desk),
        }
        fields |= {
            name: value
            for name, value in never_missing.items()
            if fields.get(name) is None
        }
        issue = Issue(
            self._id(raw), key, desk.key, created, updated, fields, loaded=True
        )
        fields["status"] = self._categorized(fields["status"])
        self._status(as_object(fields.get("status")))
        self._priority(as_object(fields.get("priority")), desk)
        self._organizations(fields)
        for name in ("reporter", "creator", "assignee"):
            self._person(fields.get(name))
        self._talk(raw, issue)
        issue.properties = {
            str(name): value
            for name, value in as_object(raw.get("properties")).items()
        }
        self.tracker.insert(issue)

    def _id(self, raw: JsonObject) -> int:
        text = _text(raw.get("id"))
        number = int(text) if text.isdecimal() else self.tracker.next_id()
        return (
            number
            if number not in self.tracker.issues
            else self.tracker.next_id()
        )

    def _key(self, raw: JsonObject, desk: Project) -> str:
        key = raw.get("key")
        if (
            isinstance(key, str)
            and key
            and self.tracker.find(key) is None
            and not key.isdigit()
        ):
            tail = key.rpartition("-")[2]
            desk.counter = max(
                desk.counter, int(tail) if tail.isdecimal() else 0
            )
            return key
        desk.counter += 1
        return f"{desk.key}-{desk.counter}"

    def _desk(self, raw: JsonObject, fields: JsonObject) -> Project:
        """Find or set up the project; an issue that names none belongs to its key's, else to the first."""
        said = as_object(fields.get("project"))
        prefix, _, tail = _text(raw.get("key")).rpartition("-")
        key = _text(said.get("key")) or (prefix if tail.isdecimal() else "")
        found = self.site.project(key) if key else self.site.projects[0]
        if found is not None:
            return found
        taken = {each.id for each in self.site.projects}
        number = _text(said.get("id"))
        if not number.isdecimal() or number in taken:
            number = str(20000 + len(taken))
        people = {each.name: each for each in self.site.accounts.values()}
        name = _text(said.get("name")) or key
        made = project(number, key, name, str(len(taken) + 1), people)
        self.site.projects.append(made)
        return made

    def _categorized(self, raw: Json) -> Json:
        """Give a status its category where the file names none: that of the site's own status of that name.

        Any other is done if a request in it has a resolution, and open if none has.
        """
        said = as_object(raw)
        name = _text(said.get("name"))
        category = as_object(said.get("statusCategory"))
        if not name or _text(category.get("key")):
            return raw
        known = self.site.status(name)
        guessed = DONE if name in self._resolved else OPEN
        key = known.category if known else guessed
        self._uncategorized[name] = key
        return {
            **said,
            "statusCategory": {**wire.status_category(key), **category},
        }

    def _status(self, raw: JsonObject) -> None:
        name = _text(raw.get("name"))
        number = _text(raw.get("id"))
        if not name:
            return
        category = (
            _text(as_object(raw.get("statusCategory")).get("key"))
            or "indeterminate"
        )
        known = self.site.status(name)
        if known is None:
            self._free_status_id(number)
            self.site.statuses.append(
                Status(number or self._new_status_id(), name, category)
            )
        elif number and known.id != number:
            self._free_status_id(number)
            where = self.site.statuses.index(known)
            self.site.statuses[where] = replace(
                known,
                id=number,
                name=name,
                category=category,
            )

    def _free_status_id(self, number: str) -> None:
        for where, each in enumerate(self.site.statuses):
            if each.id == number:
                self.site.statuses[where] = replace(
                    each, id=self._new_status_id()
                )

    def _new_status_id(self) -> str:
        """Give an id that no status has: they are numbered apart from the requests."""
        taken = {each.id for each in self.site.statuses}
        numbers = (str(self.tracker.next_id()) for _ in range(len(taken) + 1))
        return next(number for number in numbers if number not in taken)

    def _priority(self, raw: JsonObject, desk: Project) -> None:
        name = _text(raw.get("name"))
        number = _text(raw.get("id"))
        if not name:
            return
        known = next(
            (each for each in self.site.priorities if each.name == name), None
        )
        if known is None:
            clash = any(each.id == number for each in self.site.priorities)
            known = Priority(
                number
                if number and not clash
                else str(self.tracker.next_id()),
                name,
            )
            self.site.priorities.append(known)
        elif (
            number
            and number != known.id
            and not any(each.id == number for each in self.site.priorities)
        ):
            self._renumber_priority(known, number)
            known = replace(known, id=number)
        if known.id not in desk.priorities:
            desk.priorities.append(known.id)

    def _renumber_priority(self, known: Priority, number: str) -> None:
        self.site.priorities[self.site.priorities.index(known)] = replace(
            known, id=number
        )
        for each in self.site.projects:
            each.priorities = [
                number if old == known.id else old for old in each.priorities
            ]

    def _organizations(self, fields: JsonObject) -> None:
        for field in self.site.fields:
            if field.shape is Shape.ORGANIZATIONS:
                for each in as_list(fields.get(field.id)):
                    self._organization(as_object(each))

    def _organization(self, raw: JsonObject) -> None:
        number = _text(raw.get("id"))
        name = _text(raw.get("name"))
        if not number.isdecimal():
            return
        if self.site.organization(number) is None:
            self.site.organizations.append(
                Organization(
                    int(number), name or number, isinstance(raw["id"], int)
                )
            )
        elif name:
            self.site.rename_organization(int(number), name)

    def _person(self, raw: Json) -> Account:
        said = as_object(raw)
        number = _text(said.get("accountId")) or _text(said.get("name"))
        if not number:
            return NOBODY
        if number not in self.site.accounts:
            kinds = {str(kind) for kind in Kind}
            kind = _text(said.get("accountType"))
            known = Kind(kind) if kind in kinds else Kind.ATLASSIAN
            name = _text(said.get("displayName")) or number
            self.site.accounts[number] = Account(
                number, name, "", known, _text(said.get("timeZone")) or "UTC"
            )
        return self.site.accounts[number]

    def _talk(self, raw: JsonObject, issue: Issue) -> None:
        """Take over embedded comments and history."""
        said = issue.fields.get("comment")
        if isinstance(said, dict):
            del issue.fields["comment"]
        rows = as_list(as_object(said).get("comments")) or as_list(said)
        issue.comments = [
            self._comment(as_object(each), issue)
            for each in rows
            if isinstance(each, dict)
        ]
        entries = as_list(as_object(raw.get("changelog")).get("histories"))
        issue.history = [
            self._history(each, issue)
            for each in entries
            if isinstance(each, dict)
        ]
        issue.comments.sort(key=lambda each: each.created)
        issue.history.sort(key=lambda each: each.created)

    def _comment(self, raw: JsonObject, issue: Issue) -> Comment:
        number = self._reserved(raw.get("id"))
        created = instants.lenient(raw.get("created")) or issue.created
        updated = instants.lenient(raw.get("updated")) or created
        public = raw.get("jsdPublic") is not False
        listed = [
            each
            for each in as_list(raw.get("properties"))
            if isinstance(each, dict) and "key" in each
        ]
        own = {_text(each["key"]): each.get("value") for each in listed}
        author = self._person(raw.get("author"))
        return Comment(
            number,
            author,
            raw.get("body"),
            created,
            updated,
            public,
            own,
            raw | {"id": number},
        )

    def _history(self, raw: JsonObject, issue: Issue) -> History:
        number = self._reserved(raw.get("id"))
        items = tuple(
            _item(each)
            for each in as_list(raw.get("items"))
            if isinstance(each, dict)
        )
        created = instants.lenient(raw.get("created")) or issue.created
        return History(
            number,
            self._person(raw.get("author")),
            created,
            items,
            raw | {"id": number},
        )

    def _reserved(self, raw: Json) -> str:
        """Keep a number of the file, or hand out one where it has none."""
        text = _text(raw)
        if not text.isdecimal():
            return str(self.tracker.next_id())
        self.tracker.reserve_id(int(text))
        return text


def _is_resolved(fields: JsonObject) -> bool:
    return fields.get("resolution") is not None or bool(
        fields.get("resolutiondate")
    )


def _item(raw: JsonObject) -> Item:
    name = _text(raw.get("field"))
    old = (_or_none(raw.get("from")), _or_none(raw.get("fromString")))
    new = (_or_none(raw.get("to")), _or_none(raw.get("toString")))
    return Item(
        name,
        _text(raw.get("fieldId")) or name,
        raw.get("fieldtype") == "custom",
        old,
        new,
    )


def _or_none(value: Json) -> str | None:
    return None if value is None else str(value)


def _text(value: Json) -> str:
    return (
        str(value)
        if isinstance(value, str | int) and not isinstance(value, bool)
        else ""
    )
