"""What is wrong with single projects and ledgers, kept so that ops can see it; it never stops the others.

A project that can't be understood has its requests set aside. A field that a project lacks is absent from its
requests (not empty there) and is refused in an edit, so it is never written.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from jsm_sla_bot.jsm.decode.fields import SiteField
from jsm_sla_bot.ports.site_problems import AbsentField, SiteProblems

_log = structlog.get_logger(__name__)
_MOST = 100_000
"""So many requests are remembered one by one; of more the figure is a lower bound."""


@dataclass(slots=True)
class _Requests:
    """Of one project: which requests lack which fields, and whether any request shows a field of ours."""

    lacking: dict[str, tuple[SiteField, ...]] = field(default_factory=dict)
    has_shown_any: bool = False

    def counts(self) -> dict[SiteField, int]:
        """Return how many requests lack each field."""
        found: dict[SiteField, int] = {}
        for fields in self.lacking.values():
            for each in fields:
                found[each] = found.get(each, 0) + 1
        return found


class ProjectProblems:
    """The problems of each project, by its key. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unserved: dict[str, str] = {}
        self._doubts: dict[tuple[str, str], str] = {}
        self._requests: dict[str, _Requests] = {}
        self._logged: set[tuple[str, str]] = set()
        self._newer: set[str] = set()

    def failed(self, project: str, why: str) -> None:
        """Take note that a project can't be understood."""
        with self._lock:
            if self._unserved.get(project) != why:
                _log.error("project_set_aside", project=project, why=why)
            self._unserved[project] = why

    def is_well(self, project: str) -> None:
        """Take note that a project is understood."""
        with self._lock:
            if self._unserved.pop(project, None):
                _log.info("project_served_again", project=project)

    def doubt(self, project: str, what: str, why: str | None) -> None:
        """Take note of what the bot does without in a project, or (None) that it has it."""
        with self._lock:
            before = self._doubts.pop((project, what), None)
            if why is None:
                return
            if before != why:
                _log.warning(
                    "project_lacks", project=project, what=what, why=why
                )
            self._doubts[project, what] = why

    def seen(
        self,
        project: str,
        request: str,
        lacking: Sequence[SiteField],
        *,
        shows: bool,
    ) -> None:
        """Take note of the fields that a request lacks, and whether it `shows` any field of ours."""
        with self._lock:
            found = self._requests.setdefault(project, _Requests())
            found.has_shown_any |= shows
            if not lacking:
                found.lacking.pop(request, None)
            elif request in found.lacking or len(found.lacking) < _MOST:
                found.lacking[request] = tuple(lacking)
            self._log_absent(project, lacking)

    def newer_ledger(self, request: str, key: str, *, is_newer: bool) -> None:
        """Take note whether a request carries the ledger of a newer version of the bot; logged when it is found."""
        with self._lock:
            if not is_newer:
                self._newer.discard(request)
            elif request not in self._newer:
                self._newer.add(request)
                _log.warning("ledger_of_newer_bot", key=key)

    def gone(self, requests: Iterable[str]) -> None:
        """Forget requests that are not there any more."""
        with self._lock:
            for identity in requests:
                self._newer.discard(identity)
                for found in self._requests.values():
                    found.lacking.pop(identity, None)

    def unserved(self) -> frozenset[str]:
        """Return the keys of the projects that can't be understood."""
        with self._lock:
            return frozenset(self._unserved)

    def all(self) -> SiteProblems:
        """Return everything that is wrong at the moment."""
        with self._lock:
            absent = [
                AbsentField(project, each.name, each.id, count)
                for project, found in sorted(self._requests.items())
                for each, count in found.counts().items()
            ]
            shown = any(
                found.has_shown_any for found in self._requests.values()
            )
            return SiteProblems(
                unserved=dict(self._unserved),
                absent=tuple(absent),
                doubts=tuple(self._doubts.values()),
                is_blind=bool(absent) and not shown,
                newer_ledgers=len(self._newer),
            )

    def _log_absent(self, project: str, lacking: Sequence[SiteField]) -> None:
        for each in lacking:
            if (project, each.id) not in self._logged:
                self._logged.add((project, each.id))
                _log.error(
                    "field_absent",
                    project=project,
                    field=each.name,
                    id=each.id,
                )
