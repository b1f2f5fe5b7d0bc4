"""First step of the data's way, second half: everything about some requests, from the database and in bulk.

The search index lags and flickers; `issue/bulkfetch` and `GET issue` do not. One request that cannot be read
is set aside and never keeps the others waiting.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias, TypeVar

import structlog

from jsm_sla_bot.jsm.decode.request import (
    PROPERTIES,
    Head,
    Past,
    Project,
    Site,
    head,
    sighting,
    wanted_members,
)
from jsm_sla_bot.jsm.errors import (
    IdentityError,
    NotFoundError,
    NotSentError,
    RateLimitedError,
    StoppedError,
    TerminalError,
    TransientError,
    UnreadableError,
)
from jsm_sla_bot.jsm.http.rest import PAGE, Rest
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.read.found import Found
from jsm_sla_bot.jsm.read.halves import in_halves
from jsm_sla_bot.jsm.read.listings import Listings
from jsm_sla_bot.ports.site import Fetched

_log = structlog.get_logger(__name__)
_BATCH = 1000
"""As many histories as Jira gives in one call."""
_OF_THE_SITE = (IdentityError, NotSentError, RateLimitedError, StoppedError)
"""What goes wrong here is no matter of one project."""
T = TypeVar("T")
_Rows: TypeAlias = Sequence[JsonObject]


class Gatherer:
    """Reads requests with what is needed of their history. Safe to use from several threads."""

    def __init__(
        self,
        rest: Rest,
        directory: Directory,
        listings: Listings,
        workers: int,
    ) -> None:
        self._rest = rest
        self._directory = directory
        self._listings = listings
        self._workers = workers

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read these requests, by id or key, in bulk. Raises TransientError, TerminalError, IdentityError."""
        found = Found(self._directory.site().desk)
        for batch in _batches(list(dict.fromkeys(ids))):
            self._batch(batch, found)
        return found.fetched()

    def _batch(self, ids: Sequence[str], found: Found) -> None:
        site = self._directory.site()
        served = {key.casefold() for key in self._directory.projects()}
        heads: dict[str, Head] = {}
        for issue in self._issues(ids, site, found):
            request = self._head(issue, served, found)
            if request:
                heads[request.id] = request
        pasts = self._pasts(list(heads.values()), site, found)
        for identity, past in pasts.items():
            self._read(heads[identity], past, site, found)
        self._directory.problems.gone(found.gone)
        unserved = {
            key.casefold() for key in self._directory.problems.unserved()
        }
        if found.unserved and served <= unserved:  # no other one is served
            raise next(iter(found.unserved.values()))

    def _issues(
        self, ids: Sequence[str], site: Site, found: Found
    ) -> Iterator[JsonObject]:
        fields = site.fields.to_read()
        wanted = set(ids)
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            rows_found = list(
                in_halves(part, lambda some: self._bulk(some, fields), found)
            )
            for issue in {
                text(issue.get("id")): issue for issue in rows_found
            }.values():  # of two, the later one
                if asked := wanted & {
                    text(issue.get("id")),
                    text(issue.get("key")),
                }:
                    wanted -= asked
                    yield issue
        for identity in ids:
            if identity in wanted and not found.is_out(identity):
                yield from self._single(identity, fields, found)

    def _bulk(self, ids: Sequence[str], fields: Sequence[str]) -> _Rows:
        """Read these and no others: a row that nobody asked for may be an old one."""
        answer = self._rest.bulk_issues(ids, fields, PROPERTIES)
        issues = rows(mapping(answer).get("issues"))
        asked = set(ids)
        return [each for each in issues if asked & _names(each)]

    def _single(
        self, identity: str, fields: Sequence[str], found: Found
    ) -> _Rows:
        """Look for a request that the bulk answer left out; absence there proves nothing."""
        try:
            issue = self._rest.issue(identity, fields, PROPERTIES)
            if text(issue.get("id")) == identity or not identity.isdigit():
                return [issue]
            found.leave(identity, "the answer is not about this request")
        except NotFoundError:
            found.gone.append(identity)
        except StoppedError:
            raise
        except TransientError as error:
            found.leave(identity, str(error))
        return []

    def _head(
        self, issue: JsonObject, served: set[str], found: Found
    ) -> Head | None:
        identity = text(issue.get("id")) or ""
        found.issues[identity] = issue
        try:
            request = head(issue)
        except Exception as error:  # noqa: BLE001 - whatever one answer does to us, the others go on
            found.leave(identity, _reason(error))
            return None
        if request.project_key.casefold() not in served:
            found.left.append(identity)
            return None
        problems = self._directory.problems
        is_newer = request.is_ledger_newer
        problems.newer_ledger(request.id, request.key, is_newer=is_newer)
        if request.ledger_problem and not is_newer:
            _log.warning(
                "jira_ledger_unreadable",
                key=request.key,
                why=request.ledger_problem,
            )
        return request

    def _pasts(
        self, heads: Sequence[Head], site: Site, found: Found
    ) -> dict[str, Past]:
        """Fetch the history of all, settled or not: it tells whether a request still is (D14)."""
        changes = self._changes([request.id for request in heads], site, found)
        readable = [
            request for request in heads if not found.is_out(request.id)
        ]
        return {
            request.id: Past(changes.get(request.id, ()), comments)
            for request, comments in self._comments(readable, found)
        }

    def _changes(
        self, ids: Sequence[str], site: Site, found: Found
    ) -> Mapping[str, _Rows]:
        fields = site.fields.to_follow()
        changes: dict[str, list[JsonObject]] = {}

        def ask(part: Sequence[str]) -> _Rows:
            return list(self._rest.bulk_changes(part, fields))

        for log in in_halves(ids, ask, found):
            changes.setdefault(text(log.get("issueId")) or "", []).extend(
                rows(log.get("changeHistories"))
            )
        return changes

    def _comments(
        self, heads: Sequence[Head], found: Found
    ) -> Iterator[tuple[Head, _Rows]]:
        lacking = [request for request in heads if request.comments is None]
        fetched: dict[str, _Rows | TransientError | NotFoundError] = {}
        if lacking:
            with ThreadPoolExecutor(min(self._workers, len(lacking))) as pool:
                fetched = dict(
                    zip(
                        (each.id for each in lacking),
                        pool.map(self._listed, lacking),
                        strict=True,
                    )
                )
        for request in heads:
            answer = (
                fetched.get(request.id)
                if request.comments is None
                else request.comments
            )
            match answer:
                case NotFoundError():
                    found.gone.append(request.id)
                case TransientError():
                    found.leave(request.id, str(answer))
                case _:
                    yield request, answer or ()

    def _listed(self, request: Head) -> _Rows | TransientError | NotFoundError:
        try:
            return self._listings.comments(request.id)
        except StoppedError:
            raise
        except (TransientError, NotFoundError) as error:
            return error

    def _read(
        self, request: Head, past: Past, site: Site, found: Found
    ) -> None:
        project = self._project(request, found)
        if project is None:
            found.leave(request.id, str(found.unserved[request.project_key]))
            return
        try:
            organizations = wanted_members(request, past, site, project)
            if organizations:
                members = self._directory.members(organizations)
                past = replace(past, members=members)
            read = sighting(request, past, site, project)
        except _OF_THE_SITE:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one answer does to us, the others go on
            found.leave(request.id, _reason(error))
            return
        found.sightings[request.id] = read
        if not read.shown.ignored:
            outputs = site.fields.outputs
            lacking = [
                outputs[name] for name in outputs if name in read.shown.absent
            ]
            shows = bool(read.shown.fields)
            problems = self._directory.problems
            problems.seen(
                request.project_key, request.id, lacking, shows=shows
            )

    def _project(self, request: Head, found: Found) -> Project | None:
        """Look up a request's project, one that fails once in a fetch: None where it can't be understood."""
        key = request.project_key
        if key in found.unserved:
            return None
        try:
            project = self._directory.project(
                key, request.project_id, request.id
            )
        except _OF_THE_SITE:
            raise
        except (TerminalError, TransientError) as error:
            found.unserved[key] = error
            self._directory.problems.failed(key, str(error))
            return None
        self._directory.problems.is_well(key)
        return project


def _reason(error: Exception) -> str:
    """Return why a request is set aside. Only our own sentences are sure to quote nothing of the answer."""
    if isinstance(error, UnreadableError):
        return str(error)
    return f"can't be read: unexpected {type(error).__name__}"


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the ids in the portions that are read at a time."""
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _names(issue: JsonObject) -> set[str | None]:
    """Return the names by which a request may have been asked for."""
    return {text(issue.get("id")), text(issue.get("key"))}
