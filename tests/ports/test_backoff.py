"""How long to wait after the first failure, the second, the hundredth."""

from datetime import timedelta

import pytest

from jsm_sla_bot.ports.backoff import backoff


@pytest.mark.parametrize(
    ("failures_before", "seconds"),
    [(0, 10), (1, 20), (2, 40), (5, 320), (6, 600), (1_000_000, 600)],
)
def test_waits_double_up_to_a_limit(
    failures_before: int, seconds: int
) -> None:
    """Each wait is twice the one before, until the longest; no number of failures is too many."""
    longest = timedelta(minutes=10)
    wait = backoff(timedelta(seconds=10), longest, failures_before)
    assert wait == timedelta(seconds=seconds)
    assert backoff(10.0, 600.0, failures_before) == seconds


def test_a_first_wait_beyond_the_longest_is_cut() -> None:
    """Who polls once an hour still tries again after the longest wait."""
    assert backoff(timedelta(hours=1), timedelta(minutes=10), 0) == timedelta(
        minutes=10
    )
