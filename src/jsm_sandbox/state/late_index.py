"""The search index: it goes on showing what was before a change, for as long as the site's index lags."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jsm_sandbox.state.requests import Issue


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the index still shows of a request; nothing if it was not there yet."""

    taken: datetime
    issue: Issue | None


class LateIndex:
    """The requests (by id) as a search sees them. ``lag`` gives the seconds for which a change stays unseen."""

    def __init__(
        self,
        issues: dict[int, Issue],
        now: Callable[[], datetime],
        lag: Callable[[], float],
    ) -> None:
        """Stand next to the requests themselves, which go on changing."""
        self._issues = issues
        self._now = now
        self._lag = lag
        self._shadows: dict[int, list[Shadow]] = {}

    def keep(self, number: int) -> None:
        """Keep a request as it is, before it changes."""
        if self._lag() <= 0:
            return
        before = copy.deepcopy(self._issues.get(number))
        shadow = Shadow(self._now(), before)
        self._shadows.setdefault(number, []).append(shadow)

    def all(self) -> Iterator[Issue]:
        """Go through the requests as the index sees them."""
        if not self._shadows:
            yield from self._issues.values()
            return
        for number in sorted({*self._issues, *self._shadows}):
            view = self.view(number)
            if view is not None:
                yield view

    def view(self, number: int) -> Issue | None:
        """Give a request as it was before the first change that is not indexed yet."""
        shadows = self._shadows.get(number)
        if shadows is None:
            return self._issues.get(number)
        oldest = self._now() - timedelta(seconds=self._lag())
        kept = [each for each in shadows if each.taken > oldest]
        if kept:
            self._shadows[number] = kept
            return kept[0].issue
        del self._shadows[number]
        return self._issues.get(number)
