"""How long to wait after a failure: twice as long each time, up to a limit. The rule is the same for every room."""

from datetime import timedelta
from typing import TypeVar

MOST_DOUBLINGS = 16
"""No wait is doubled more often: the limit is reached long before, and a large power fits no timedelta."""

Wait = TypeVar("Wait", float, timedelta)


def backoff(first: Wait, longest: Wait, failures_before: int) -> Wait:
    """Return the wait after one more failure: `first`, doubled once for each failure before, `longest` at most.

    In seconds, or in whatever unit both limits are given in.
    """
    doublings = min(failures_before, MOST_DOUBLINGS)
    return min(first * (1 << doublings), longest)
