"""Run all benchmarks, or those named first: `python -m benchmarks sync --requests 1000`."""

import sys
from importlib import import_module
from itertools import takewhile

NAMES = ("business_time", "assess", "sync", "review")

named = tuple(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
for name in named or NAMES:
    import_module(f"benchmarks.{name}").main()
