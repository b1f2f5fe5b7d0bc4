"""First step of a pass: which requests it is to look at, and which of them are gone.

The search is late and leaves something out now and then: its absence proves nothing, only a GET does, and not even
that for a whole desk at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from jsm_sla_bot.planner import Regime
from jsm_sla_bot.ports import Clock, Journal, Mark, Seen, TerminalError

OVERLAP = timedelta(minutes=5)
"""How far a *changed* pass looks back behind the watermark: the search index lags."""

GONE_AT_ONCE = 5
GONE_SHARE = 0.2
"""More than five requests and a fifth of the open ones are not believed to be gone all at once."""


class Selection:
    """Knows what was seen before. `sweep_began` (server time) is set while a sweep is at work."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self.sweep_began: datetime | None = None

    def changed(self, regime: Regime) -> Sequence[str]:
        """Return what was updated since the watermark and not worked through with this `updated` yet."""
        return self._unknown(list(regime.source.changed_since(self._since(regime))))

    def all_open(self, regime: Regime) -> Sequence[str]:
        """Return every request that is open, or was when last seen, or was updated since the watermark."""
        found = (seen.id for seen in regime.source.open_or_changed_since(self._since(regime)))
        return list(dict.fromkeys([*found, *self._journal.open_ids()]))

    def covers_all(self) -> bool:
        """Tell whether a *changed* pass that begins now misses nothing: beside a first sweep it does."""
        return self._journal.watermark() is not None or self.sweep_began is None

    def let_go(self, gone: Sequence[str]) -> None:
        """Forget requests that are gone; not all at once, that would be a lost permission: TerminalError."""
        if not gone:
            return
        open_ids = set(self._journal.open_ids())
        missing = len(open_ids.intersection(gone))
        if missing > max(GONE_AT_ONCE, GONE_SHARE * len(open_ids)) and not self._journal.recall(Mark.GONE_ALLOWED):
            message = (
                f"{missing} of {len(open_ids)} open requests can't be seen any more: does our account still have "
                f"its permissions? if they are gone indeed, say so with `jsm-sla-bot allow`"
            )
            self._journal.remember(Mark.GONE, message)
            raise TerminalError(message)
        self._journal.forget(gone)
        for mark in (Mark.GONE, Mark.GONE_ALLOWED):
            if self._journal.recall(mark):
                self._journal.remember(mark, "")

    def _since(self, regime: Regime) -> datetime:
        watermark = self._journal.watermark() or self.sweep_began
        return (watermark - OVERLAP) if watermark else self._clock.now() - regime.rules.lookback

    def _unknown(self, seen: Iterable[Seen]) -> Sequence[str]:
        """Leave out what was worked through with this very `updated` already, or waits to be retried."""
        by_id = {one.id: one.updated for one in seen}
        known, aside = self._journal.updated_of(list(by_id)), self._journal.failures_of(list(by_id))
        now = self._clock.now()
        return [
            one
            for one, updated in by_id.items()
            if (updated is None or known.get(one) is None or known[one] < updated)
            and not (one in aside and aside[one].retry_at > now)
        ]
