"""Which handler answers which method and path; the routes add theirs on import."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias

from jsm_sandbox.http.api_call import Call, Reply
from jsm_sandbox.state.json_types import Refusal

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
