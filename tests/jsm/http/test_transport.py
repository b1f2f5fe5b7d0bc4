import base64
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import respx
import structlog

from jsm_sla_bot.jsm.errors import (
    ConflictError,
    GarbledError,
    IdentityError,
    NotSentError,
    RateLimitedError,
    RefusedError,
    StoppedError,
    TerminalError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.ports.sign_in import Basic, Bearer
from tests.attempts import Attempt
from tests.jsm.scene import URL, Time

API = f"{URL}/rest/api/3"
ISSUE = f"{API}/issue/10001"
OK = httpx.Response(200, json={"id": "10001"})
NOTHING = httpx.Response(204)


def limited(**headers: str) -> httpx.Response:
    """Return a 429 with these headers, dashes for underscores."""
    return httpx.Response(
        429,
        headers={
            name.replace("_", "-"): value for name, value in headers.items()
        },
    )


@respx.mock
def test_every_request_is_signed_and_none_redirected(rest: Rest) -> None:
    """The token goes with each request as Basic, and no cookie does."""
    route = respx.get(f"{API}/myself").respond(
        json={"accountId": "b"}, headers={"Set-Cookie": "a=b; Path=/"}
    )
    rest.myself()
    rest.myself()
    sent = route.calls.last.request
    assert (
        sent.headers["Authorization"]
        == "Basic "
        + base64.b64encode(b"bot@example.com:s3cret-token").decode()
    )
    assert "cookie" not in sent.headers
    assert sent.headers["Accept"] == "application/json"


@respx.mock
def test_a_service_account_signs_with_its_token(
    options: Callable[..., HttpOptions],
) -> None:
    """A scoped token is a bearer token, at the gateway's address."""
    base = "https://api.atlassian.example/ex/jira/11-22"
    route = respx.get(f"{base}/rest/api/3/myself").respond(
        json={"accountId": "b"}
    )
    opened = Transport(base + "/", Bearer("t0ken"), options())
    assert Rest(opened).myself() == {"accountId": "b"}
    assert route.calls.last.request.headers["Authorization"] == "Bearer t0ken"
    opened.close()


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        pytest.param(
            limited(Retry_After="3"),
            [3.15],
            id="429 waits at least as long as it is asked to",
        ),
        pytest.param(
            limited(Retry_After="0"),
            [1.05],
            id="Retry-After 0 is no reason to spin",
        ),
        pytest.param(limited(), [1.05], id="429 without advice"),
        pytest.param(httpx.Response(500), [2.0], id="500"),
        pytest.param(
            httpx.Response(502, html="<html>"), [2.0], id="502 with a page"
        ),
        pytest.param(
            httpx.Response(503, headers={"Retry-After": "20"}),
            [21.0],
            id="503 with advice",
        ),
        pytest.param(httpx.Response(504), [2.0], id="504"),
        pytest.param(
            httpx.ConnectTimeout("x"), [2.0], id="no connection in time"
        ),
        pytest.param(httpx.ReadTimeout("x"), [2.0], id="no answer in time"),
        pytest.param(httpx.RemoteProtocolError("x"), [2.0], id="cut off"),
        pytest.param(
            httpx.Response(200, html="<html>Log in</html>"),
            [2.0],
            id="a page in place of JSON",
        ),
        pytest.param(
            httpx.Response(200, content=b'{"id": "100'), [2.0], id="cut JSON"
        ),
        pytest.param(
            httpx.Response(200, content=b""), [2.0], id="an empty answer"
        ),
    ],
)
@respx.mock
def test_reads_and_edits_are_tried_again(
    rest: Rest, time: Time, trouble: Any, waits: list[float]
) -> None:
    """What may be done twice is: after a wait, and then it goes well."""
    respx.get(ISSUE).mock(side_effect=[trouble, OK])
    assert rest.issue("10001", ["status"]) == {"id": "10001"}
    assert time.waits == waits


@respx.mock
def test_reading_posts_are_tried_again(rest: Rest) -> None:
    """A search is a POST, but does nothing."""
    route = respx.post(f"{API}/issue/bulkfetch").mock(
        side_effect=[httpx.Response(503), httpx.Response(200, json={})]
    )
    rest.bulk_issues(["1"], [], [])
    assert route.call_count == 2


@respx.mock
def test_an_edit_is_tried_again(rest: Rest) -> None:
    """Writing fixed values twice is writing them once."""
    route = respx.put(ISSUE).mock(
        side_effect=[httpx.ReadTimeout("x"), NOTHING]
    )
    rest.edit("10001", {"fields": {}})
    assert route.call_count == 2


@respx.mock
def test_patience_has_an_end(rest: Rest, time: Time) -> None:
    """Four repeats, doubling, then a transient error with advice."""
    route = respx.get(ISSUE).respond(500)
    with pytest.raises(
        TransientError, match=r"GET /rest/api/3/issue/\{\}: Jira answered 500"
    ) as failure:
        rest.issue("10001", ["status"])
    assert time.waits == [2.0, 4.0, 8.0, 16.0]
    assert route.call_count == 5
    assert failure.value.retry_after == 30.0


@respx.mock
def test_a_long_wait_is_left_to_the_caller(rest: Rest, time: Time) -> None:
    """Nobody sleeps for half an hour inside a call: the advice is passed on."""
    respx.get(ISSUE).mock(return_value=limited(Retry_After="1800"))
    with pytest.raises(RateLimitedError) as failure:
        rest.issue("10001", ["status"])
    assert failure.value.retry_after == 1800
    assert time.waits == []


@pytest.mark.parametrize("asked", ["7200", "100000000000000", "1800000000"])
@pytest.mark.parametrize("status", [429, 503])
@respx.mock
def test_the_advice_that_is_passed_on_is_bounded(
    options: Callable[..., HttpOptions], time: Time, asked: str, status: int
) -> None:
    """Whoever gets the error is asked for no more than our patience allows: minutes after a single 503."""
    opened = Transport(
        URL, Basic("b", "t"), options(patience=Patience(longest_asked=600.0))
    )
    headers = {"Retry-After": asked, "Date": "Mon, 02 Mar 2026 10:00:00 GMT"}
    respx.route().respond(status, headers=headers)
    asks: list[Callable[[], object]] = [
        lambda: Rest(opened).issue("10001", []),
        lambda: Rest(opened).add_comment("10001", {}),
    ]
    for ask in asks * 2:  # the second time the gate is closed
        with pytest.raises(TransientError) as failure:
            ask()
        assert failure.value.retry_after == (600 if status == 429 else 120)
    assert sum(time.waits) < 1
    opened.close()


@respx.mock
def test_what_a_503_asks_for_is_honoured_before_a_write_is_looked_up(
    rest: Rest, time: Time
) -> None:
    """Whoever looks up what became of a POST, and posts again, does so after Jira's Retry-After."""
    busy = httpx.Response(503, headers={"Retry-After": "5"})
    respx.post(f"{ISSUE}/comment").mock(side_effect=[busy])
    with pytest.raises(UnknownOutcomeError):
        rest.add_comment("10001", {})
    assert time.waits == [5.5]


@respx.mock
def test_a_look_up_that_has_to_wait_for_long_is_left_to_a_later_pass(
    rest: Rest, time: Time
) -> None:
    """With an advice longer than a call may last nobody looks up at once, and nobody waits in the call."""
    busy = httpx.Response(503, headers={"Retry-After": "90"})
    respx.post(f"{ISSUE}/comment").mock(side_effect=[busy])
    with pytest.raises(TransientError) as failure:
        rest.add_comment("10001", {})
    assert not isinstance(failure.value, UnknownOutcomeError)
    assert (failure.value.retry_after, time.waits) == (90.0, [])


@pytest.mark.parametrize("status", [429, 503])
@respx.mock
def test_those_who_were_told_the_same_instant_do_not_come_back_at_once(
    options: Callable[..., HttpOptions], status: int
) -> None:
    """Eight callers with the same Retry-After come back at eight different instants, none too soon."""
    back: list[float] = []
    for number in range(8):
        time = Time()
        chance = number / 8
        opened = Transport(
            URL,
            Basic("b", "t"),
            options(
                chance=lambda chance=chance: chance,
                sleep=time.sleep,
                monotonic=time.monotonic,
            ),
        )
        told = httpx.Response(status, headers={"Retry-After": "10"})
        respx.get(ISSUE).mock(side_effect=[told, OK])
        Rest(opened).issue("10001", [])
        back.append(time.now)
        opened.close()
    assert len(set(back)) == 8
    assert min(back) >= 10
    assert max(back) <= 12


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        pytest.param(
            httpx.ReadTimeout("x"),
            UnknownOutcomeError,
            id="timeout after sending",
        ),
        pytest.param(
            httpx.RemoteProtocolError("x"), UnknownOutcomeError, id="cut off"
        ),
        pytest.param(httpx.Response(500), UnknownOutcomeError, id="500"),
        pytest.param(
            httpx.Response(503),
            UnknownOutcomeError,
            id="503, perhaps after it was done",
        ),
        pytest.param(
            httpx.Response(201, content=b'{"id": "1'),
            UnknownOutcomeError,
            id="done, the answer cut short",
        ),
        pytest.param(
            httpx.Response(200, html="<html>"),
            UnknownOutcomeError,
            id="a page",
        ),
        pytest.param(
            httpx.Response(409, json={}), ConflictError, id="conflict"
        ),
        pytest.param(httpx.Response(400, json={}), RefusedError, id="refused"),
    ],
)
@respx.mock
def test_a_post_with_effect_is_sent_once(
    rest: Rest, time: Time, trouble: Any, error: type[Exception]
) -> None:
    """What may have been done is never done again by the transport."""
    route = respx.post(f"{ISSUE}/comment").mock(side_effect=[trouble])
    with pytest.raises(error) as failure:
        rest.add_comment("10001", {})
    assert type(failure.value) is error
    assert (route.call_count, time.waits) == (1, [])


@pytest.mark.parametrize(
    "trouble",
    [limited(Retry_After="1"), httpx.ConnectError("refused")],
    ids=["429", "unsent"],
)
@respx.mock
def test_a_post_that_was_not_carried_out_is_tried_again(
    rest: Rest, trouble: Any
) -> None:
    """A 429 and a connection that never came about are no unknown outcome."""
    route = respx.post(f"{ISSUE}/comment").mock(
        side_effect=[trouble, httpx.Response(201, json={"id": "5"})]
    )
    assert rest.add_comment("10001", {}) == {"id": "5"}
    assert route.call_count == 2


@respx.mock
def test_an_expired_token_never_looks_like_an_empty_desk(
    rest: Rest, time: Time
) -> None:
    """200 with anonymous results is told by its header, at once."""
    respx.post(f"{API}/search/jql").respond(
        json={"issues": [], "isLast": True},
        headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
    )
    with pytest.raises(IdentityError, match="does not accept our token"):
        list(rest.search("project = SUP", ["id"], 10))
    assert time.waits == []


@respx.mock
def test_what_one_learns_of_a_limit_all_keep_to(
    rest: Rest, time: Time
) -> None:
    """After a 429 the endpoint waits, for other requests too; other endpoints go on."""
    burst = limited(Retry_After="1800", RateLimit_Reason="jira-burst-based")
    respx.get(ISSUE).mock(return_value=burst)
    other = respx.get(f"{API}/issue/10002").mock(return_value=OK)
    elsewhere = respx.get(f"{API}/field").respond(json=[])
    for issue in ("10001", "10002"):
        with pytest.raises(RateLimitedError):
            rest.issue(issue, ["status"])
    rest.fields()
    assert (other.call_count, elsewhere.call_count) == (0, 1)
    time.now += 1806
    rest.issue("10002", ["status"])
    assert other.call_count == 1


@pytest.mark.parametrize(
    ("reason", "others"),
    [("jira-per-issue-on-write", 1), ("jira-quota-tenant-based", 0)],
    ids=["one request", "everything"],
)
@respx.mock
def test_limits_have_a_scope(rest: Rest, reason: str, others: int) -> None:
    """A limit on one request keeps no other waiting; the quota keeps everything waiting."""
    respx.put(ISSUE).mock(
        return_value=limited(Retry_After="100", RateLimit_Reason=reason)
    )
    other = respx.put(f"{API}/issue/10002").mock(return_value=NOTHING)
    with pytest.raises(RateLimitedError):
        rest.edit("10001", {})
    if others:
        rest.edit("10002", {})
    else:
        with pytest.raises(RateLimitedError):
            rest.edit("10002", {})
    assert other.call_count == others


@respx.mock
def test_a_shutdown_ends_every_wait(
    options: Callable[..., HttpOptions],
) -> None:
    """Who waits for Jira while the program stops, stops."""
    cancel = threading.Event()
    opened = Transport(
        URL,
        Basic("b", "t"),
        options(cancel=cancel, sleep=lambda _: cancel.set()),
    )
    route = respx.get(ISSUE).respond(503)
    with pytest.raises(StoppedError):
        Rest(opened).issue("10001", [])
    assert route.call_count == 1
    opened.close()


@respx.mock
def test_a_transport_around_ours_sees_every_attempt(
    rest: Rest, exchanges: list[Attempt]
) -> None:
    """Who measures or traces calls sees each attempt, whatever came of it."""
    respx.get(ISSUE).mock(
        side_effect=[httpx.Response(503), httpx.ReadTimeout("x"), OK]
    )
    rest.issue("10001", [])
    assert [(each.endpoint, each.status) for each in exchanges] == [
        ("GET /rest/api/3/issue/{}", status) for status in (503, 0, 200)
    ]


@respx.mock
def test_threads_share_the_connection_and_nothing_else(
    transport: Transport,
) -> None:
    """Each thread has its own client of the library; all of them work at the same time."""
    respx.get(url__startswith=f"{API}/issue/").mock(
        side_effect=lambda r: httpx.Response(200, json={"id": r.url.path[-3:]})
    )
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda n: Rest(transport).issue(str(100 + n), [])["id"],
                range(50),
            )
        )
        clients = set(pool.map(lambda _: id(transport.platform), range(50)))
    assert found == [str(100 + n) for n in range(50)]
    assert id(transport.platform) not in clients


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.example",
        "ftp://desk.example",
        "https://",
        "https://a:b@desk.example",
        "https://x.example?a=b",
        "http://[",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    """A bad address is told at once, without a secret that may be in it."""
    with pytest.raises(TerminalError) as failure:
        Transport(url, Basic("b", "t"))
    assert "a:b" not in str(failure.value)


VENDOR = [
    kind("x")
    for kind in (
        httpx.ConnectError,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.ProxyError,
        httpx.PoolTimeout,
        httpx.WriteTimeout,
        httpx.LocalProtocolError,
        httpx.UnsupportedProtocol,
        httpx.DecodingError,
        httpx.TooManyRedirects,
    )
]
STATUSES = (
    200,
    201,
    204,
    206,
    301,
    302,
    304,
    *range(400, 411),
    415,
    425,
    500,
    503,
    599,
)
BODIES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"<html>",
    b'"x"',
    b"{",
    b'{"message": "x"}',
    b'{"errors": ["x"]}',
    b"\xff",
]


@pytest.mark.parametrize(
    "trouble", VENDOR, ids=lambda each: type(each).__name__
)
@respx.mock
def test_no_vendors_exception_leaves(rest: Rest, trouble: Exception) -> None:
    """Whatever the client below raises is one of our errors outside."""
    respx.route().mock(side_effect=trouble)
    with pytest.raises((TransientError, TerminalError)):
        rest.myself()
    with pytest.raises((TransientError, TerminalError)):
        rest.add_comment("10001", {})


@pytest.mark.parametrize("body", BODIES, ids=repr)
@respx.mock
def test_no_status_and_body_leave_the_walls(rest: Rest, body: bytes) -> None:
    """With every status and any body, even where the library itself stumbles, our errors come out."""
    for status in (
        200,
        201,
        204,
        206,
        301,
        302,
        304,
        400,
        401,
        402,
        403,
        404,
        405,
        408,
        409,
        410,
        415,
        425,
        500,
        599,
    ):
        respx.route().mock(return_value=httpx.Response(status, content=body))
        for ask in (
            rest.myself,
            lambda: list(rest.service_desks()),
            lambda: rest.edit("1", {}),
        ):
            try:
                ask()
            except (TransientError, TerminalError) as reason:
                assert str(reason)  # noqa: PT017 - either outcome is right


@respx.mock
def test_nothing_secret_is_logged(
    rest: Rest, caplog: pytest.LogCaptureFixture
) -> None:
    """At the most talkative level no line has the token, an address or a customer's word."""
    words = {
        "fields": {
            "summary": "Nordbank is down",
            "reporter": {"displayName": "Ruth Calder"},
        }
    }
    respx.get(ISSUE).mock(
        side_effect=[
            httpx.Response(503, json=words),
            httpx.Response(200, json=words),
        ]
    )
    respx.post(f"{ISSUE}/comment").respond(
        400, json={"errors": {"comment": "Ruth Calder may not"}}
    )
    with (
        caplog.at_level(logging.DEBUG),
        structlog.testing.capture_logs() as events,
    ):
        rest.issue("10001", ["summary"])
        with pytest.raises(RefusedError):
            rest.add_comment("10001", {"body": "Dear Ruth Calder"})
    said = caplog.text + repr(events)
    for secret in (
        "s3cret-token",
        "bot@example.com",
        "Nordbank",
        "Ruth",
        "10001",
        "Basic ",
    ):
        assert secret not in said
    assert "jira_call_repeated" in said


def test_a_secret_has_no_repr() -> None:
    """Tokens don't show where somebody prints what signs."""
    assert "t0ken" not in repr((Basic("b", "t0ken"), Bearer("t0ken")))


@respx.mock
def test_garbled_answers_are_soon_given_up(rest: Rest, time: Time) -> None:
    """One more try for cut JSON: the caller has a better way, halving what it asks for."""
    route = respx.post(f"{API}/issue/bulkfetch").respond(
        content=b'{"issues": [{'
    )
    with pytest.raises(GarbledError):
        rest.bulk_issues(["1", "2"], [], [])
    assert (route.call_count, time.waits) == (2, [2.0])


@respx.mock
def test_no_connection_is_no_unknown_outcome(rest: Rest) -> None:
    """If nothing was ever sent, that is what is told."""
    respx.post(f"{ISSUE}/comment").mock(
        side_effect=httpx.ConnectError("refused")
    )
    with pytest.raises(NotSentError):
        rest.add_comment("10001", {})


@respx.mock
def test_a_proxy_that_wants_a_login_is_named(rest: Rest) -> None:
    """It is not Jira that refuses: the variable with the proxy lacks a login."""
    respx.get(f"{API}/myself").respond(407)
    with pytest.raises(TerminalError, match="HTTPS_PROXY"):
        rest.myself()
