"""Page tokens: opaque to the caller, bound to the query, remembered here."""

from __future__ import annotations

import base64
from collections import OrderedDict

from jsm_sandbox.values import Json

KEPT = 1000


class Cursors:
    """The tokens handed out, oldest forgotten first."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[str, tuple[str, Json]] = OrderedDict()
        self._count = 0

    def keep(self, mark: str, place: Json) -> str:
        """Hand out a token for going on after a place in the answer to the query with this mark."""
        self._count += 1
        token = base64.urlsafe_b64encode(f"{mark[:12]}:{self._count}".encode()).decode()
        self._kept[token] = (mark, place)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return token

    def read(self, token: str) -> tuple[str, Json] | None:
        """Give the mark and the place of a token, or nothing for a strange one."""
        return self._kept.get(token)
