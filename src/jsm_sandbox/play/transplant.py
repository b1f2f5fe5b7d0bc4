"""Issues of another site, planted on this one: what they hold is kept, and the site grows around it.

Statuses, priorities, organizations and people of the file are added; where a name is already known, the
file's id wins. Custom fields with the name of a standard field become that field; all others are served
back unread.
"""

from __future__ import annotations

from datetime import datetime

from jsm_sandbox.play.embedded_talk import EmbeddedTalk
from jsm_sandbox.play.field_adoption import FieldAdoption
from jsm_sandbox.play.site_growth import SiteGrowth
from jsm_sandbox.play.status_growth import CATEGORIES, StatusGrowth
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import instants, wire
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    as_number,
    as_object,
)
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import Project


class Transplant:
    """Plants the issues of one document."""

    def __init__(self, tracker: Tracker, document: JsonObject) -> None:
        """Plant into this tracker; the document may name fields."""
        self.tracker = tracker
        self.site = tracker.site
        self.document = document
        self._growth = SiteGrowth(tracker)
        self._statuses = StatusGrowth(tracker)
        self._talk = EmbeddedTalk(tracker, self._growth)
        self._undated = 0

    @property
    def remarks(self) -> list[str]:
        """Say what the file leaves out, and what stands in its place."""
        guessed = sorted(self._statuses.guessed.items())
        said = [_guess(name, category) for name, category in guessed]
        if not self._undated:
            return said
        undated = f"without `created`, taken as raised now: {self._undated}"
        return [undated, *said]

    def plant(self, issues: list[JsonObject]) -> None:
        """Plant every issue, after its fields are known."""
        for each in issues:
            self.tracker.reserve_id(as_number(each.get("id")) or 0)
        FieldAdoption(self.site).adopt([self.document, *issues])
        self._statuses.learn(
            [as_object(each.get("fields")) for each in issues]
        )
        for each in issues:
            self._plant_one(each)

    def _plant_one(self, raw: JsonObject) -> None:
        issue = self._issue(raw)
        self._grow(issue)
        self._talk.take_over(raw, issue)
        properties = as_object(raw.get("properties"))
        issue.properties = dict(properties)
        self.tracker.insert(issue)

    def _issue(self, raw: JsonObject) -> Issue:
        """Make the request, with what no request of Jira's lacks."""
        fields = dict(as_object(raw.get("fields")))
        desk = self._growth.project(raw)
        key = self._key(raw, desk)
        created = self._created(fields)
        updated = instants.lenient(fields.get("updated")) or created
        never_missing = {
            "created": instants.wire(created, self.site.zone),
            "updated": instants.wire(updated, self.site.zone),
            "status": wire.status(self.site.statuses[0]),
            "project": wire.project(desk),
        }
        for name, value in never_missing.items():
            if fields.get(name) is None:
                fields[name] = value
        return Issue(
            self._id(raw), key, desk.key, created, updated, fields, loaded=True
        )

    def _created(self, fields: JsonObject) -> datetime:
        raised = instants.lenient(fields.get("created"))
        if raised is None:
            self._undated += 1
            return self.tracker.now()
        return raised

    def _grow(self, issue: Issue) -> None:
        """Give the site what the request's fields speak of."""
        fields = issue.fields
        fields["status"] = self._statuses.categorized(fields["status"])
        self._statuses.add(as_object(fields["status"]))
        desk = self.tracker.project_of(issue)
        self._growth.priority(as_object(fields.get("priority")), desk)
        self._growth.organizations(fields)
        for name in ("reporter", "creator", "assignee"):
            self._growth.person(fields.get(name))

    def _id(self, raw: JsonObject) -> int:
        number = as_number(raw.get("id"))
        if number is None or number in self.tracker.issues:
            return self.tracker.next_id()
        return number

    def _key(self, raw: JsonObject, desk: Project) -> str:
        key = raw.get("key")
        if not self._is_free(key):
            return desk.next_key()
        _, _, tail = str(key).rpartition("-")
        desk.counter = max(desk.counter, as_number(tail) or 0)
        return str(key)

    def _is_free(self, key: Json) -> bool:
        """Return whether a key can be given: it is one, and no other request has it."""
        if not isinstance(key, str) or not key or key.isdigit():
            return False
        return self.tracker.find(key) is None


def _guess(name: str, category: str) -> str:
    taken = CATEGORIES[category]
    return f"status {name!r} without a category, taken as {taken}"
