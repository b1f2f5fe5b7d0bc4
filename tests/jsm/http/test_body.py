"""Answers without end: too large, too large once decompressed, too slow."""

import gzip
import socket
import time as real_time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from jsm_sla_bot.jsm.errors import (
    GarbledError,
    StoppedError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.ports.sign_in import Basic
from tests.jsm.wires import Handler, answering, ok, serving

ONCE = Patience(retries=0, garbled_retries=0)
LARGEST = 100_000
ME = b'{"accountId": "b"}'
BOMB = gzip.compress(b" " * 50_000_000, 1)
"""Fifty megabytes of blanks."""


def asked(
    handle: Handler,
    build: Callable[..., HttpOptions],
    ask: Callable[[Rest], Any] = Rest.myself,
    **changes: Any,
) -> Any:
    """Ask a server that answers so."""
    options = build(patience=ONCE, largest=LARGEST, environ={}, **changes)
    with serving(handle) as port:
        opened = Transport(
            f"http://127.0.0.1:{port}", Basic("b", "t"), options
        )
        try:
            return ask(Rest(opened))
        finally:
            opened.close()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(ME, [], id="plain"),
        pytest.param(gzip.compress(ME), ["Content-Encoding: gzip"], id="gzip"),
        pytest.param(
            gzip.compress(ME[:5]) + gzip.compress(ME[5:]),
            ["Content-Encoding: gzip"],
            id="gzip in two members",
        ),
        pytest.param(
            zlib.compress(ME),
            ["Content-Encoding: deflate"],
            id="deflate all the same",
        ),
        pytest.param(
            ME + b" " * (LARGEST - len(ME)),
            [],
            id="just as large as it may be",
        ),
    ],
)
def test_what_may_be_read_is_read(
    options: Callable[..., HttpOptions], body: bytes, headers: list[str]
) -> None:
    """Plain and compressed answers come out as they were meant."""
    assert asked(answering(ok(body, *headers)), options) == {"accountId": "b"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(ok(b" " * (LARGEST + 1)), "larger than", id="plain"),
        pytest.param(
            ok(BOMB, "Content-Encoding: gzip"), "larger than", id="bomb"
        ),
        pytest.param(
            ok(gzip.compress(BOMB), "Content-Encoding: gzip, gzip"),
            "encoding",
            id="a bomb in a bomb",
        ),
        pytest.param(ok(ME, "Content-Encoding: br"), "encoding", id="brotli"),
        pytest.param(
            ok(ME, "Content-Encoding: gzip"), "decompressed", id="no gzip"
        ),
        pytest.param(
            ok(gzip.compress(ME)[:-12], "Content-Encoding: gzip"),
            "end",
            id="cut gzip",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            "broke off",
            id="cut off",
        ),
    ],
)
def test_an_answer_that_is_too_large_or_garbled(
    options: Callable[..., HttpOptions], answer: bytes, said: str
) -> None:
    """No more than allowed is read or inflated; the error is one that a single request may cause."""
    with pytest.raises(GarbledError, match=said) as failure:
        asked(answering(answer), options)
    assert "GET /rest/api/3/myself" in str(failure.value)


def test_a_write_whose_answer_is_too_large_may_have_been_made(
    options: Callable[..., HttpOptions],
) -> None:
    """After a POST with an endless answer it has to be looked up what became of it."""
    with pytest.raises(UnknownOutcomeError):
        asked(
            answering(ok(b" " * (LARGEST + 1))),
            options,
            lambda rest: rest.add_comment("10001", {}),
        )


def endless(connection: socket.socket) -> None:
    """Answer without ever ending."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)


def dripping(head: bytes) -> Handler:
    """Return a handler that sends a head and then a byte now and then, for ever."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            real_time.sleep(0.05)
            connection.sendall(b"a")

    return handle


def provisional(connection: socket.socket) -> None:
    """Promise an answer for ever."""
    while True:
        connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        real_time.sleep(0.01)


def test_an_endless_answer_ends(options: Callable[..., HttpOptions]) -> None:
    """A body that never ends is given up as soon as it is too large."""
    with pytest.raises(GarbledError, match="larger"):
        asked(endless, options)


@pytest.mark.slow
@pytest.mark.parametrize(
    "handle",
    [
        pytest.param(dripping(b""), id="status line"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Slow: "), id="headers"),
        pytest.param(
            dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{"),
            id="body",
        ),
        pytest.param(provisional, id="promises"),
        pytest.param(lambda connection: connection.recv(99), id="silence"),
    ],
)
def test_a_slow_answer_is_given_up(
    options: Callable[..., HttpOptions], handle: Handler
) -> None:
    """However bytes trickle in, headers or body, the whole answer has its time and no more."""
    began = real_time.monotonic()
    with pytest.raises(TransientError):
        asked(handle, options, answer=0.4)
    assert real_time.monotonic() - began < 5


def test_nothing_is_sent_after_hanging_up(
    options: Callable[..., HttpOptions],
) -> None:
    """Who has hung up opens no new connection either."""
    with serving(answering(ok(ME))) as port:
        opened = Transport(
            f"http://127.0.0.1:{port}", Basic("b", "t"), options()
        )
        opened.abort()
        with pytest.raises(StoppedError):
            Rest(opened).myself()
        opened.close()
