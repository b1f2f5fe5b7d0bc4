"""Many passes: memory stays flat, and nothing is left open at the end."""

import gc
import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from tests.scenarios.world import World

PASSES = 60
MOST_BYTES = 200_000


@pytest.mark.slow
def test_memory_is_flat_over_many_passes(desk: World) -> None:
    """After the first passes have warmed up, further ones leave next to nothing behind."""
    for _ in range(20):
        desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot(LOG_LEVEL="ERROR") as made:
        made.reconciler.sweep()
        for _ in range(10):
            made.reported(made.reconciler.changed())
        desk.forget_calls()
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(PASSES):
            desk.wait(minutes=1)
            made.reported(made.reconciler.changed())
        desk.forget_calls()
        desk.naps.clear()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
    assert grown < MOST_BYTES


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what Linux lists")
def test_nothing_is_left_open(desk: World) -> None:
    """A bot that was taken apart leaves no thread, socket or file of its own."""
    desk.tracker.raise_request(organization=12, severity=3)
    desk.sweep()
    gc.collect()
    threads, files = set(threading.enumerate()), _ours()
    desk.sweep()
    gc.collect()
    assert set(threading.enumerate()) <= threads
    assert _ours() <= files


def _ours() -> int:
    """Count the files of the journal that are open."""
    count = 0
    for name in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them is gone by now
            count += "journal.db" in str(name.readlink())
    return count
