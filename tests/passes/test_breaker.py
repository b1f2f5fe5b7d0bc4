from datetime import UTC, datetime, timedelta

import pytest

from jsm_sla_bot.passes.breaker import FIRST_REST, Breaker, OutageError
from tests.scenarios.world import Hands


@pytest.fixture
def hands() -> Hands:
    """Give a clock that is moved by hand."""
    return Hands(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def breaker(hands: Hands) -> Breaker:
    """Give a breaker that three failures in a row open."""
    return Breaker(hands, in_a_row=3)


def fail(breaker: Breaker, times: int) -> None:
    """Let so many requests fail."""
    for _ in range(times):
        breaker.failed("503")


def test_single_failures_open_nothing(breaker: Breaker) -> None:
    """A success in between shows that the site is well."""
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    breaker.check()


def test_failures_in_a_row_open_it_until_a_rest_is_over(
    breaker: Breaker, hands: Hands
) -> None:
    """While it is open nothing is tried; after the rest something is."""
    fail(breaker, 3)
    with pytest.raises(OutageError, match="503"):
        breaker.check()
    hands.instant += FIRST_REST
    breaker.check()


def test_after_a_rest_one_failure_opens_it_again_for_longer(
    breaker: Breaker, hands: Hands
) -> None:
    """Half open: one request is enough to see that the site is still down."""
    fail(breaker, 3)
    hands.instant += FIRST_REST
    fail(breaker, 1)
    hands.instant += FIRST_REST + timedelta(seconds=1)
    assert breaker.open_because() is not None
    hands.instant += FIRST_REST
    assert breaker.open_because() is None


def test_one_success_closes_it_for_good(
    breaker: Breaker, hands: Hands
) -> None:
    """After an outage it takes as many failures as before to open it again."""
    fail(breaker, 3)
    hands.instant += FIRST_REST
    breaker.succeeded()
    fail(breaker, 2)
    breaker.check()
