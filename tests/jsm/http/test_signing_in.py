"""How calls are signed: with a token from a file that changes, and with one that is fetched and renewed."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import respx

from jsm_sla_bot.jsm.errors import IdentityError, TransientError
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.ports.sign_in import Basic, Bearer, ClientCredentials, SignIn
from tests.jsm.scene import Time

GATEWAY = "https://api.atlassian.com/ex/jira/11-22"
MYSELF = f"{GATEWAY}/rest/api/3/myself"
TOKENS = "https://auth.atlassian.com/oauth/token"
SECRET = "client-s3cret"
CLIENT = ClientCredentials("client-1", SECRET, TOKENS)
HERE = httpx.Response(200, json={"accountId": "bot"})

Open = Callable[[SignIn], Rest]


@pytest.fixture
def signed(options: Callable[..., HttpOptions]) -> Open:
    """Give a way to open the gateway by a way to sign in."""
    return lambda signs_in: Rest(Transport(GATEWAY, signs_in, options()))


def token(number: int, seconds: int = 3600) -> httpx.Response:
    """Return an answer with a token."""
    return httpx.Response(
        200, json={"access_token": f"t-{number}", "expires_in": seconds}
    )


def by(request: httpx.Request) -> str:
    """Return the token that a request was signed with."""
    return request.headers["Authorization"].removeprefix("Bearer ")


@respx.mock
def test_a_token_is_fetched_once_and_used_until_it_ends(
    signed: Open, time: Time
) -> None:
    """It is renewed a minute before its end, and asked for as client credentials."""
    tokens = respx.post(TOKENS).mock(side_effect=[token(1), token(2)])
    calls = respx.get(MYSELF).mock(return_value=HERE)
    rest = signed(CLIENT)
    rest.myself()
    time.sleep(3500)
    rest.myself()
    assert [by(call.request) for call in calls.calls] == ["t-1", "t-1"]
    time.sleep(50)
    rest.myself()
    assert by(calls.calls.last.request) == "t-2"
    assert json.loads(tokens.calls[0].request.content) == {
        "grant_type": "client_credentials",
        "client_id": "client-1",
        "client_secret": SECRET,
    }


@respx.mock
def test_a_token_that_is_refused_is_renewed_once(signed: Open) -> None:
    """After a 401 the call is tried again with a new token; a second 401 is believed."""
    tokens = respx.post(TOKENS).mock(
        side_effect=[token(1), token(2), token(3)]
    )
    answers = {"t-1": 401, "t-2": 200}
    respx.get(MYSELF).mock(
        side_effect=lambda request: httpx.Response(
            answers[by(request)], json={"accountId": "bot"}
        )
    )
    rest = signed(CLIENT)
    assert rest.myself() == {"accountId": "bot"}
    assert tokens.call_count == 2
    answers.update({"t-2": 401, "t-3": 401})
    with pytest.raises(IdentityError):
        rest.myself()
    assert tokens.call_count == 3


@respx.mock
def test_one_thread_renews_for_all(signed: Open) -> None:
    """Eight calls at once fetch one token, and after they are refused one more."""
    tokens = respx.post(TOKENS).mock(side_effect=[token(1), token(2)])
    all_there = threading.Barrier(8)

    def answer(request: httpx.Request) -> httpx.Response:
        if by(request) == "t-2":
            return HERE
        all_there.wait(timeout=10)
        return httpx.Response(401)

    respx.get(MYSELF).mock(side_effect=answer)
    rest = signed(CLIENT)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: rest.myself(), range(8)))
    assert found == [{"accountId": "bot"}] * 8
    assert tokens.call_count == 2


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (httpx.Response(401), IdentityError, "refuses JSM_SLA_BOT_CLIENT_ID"),
        (
            httpx.Response(400, json={"error": SECRET}),
            IdentityError,
            "refuses",
        ),
        (httpx.Response(503), TransientError, "gives no token (503)"),
        (
            httpx.Response(200, text="<html>"),
            TransientError,
            "without a token",
        ),
        (httpx.Response(200, json=["x"]), TransientError, "without a token"),
    ],
    ids=["refused", "invalid client", "down", "no json", "no object"],
)
@respx.mock
def test_no_token_is_one_sentence_without_the_secret(
    answer: httpx.Response, error: type[Exception], words: str, signed: Open
) -> None:
    """Who is refused, and where; nothing is asked of Jira."""
    respx.post(TOKENS).mock(return_value=answer)
    asked = respx.get(MYSELF).mock(return_value=HERE)
    with pytest.raises(error) as caught:
        signed(CLIENT).myself()
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)
    assert not asked.called


@pytest.mark.parametrize("kind", ["basic", "bearer"])
@respx.mock
def test_a_token_file_is_read_again_when_it_changes(
    kind: str, signed: Open, tmp_path: Path
) -> None:
    """Without a restart; while it can't be read the last token stays."""
    file = tmp_path / "token"
    file.write_text("first\n")
    path = str(file)
    basic = Basic("bot@example.com", "first", path)
    signs_in = basic if kind == "basic" else Bearer("first", path)
    calls = respx.get(MYSELF).mock(return_value=HERE)
    rest = signed(signs_in)
    rest.myself()
    file.write_text("second one\n")
    rest.myself()
    file.unlink()
    rest.myself()
    used = [call.request.headers["Authorization"] for call in calls.calls]
    assert used[0] != used[1] == used[2]


@respx.mock
def test_after_a_refusal_the_file_is_read_whatever_it_looks_like(
    signed: Open, tmp_path: Path
) -> None:
    """A file that keeps its time and size holds another token: a 401 makes the bot look."""
    file = tmp_path / "token"
    file.write_text("one")
    rest = signed(Bearer("old", str(file)))
    respx.get(MYSELF).mock(
        side_effect=lambda request: (
            HERE if by(request) == "one" else httpx.Response(401)
        )
    )
    assert rest.myself() == {"accountId": "bot"}


def test_no_secret_is_shown() -> None:
    """What is signed with can be logged."""
    every = (CLIENT, Basic("bot@example.com", SECRET), Bearer(SECRET))
    assert SECRET not in repr(every)
