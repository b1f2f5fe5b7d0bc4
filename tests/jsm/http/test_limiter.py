import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from jsm_sla_bot.jsm.http.limiter import (
    BURST,
    PER_REQUEST,
    RATES,
    Limiter,
    Rates,
)
from jsm_sla_bot.jsm.http.response import Call
from tests.jsm.scene import Scene, Time

GET = Call("GET", "/rest/api/3/myself")
SEARCH = Call("POST", "/rest/api/3/search/jql")


def put(request: int) -> Call:
    """Return a write to a request."""
    return Call("PUT", f"/rest/api/3/issue/{request}")


def made(limiter: Limiter, time: Time, call: Call) -> float:
    """Make a call that Jira takes, waiting for its turn; return when that was."""
    ticket = limiter.queue(call)
    while wait := limiter.wait_for(ticket):
        time.sleep(wait)
    limiter.accepted(ticket)
    limiter.leave(ticket)
    return time.now


@pytest.fixture
def limiter(time: Time) -> Limiter:
    """Give a limiter on a clock that only waiting moves."""
    return Limiter(Rates(), time.monotonic)


def test_a_few_calls_wait_for_nothing(limiter: Limiter, time: Time) -> None:
    """After a quiet time a handful of calls goes at once."""
    assert [made(limiter, time, GET) for _ in range(BURST)] == [0.0] * BURST


@pytest.mark.parametrize(
    "call",
    [GET, SEARCH, put(1), Call("DELETE", "/rest/api/3/issue/1/comment/2")],
)
def test_many_calls_keep_below_the_limit(call: Call, time: Time) -> None:
    """In any one second an endpoint gets no more calls than its rate and the burst, and in the end its whole rate."""
    limiter = Limiter(Rates(per_request=((10_000, 2.0),)), time.monotonic)
    instants = [made(limiter, time, call) for _ in range(800)]
    most = max(
        sum(start <= each < start + 1 for each in instants)
        for start in instants
    )
    assert most <= RATES[call.method] + BURST + 1
    assert instants[799] - instants[399] == pytest.approx(
        400 / RATES[call.method], rel=0.05
    )


def test_one_endpoint_does_not_wait_for_another(
    limiter: Limiter, time: Time
) -> None:
    """The limiter counts by endpoint and method: a queue before one leaves the others free."""
    queued = [limiter.queue(SEARCH) for _ in range(200)]
    waits = [limiter.wait_for(ticket) for ticket in queued]
    assert waits[-1] > 1
    assert made(limiter, time, GET) == 0


def test_requests_share_the_limit_of_their_endpoint(
    limiter: Limiter, time: Time
) -> None:
    """Writes to different requests are calls to one endpoint."""
    instants = [made(limiter, time, put(number)) for number in range(800)]
    assert instants[-1] - instants[399] == pytest.approx(
        400 / RATES["PUT"], rel=0.05
    )


def test_writes_to_one_request_are_spaced(time: Time) -> None:
    """In no two and no thirty seconds does one request get more writes than allowed."""
    limiter = Limiter(Rates(per_second={"PUT": 1000.0}), time.monotonic)
    instants = [made(limiter, time, put(7)) for _ in range(200)]
    for most, span in PER_REQUEST:
        assert all(
            later - earlier >= span - 1e-6
            for earlier, later in zip(instants, instants[most:], strict=False)
        )


def test_who_waits_for_one_request_keeps_no_other_waiting(time: Time) -> None:
    """A request that has had all its writes does not stand in the queue of the endpoint."""
    limiter = Limiter(Rates(per_second={"PUT": 1000.0}), time.monotonic)
    for _ in range(PER_REQUEST[0][0]):
        made(limiter, time, put(7))
    assert limiter.wait_for(limiter.queue(put(7))) > 0
    time.sleep(0.3)
    assert limiter.wait_for(limiter.queue(put(8))) == 0


def test_reading_a_request_is_no_write() -> None:
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

    def write_to(requests: range) -> int:
        """Write once to each request; return the bytes that are held then."""
        for number in requests:
            time.now += 0.1
            made(limiter, time, put(number))
        held, _ = tracemalloc.get_traced_memory()
        return held

    tracemalloc.start()
    try:
        few = write_to(range(2000))
        many = write_to(range(2000, 12000))
    finally:
        tracemalloc.stop()
    assert many < 2 * few


def test_threads_share_it(limiter: Limiter) -> None:
    """Every call is counted, whichever thread it comes from."""
    with ThreadPoolExecutor(8) as pool:
        tickets = list(pool.map(lambda _: limiter.queue(SEARCH), range(800)))
        waits = sorted(pool.map(limiter.wait_for, tickets))
    assert waits[-1] == pytest.approx(800 / RATES["POST"], rel=0.05)
    assert limiter.lanes()[SEARCH.endpoint].calls == sum(
        wait == 0 for wait in waits
    )


def test_an_endpoint_that_refuses_is_probed_by_one_call(
    limiter: Limiter, time: Time
) -> None:
    """After a 429 nobody calls until its time is over; then one does, and the others follow when it was taken."""
    first = limiter.queue(put(1))
    assert limiter.wait_for(first) == 0
    limiter.refused(first, 5.0)
    limiter.leave(first)
    others = [first, *(limiter.queue(put(number)) for number in range(2, 9))]
    assert all(limiter.wait_for(each) >= 5 for each in others)
    time.sleep(5)
    assert [limiter.wait_for(each) == 0 for each in others] == [
        True,
        *[False] * 7,
    ]
    time.sleep(10)
    assert not any(limiter.wait_for(each) == 0 for each in others[1:])
    limiter.accepted(first)
    assert [limiter.wait_for(each) == 0 for each in others[1:]].count(
        True
    ) == 1


def test_refused_probes_come_less_and_less_often(
    limiter: Limiter, time: Time
) -> None:
    """Without advice the endpoint stays closed for a second, two, four, and half a minute at most."""
    ticket = limiter.queue(put(1))
    closures = []
    for _ in range(8):
        while wait := limiter.wait_for(ticket):
            time.sleep(wait)
        limiter.refused(ticket, None)
        limiter.leave(ticket)
        closures.append(limiter.closed_for(put(1)))
    assert closures == [1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(
            lambda limiter, ticket: limiter.leave(ticket), id="no answer"
        ),
        pytest.param(
            lambda limiter, ticket: limiter.accepted(ticket), id="taken"
        ),
    ],
)
def test_a_probe_without_an_answer_does_not_close_the_endpoint_for_good(
    limiter: Limiter, time: Time, ends: Callable[[Limiter, object], None]
) -> None:
    """Whatever becomes of the call that probes, the next one has its turn."""
    ticket = limiter.queue(put(1))
    limiter.wait_for(ticket)
    limiter.refused(ticket, 1.0)
    limiter.leave(ticket)
    time.sleep(1)
    assert limiter.wait_for(ticket) == 0
    ends(limiter, ticket)
    time.sleep(1)
    assert limiter.wait_for(limiter.queue(put(2))) == 0


def test_the_urgent_ones_go_first(limiter: Limiter, time: Time) -> None:
    """Of those that queue a breach goes before what came earlier, and equals go in the order in which they came."""
    for number in range(100, 101 + BURST):
        made(limiter, time, put(number))
    tickets = [
        limiter.queue(put(10 + number), urgency)
        for number, urgency in enumerate((2, 2, 1, 0, 0))
    ]
    order: list[int] = []
    while len(order) < len(tickets):
        for number, ticket in enumerate(tickets):
            if number not in order and limiter.wait_for(ticket) == 0:
                order.append(number)
        time.sleep(0.05)
    assert order == [3, 4, 2, 0, 1]


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


@pytest.mark.parametrize("later", [0.0, 0.1])
def test_refusals_of_one_volley_lower_the_rate_once(
    limiter: Limiter, time: Time, later: float
) -> None:
    """Of calls under way together the first refusal counts, also where all of them went at the same instant."""
    for number in range(BURST - 1):
        made(limiter, time, put(number))
    volley = [limiter.queue(put(100)) for _ in range(4)]
    for ticket in volley:
        limiter.go_out_of_turn(ticket)
    time.sleep(later)
    rates = []
    for ticket in volley:
        limiter.refused(ticket, None)
        limiter.leave(ticket)
        rates.append(limiter.lanes()[put(100).endpoint].rate)
    assert len(set(rates)) == 1
    assert rates[0] < RATES["PUT"]
