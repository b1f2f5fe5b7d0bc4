"""One API call as the routes see it, and the reply to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    Refusal,
    as_object,
    not_found,
)
from jsm_sandbox.state.people import ANONYMOUS, Account, Kind
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import Project, Site
from jsm_sandbox.state.switches import Switches


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a status and a JSON body, or none."""

    status: int
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)


def ok(body: Json) -> Reply:
    """Answer 200."""
    return Reply(HTTPStatus.OK, body)


def no_content() -> Reply:
    """Answer 204."""
    return Reply(HTTPStatus.NO_CONTENT)


@dataclass(slots=True)
class Call:
    """A call by somebody to an endpoint. ``args`` come from the path; ``query`` keeps repeated parameters."""

    tracker: Tracker
    method: str
    path: str
    caller: Account
    query: dict[str, list[str]] = field(default_factory=dict)
    body: Json = None
    args: dict[str, str] = field(default_factory=dict)
    version: str = "3"
    origin: str = ""

    @property
    def site(self) -> Site:
        """Give what is set up on the site that is called."""
        return self.tracker.site

    @property
    def switches(self) -> Switches:
        """Give how the site differs from the usual one."""
        return self.tracker.switches

    @property
    def payload(self) -> JsonObject:
        """Give the body as an object."""
        return as_object(self.body)

    def words(self, name: str) -> list[str]:
        """Give a parameter that may be repeated or joined with commas."""
        joined = ",".join(self.query.get(name, []))
        return [each.strip() for each in joined.split(",") if each.strip()]

    def asks_for(self, name: str, value: str | int) -> bool:
        """Return whether a parameter names a value, or nothing at all and so everything."""
        wanted = self.words(name)
        return not wanted or str(value) in wanted

    def word(self, name: str, default: str = "") -> str:
        """Give a parameter's first value."""
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """Give a number from the parameters, silently cut to what the endpoint allows."""
        found = max(0, self._whole(name, default))
        return found if most is None else min(found, most)

    def _whole(self, name: str, default: int) -> int:
        text = self.word(name, str(default))
        if not re.fullmatch(r"-?\d+", text):
            raise Refusal(
                f"The value '{text}' of the parameter '{name}' is not a number."
            )
        return int(text)

    def flag(self, name: str, *, default: bool) -> bool:
        """Give a yes or no from the parameters."""
        return self.word(name, str(default)).casefold() == "true"

    @property
    def sees_projects(self) -> bool:
        """Return whether the caller may browse projects: staff and apps may, customers and strangers not."""
        return self.caller.kind in (Kind.ATLASSIAN, Kind.APP)

    def is_agent(self, project: Project) -> bool:
        """Return whether the caller may work on a project's requests."""
        if self.caller.kind is Kind.APP:
            return True
        if not self.switches.agent_licence:
            return False
        return self.site.is_agent(self.caller, project)

    def works_on(self, issue: Issue) -> bool:
        """Return whether the caller may work on a request."""
        return self.is_agent(self.tracker.project_of(issue))

    @property
    def is_some_agent(self) -> bool:
        """Return whether the caller may work on the requests of any project."""
        return any(self.is_agent(each) for each in self.site.projects)

    @property
    def is_administrator(self) -> bool:
        """Return whether the caller administers the site."""
        return self.caller.account_id == self.site.administrator.account_id

    def administers(self) -> None:
        """Refuse whoever does not administer the site."""
        if not self.is_administrator:
            message = "Only Jira administrators can access this resource."
            raise Refusal(message, status=HTTPStatus.FORBIDDEN)

    def visible(self, names: list[str]) -> dict[int, Issue]:
        """Find the requests with these ids or keys that the caller may see, by id."""
        if not self.sees_projects:
            return {}
        found = map(self.tracker.find, names)
        return {each.id: each for each in found if each}

    def issue(self, name: str = "key") -> Issue:
        """Give the request that the path names, if the caller may see it."""
        asked = self.args[name]
        found = self.tracker.find(asked) if self.sees_projects else None
        if found is None:
            raise not_found()
        return found

    def editable(self, doing: str) -> Issue:
        """Give the request that the path names, if the caller may change it."""
        issue = self.issue()
        if not self.works_on(issue):
            raise Refusal(
                f"{self.caller.name}, you do not have the permission to {doing} this issue."
            )
        return issue

    @property
    def anonymous(self) -> bool:
        """Return whether nobody in particular calls."""
        return self.caller is ANONYMOUS
