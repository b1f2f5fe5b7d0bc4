"""Where the requests of the site are kept and found: by id, by key, by comment, and late, as the index sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import RLock

from jsm_sandbox.state import instants, wire
from jsm_sandbox.state.blueprint import blueprint
from jsm_sandbox.state.call_log import Journal
from jsm_sandbox.state.custom_fields import WORK_TYPE, Field
from jsm_sandbox.state.json_types import Json
from jsm_sandbox.state.late_index import LateIndex
from jsm_sandbox.state.placement import usual_layout
from jsm_sandbox.state.requests import Change, Comment, Issue
from jsm_sandbox.state.setup import Project, Site
from jsm_sandbox.state.switches import Switches


class Catalogue:
    """The requests, what the site is set up with, and what has changed. Whoever reads or writes it holds ``lock``."""

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

    def lacks(
        self, project: str, field: Field, work_type: str = WORK_TYPE
    ) -> bool:
        """Return whether a field is not associated with a project: absent from its requests, refused in an edit."""
        if (
            field.scope
            or not self.site.is_uniform
            or not self.layout.is_complete
            or self.layout.is_restricted
        ):
            found = self.site.project(project)
            if found and not self.layout.has(found, field, work_type):
                return True
        if not self.switches.field_schemes and not field.holds_in(
            project, work_type
        ):
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

    def change_project(
        self, issue: Issue, project: Project, key: str, at: datetime
    ) -> None:
        """Move a request to a project, where it has another key; the old one goes on leading to it."""
        self._shade(issue.id)
        self._keys[key.upper()] = issue.id
        self._note(issue, "key", issue.key, key)
        issue.key = key
        issue.project = project.key
        issue.fields["project"] = wire.project(project)
        self._touch(issue, at)

    def stamp(self, instant: datetime) -> str:
        """Write an instant as this site shows it."""
        return instants.wire(instant, self.site.zone)

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
