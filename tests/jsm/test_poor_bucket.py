"""Writing where others use most of what the site grants: the limiter against buckets, in virtual time."""

import random

import pytest

from jsm_sla_bot.plan.change import Urgency
from tests.jsm.crowd import Bucket, Crowd

JOBS = [Urgency.ORDINARY] * 120


def shares(crowd: Crowd) -> tuple[float, float]:
    """Return how much of what the bucket gave was used, and the share of calls that were refused."""
    bucket = crowd.bucket
    granted = bucket.size + bucket.rate * crowd.done[-1][0]
    return len(crowd.done) / granted, crowd.refused / crowd.sent


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.3], ids=lambda each: f"{each} s")
@pytest.mark.parametrize("rate", [10.0, 5.0, 2.5], ids=lambda each: f"{each} a second")
@pytest.mark.parametrize("advice", [1.0, None], ids=["advice", "no advice"])
def test_a_poor_bucket_is_used_and_hardly_ever_asked_in_vain(
    rate: float, seconds: float, advice: float | None
) -> None:
    """At least four fifths of what the bucket gives is used, and less than one call in twenty is refused."""
    crowd = Crowd(Bucket(rate, rate, advice), seconds=seconds)
    crowd.work(JOBS * 4, until=1000)
    used, refused = shares(crowd)
    assert used >= 0.8
    assert refused < 0.05


@pytest.mark.parametrize("rate", [5.0, 2.5])
def test_the_first_hundred_writes_go_well_already(rate: float) -> None:
    """What is borne is found within a few calls: 120 writes take no longer than a fifth more than they have to."""
    crowd = Crowd(Bucket(rate, rate))
    crowd.work(JOBS, until=1000)
    used, refused = shares(crowd)
    assert (len(crowd.done), used >= 0.8, refused < 0.05) == (120, True, True)


@pytest.mark.parametrize("threads", [2, 8, 64])
def test_more_threads_are_no_more_refused(threads: int) -> None:
    """A refusal is learned by one call for all, however many threads there are."""
    crowd = Crowd(Bucket(5.0, 5.0), threads=threads)
    crowd.work(JOBS * 2, until=1000)
    used, refused = shares(crowd)
    assert used >= 0.8
    assert refused < 0.05


def test_a_breach_overtakes_a_queue() -> None:
    """A breach that comes while hundreds of writes queue is written within two seconds."""
    crowd = Crowd(Bucket(2.5, 2.5))
    crowd.at(30.0, lambda: crowd.join(9999, Urgency.BREACH, alone=True))
    crowd.work(JOBS * 3, until=1000)
    [at] = [when for when, urgency in crowd.done if urgency is Urgency.BREACH]
    assert at <= 32


def test_what_others_leave_is_found_again() -> None:
    """When the others stop, the rate grows back to its ceiling within minutes."""
    crowd = Crowd(Bucket(2.5, 2.5))

    def rich() -> None:
        crowd.bucket.rate = crowd.bucket.size = 50.0

    crowd.at(60.0, rich)
    crowd.work(JOBS * 100, until=400)
    last = sum(when > 390 for when, _ in crowd.done)
    assert last >= 0.9 * 10 * 40


def test_others_who_come_and_go_take_no_more_than_they_use() -> None:
    """Beside neighbours who take calls at random most of the rest is used, and little is refused."""
    crowd = Crowd(Bucket(20.0, 20.0))
    chance = random.Random(3)  # noqa: S311 - a simulation

    def neighbour() -> None:
        crowd.bucket.take(crowd.time.now)
        crowd.at(crowd.time.now + chance.expovariate(12.0), neighbour)

    crowd.at(0.0, neighbour)
    crowd.work(JOBS * 10, until=140)
    assert len(crowd.done) >= 0.75 * 8 * 140
    assert crowd.refused / crowd.sent < 0.05


def test_a_queue_costs_next_to_nothing() -> None:
    """Who waits asks a few times for each call, not all the time."""
    crowd = Crowd(Bucket(2.5, 2.5))
    crowd.work(JOBS, until=1000)
    assert crowd.asked / crowd.sent < 4
