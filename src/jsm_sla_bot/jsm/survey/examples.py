"""Examples: the newest open request of each project, done ones, and what may be done to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, text
from jsm_sla_bot.jsm.survey.attempts import attempted
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.decode import edit_meta, held
from jsm_sla_bot.ports.survey import (
    Read,
    RequestFacts,
    RequestsFacts,
    Unread,
)

T = TypeVar("T")

_DONE = "done"
_MOST = 100
_MOST_OTHERS = 3
"""Open requests of so many further work types are looked at."""
_MOST_STATUSES = 3
"""Done requests of so many statuses are looked at: each costs a call."""
_OPEN_FIRST = "statusCategory != Done"
_DONE_FIRST = "statusCategory = Done"


@dataclass(frozen=True, slots=True)
class _Seen:
    id: str
    key: str
    project: str
    work_type: str
    status: str
    is_done: bool
    has: frozenset[str]
    has_resolution: bool


def read_examples(
    rest: Rest,
    calls: SetupCalls,
    projects: Sequence[str],
    fields: Sequence[str],
    permissions: Sequence[str],
) -> RequestsFacts:
    """Read them: two searches, an edit meta a request, one question about permissions. Raises as `Rest` does."""
    all_open = list(_search(rest, projects, fields, _OPEN_FIRST))
    newest_open = _newest(all_open)
    others = _of_other_types(all_open, newest_open)
    done = list(_search(rest, projects, fields, _DONE_FIRST))
    done_ones = _one_of_each(done)
    chosen = [*newest_open.values(), *others, *done_ones]
    holding = _held(calls, permissions, [each.id for each in chosen])
    return RequestsFacts(
        open={
            key: _facts(calls, each, holding)
            for key, each in newest_open.items()
        },
        of_other_types=[_facts(calls, each, holding) for each in others],
        done={each.key: _facts(calls, each, holding) for each in done_ones},
        resolved=_resolved(done),
    )


def _search(
    rest: Rest, projects: Sequence[str], fields: Sequence[str], which: str
) -> Iterator[_Seen]:
    """Yield requests, the newest first: a page of them."""
    names = ", ".join(f'"{each}"' for each in projects)
    jql = f"project in ({names}) AND {which} ORDER BY updated DESC"
    wanted = ["project", "issuetype", "status", "resolution", *fields]
    for row, _ in zip(
        rest.search(jql, wanted, _MOST), range(_MOST), strict=False
    ):
        found = _seen(row)
        if found is not None:
            yield found


def _seen(row: JsonObject) -> _Seen | None:
    fields = mapping(row.get("fields"))
    identity = text(row.get("id"))
    project = text(mapping(fields.get("project")).get("key"))
    if identity is None or project is None:
        return None
    status = mapping(fields.get("status"))
    category = mapping(status.get("statusCategory"))
    return _Seen(
        id=identity,
        key=text(row.get("key")) or identity,
        project=project,
        work_type=text(mapping(fields.get("issuetype")).get("id")) or "",
        status=text(status.get("name")) or "",
        is_done=category.get("key") == _DONE,
        has=frozenset(fields),
        has_resolution=bool(mapping(fields.get("resolution"))),
    )


def _newest(found: Iterable[_Seen]) -> Mapping[str, _Seen]:
    newest: dict[str, _Seen] = {}
    for each in found:
        newest.setdefault(each.project, each)
    return newest


def _of_other_types(
    found: Iterable[_Seen], newest: Mapping[str, _Seen]
) -> Sequence[_Seen]:
    """Return the newest of each further work type of a project: its screen may be another."""
    seen = {(each.project, each.work_type) for each in newest.values()}
    others: list[_Seen] = []
    for each in found:
        kind = (each.project, each.work_type)
        if kind not in seen and len(others) < _MOST_OTHERS:
            seen.add(kind)
            others.append(each)
    return others


def _one_of_each(done: Sequence[_Seen]) -> Sequence[_Seen]:
    """Return the newest of each project, and the newest of some statuses that are not among them."""
    found = list(_newest(done).values())
    statuses = {each.status for each in found}
    for each in done:
        if each.status not in statuses and len(statuses) < _MOST_STATUSES:
            statuses.add(each.status)
            found.append(each)
    return found


def _resolved(done: Iterable[_Seen]) -> Mapping[str, bool]:
    found: dict[str, bool] = {}
    for each in done:
        found[each.project] = (
            found.get(each.project, False) or each.has_resolution
        )
    return found


def _held(
    calls: SetupCalls, permissions: Sequence[str], requests: Sequence[str]
) -> Read[Mapping[str, frozenset[str]]]:
    """Return the ids of the requests on which our account holds each permission."""
    if not requests:
        return {}
    rows = _told(calls.permissions, permissions, [], requests)
    return rows if isinstance(rows, Unread) else held(rows, "issues")


def _told(ask: Callable[..., T], *arguments: object) -> Read[T]:
    """Return what is asked of a request that was seen: not to be allowed that is a failure."""
    found = attempted(ask, *arguments)
    if isinstance(found, Unread) and found.is_forbidden:
        return Unread(found.why, is_failure=True)
    return found


def _facts(
    calls: SetupCalls, seen: _Seen, held: Read[Mapping[str, frozenset[str]]]
) -> RequestFacts:
    meta = _told(calls.edit_meta, seen.id)
    settable = meta if isinstance(meta, Unread) else edit_meta(meta)
    permissions: Read[frozenset[str]]
    if isinstance(held, Unread):
        permissions = held
    else:
        permissions = frozenset(
            name for name, requests in held.items() if seen.id in requests
        )
    return RequestFacts(
        key=seen.key,
        project=seen.project,
        work_type=seen.work_type,
        is_done=seen.is_done,
        has=seen.has,
        settable=settable,
        permissions=permissions,
        status=seen.status,
    )
