"""Page tokens: opaque to the caller, bound to the query, good for a week."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from jsm_sandbox.state.json_types import Json

KEPT = 1000
GOOD_FOR = timedelta(days=7)


class Cursors:
    """The tokens handed out, oldest forgotten first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start with none."""
        self._now = now
        self._kept: OrderedDict[str, tuple[datetime, str, Json]] = (
            OrderedDict()
        )
        self._count = 0

    def keep(self, mark: str, place: Json) -> str:
        """Hand out a token for going on after a place in the answer to the query with this mark."""
        token = self._next_token(mark)
        self._kept[token] = (self._now(), mark, place)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return token

    def _next_token(self, mark: str) -> str:
        self._count += 1
        words = f"{mark[:12]}:{self._count}"
        return base64.urlsafe_b64encode(words.encode()).decode()

    def read(self, token: str) -> tuple[str, Json] | None:
        """Give the mark and the place of a token, or nothing for one that is strange or too old."""
        kept = self._kept.get(token)
        if kept is None:
            return None
        since, mark, place = kept
        is_good = self._now() - since < GOOD_FOR
        return (mark, place) if is_good else None
