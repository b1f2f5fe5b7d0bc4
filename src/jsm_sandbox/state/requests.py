"""What is kept of one request: its fields as the wire shows them, its comments, its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from jsm_sandbox.state.custom_fields import WORK_TYPE
from jsm_sandbox.state.json_types import Json, JsonObject, as_object
from jsm_sandbox.state.people import Account


@dataclass(slots=True)
class Comment:
    """A comment. ``raw`` is what a loaded file said of it, served back as it was."""

    id: str
    author: Account
    body: Json
    created: datetime
    updated: datetime
    public: bool = True
    properties: dict[str, Json] = field(default_factory=dict)
    raw: JsonObject | None = None

    def change(self, body: Json, *, public: bool | None, at: datetime) -> None:
        """Take another body or audience, None: the same; what a file said of it is outdated then."""
        if body is not None:
            self.body = body
        if public is not None:
            self.public = public
        self.updated = at
        self.raw = None


@dataclass(frozen=True, slots=True)
class Item:
    """One changed field of a history entry."""

    field: str
    field_id: str
    custom: bool
    old: tuple[str | None, str | None]
    new: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class History:
    """One entry of the history; ``raw`` as with comments."""

    id: str
    author: Account
    created: datetime
    items: tuple[Item, ...]
    raw: JsonObject | None = None


@dataclass(slots=True)
class Issue:
    """One request ("issue" on the wire). ``fields`` holds what Jira would show, by field id."""

    id: int
    key: str
    project: str
    created: datetime
    updated: datetime
    fields: dict[str, Json]
    comments: list[Comment] = field(default_factory=list)
    history: list[History] = field(default_factory=list)
    properties: dict[str, Json] = field(default_factory=dict)
    loaded: bool = False

    @property
    def number(self) -> int:
        """Give the number in the key, by which keys are ordered."""
        tail = self.key.rpartition("-")[2]
        return int(tail) if tail.isdigit() else 0

    @property
    def status_name(self) -> str:
        """Name the status, or nothing where a loaded request has none."""
        return str(as_object(self.fields.get("status")).get("name", ""))

    @property
    def work_type(self) -> str:
        """Give the id of the work type."""
        kind = as_object(self.fields.get("issuetype"))
        return str(kind.get("id", WORK_TYPE))

    @property
    def category(self) -> str:
        """Give the key of the status category."""
        status = as_object(self.fields.get("status"))
        return str(as_object(status.get("statusCategory")).get("key", ""))

    @property
    def is_done(self) -> bool:
        """Return whether the status is one of those in which nothing is left to do."""
        return self.category == "done"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a call changed, for the record of writes."""

    key: str
    what: str
    old: Json
    new: Json
