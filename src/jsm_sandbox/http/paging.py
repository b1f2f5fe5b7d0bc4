"""How long lists are handed out: pages of the platform, of the service desk, and by token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jsm_sandbox.http.api_call import Call
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal


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


@dataclass(frozen=True, slots=True)
class _Slice:
    """The rows of one page; ``size`` is how many were asked for."""

    rows: list[JsonObject]
    start: int
    size: int

    @property
    def values(self) -> list[JsonObject]:
        return self.rows[self.start : self.next_start]

    @property
    def next_start(self) -> int:
        return self.start + self.size

    @property
    def is_last(self) -> bool:
        return self.start + len(self.values) >= len(self.rows)


def page(
    call: Call, rows: list[JsonObject], *, most: int = 100, default: int = 50
) -> JsonObject:
    """Cut a platform page (a "page bean") out of rows."""
    start = call.number("startAt", 0)
    size = call.number("maxResults", default, most)
    cut = _Slice(rows, start, size)
    return _bean(call, cut) | _next_page(call, cut)


def _bean(call: Call, cut: _Slice) -> JsonObject:
    return {
        "self": _page_address(call, cut.start, cut.size),
        "maxResults": cut.size,
        "startAt": cut.start,
        "total": len(cut.rows),
        "isLast": cut.is_last,
        "values": cut.values,
    }


def _next_page(call: Call, cut: _Slice) -> JsonObject:
    """Give the address of the next page, nothing on the last."""
    if cut.is_last:
        return {}
    return {"nextPage": _page_address(call, cut.next_start, cut.size)}


def _page_address(call: Call, start: int, size: int) -> str:
    return f"{call.origin}{call.path}?startAt={start}&maxResults={size}"


def desk_page(
    call: Call, rows: list[JsonObject], *, most: int = 50
) -> JsonObject:
    """Cut a service desk page out of rows: ``limit`` is clamped without a word."""
    start = call.number("start", 0)
    limit = call.number("limit", most, most)
    cut = _Slice(rows, start, limit)
    return {
        "_expands": [],
        "size": len(cut.values),
        "start": start,
        "limit": limit,
        "isLastPage": cut.is_last,
        "_links": _desk_links(call, cut),
        "values": cut.values,
    }


def _desk_links(call: Call, cut: _Slice) -> JsonObject:
    links: JsonObject = {
        "base": call.origin,
        "context": "",
        "self": _desk_page_address(call, cut.start, cut.size),
    }
    if not cut.is_last:
        links["next"] = _desk_page_address(call, cut.next_start, cut.size)
    return links


def _desk_page_address(call: Call, start: int, limit: int) -> str:
    return f"{call.origin}{call.path}?start={start}&limit={limit}"
