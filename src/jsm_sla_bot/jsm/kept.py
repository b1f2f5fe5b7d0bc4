"""What was read of the site a short while ago, so that it is not asked for again with each request."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Fact:
    value: Any
    at: float


class Kept:
    """Facts by name, each kept for `lifetime` seconds of `monotonic`. Safe to use from several threads."""

    def __init__(
        self, monotonic: Callable[[], float], lifetime: float
    ) -> None:
        self._monotonic = monotonic
        self._lifetime = lifetime
        self._lock = threading.RLock()
        self._facts: dict[str, _Fact] = {}

    def get(self, name: str, read: Callable[[], T]) -> T:
        """Return a fact, read again once it is too old; raises what `read` raises."""
        with self._lock:
            fact = self._facts.get(name)
            if fact is None or self._is_old(fact):
                return self.put(name, read())
            value: T = fact.value
            return value

    def put(self, name: str, value: T) -> T:
        """Keep a fact from now on."""
        with self._lock:
            self._facts[name] = _Fact(value, self._monotonic())
        return value

    def last(self, name: str, default: T) -> T:
        """Return a fact as it was last kept, be it too old."""
        with self._lock:
            fact = self._facts.get(name)
            value: T = fact.value if fact else default
            return value

    def _is_old(self, fact: _Fact) -> bool:
        return self._monotonic() - fact.at >= self._lifetime
