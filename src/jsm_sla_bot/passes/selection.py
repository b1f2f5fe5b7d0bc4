"""First step of a pass: which requests it is to look at, and which of them are gone.

The search is late and leaves something out now and then: its absence proves nothing, only a GET does, and not even
that for a whole desk at once.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import local

import structlog

from jsm_sla_bot.passes.planner import Regime, aside_until
from jsm_sla_bot.ports.journal import Failure, Journal, Mark
from jsm_sla_bot.ports.site import Clock, Seen, TerminalError

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


class Selection:
    """Knows what was seen before. `sweep_began` (server time) is set while a sweep is at work."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self.sweep_began: datetime | None = None
        self._selected = local()
        self._looked_back: datetime | None = None

    def changed(self, regime: Regime) -> Sequence[str]:
        """Return what was updated since the watermark and not worked through with this `updated` yet.

        Where a project is served that was not before, all that is open: its requests may be older than the watermark.
        """
        scope, known = self._select(regime), self._known_scope()
        if known is not None and scope - known:
            log.info("projects_added", projects=sorted(scope - known))
            return self.all_open(regime)
        since, now = self._since(regime), self._clock.now()
        self._looked_back = self._looked_back or now
        if now - self._looked_back >= EVERY:
            since, self._selected.looked_back = since - FAR_BACK, now
        return self._unknown(list(regime.source.changed_since(since)))

    def all_open(self, regime: Regime) -> Sequence[str]:
        """Return every request that is open, or was when last seen, or was updated since the watermark."""
        self._select(regime)
        watermark = self._journal.watermark()
        since = (
            watermark - OVERLAP
            if watermark
            else self._clock.now() - regime.rules.lookback
        )
        found = (seen.id for seen in regime.source.open_or_changed_since(since))
        return list(dict.fromkeys([*found, *self._journal.open_ids()]))

    def covers_all(self) -> bool:
        """Tell whether a *changed* pass that begins now misses nothing: beside a first sweep it does."""
        return self._journal.watermark() is not None or self.sweep_began is None

    def completed(self, regime: Regime) -> None:
        """Remember which projects were covered, now that all that this thread has selected is applied."""
        self._looked_back = self._selected.__dict__.pop(
            "looked_back", self._looked_back
        )
        by, scope = getattr(self._selected, "last", (None, frozenset[str]()))
        self._selected.last = None, scope
        if by is regime and self._known_scope() != scope:
            self._journal.remember(Mark.SCOPE, json.dumps(sorted(scope)))

    def let_go(self, gone: Sequence[str]) -> None:
        """Forget requests that are gone, once they have been looked for often enough.

        Not many at once, that would be a lost permission: TerminalError.
        """
        if not gone:
            return
        open_ids = set(self._journal.open_ids())
        missing, allowed = open_ids.intersection(gone), self._ids(Mark.GONE_ALLOWED)
        if len(missing - allowed) > max(GONE_AT_ONCE, GONE_SHARE * len(open_ids)):
            message = (
                f"{len(missing)} of {len(open_ids)} open requests can't be seen any more: does our account still have "
                f"its permissions? if they are gone indeed, say so with `jsm-sla-bot allow`"
            )
            self._journal.remember(Mark.GONE_IDS, json.dumps(sorted(missing)))
            self._journal.remember(Mark.GONE, message)
            self._look_again([one for one in gone if one not in allowed])
            raise TerminalError(message)
        self._journal.forget(self._gone_for_good(gone, allowed))
        if allowed.intersection(gone):
            self._journal.remember(
                Mark.GONE_ALLOWED, json.dumps(sorted(allowed.difference(gone)))
            )

    def _gone_for_good(self, gone: Sequence[str], allowed: set[str]) -> Sequence[str]:
        """Return those that were missed often enough; the others are set aside, to be looked for again."""
        missed = self._journal.failures_of(gone)
        believed = {
            one for one in missed if missed[one].failures + 1 >= GONE_AFTER
        } | allowed
        self._look_again([one for one in gone if one not in believed])
        return [one for one in gone if one in believed]

    def _look_again(self, ids: Sequence[str]) -> None:
        missed, now = self._journal.failures_of(ids), self._clock.now()
        reason = "can't be seen any more: deleted, or hidden from our account"
        found = [missed.get(one) or Failure(one, one, reason, 0, now) for one in ids]
        self._journal.set_aside(
            [
                aside_until(replace(one, reason=reason), one.failures + 1, now)
                for one in found
            ]
        )

    def _ids(self, mark: Mark) -> set[str]:
        return set(json.loads(self._journal.recall(mark) or "[]"))

    def _known_scope(self) -> frozenset[str] | None:
        known = self._journal.recall(Mark.SCOPE)
        return None if known is None else frozenset(json.loads(known))

    def _select(self, regime: Regime) -> frozenset[str]:
        """Keep for `completed` what was served when this pass was begun: another may begin beside it."""
        scope = regime.source.scope()
        self._selected.last = regime, scope
        return scope

    def _since(self, regime: Regime) -> datetime:
        watermark = self._journal.watermark() or self.sweep_began
        return (
            (watermark - OVERLAP)
            if watermark
            else self._clock.now() - regime.rules.lookback
        )

    def _unknown(self, seen: Iterable[Seen]) -> Sequence[str]:
        """Leave out what was worked through with this very `updated` already, or waits to be retried."""
        by_id = {one.id: one for one in seen}
        known, aside = (
            self._journal.updated_of(list(by_id)),
            self._journal.failures_of(list(by_id)),
        )
        now = self._clock.now()
        return [
            one.id
            for one in by_id.values()
            if _is_news(one, known.get(one.id))
            and not _waits(one, aside.get(one.id), now)
        ]


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
