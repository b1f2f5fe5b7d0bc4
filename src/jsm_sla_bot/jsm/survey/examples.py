"""Examples: the newest open request of each project, done ones, and what may be done to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.survey.attempts import attempted
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.decode import edit_meta, held, transitions
from jsm_sla_bot.jsm.survey.seen_requests import (
    WANTED,
    SeenRequest,
    newest,
    not_taken_up,
    of_other_types,
    one_of_each,
    resolved,
    seen_request,
)
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.survey import (
    MovesFacts,
    ProjectFacts,
    Read,
    RequestFacts,
    RequestsFacts,
    Unread,
)

T = TypeVar("T")
Holding = Read[Mapping[str, frozenset[str]]]
"""The ids of the requests on which our account holds each permission."""

_MOST = 100
_FEWEST_OTHERS = 3
"""Open requests of so many further work types are looked at in any case."""
_OPEN_FIRST = "statusCategory != Done"
_DONE_FIRST = "statusCategory = Done"
_TRANSITION = "TRANSITION_ISSUES"


@dataclass(frozen=True, slots=True)
class Examples:
    """Reads them: two or three searches, an edit meta a request, one question about permissions.

    `fields` are the ids of those that matter. `calls_left` tells how many calls may still be made, for all that comes.
    """

    rest: Rest
    calls: SetupCalls
    desk: Desk
    fields: Sequence[str]
    permissions: Sequence[str]
    calls_left: Callable[[], int]

    def read(self, projects: Sequence[ProjectFacts]) -> RequestsFacts:
        """Read those of these projects. Raises as `Rest` does."""
        all_open = self._search(projects, _OPEN_FIRST)
        done = self._search(projects, _DONE_FIRST)
        newest_open = newest(all_open)
        waiting = self._waiting(all_open)
        done_ones = one_of_each(done)
        others = self._of_other_types(projects, all_open, newest_open)
        spent = len(newest_open) + len(waiting) + len(done_ones)
        room = self.calls_left() - spent - len(projects) - 1
        looked_at = others[: max(_FEWEST_OTHERS, room)]
        chosen = [*newest_open.values(), *looked_at, *done_ones]
        holding = self._held([*chosen, *waiting])
        return RequestsFacts(
            open={
                key: self._facts(each, holding)
                for key, each in newest_open.items()
            },
            of_other_types=[self._facts(each, holding) for each in looked_at],
            left_out=[each.key for each in others[len(looked_at) :]],
            moves=[self._moves(each, holding) for each in waiting],
            done={each.key: self._facts(each, holding) for each in done_ones},
            resolved=resolved(done),
        )

    def _search(
        self, projects: Sequence[ProjectFacts], which: str
    ) -> Sequence[SeenRequest]:
        """Return requests, the newest first: a page of them."""
        names = ", ".join(f'"{each.key}"' for each in projects)
        jql = f"project in ({names}) AND {which} ORDER BY updated DESC"
        return list(self._found(jql))

    def _found(self, jql: str) -> Iterator[SeenRequest]:
        wanted = [*WANTED, *self.fields]
        for row in islice(self.rest.search(jql, wanted, _MOST), _MOST):
            found = seen_request(row)
            if found is not None:
                yield found

    def _of_other_types(
        self,
        projects: Sequence[ProjectFacts],
        all_open: Sequence[SeenRequest],
        newest_open: Mapping[str, SeenRequest],
    ) -> Sequence[SeenRequest]:
        """Return open requests of further work types; where the page was full, the rarer ones are searched for."""
        found = list(all_open)
        seen = {each.work_type for each in all_open}
        types = {one.id for each in projects for one in each.work_types}
        if rare := sorted(types - seen) if len(found) >= _MOST else []:
            which = f"issuetype in ({', '.join(rare)}) AND {_OPEN_FIRST}"
            found += self._search(projects, which)
        return of_other_types(found, newest_open.values())

    def _waiting(self, all_open: Sequence[SeenRequest]) -> list[SeenRequest]:
        if self.desk.escalation_status is None:
            return []
        return list(not_taken_up(all_open, self.desk))

    def _held(self, requests: Iterable[SeenRequest]) -> Holding:
        ids = list(dict.fromkeys(each.id for each in requests))
        if not ids:
            return {}
        found = _of_seen(self.calls.permissions, self.permissions, [], ids)
        return found if isinstance(found, Unread) else held(found, "issues")

    def _moves(self, seen: SeenRequest, holding: Holding) -> MovesFacts:
        found = _of_seen(self.calls.transitions, seen.id)
        known = _permissions(seen, holding)
        permitted = frozenset() if isinstance(known, Unread) else known
        return MovesFacts(
            key=seen.key,
            project=seen.project,
            status=seen.status,
            is_permitted=_TRANSITION in permitted,
            offered=found if isinstance(found, Unread) else transitions(found),
        )

    def _facts(self, seen: SeenRequest, holding: Holding) -> RequestFacts:
        meta = _of_seen(self.calls.edit_meta, seen.id)
        return RequestFacts(
            key=seen.key,
            project=seen.project,
            work_type=seen.work_type,
            is_done=seen.is_done,
            has=seen.has,
            settable=meta if isinstance(meta, Unread) else edit_meta(meta),
            permissions=_permissions(seen, holding),
            status=seen.status,
        )


def _permissions(seen: SeenRequest, holding: Holding) -> Read[frozenset[str]]:
    if isinstance(holding, Unread):
        return holding
    return frozenset(
        name for name, requests in holding.items() if seen.id in requests
    )


def _of_seen(ask: Callable[..., T], *arguments: object) -> Read[T]:
    """Return what is asked of a request that was seen: not to be allowed that is a failure."""
    found = attempted(ask, *arguments)
    if isinstance(found, Unread) and found.is_forbidden:
        return Unread(found.why, is_failure=True)
    return found
