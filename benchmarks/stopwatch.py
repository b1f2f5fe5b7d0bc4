"""Times a call: the best of several rounds in this process's own time; the collector rests, as under `timeit`."""

import gc
from collections.abc import Callable
from time import process_time

ROUNDS = 15
A_ROUND = 0.02


def seconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return how long one call takes when nothing else gets in its way."""
    gc.collect()
    gc.disable()
    try:
        times = 1
        while (spent := _spent(call, times)) < A_ROUND:
            times *= max(2, min(10, int(A_ROUND / max(spent, 1e-9))))
        return min(_spent(call, times) for _ in range(rounds)) / times
    finally:
        gc.enable()


def tell(line: str) -> None:
    """Print a line of the answer, at once."""
    print(line, flush=True)  # noqa: T201 - its figures are what a benchmark is for


def _spent(call: Callable[[], object], times: int) -> float:
    again = range(times)
    begun = process_time()
    for _ in again:
        call()
    return process_time() - begun
