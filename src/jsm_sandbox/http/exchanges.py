"""Who looks over the sandbox's shoulder: every request and its answer, handed on as they were on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and its answer. ``path`` is the site's own: without the gateway's prefix, in version 3.

    ``status`` 0: the caller got no answer. ``trouble`` names the fault that was ordered for the call.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    agent: str
    sent: bytes
    status: int = 0
    answered: bytes = b""
    trouble: str | None = None


Observer: TypeAlias = Callable[[Exchange], None]
observers: list[Observer] = []
"""Called after each answer, in the server's thread: quick, and without an error."""


def observed(exchange: Exchange) -> None:
    """Hand an exchange to everybody who looks on."""
    for each in observers:
        each(exchange)
