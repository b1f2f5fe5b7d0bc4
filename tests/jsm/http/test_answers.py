from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.jsm.errors import (
    ConflictError,
    ForbiddenError,
    GarbledError,
    IdentityError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    ScopeError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http.response import Answer, advice, call, payload
from jsm_sla_bot.jsm.http.retry import Patience

READ = call(
    "GET", "https://x.example/ex/jira/0/rest/api/3/issue/SUP-77/comment/12"
)
WRITE = call("POST", "/rest/api/3/issue/10001/comment")
DATE = "Mon, 02 Mar 2026 10:00:00 GMT"
SECRET = b'{"errorMessages":["Ruth Calder, you do not have the permission"],"errors":{"priority":"Ruth Calder"}}'


@pytest.mark.parametrize(
    ("method", "path", "endpoint", "has_effect"),
    [
        (
            "GET",
            "/rest/api/3/issue/SUP-1/comment",
            "GET /rest/api/3/issue/{}/comment",
            False,
        ),
        (
            "POST",
            "/rest/api/3/issue/10001/comment",
            "POST /rest/api/3/issue/{}/comment",
            True,
        ),
        (
            "POST",
            "/rest/api/3/issue/10001/transitions",
            "POST /rest/api/3/issue/{}/transitions",
            True,
        ),
        (
            "POST",
            "/rest/api/3/issue/bulkfetch",
            "POST /rest/api/3/issue/bulkfetch",
            False,
        ),
        (
            "POST",
            "/rest/api/3/changelog/bulkfetch",
            "POST /rest/api/3/changelog/bulkfetch",
            False,
        ),
        (
            "post",
            "/rest/api/3/search/jql",
            "POST /rest/api/3/search/jql",
            False,
        ),
        ("PUT", "/rest/api/3/issue/1", "PUT /rest/api/3/issue/{}", False),
        (
            "GET",
            "/rest/api/3/project/SUP/role/10100",
            "GET /rest/api/3/project/{}/role/{}",
            False,
        ),
    ],
)
def test_calls_are_known_by_endpoint(
    method: str, path: str, endpoint: str, has_effect: bool
) -> None:
    """A call is named without ids, and only POSTs that write may not be done twice."""
    asked = call(method, path)
    assert (asked.endpoint, asked.has_effect) == (endpoint, has_effect)


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        pytest.param(
            200,
            {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
            b'{"issues":[]}',
            IdentityError,
            id="nobody",
        ),
        pytest.param(
            200,
            {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"},
            b"{}",
            IdentityError,
            id="locked out",
        ),
        pytest.param(
            401,
            {},
            b'{"code":401,"message":"Unauthorized"}',
            IdentityError,
            id="gateway 401",
        ),
        pytest.param(
            401,
            {},
            b'{"code":401,"message":"Unauthorized; scope does not match"}',
            ScopeError,
            id="no scope",
        ),
        pytest.param(
            200, {}, b"<html>Log in</html>", TransientError, id="a page"
        ),
        pytest.param(
            200, {}, b"", TransientError, id="nothing where something was due"
        ),
        pytest.param(
            200, {}, b'{"issues":[{"id":"1', GarbledError, id="cut short"
        ),
        pytest.param(200, {}, b"[" * 200_000, GarbledError, id="too deep"),
        pytest.param(
            200, {}, b'{"a":"\xff\xfe"}', GarbledError, id="no UTF-8"
        ),
        pytest.param(
            302,
            {"Location": "https://id.example/login"},
            b"",
            TerminalError,
            id="elsewhere",
        ),
        pytest.param(400, {}, SECRET, RefusedError, id="400"),
        pytest.param(403, {}, b"", ForbiddenError, id="403 without a word"),
        pytest.param(404, {}, SECRET, NotFoundError, id="404"),
        pytest.param(409, {}, SECRET, ConflictError, id="409"),
        pytest.param(410, {}, SECRET, RefusedError, id="410"),
        pytest.param(413, {}, SECRET, RefusedError, id="413"),
        pytest.param(422, {}, b"[]", RefusedError, id="422"),
        pytest.param(
            429, {"Retry-After": "7"}, b"anything", RateLimitedError, id="429"
        ),
        pytest.param(503, {}, b"<html>", TransientError, id="503"),
    ],
)
def test_answers_that_are_none(
    status: int, headers: dict[str, str], body: bytes, error: type[Exception]
) -> None:
    """Every bad answer is one of our errors, which quotes nobody."""
    with pytest.raises(error) as refusal:
        payload(READ, Answer(status, headers, body))
    assert type(refusal.value) is error
    assert "Ruth" not in str(refusal.value)
    assert "SUP-77" not in str(refusal.value)


def test_a_refusal_names_the_fields() -> None:
    """Which fields the site objects to is there for whoever writes; its own words, which quote a customer, are not."""
    with pytest.raises(RefusedError, match="objects to priority") as refusal:
        payload(WRITE, Answer(400, {}, SECRET))
    assert refusal.value.fields == frozenset({"priority"})
    assert refusal.value.status == 400
    assert "Ruth" not in repr(vars(refusal.value))


@pytest.mark.parametrize("path", ["search/jql", "search/approximate-count"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b"{\"errorMessages\":[\"The value 'ACME' does not exist for the field 'project'.\"]}",
            ": The value 'ACME' does not exist for the field 'project'.",
        ),
        (
            b'{"errorMessages":["one\\n\\u001b[31mtwo", 3, "three"]}',
            ": one two three",
        ),
        (
            b'{"errorMessages":["' + b"x" * 5000 + b'"]}',
            ": " + "x" * 299 + "\u2026",
        ),
        (b'{"errorMessages":"no"}', "(400)"),
        (b"<html>", "(400)"),
    ],
    ids=["a project", "signs", "long", "no list", "a page"],
)
def test_why_a_search_was_refused(path: str, body: bytes, said: str) -> None:
    """Jira's own sentence about our own query is passed on, in one printable line."""
    with pytest.raises(RefusedError) as refusal:
        payload(call("POST", f"/rest/api/3/{path}"), Answer(400, {}, body))
    assert str(refusal.value).endswith(said)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, {}),
        (200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED <script>"}),
    ],
)
def test_what_may_be_wrong_when_nobody_knows_us(
    status: int, headers: dict[str, str]
) -> None:
    """A refused login names all that may be wrong, and quotes nothing of the answer."""
    said = "the site's address, the e-mail address or the token may be wrong"
    with pytest.raises(IdentityError, match=said) as refusal:
        payload(READ, Answer(status, headers, b"{}"))
    assert "script" not in str(refusal.value)


@pytest.mark.parametrize(
    ("asked", "status"),
    [(WRITE, 204), (call("PUT", "/rest/api/3/issue/1"), 204)],
    ids=str,
)
def test_a_write_may_be_answered_with_nothing(asked: Any, status: int) -> None:
    """Writes have no answer to give."""
    assert payload(asked, Answer(status, {}, b"")) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"Retry-After": "12"}, 12.0, id="seconds"),
        pytest.param({"Retry-After": "0"}, 0.0, id="zero"),
        pytest.param({"Retry-After": "soon"}, None, id="nonsense"),
        pytest.param(
            {
                "Date": "Mon, 02 Mar 2026 10:00:00 GMT",
                "Retry-After": "Mon, 02 Mar 2026 10:00:30 GMT",
            },
            30.0,
            id="date",
        ),
        pytest.param(
            {
                "Date": "Mon, 02 Mar 2026 10:00:00 GMT",
                "X-RateLimit-Reset": "2026-03-02T10:00:05Z",
            },
            5.0,
            id="reset",
        ),
        pytest.param(
            {
                "Date": "Mon, 02 Mar 2026 10:00:00 GMT",
                "X-RateLimit-Reset": "2026-03-02T09:00:05Z",
            },
            0.0,
            id="past",
        ),
        pytest.param(
            {"Date": DATE, "Retry-After": "1772445630"},
            30.0,
            id="epoch seconds",
        ),
        pytest.param(
            {"Date": DATE, "Retry-After": "1772445630500"},
            30.5,
            id="epoch milliseconds",
        ),
        pytest.param(
            {"Date": DATE, "X-RateLimit-Reset": "1772445605"},
            5.0,
            id="reset in epoch seconds",
        ),
        pytest.param(
            {"Date": DATE, "Retry-After": "1772445000"},
            0.0,
            id="an epoch that is past",
        ),
        pytest.param(
            {"Retry-After": "1772445630"},
            None,
            id="an epoch without a date to go by",
        ),
        pytest.param({"Retry-After": "0000000000012"}, 12.0, id="noughts"),
        pytest.param(
            {"Retry-After": "1772445630", "X-RateLimit-Reset": "7"},
            7.0,
            id="the other header",
        ),
    ],
)
def test_how_long_jira_asks_us_to_wait(
    headers: dict[str, str], seconds: float | None
) -> None:
    """Advice comes in seconds or as a date, which is read against Jira's own clock."""
    assert advice(headers) == seconds


ABSURD = [
    "10800",
    "999999999",
    "1800000000",
    "1800000000000",
    "100000000000000",
    "9" * 400,
    "9" * 5000,
    "-5",
    "-1.5",
    "1e9",
    "nan",
    "inf",
    "१",
    "12, 13",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Mon, 23 Nov 2026 06:22:00 +9999",
    "Mon, 99999999999999999999 Jan 2026 00:00:00 GMT",
    "9999-12-31T23:59:59-23:59",
]


@pytest.mark.parametrize(
    "date",
    [None, DATE, "nonsense", "Fri, 31 Dec 9999 23:59:59 -2359", "9" * 400],
    ids=lambda each: str(each)[:40],
)
@pytest.mark.parametrize("value", ABSURD, ids=lambda each: each[:40])
@pytest.mark.parametrize("status", [429, 503])
def test_no_advice_is_absurd(
    value: str, date: str | None, status: int
) -> None:
    """Whatever a header says: no other error, and nobody is kept waiting for more than an hour."""
    sent = {"Date": date} if date else {}
    for name in ("Retry-After", "Beta-Retry-After", "X-RateLimit-Reset"):
        with pytest.raises(TransientError) as failure:
            payload(WRITE, Answer(status, {**sent, name: value}, b""))
        assert (
            failure.value.retry_after is None
            or 0 <= failure.value.retry_after <= Patience().longest_asked
        )
        assert failure.value.retry_after == advice({**sent, name: value})


@given(
    value=st.text() | st.integers().map(str), date=st.sampled_from(["", DATE])
)
def test_any_header_can_be_read(value: str, date: str) -> None:
    """Advice is none, or from nothing to an hour."""
    seconds = advice({"Retry-After": value, "Date": date})
    assert seconds is None or 0 <= seconds <= Patience().longest_asked
