"""Follows pages to their end, in the three ways in which Jira and its service desk give them."""

from collections.abc import Callable, Iterator
from typing import Any

from jsm_sla_bot.jsm.errors import TransientError
from jsm_sla_bot.jsm.json_values import (
    Json,
    JsonObject,
    mapping,
    rows,
    text,
    whole,
)

_MOST_PAGES = 2000


def with_token(body: dict[str, Any], token: str | None) -> dict[str, Any]:
    """Return the body of a question about the page that a token names."""
    return {**body, "nextPageToken": token} if token else body


def by_token(
    ask: Callable[[str | None], Json], name: str
) -> Iterator[JsonObject]:
    """Follow page tokens to the end: a last page may say so, or just have no token.

    Raises TransientError where a token comes again with more to follow, so that nothing is taken for
    complete.
    """
    token: str | None = None
    used: set[str] = set()
    for _ in range(_MOST_PAGES):
        page = mapping(ask(token))
        found = rows(page.get(name))
        yield from found
        token = text(page.get("nextPageToken"))
        if page.get("isLast") is True or token is None:
            return
        if token in used and not found:
            return
        if token in used:
            raise TransientError(f"the pages of {name} go round in a circle")
        used.add(token)
    raise TransientError(f"more than {_MOST_PAGES} pages of {name}")


def by_start(
    ask: Callable[[int], Json], name: str = "values", start: int = 0
) -> Iterator[JsonObject]:
    """Follow offset pages to the end, going on by what was really given."""
    for _ in range(_MOST_PAGES):
        page = mapping(ask(start))
        found = page.get(name)
        count = len(found) if isinstance(found, list) else 0
        yield from rows(found)
        start += count
        total = whole(page.get("total"))
        if (
            not count
            or page.get("isLast") is True
            or (total is not None and start >= total)
        ):
            return
    raise TransientError(f"more than {_MOST_PAGES} pages of {name}")


def by_size(ask: Callable[[int], Json]) -> Iterator[JsonObject]:
    """Follow service desk pages to the end: their limit is cut down silently, a short page is no last one."""
    start = 0
    for _ in range(_MOST_PAGES):
        page = mapping(ask(start))
        found = rows(page.get("values"))
        yield from found
        size = whole(page.get("size")) or len(found)
        if page.get("isLastPage") is True or not size:
            return
        start += size
    raise TransientError(f"more than {_MOST_PAGES} pages of service desks")
