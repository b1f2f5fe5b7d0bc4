"""How every request stands that passes have seen: for figures, never for what is written.

Kept in memory: a restart begins with nothing, and the first sweep looks at every open request and at those done within
the lookback. Any thread may note, forget and ask. Accepted race: what is asked for may be a pass old.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from threading import Lock

from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan.request_state import RequestState, request_state

KEPT_FOR = timedelta(days=7)
"""A request that is done is remembered for so long after its promise was kept or missed."""


class DeskStates:
    """The states of requests by id."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: dict[str, RequestState] = {}

    def note(self, one: Planned, policy: str, now: datetime) -> None:
        """Remember how a request stands at `now` (aware UTC) under the policy with that hash."""
        identity = one.sighting.id
        state = _state(one, policy, now)
        with self._lock:
            if one.sighting.shown.ignored or not _counts(state, now):
                self._states.pop(identity, None)
            else:
                self._states[identity] = state

    def forget(self, ids: Iterable[str]) -> None:
        """Forget requests that are gone, or not ours any more."""
        with self._lock:
            for identity in ids:
                self._states.pop(identity, None)

    def known(self, now: datetime) -> Sequence[RequestState]:
        """Return how requests stand, without those that were done with too long before `now` (aware UTC)."""
        with self._lock:
            over = [
                identity
                for identity, state in self._states.items()
                if not _counts(state, now)
            ]
            for identity in over:
                del self._states[identity]
            return list(self._states.values())


def _state(one: Planned, policy: str, now: datetime) -> RequestState:
    """Return how it stands; a ledger that is doubted counts only as it is written again."""
    sighting = one.sighting
    shown = None if one.doubts else sighting.shown.ledger
    is_open = not sighting.snapshot.status.is_done
    return request_state(
        one.assessment,
        one.plan.ledger or shown,
        policy,
        now,
        is_open=is_open,
    )


def _counts(state: RequestState, now: datetime) -> bool:
    if state.is_open:
        return True
    decided = state.decided_at
    return decided is not None and now - decided <= KEPT_FOR
