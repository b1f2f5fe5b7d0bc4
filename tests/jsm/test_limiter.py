from concurrent.futures import ThreadPoolExecutor

import pytest

from jsm_sla_bot.jsm.http.limiter import BURST, PER_REQUEST, RATES, Limiter, Rates
from jsm_sla_bot.jsm.http.response import Call
from tests.jsm.scene import Scene, Time

GET = Call("GET", "/rest/api/3/myself")
SEARCH = Call("POST", "/rest/api/3/search/jql")


def put(request: int) -> Call:
    """Return a write to a request."""
    return Call("PUT", f"/rest/api/3/issue/{request}")


@pytest.fixture
def limiter(time: Time) -> Limiter:
    """Give a limiter on a clock that only waiting moves."""
    return Limiter(Rates(), time.monotonic)


def test_a_few_calls_wait_for_nothing(limiter: Limiter) -> None:
    """After a quiet time a handful of calls goes at once."""
    assert [limiter.wait_for(GET) for _ in range(BURST)] == [0.0] * BURST


@pytest.mark.parametrize(
    "call", [GET, SEARCH, put(1), Call("DELETE", "/rest/api/3/issue/1/comment/2")]
)
def test_many_calls_keep_below_the_limit(call: Call, time: Time) -> None:
    """In any one second an endpoint gets no more calls than its rate and the burst."""
    limiter = Limiter(Rates(per_request=((10_000, 2.0),)), time.monotonic)
    instants = []
    for _ in range(500):
        time.now += limiter.wait_for(call)
        instants.append(time.now)
    most = max(
        sum(start <= each < start + 1 for each in instants) for start in instants
    )
    assert most <= RATES[call.method] + BURST + 1
    assert time.now == pytest.approx((500 - BURST) / RATES[call.method], rel=0.05)


def test_one_endpoint_does_not_wait_for_another(limiter: Limiter) -> None:
    """The limiter counts by endpoint and method: a queue before one leaves the others free."""
    for _ in range(200):
        limiter.wait_for(SEARCH)
    assert limiter.wait_for(SEARCH) > 1
    assert limiter.wait_for(GET) == 0


def test_requests_share_the_limit_of_their_endpoint(limiter: Limiter) -> None:
    """Writes to different requests are calls to one endpoint."""
    waits = [limiter.wait_for(put(number)) for number in range(100)]
    assert waits[-1] == pytest.approx((100 - 1 - BURST) / RATES["PUT"], rel=0.05)


def test_writes_to_one_request_are_spaced(time: Time) -> None:
    """In no two and no thirty seconds does one request get more writes than allowed."""
    limiter = Limiter(Rates(per_second={"PUT": 1000.0}), time.monotonic)
    instants = []
    for _ in range(200):
        time.now += limiter.wait_for(put(7))
        instants.append(time.now)
    for most, span in PER_REQUEST:
        assert all(
            later - earlier >= span - 1e-6
            for earlier, later in zip(instants, instants[most:], strict=False)
        )


def test_reading_a_request_is_no_write(limiter: Limiter) -> None:
    """Reads of one request count for the endpoint only."""
    assert Call("GET", "/rest/api/3/issue/7").has_effect_on is None
    assert Call("POST", "/rest/api/3/issue/bulkfetch").has_effect_on is None
    assert (
        put(7).has_effect_on
        == Call("POST", "/rest/api/3/issue/7/comment").has_effect_on
        == "7"
    )


def test_it_forgets_requests_that_were_left_alone(time: Time) -> None:
    """A hundred thousand requests leave no hundred thousand memories."""
    limiter = Limiter(Rates(per_second={"PUT": 1e6}), time.monotonic)
    for number in range(5000):
        time.now += 0.1
        limiter.wait_for(put(number))
    assert len(limiter._requests) <= 1001


def test_threads_share_it(time: Time) -> None:
    """Every call is counted, whichever thread it comes from."""
    limiter = Limiter(Rates(), time.monotonic)
    with ThreadPoolExecutor(8) as pool:
        waits = sorted(pool.map(lambda _: limiter.wait_for(SEARCH), range(800)))
    assert waits[-1] == pytest.approx((799 - BURST) / RATES["POST"])
    assert limiter.lanes()[SEARCH.endpoint].calls == 800


def test_hanging_up_ends_a_call_that_hangs(scene: Scene) -> None:
    """A site that never answers cannot hold up the end: its call ends with an error at once."""
    key = scene.tracker.raise_request()
    scene.one(key)
    scene.trouble("issue/bulkfetch", "timeout", times=0)
    connection = scene.opened[0]
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(scene.source.fetch, [key])
        while not scene.tracker.faults.orders[-1].hits:
            pass
        connection.abort()
        assert asked.exception(timeout=20) is not None
