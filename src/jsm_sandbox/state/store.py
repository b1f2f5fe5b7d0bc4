"""The state of the site and the few ways in which it changes: the only module that writes to a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import RLock

from jsm_sandbox.state import adf, instants, wire
from jsm_sandbox.state.blueprint import blueprint
from jsm_sandbox.state.call_log import Journal
from jsm_sandbox.state.json_types import Json, JsonObject, inside
from jsm_sandbox.state.late_index import LateIndex
from jsm_sandbox.state.people import Account, Kind, Part
from jsm_sandbox.state.placement import usual_layout
from jsm_sandbox.state.requests import Change, Comment, History, Issue, Item
from jsm_sandbox.state.setup import Field, Project, Site, Transition
from jsm_sandbox.state.spoken_values import history_words, plain
from jsm_sandbox.state.switches import Switches

RESOLUTION: JsonObject = {
    "self": "",
    "id": "10000",
    "name": "Done",
    "description": "",
}


class Store:
    """All state. Whoever reads or writes it holds ``lock``."""

    def __init__(
        self,
        site: Site | None = None,
        *,
        now: Callable[[], datetime] = instants.machine_utc,
    ) -> None:
        """Start with a fresh site and no requests."""
        self.site = site or blueprint()
        self.layout = usual_layout(self.site.projects)
        self.now = now
        self.lock = RLock()
        self.issues: dict[int, Issue] = {}
        self.switches = Switches()
        self.journal = Journal()
        self.changes: list[Change] = []
        self.version = 0
        self._index = LateIndex(
            self.issues,
            now=now,
            lag=lambda: self.switches.index_lag,
        )
        self._keys: dict[str, int] = {}
        self._comments: dict[str, int] = {}
        self._last_id = 10000

    @property
    def index_lag(self) -> float:
        """Seconds for which search goes on showing what was before a change."""
        return self.switches.index_lag

    @index_lag.setter
    def index_lag(self, seconds: float) -> None:
        self.switches.index_lag = seconds

    def next_id(self) -> int:
        """Hand out an id that nothing else has."""
        self._last_id += 1
        return self._last_id

    def reserve_id(self, number: int) -> None:
        """Keep an id of a loaded file from being handed out again."""
        self._last_id = max(self._last_id, number)

    def find(self, key_or_id: str) -> Issue | None:
        """Find a request by its id, its key or a key that it had before it was moved."""
        if key_or_id.isdigit():
            return self.issues.get(int(key_or_id))
        return self.issues.get(self._keys.get(key_or_id.upper(), -1))

    def with_comment(self, comment_id: str) -> tuple[Issue, Comment] | None:
        """Find a comment by its id, and the request that it is on."""
        number = self._comments.get(comment_id, -1)
        issue = self.issues.get(number)
        if issue is None:
            return None
        for each in issue.comments:
            if each.id == comment_id:
                return issue, each
        return None

    def value_of(self, issue: Issue, field_name: str) -> Json:
        """Give a request's value in one of the standard fields, by the field's name."""
        return issue.fields.get(self.site.field_id(field_name))

    def project_of(self, issue: Issue) -> Project:
        """Find the project of a request."""
        return next(p for p in self.site.projects if p.key == issue.project)

    def lacks(self, project: str, field: Field) -> bool:
        """Return whether a field is not associated with a project: absent from its requests, refused in an edit."""
        if (
            field.scope
            or not self.site.is_uniform
            or not self.layout.is_complete
        ):
            found = self.site.project(project)
            if found and not self.layout.has(found, field):
                return True
        if not self.switches.field_schemes and not field.holds_in(project):
            return True
        absent = self.switches.absent_fields
        if not absent:
            return False
        names = (field.id, field.name)
        return any(
            each in absent or f"{project}/{each}" in absent for each in names
        )

    def is_frozen(self, issue: Issue) -> bool:
        """Return whether the workflow takes no edit in the status that a request has."""
        return issue.status_name in self.switches.frozen_statuses

    def indexed(self) -> Iterator[Issue]:
        """Go through the requests as the search index sees them."""
        return self._index.all()

    def indexed_view(self, number: int) -> Issue | None:
        """Give a request as the index sees it: before the first change that is not indexed yet."""
        return self._index.view(number)

    def insert(self, issue: Issue) -> None:
        """Put a new request on the site."""
        self._shade(issue.id)
        self.issues[issue.id] = issue
        self._keys[issue.key.upper()] = issue.id
        self._comments |= {each.id: issue.id for each in issue.comments}
        self._note(issue, "created", None, issue.key)

    def remove(self, issue: Issue) -> None:
        """Take a request off the site."""
        self._shade(issue.id)
        del self.issues[issue.id]
        self._note(issue, "deleted", issue.key, None)

    def rekey(self, issue: Issue, key: str) -> None:
        """Give a request another key, as a move does; the old one goes on leading to it."""
        self._shade(issue.id)
        self._keys[key.upper()] = issue.id
        self._note(issue, "key", issue.key, key)
        issue.key = key

    def assign(
        self,
        issue: Issue,
        values: list[tuple[Field, Json]],
        by: Account,
        at: datetime,
    ) -> bool:
        """Set fields and write the history of those that differ; return whether any did."""
        changed = [
            (field, value)
            for field, value in values
            if issue.fields.get(field.id) != value
        ]
        if changed or self.switches.bump_on_same_value:
            self._shade(issue.id)
            self._touch(issue, at)
        items = tuple(
            self._assign_one(issue, field, value) for field, value in changed
        )
        self._remember(issue, items, by, at)
        return bool(changed)

    def _assign_one(self, issue: Issue, field: Field, value: Json) -> Item:
        old = issue.fields.get(field.id)
        issue.fields[field.id] = value
        self._note(issue, field.name, plain(old), plain(value))
        return Item(
            field=field.name if field.custom else field.id,
            field_id=field.id,
            custom=field.custom,
            old=history_words(old),
            new=history_words(value),
        )

    def _remember(
        self, issue: Issue, items: tuple[Item, ...], by: Account, at: datetime
    ) -> None:
        if not items:
            return
        entry = History(str(self.next_id()), by, at, items)
        issue.history.append(entry)
        issue.history.sort(key=lambda each: (each.created, int(each.id)))

    def move(
        self, issue: Issue, transition: Transition, by: Account, at: datetime
    ) -> None:
        """Carry out a transition, with what it does to resolution and dates."""
        target = self.site.status(transition.target)
        if target is None:
            return
        done = target.category == "done"
        moved: list[tuple[Field, Json]] = [
            (self._field("status"), wire.status(target))
        ]
        if done != (issue.category == "done"):
            is_resolved = done and self.switches.resolutions
            resolution = dict(RESOLUTION) if is_resolved else None
            moved.append((self._field("resolution"), resolution))
        self.assign(issue, moved, by, at)
        issue.fields["resolutiondate"] = self.stamp(at) if done else None
        issue.fields["statuscategorychangedate"] = self.stamp(at)

    def add_comment(  # noqa: PLR0913 - a comment has that many parts
        self,
        issue: Issue,
        by: Account,
        body: Json,
        *,
        public: bool,
        at: datetime,
        properties: dict[str, Json] | None = None,
    ) -> Comment:
        """Add a comment. It moves ``updated`` and leaves no history."""
        self._shade(issue.id)
        comment = Comment(
            id=str(self.next_id()),
            author=by,
            body=body,
            created=at,
            updated=at,
            public=public,
            properties=dict(properties or {}),
        )
        issue.comments.append(comment)
        issue.comments.sort(key=lambda each: (each.created, int(each.id)))
        self._comments[comment.id] = issue.id
        self._touch(issue, at)
        what = "comment" if public else "internal note"
        self._note(issue, what, None, adf.to_text(body))
        return comment

    def edit_comment(
        self,
        issue: Issue,
        comment: Comment,
        *,
        body: Json = None,
        public: bool | None = None,
    ) -> None:
        """Change the words or the audience of a comment."""
        self._shade(issue.id)
        old = adf.to_text(comment.body)
        if body is not None:
            comment.body = body
        if public is not None:
            comment.public = public
        comment.updated = self.now()
        comment.raw = None
        self._note(
            issue, f"comment {comment.id}", old, adf.to_text(comment.body)
        )

    def delete_comment(self, issue: Issue, comment: Comment) -> None:
        """Take a comment away."""
        self._shade(issue.id)
        issue.comments.remove(comment)
        self._note(
            issue, f"comment {comment.id}", adf.to_text(comment.body), None
        )

    def set_property(self, issue: Issue, key: str, value: Json) -> bool:
        """Set an entity property; return whether it is new. No history, and by default no new ``updated``."""
        fresh = key not in issue.properties
        self._shade(issue.id)
        self._note_if_other(
            issue, f"property {key}", issue.properties.get(key), value
        )
        issue.properties[key] = value
        if self.switches.bump_on_property:
            self._touch(issue, self.now())
        return fresh

    def delete_property(self, issue: Issue, key: str) -> None:
        """Take an entity property away."""
        self._shade(issue.id)
        self._note(issue, f"property {key}", issue.properties.pop(key), None)

    def touch(self, issue: Issue, at: datetime) -> None:
        """Move ``updated`` though nothing relevant changed, as SLA timers do."""
        self._shade(issue.id)
        self._touch(issue, at)

    def stamp(self, instant: datetime) -> str:
        """Write an instant as this site shows it."""
        return instants.wire(instant, self.site.zone)

    def part_of(self, account: Account, issue: Issue) -> Part:
        """Give the part that an author plays on a request."""
        if account == self.site.bot:
            return Part.BOT
        if account.kind is Kind.APP:
            return Part.AUTOMATION
        if account.account_id == inside(issue.fields, "reporter", "accountId"):
            return Part.CUSTOMER
        is_agent = self.site.is_agent(account, self.project_of(issue))
        return Part.AGENT if is_agent else Part.CUSTOMER

    def _field(self, name: str) -> Field:
        return next(each for each in self.site.fields if each.id == name)

    def _touch(self, issue: Issue, at: datetime) -> None:
        issue.updated = max(issue.updated, at)
        issue.fields["updated"] = self.stamp(issue.updated)
        self.version += 1

    def _shade(self, number: int) -> None:
        self.version += 1
        self._index.keep(number)

    def _note(self, issue: Issue, what: str, old: Json, new: Json) -> None:
        self.changes.append(Change(issue.key, what, old, new))

    def _note_if_other(
        self, issue: Issue, what: str, old: Json, new: Json
    ) -> None:
        if old != new:
            self._note(issue, what, old, new)

    def blank_fields(
        self, project: Project, by: Account, at: datetime
    ) -> JsonObject:
        """Give the fields that every new request has."""
        stamp = self.stamp(at)
        normal = self.site.priority(project.priorities[2])
        return {
            "assignee": None,
            "resolution": None,
            "resolutiondate": None,
            "description": None,
            "project": wire.project(project),
            "issuetype": wire.issue_type(),
            "status": wire.status(self.site.statuses[0]),
            "statuscategorychangedate": stamp,
            "priority": wire.priority(normal or self.site.priorities[0]),
            "labels": [],
            "reporter": wire.user(by),
            "creator": wire.user(by),
            "created": stamp,
            "updated": stamp,
        }
