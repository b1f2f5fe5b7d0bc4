"""Requests as two searches show them, and which of them are worth a closer look. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jsm_sla_bot.jsm.json_values import JsonObject, mapping, text
from jsm_sla_bot.ports.site import Desk

_DONE = "done"
_MOST_STATUSES = 3
"""Done requests of so many statuses are looked at: each costs a call."""

WANTED = ("project", "issuetype", "status", "resolution", "created")
"""The fields that a search is asked for."""


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as a search shows it. `created` is the site's text: good for comparing, of one zone."""

    id: str
    key: str
    project: str
    work_type: str
    status: str
    status_id: str
    is_done: bool
    has: frozenset[str]
    has_resolution: bool
    created: str


def seen_request(row: JsonObject) -> SeenRequest | None:
    """Read a row of a search; one without id or project is none."""
    fields = mapping(row.get("fields"))
    identity = text(row.get("id"))
    project = text(mapping(fields.get("project")).get("key"))
    if identity is None or project is None:
        return None
    status = mapping(fields.get("status"))
    category = mapping(status.get("statusCategory"))
    return SeenRequest(
        id=identity,
        key=text(row.get("key")) or identity,
        project=project,
        work_type=text(mapping(fields.get("issuetype")).get("id")) or "",
        status=text(status.get("name")) or "",
        status_id=text(status.get("id")) or "",
        is_done=category.get("key") == _DONE,
        has=frozenset(fields),
        has_resolution=bool(mapping(fields.get("resolution"))),
        created=text(fields.get("created")) or "",
    )


def newest(found: Iterable[SeenRequest]) -> Mapping[str, SeenRequest]:
    """Return the first of each project, by its key: searches give the newest first."""
    first: dict[str, SeenRequest] = {}
    for each in found:
        first.setdefault(each.project, each)
    return first


def of_other_types(
    found: Iterable[SeenRequest], known: Iterable[SeenRequest]
) -> Sequence[SeenRequest]:
    """Return the newest of each further work type of a project: its screen may be another."""
    seen = {(each.project, each.work_type) for each in known}
    others: list[SeenRequest] = []
    for each in found:
        kind = (each.project, each.work_type)
        if kind not in seen:
            seen.add(kind)
            others.append(each)
    return others


def one_of_each(done: Sequence[SeenRequest]) -> Sequence[SeenRequest]:
    """Return the newest of each project, and the newest of some statuses that are not among them."""
    found = list(newest(done).values())
    statuses = {each.status for each in found}
    for each in done:
        if each.status not in statuses and len(statuses) < _MOST_STATUSES:
            statuses.add(each.status)
            found.append(each)
    return found


def resolved(done: Iterable[SeenRequest]) -> Mapping[str, bool]:
    """Return whether any done request carries a resolution, by project."""
    found: dict[str, bool] = {}
    for each in done:
        before = found.get(each.project, False)
        found[each.project] = before or each.has_resolution
    return found


def not_taken_up(
    found: Iterable[SeenRequest], desk: Desk
) -> Sequence[SeenRequest]:
    """Return the youngest request of each project that nobody has taken up: such a one would be escalated."""
    named = (*desk.statuses, *desk.waiting, desk.escalation_status or "")
    taken_up = {each.strip().casefold() for each in named}
    youngest = sorted(found, key=lambda each: each.created, reverse=True)
    waiting = [
        each
        for each in youngest
        if not {each.status.casefold(), each.status_id} & taken_up
    ]
    return [*newest(waiting).values()]
