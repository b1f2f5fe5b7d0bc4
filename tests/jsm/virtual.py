"""Virtual time for real threads: it passes only while all of them wait, and then at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Condition


class Stage:
    """Runs jobs in threads on a clock of their own. Whoever sleeps is woken at its instant, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._changed = Condition()
        self._awake = 0
        self._wakes: list[float] = []

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait until the time has come; it moves on when nobody is awake."""
        with self._changed:
            wake = self.now + seconds
            self._wakes.append(wake)
            self._rest()
            self._changed.wait_for(lambda: self.now >= wake)

    def run(self, jobs: Sequence[Callable[[], object]], threads: int) -> None:
        """Do the jobs, so many at a time, and return when all are done."""
        queue = list(reversed(jobs))

        def work() -> None:
            try:
                while queue:
                    queue.pop()()
            finally:
                with self._changed:
                    self._rest()

        self._awake = threads
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(work) for _ in range(threads)]:
                done.result()

    def _rest(self) -> None:
        """One thread less is awake; the last of them moves the clock, and counts whom it wakes."""
        self._awake -= 1
        if self._awake == 0 and self._wakes:
            self.now = max(self.now, min(self._wakes))
            self._awake = sum(wake <= self.now for wake in self._wakes)
            self._wakes = [wake for wake in self._wakes if wake > self.now]
            self._changed.notify_all()
