"""The few ways in which a request changes: fields, transitions, comments and properties are written only here."""

from __future__ import annotations

from datetime import datetime

from jsm_sandbox.state import adf, wire
from jsm_sandbox.state.catalogue import Catalogue
from jsm_sandbox.state.custom_fields import Field
from jsm_sandbox.state.json_types import Json, JsonObject, inside
from jsm_sandbox.state.people import Account, Kind, Part
from jsm_sandbox.state.requests import Comment, History, Issue, Item
from jsm_sandbox.state.setup import Project, Transition
from jsm_sandbox.state.spoken_values import history_words, plain

RESOLUTION: JsonObject = {
    "self": "",
    "id": "10000",
    "name": "Done",
    "description": "",
}


class Store(Catalogue):
    """The requests, and the ways to change them. Whoever reads or writes it holds ``lock``."""

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
        return _item(field, old, value)

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
        if done != issue.is_done:
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
        comment.change(body, public=public, at=self.now())
        new = adf.to_text(comment.body)
        self._note(issue, f"comment {comment.id}", old, new)

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
            "issuetype": wire.issue_type(self.site.work_types[0]),
            "status": wire.status(self.site.statuses[0]),
            "statuscategorychangedate": stamp,
            "priority": wire.priority(normal or self.site.priorities[0]),
            "labels": [],
            "reporter": wire.user(by),
            "creator": wire.user(by),
            "created": stamp,
            "updated": stamp,
        }


def _item(field: Field, old: Json, new: Json) -> Item:
    """Give what the history says of a change: a field of Jira's own by its id, another by its name."""
    return Item(
        field=field.name if field.custom else field.id,
        field_id=field.id,
        custom=field.custom,
        old=history_words(old),
        new=history_words(new),
    )
