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
from jsm_sla_bot.jsm.http.limiter import Limiter, Ticket
from jsm_sla_bot.jsm.http.options import Auth, Basic, Bearer, Conduct, Exchange
from jsm_sla_bot.jsm.http.response import Answer, Call, call, payload
from jsm_sla_bot.jsm.http.retry import Gate, lane_of
from jsm_sla_bot.jsm.http.urgency import current_urgency
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
        self.limiter = Limiter(conduct.rates, conduct.monotonic, conduct.chance)
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
        ticket = self.limiter.queue(asked, current_urgency())
        attempt = 0
        while True:
            self._pass_gate(asked, started)
            try:
                self._keep_pace(ticket, started)
                found = self._once(asked, request)
            except TransientError as error:
                self._consider(ticket, error, attempt, started)
            else:
                self.limiter.accepted(ticket)
                return found
            finally:
                self.limiter.leave(ticket)
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
        self, ticket: Ticket, error: TransientError, attempt: int, started: float
    ) -> None:
        """Wait until the call may be tried again, or raise what it came to; a conflict at once."""
        asked = ticket.call
        if ticket.sent_at is None or isinstance(error, ConflictError):
            raise error
        patience = self._conduct.patience
        error.retry_after = patience.asked(error)
        wait = patience.wait(attempt, error, self._conduct.chance())
        is_last = attempt >= patience.tries(error)
        if isinstance(error, RateLimitedError):
            wait = self._slow_down(ticket, error, wait)
        elif asked.has_effect and not isinstance(error, NotSentError):
            self._leave_unknown(error, wait, started)
        if is_last or self._spent(started) + wait > patience.budget:
            error.retry_after = error.retry_after or wait
            raise error
        _log.info(
            "jira_call_repeated",
            endpoint=asked.endpoint,
            attempt=attempt + 1,
            wait=round(wait, 1),
            why=str(error),
        )
        self._rest(0 if isinstance(error, RateLimitedError) else wait)

    def _slow_down(self, ticket: Ticket, error: RateLimitedError, wait: float) -> float:
        """Close what Jira wants fewer calls of; return for how long it is closed to this call."""
        lane = lane_of(ticket.call, error.scope)
        if lane is not None:
            self._gate.close(lane, wait)
            return wait
        self.limiter.refused(ticket, error.retry_after)
        return self.limiter.closed_for(ticket.call)

    def _leave_unknown(
        self, error: TransientError, wait: float, started: float
    ) -> None:
        """Raise what a call with an effect came to: after Jira's advice, so that the look-up honours it too.

        Where that is longer than anybody waits inside a call the look-up is left to a later pass as well.
        """
        why = f"{error}; whether it was carried out is unknown"
        if error.retry_after:
            if self._spent(started) + wait > self._conduct.patience.budget:
                raise TransientError(why, error.retry_after) from error
            self._rest(wait)
        raise UnknownOutcomeError(why, error.retry_after) from error

    def _pass_gate(self, asked: Call, started: float) -> None:
        while (wait := self._gate.wait_for(asked)) > 0:
            self._check_budget(asked, wait, started)
            self._rest(wait)

    def _keep_pace(self, ticket: Ticket, started: float) -> None:
        """Wait for the call's turn. While we shut down a write under way is finished out of turn."""
        while (wait := self.limiter.wait_for(ticket)) > 0 and not self._aborted:
            closed = self.limiter.closed_for(ticket.call)
            if self._conduct.cancel.is_set():
                if closed:
                    raise StoppedError("stopped while Jira wants fewer calls")
                self.limiter.go_out_of_turn(ticket)
                return
            self._check_budget(ticket.call, closed, started)
            (self._conduct.sleep or self._conduct.cancel.wait)(wait)
        if self._aborted:
            raise StoppedError("hung up on Jira")

    def _check_budget(self, asked: Call, wait: float, started: float) -> None:
        patience = self._conduct.patience
        if wait and self._spent(started) + wait > patience.budget:
            at_most = min(wait, patience.longest_asked)
            raise RateLimitedError(f"{asked.endpoint}: Jira wants fewer calls", at_most)

    def _spent(self, started: float) -> float:
        return self._conduct.monotonic() - started

    def _rest(self, seconds: float) -> None:
        """Wait; raise StoppedError where the program stops meanwhile."""
        if seconds:
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
