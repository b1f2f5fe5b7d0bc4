"""One call to Jira: sent as often as is right, within the limits, and read to its end."""

import socket
import weakref
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
import structlog

from jsm_sla_bot.jsm.errors import (
    ConflictError,
    GarbledError,
    NotSentError,
    RateLimitedError,
    StoppedError,
    TerminalError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http.limiter import Limiter
from jsm_sla_bot.jsm.http.options import Auth, Basic, Bearer, Conduct, Exchange
from jsm_sla_bot.jsm.http.response import Answer, Call, call, payload
from jsm_sla_bot.jsm.http.retry import Gate
from jsm_sla_bot.jsm.json_values import Json

_log = structlog.get_logger(__name__)
_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it leaves: what of the library's own is passed on."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None


class Sender:
    """Sends one request as often as is right. Safe to use from several threads; `close` it at the end."""

    def __init__(self, auth: Auth, conduct: Conduct) -> None:
        self._client = _client(auth, conduct)
        self._conduct = conduct
        self._gate = Gate(conduct.monotonic)
        self.limiter = Limiter(conduct.rates, conduct.monotonic)
        self._lines: weakref.WeakSet[Any] = weakref.WeakSet()
        self._aborted = False

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def abort(self) -> None:
        """Hang up at once, whatever is under way. Nothing can be sent any more."""
        self._aborted = True
        for line in list(self._lines):
            with suppress(OSError, AttributeError):
                line.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember each connection as it is made: nothing else in httpx can hang up on a silent site."""
        if event in _CONNECTED:
            self._lines.add(info["return_value"])

    def send(self, request: Outgoing) -> tuple[Answer, Json]:
        """Return a good answer with its JSON; anything else is raised, as `payload` says."""
        asked = call(request.method, httpx.URL(request.url).path)
        started = self._conduct.monotonic()
        attempt = 0
        while True:
            self._pass_gate(asked, started)
            self._keep_pace(asked)
            try:
                return self._once(asked, request)
            except TransientError as error:
                self._consider(asked, error, attempt, started)
            attempt += 1

    def _once(self, asked: Call, request: Outgoing) -> tuple[Answer, Json]:
        began, status = self._conduct.monotonic(), 0
        try:
            response = self._client.send(self._built(request), stream=True)
            status = response.status_code
            answer = Answer(status, response.headers, _read(asked, response))
            return answer, payload(asked, answer)
        except _NOT_SENT as error:
            raise NotSentError(
                f"{asked.endpoint}: no connection to Jira ({type(error).__name__})"
            ) from error
        except httpx.UnsupportedProtocol as error:
            raise TerminalError(
                f"{asked.endpoint}: the site's address is none"
            ) from error
        except httpx.HTTPError as error:
            raise TransientError(
                f"{asked.endpoint}: no answer from Jira ({type(error).__name__})"
            ) from error
        finally:
            self._conduct.observe(
                Exchange(asked.endpoint, status, self._conduct.monotonic() - began)
            )

    def _built(self, request: Outgoing) -> httpx.Request:
        return self._client.build_request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.content,
            extensions={"trace": self._trace},
        )

    def _consider(
        self, asked: Call, error: TransientError, attempt: int, started: float
    ) -> None:
        """Wait until the call may be tried again, or raise what it came to; a conflict at once."""
        if isinstance(error, ConflictError):
            raise error
        patience = self._conduct.patience
        error.retry_after = patience.asked(error)
        wait = patience.wait(attempt, error, self._conduct.chance())
        if isinstance(error, RateLimitedError):
            self._gate.close(asked, error.scope, wait)
        elif asked.has_effect and not isinstance(error, NotSentError):
            raise UnknownOutcomeError(
                f"{error}; whether it was carried out is unknown", error.retry_after
            ) from error
        if (
            attempt >= patience.tries(error)
            or self._spent(started) + wait > patience.budget
        ):
            error.retry_after = error.retry_after or wait
            raise error
        _log.info(
            "jira_call_repeated",
            endpoint=asked.endpoint,
            attempt=attempt + 1,
            wait=round(wait, 1),
            why=str(error),
        )
        self._rest(wait)

    def _pass_gate(self, asked: Call, started: float) -> None:
        while (wait := self._gate.wait_for(asked)) > 0:
            if self._spent(started) + wait > self._conduct.patience.budget:
                raise RateLimitedError(
                    f"{asked.endpoint}: Jira wants fewer calls", wait
                )
            self._rest(wait)

    def _keep_pace(self, asked: Call) -> None:
        if self._aborted:
            raise StoppedError("hung up on Jira")
        wait = self.limiter.wait_for(asked)
        if (
            wait > 0
        ):  # a write under way is finished even while we shut down, so no error here
            (self._conduct.sleep or self._conduct.cancel.wait)(wait)

    def _spent(self, started: float) -> float:
        return self._conduct.monotonic() - started

    def _rest(self, seconds: float) -> None:
        (self._conduct.sleep or self._conduct.cancel.wait)(seconds)
        if self._conduct.cancel.is_set():
            raise StoppedError("stopped while waiting for Jira")


def _read(asked: Call, response: httpx.Response) -> bytes:
    """Read an answer to its end; one that breaks off is as good as one that cannot be read."""
    try:
        return response.read()
    except httpx.HTTPError as error:
        raise GarbledError(
            f"{asked.endpoint}: the answer broke off ({type(error).__name__})"
        ) from error
    finally:
        response.close()


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _signature(auth: Auth) -> httpx.Auth:
    match auth:
        case Basic():
            return httpx.BasicAuth(auth.email, auth.token)
        case Bearer():
            return _Bearer(auth.token)


def _client(auth: Auth, conduct: Conduct) -> httpx.Client:
    timeout = httpx.Timeout(
        connect=conduct.connect,
        read=conduct.read,
        write=conduct.write,
        pool=conduct.pool,
    )
    limits = httpx.Limits(
        max_connections=conduct.connections,
        max_keepalive_connections=conduct.connections,
    )
    return httpx.Client(
        auth=_signature(auth),
        timeout=timeout,
        limits=limits,
        event_hooks={"response": list(conduct.hooks)},
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": "jsm-sla-bot"},
    )
