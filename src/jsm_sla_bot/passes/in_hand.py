"""Which requests a *due* pass has in hand, so that another one leaves them to it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock


class InHand:
    """Safe to use from several passes at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ids: set[str] = set()

    @contextmanager
    def taken(
        self, read: Callable[[], Iterable[str]]
    ) -> Iterator[Sequence[str]]:
        """Take those of the requests read that nobody else has in hand, for as long as the context lasts.

        They are read while nobody else takes any: what another one has just done is not among them any more.
        """
        mine = self._take(read)
        try:
            yield mine
        finally:
            with self._lock:
                self._ids.difference_update(mine)

    def _take(self, read: Callable[[], Iterable[str]]) -> Sequence[str]:
        with self._lock:
            mine = [each for each in read() if each not in self._ids]
            self._ids.update(mine)
            return mine
