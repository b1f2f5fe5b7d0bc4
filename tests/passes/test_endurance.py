"""Many passes: memory stays flat, and nothing is left open at the end."""

import gc
import threading
import tracemalloc
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from jsm_sla_bot.app import Bot
from tests.scenarios.world import World

STRETCHES = 3
PASSES = 20
MOST_BYTES = 20_000
"""A thousand bytes a pass: less than the smallest request that a pass could keep."""


@pytest.mark.slow
def test_memory_is_flat_over_many_passes(desk: World) -> None:
    """After the first passes have warmed up, further ones leave next to nothing behind.

    What leaks grows in every stretch. A table of the interpreter's that has to get larger does it in one of them.
    """
    for _ in range(20):
        desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot(LOG_LEVEL="ERROR") as made:
        made.reconciler.sweep()
        tracemalloc.start()
        seen = [
            _memory_after(PASSES, made, desk) for _ in range(1 + STRETCHES)
        ]
        tracemalloc.stop()
    assert min(after - before for before, after in pairwise(seen)) < MOST_BYTES


def _memory_after(passes: int, made: Bot, desk: World) -> int:
    """Let some passes go by; return the bytes that Python has asked for and not given back."""
    for _ in range(passes):
        desk.wait(minutes=1)
        made.reported(made.reconciler.changed())
    desk.forget_calls()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="counts what Linux lists"
)
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
