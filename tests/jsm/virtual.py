"""Virtual time for real threads: one runs at a time, and time passes while all wait, so that every run is alike."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count
from threading import Condition
from typing import TypeAlias

Turn: TypeAlias = tuple[float, int]
"""When a thread runs next; among those of one instant who asked first."""


class Stage:
    """Runs jobs in threads on a clock of their own. Whoever sleeps is woken at its instant, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._changed = Condition()
        self._asked = count()
        self._waiting: list[Turn] = []
        self._running: Turn | None = None

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait until the time has come, and those before have run."""
        with self._changed:
            turn = self._turn_in(seconds)
            self._hand_over()
            self._changed.wait_for(lambda: self._running == turn)

    def run(self, jobs: Sequence[Callable[[], object]], threads: int) -> None:
        """Do the jobs, so many at a time, and return when all are done."""
        queue = list(reversed(jobs))

        def work(first: Turn) -> None:
            with self._changed:
                self._changed.wait_for(lambda: self._running == first)
            try:
                while queue:
                    queue.pop()()
            finally:
                with self._changed:
                    self._hand_over()

        turns = [self._turn_in(0.0) for _ in range(threads)]
        with ThreadPoolExecutor(threads) as pool:
            workers = [pool.submit(work, turn) for turn in turns]
            with self._changed:
                self._hand_over()
            for done in workers:
                done.result()

    def _turn_in(self, seconds: float) -> Turn:
        turn = (self.now + seconds, next(self._asked))
        heappush(self._waiting, turn)
        return turn

    def _hand_over(self) -> None:
        """Let the next one run: the clock moves to its instant."""
        self._running = heappop(self._waiting) if self._waiting else None
        if self._running is not None:
            self.now = max(self.now, self._running[0])
        self._changed.notify_all()
