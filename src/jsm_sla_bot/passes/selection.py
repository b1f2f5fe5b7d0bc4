"""First step of a pass: which requests it is to look at, and which of them are gone.

The search is late and leaves something out now and then: its absence proves nothing, only a GET does, and not even
that for a whole desk at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from jsm_sla_bot.passes.one_pass import Selected
from jsm_sla_bot.passes.planner import Edition, failure_of
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import (
    Agenda,
    AllowedGone,
    Failure,
    FirstSweep,
    LookedBack,
    Marks,
    PassKind,
    PassLog,
    Scope,
    SeenRequests,
    Vanished,
)
from jsm_sla_bot.ports.site import Clock, Seen, SetAside

OVERLAP = timedelta(minutes=5)
"""How far a *changed* pass looks back behind the watermark: the search index lags."""

FAR_BACK = timedelta(hours=3)
EVERY = timedelta(hours=1)
"""After bulk operations it lags for longer: once an hour a pass looks back further."""

GONE_AFTER = 9
"""So often a request is looked for before it is believed to be gone: it takes most of an hour."""

GONE_AT_ONCE = 5
GONE_SHARE = 0.2
"""More than five requests and a fifth of the open ones are not believed to be gone all at once."""

log = structlog.get_logger()


class Known(Agenda, SeenRequests, PassLog, Marks, Protocol):
    """What a selection needs of the journal: all of it but the intents."""


class Selection:
    """Selects by what the journal knows; keeps nothing itself, so that any pass may ask next to any other."""

    def __init__(self, journal: Known, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def first_sweep_begins(self, edition: Edition, began: datetime) -> None:
        """Remember, where no sweep has completed yet, what the first one owes; `began` is the site's time.

        It owes what was done since the lookback of the *first* try, however often it is cut short.
        """
        if self._journal.watermark() is not None:
            return
        owes = self._owed_since(edition)
        self._journal.remember(FirstSweep(owes, began))

    def changed(self, edition: Edition) -> Selected:
        """Select what was updated since the watermark and not worked through with this `updated` yet.

        Everything, where projects have come into scope. Until a first sweep has completed such a pass looks back no
        further than that sweep's begin, so it may not move the watermark: that would skip what the sweep still owes.
        """
        scope = edition.source.scope()
        known = self._known_scope()
        watermark = self._journal.watermark()
        may_advance = watermark is not None
        if known is not None and scope - known:
            log.info("projects_added", projects=sorted(scope - known))
            return Selected(self._all_open(edition), scope, may_advance)
        if watermark is None:
            since = self._before_a_first_sweep(edition)
            found = edition.source.changed_since(since)
            return Selected(self._unknown(found), scope)
        return self._since(watermark, edition, scope)

    def _since(
        self, watermark: datetime, edition: Edition, scope: frozenset[str]
    ) -> Selected:
        """Select what was updated since the watermark; once an hour look back further."""
        now = self._clock.now()
        is_far = self._is_far_look_owed(now)
        since = watermark - OVERLAP
        if is_far:
            since -= FAR_BACK
        found = edition.source.changed_since(since)
        is_first_look = self._looked_back() is None
        looked_back = now if is_far or is_first_look else None
        ids = self._unknown(found)
        return Selected(ids, scope, may_advance=True, looked_back=looked_back)

    def all_open(self, edition: Edition) -> Selected:
        """Select every request that is open, or was when last seen, or was updated since the watermark."""
        scope = edition.source.scope()
        return Selected(self._all_open(edition), scope, may_advance=True)

    def completed(
        self, selected: Selected, began: datetime, kind: PassKind
    ) -> None:
        """Move the watermark to `began`, the site's time, where all that was selected is applied and it may be moved.

        A watermark that was lost meanwhile is only set by a sweep.
        """
        is_sweep = kind is PassKind.SWEEP
        if not selected.may_advance:
            return
        if not is_sweep and self._journal.watermark() is None:
            return
        self._journal.advance(began)
        if selected.looked_back:
            self._journal.remember(LookedBack(selected.looked_back))
        if (
            selected.scope is not None
            and self._known_scope() != selected.scope
        ):
            self._journal.remember(Scope(selected.scope))

    def let_go(self, gone: Sequence[str]) -> None:
        """Forget requests that are gone, once they have been looked for often enough.

        Not many at once, that would be a lost permission: TerminalError.
        """
        if not gone:
            return
        open_ids = set(self._journal.open_ids())
        missing = open_ids.intersection(gone)
        allowed = self._allowed_gone()
        if len(missing - allowed) > max(
            GONE_AT_ONCE, GONE_SHARE * len(open_ids)
        ):
            message = (
                f"{len(missing)} of {len(open_ids)} open requests can't be seen any more: does our account still have "
                f"its permissions? if they are gone indeed, say so with `jsm-sla-bot allow`"
            )
            self._journal.remember(Vanished(frozenset(missing), message))
            self._look_again([one for one in gone if one not in allowed])
            raise TerminalError(message)
        self._journal.forget(self._gone_for_good(gone, allowed))
        if allowed.intersection(gone):
            self._journal.remember(AllowedGone(allowed.difference(gone)))

    def _gone_for_good(
        self, gone: Sequence[str], allowed: frozenset[str]
    ) -> Sequence[str]:
        """Return those that were missed often enough; the others are set aside, to be looked for again."""
        missed = self._journal.failures_of(gone)
        believed = {
            one for one in missed if missed[one].failures + 1 >= GONE_AFTER
        } | allowed
        self._look_again([one for one in gone if one not in believed])
        return [one for one in gone if one in believed]

    def _look_again(self, ids: Sequence[str]) -> None:
        missed = self._journal.failures_of(ids)
        now = self._clock.now()
        self._journal.set_aside(
            [_unseen(each, missed.get(each), now) for each in ids]
        )

    def _allowed_gone(self) -> frozenset[str]:
        allowed = self._journal.recall(AllowedGone)
        return allowed.ids if allowed else frozenset()

    def _known_scope(self) -> frozenset[str] | None:
        known = self._journal.recall(Scope)
        return known.projects if known else None

    def _all_open(self, edition: Edition) -> Sequence[str]:
        watermark = self._journal.watermark()
        since = watermark - OVERLAP if watermark else self._owed_since(edition)
        found = (
            seen.id for seen in edition.source.open_or_changed_since(since)
        )
        return list(dict.fromkeys([*found, *self._journal.open_ids()]))

    def _owed_since(self, edition: Edition) -> datetime:
        """Return from when on a first sweep owes the requests that are done."""
        lookback = self._clock.now() - edition.rules.lookback
        first = self._journal.recall(FirstSweep)
        return min(first.owes, lookback) if first else lookback

    def _before_a_first_sweep(self, edition: Edition) -> datetime:
        """Return how far a *changed* pass looks back while there is no watermark: to the last begin of a sweep."""
        first = self._journal.recall(FirstSweep)
        return first.began - OVERLAP if first else self._owed_since(edition)

    def _is_far_look_owed(self, now: datetime) -> bool:
        last = self._looked_back()
        if last is None:
            return False
        since = now - last
        return since >= EVERY or since < timedelta(0)

    def _looked_back(self) -> datetime | None:
        last = self._journal.recall(LookedBack)
        return last.at if last else None

    def _unknown(self, seen: Iterable[Seen]) -> Sequence[str]:
        """Leave out what was worked through with this very `updated` already, or waits to be retried."""
        by_id = {one.id: one for one in seen}
        ids = list(by_id)
        known = self._journal.updated_of(ids)
        aside = self._journal.failures_of(ids)
        now = self._clock.now()
        return [
            one.id
            for one in by_id.values()
            if _is_news(one, known.get(one.id))
            and not _waits(one, aside.get(one.id), now)
        ]


def _unseen(identity: str, before: Failure | None, now: datetime) -> Failure:
    """Set aside a request that can't be seen any more, by what the journal knows of it from before."""
    reason = "can't be seen any more: deleted, or hidden from our account"
    if before is None:
        return failure_of(SetAside(identity, identity, reason, now), 1, now)
    aside = SetAside(identity, before.key, reason, before.updated)
    return failure_of(aside, before.failures + 1, now)


def _is_news(seen: Seen, known: datetime | None) -> bool:
    return seen.updated is None or known is None or known < seen.updated


def _waits(seen: Seen, failure: Failure | None, now: datetime) -> bool:
    """Tell whether it is set aside, its time has not come, and nobody has touched it since."""
    if failure is None or failure.retry_at <= now:
        return False
    return (
        seen.updated is None
        or failure.updated is None
        or seen.updated <= failure.updated
    )
