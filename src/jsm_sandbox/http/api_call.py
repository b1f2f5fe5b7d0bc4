"""One API call as the routes see it, and what they answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeAlias

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


Handler: TypeAlias = Callable[[Call], Reply]


class Router:
    """Which handler answers which path; patterns are written like Atlassian's documentation writes them."""

    def __init__(self) -> None:
        """Start without routes."""
        self.routes: list[tuple[str, str, re.Pattern[str], Handler]] = []

    def on(self, method: str, *patterns: str) -> Callable[[Handler], Handler]:
        """Let the decorated function answer a method and path."""

        def register(handler: Handler) -> Handler:
            for pattern in patterns:
                paths = _paths_of(pattern)
                self.routes.append((method, pattern, paths, handler))
            return handler

        return register

    def find(
        self, method: str, path: str
    ) -> tuple[str, Handler, dict[str, str]]:
        """Find the endpoint of a call and who answers it; nobody is 404, another method 405."""
        known = False
        for each, endpoint, pattern, handler in self.routes:
            match = pattern.fullmatch(path)
            if match and each == method:
                return endpoint, handler, match.groupdict()
            known = known or match is not None
        status = (
            HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND
        )
        raise Refusal(status.phrase, status=status)


def _paths_of(pattern: str) -> re.Pattern[str]:
    """Give the expression that a path meets, its parts named as in ``/issue/{key}``."""
    named = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
    return re.compile(named + "/?")


class Branch:
    """The endpoints under one prefix; a decorated function answers a method and its paths."""

    def __init__(self, router: Router, prefix: str) -> None:
        """Add to this router."""
        self._router = router
        self._prefix = prefix

    def get(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Answer GET."""
        return self._on("GET", patterns)

    def post(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Answer POST."""
        return self._on("POST", patterns)

    def put(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Answer PUT."""
        return self._on("PUT", patterns)

    def delete(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Answer DELETE."""
        return self._on("DELETE", patterns)

    def _on(
        self, method: str, patterns: tuple[str, ...]
    ) -> Callable[[Handler], Handler]:
        paths = [self._prefix + each for each in patterns]
        return self._router.on(method, *paths)


router = Router()
"""The routes of the site; the modules in ``routes`` add theirs on import."""

platform = Branch(router, "/rest/api/3")
desk_api = Branch(router, "/rest/servicedeskapi")
edge = Branch(router, "/_edge")
bare = Branch(router, "")


def bad_token() -> Refusal:
    """Refuse a token that nobody gave for this question, or too long ago."""
    return Refusal("The provided next page token is invalid or expired.")


def read_token(call: Call, token: str) -> tuple[str, Json]:
    """Give the mark and the place of a page's token. Raises Refusal for one that is strange or too old."""
    kept = call.tracker.cursors.read(token)
    if kept is None:
        raise bad_token()
    return kept


def keys_page(call: Call, keys: Iterable[str]) -> JsonObject:
    """List the keys of properties, each with its address."""
    base = f"{call.origin}{call.path}"
    return {"keys": [{"self": f"{base}/{key}", "key": key} for key in keys]}


def page(
    call: Call, rows: list[JsonObject], *, most: int = 100, default: int = 50
) -> JsonObject:
    """Cut a platform page (a "page bean") out of rows."""
    start = call.number("startAt", 0)
    size = call.number("maxResults", default, most)
    values = rows[start : start + size]
    end = start + len(values)
    address = f"{call.origin}{call.path}"
    shown: JsonObject = {
        "self": f"{address}?startAt={start}&maxResults={size}",
        "maxResults": size,
        "startAt": start,
        "total": len(rows),
        "isLast": end >= len(rows),
        "values": values,
    }
    if end < len(rows):
        shown["nextPage"] = (
            f"{address}?startAt={start + size}&maxResults={size}"
        )
    return shown


def desk_page(
    call: Call, rows: list[JsonObject], *, most: int = 50
) -> JsonObject:
    """Cut a service desk page out of rows: ``limit`` is clamped without a word."""
    start = call.number("start", 0)
    limit = call.number("limit", most, most)
    values = rows[start : start + limit]
    end = start + len(values)
    address = f"{call.origin}{call.path}"
    links = {
        "base": call.origin,
        "context": "",
        "self": f"{address}?start={start}&limit={limit}",
    }
    if end < len(rows):
        links["next"] = f"{address}?start={start + limit}&limit={limit}"
    return {
        "_expands": [],
        "size": len(values),
        "start": start,
        "limit": limit,
        "isLastPage": end >= len(rows),
        "_links": links,
        "values": values,
    }
