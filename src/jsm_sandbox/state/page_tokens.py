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
        self._count += 1
        token = base64.urlsafe_b64encode(
            f"{mark[:12]}:{self._count}".encode()
        ).decode()
        self._kept[token] = (self._now(), mark, place)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return token

    def read(self, token: str) -> tuple[str, Json] | None:
        """Give the mark and the place of a token, or nothing for one that is strange or too old."""
        since, mark, place = self._kept.get(token, (None, "", None))
        return (
            (mark, place) if since and self._now() - since < GOOD_FOR else None
        )
