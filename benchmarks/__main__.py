"""Run all benchmarks, or those named: `python -m benchmarks business_time`."""

import sys
from importlib import import_module

NAMES = ("business_time", "assess")

for name in sys.argv[1:] or NAMES:
    import_module(f"benchmarks.{name}").main()
