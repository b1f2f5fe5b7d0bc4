"""The one way to Jira: every byte passes one pool, one retry policy and one check of identity.

`atlassian-python-api` knows the endpoints and sends through `requests`; an adapter there hands every request
to one `httpx.Client`. The library's own retries are off: they sleep where nothing can stop them and repeat
POSTs. It is not made for several threads, so each thread has its own instance; the client below is, and is
shared.
"""

import logging
import re
import socket
import threading
import weakref
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
import requests
import structlog
from atlassian.jira import JiraCloud, JiraServiceManagement
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from jsm_sla_bot.jsm.answers import Answer, Call, call, payload
from jsm_sla_bot.jsm.conduct import Auth, Basic, Bearer, Conduct, Exchange
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
from jsm_sla_bot.jsm.limiter import Lane, Limiter
from jsm_sla_bot.jsm.patience import Gate
from jsm_sla_bot.jsm.shapes import Json

_log = structlog.get_logger(__name__)
_TALKATIVE = ("atlassian", "requests", "urllib3", "httpx", "httpcore")
_PASSED_ON = ("Accept", "Content-Type")
_HOST = re.compile(r"[\w.:-]+")
_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Transport:
    """The connection to one site. Safe to use from several threads; `close` it at the end."""

    def __init__(self, url: str, auth: Auth, conduct: Conduct | None = None) -> None:
        """Open nothing yet. Raises TerminalError for an address that is none."""
        for name in _TALKATIVE:
            _hush(name)
        self._url = _checked(url)
        self._conduct = conduct or Conduct()
        self._client = _client(auth, self._conduct)
        self._sender = _Sender(self._client, self._conduct)
        self._adapter = _Adapter(self._sender)
        self._own = threading.local()

    @property
    def platform(self) -> Any:  # noqa: ANN401 - the library's methods are untyped
        """Return this thread's client of the Jira platform API, version 3."""
        if not hasattr(self._own, "platform"):
            self._own.platform = JiraCloud(self._url, **self._options())
        return self._own.platform

    @property
    def desk(self) -> Any:  # noqa: ANN401 - as above
        """Return this thread's client of the service management API."""
        if not hasattr(self._own, "desk"):
            self._own.desk = JiraServiceManagement(self._url, **self._options())
        return self._own.desk

    def ask(self, method: Callable[..., Any], *args: object, **options: object) -> Json:
        """Call a method of one of the clients and return the JSON of its answer, None where it has none.

        Raises TransientError (UnknownOutcomeError after a call with an effect), TerminalError, IdentityError.
        """
        try:
            return method(*args, **options).payload
        except requests.RequestException as error:
            raise TerminalError(f"a request that cannot be sent: {type(error).__name__}") from error

    def lanes(self) -> Mapping[str, Lane]:
        """Return the calls made so far and the waits for them, by endpoint."""
        return self._sender.limiter.lanes()

    def abort(self) -> None:
        """Hang up at once, whatever is under way: its outcome stays unknown. Nothing can be sent any more."""
        self._sender.abort()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _options(self) -> dict[str, Any]:
        session = requests.Session()
        session.trust_env = False
        session.adapters.clear()
        session.mount("https://", self._adapter)
        session.mount("http://", self._adapter)
        return {
            "session": session,
            "advanced_mode": True,
            "retry_with_header": False,
            "backoff_and_retry": False,
        }


class _Reply(requests.Response):
    """What the library gets back: a good answer, its JSON already read."""

    payload: Json = None


class _Adapter(BaseAdapter):
    """Where `requests` would open a connection, ours is used."""

    def __init__(self, sender: "_Sender") -> None:
        super().__init__()
        self._sender = sender

    def send(  # noqa: PLR0913, PLR0917 - the signature is that of requests
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002
        timeout: object = None,  # noqa: ARG002 - ours are set on the client
        verify: object = True,  # noqa: ARG002, FBT002
        cert: object = None,  # noqa: ARG002
        proxies: object = None,  # noqa: ARG002
    ) -> requests.Response:
        """Send a request; only good answers come back, anything else is raised."""
        answer, found = self._sender.send(request)
        reply = _Reply()
        reply.status_code = answer.status
        reply.headers = CaseInsensitiveDict(answer.headers)
        reply.url = request.url or ""
        reply.request = request
        reply._content = answer.body  # noqa: SLF001 - the only way to fill a requests.Response
        reply.payload = found
        return reply

    def close(self) -> None:
        """Leave the connections to the transport, which shares them between threads."""


class _Sender:
    """Sends one request as often as is right."""

    def __init__(self, client: httpx.Client, conduct: Conduct) -> None:
        self._client = client
        self._conduct = conduct
        self._gate = Gate(conduct.monotonic)
        self.limiter = Limiter(conduct.rates, conduct.monotonic)
        self._lines: weakref.WeakSet[Any] = weakref.WeakSet()
        self._aborted = False

    def abort(self) -> None:
        self._aborted = True
        for line in list(self._lines):
            with suppress(OSError, AttributeError):
                line.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember each connection as it is made: nothing else in httpx can hang up on a silent site."""
        if event in _CONNECTED:
            self._lines.add(info["return_value"])

    def send(self, request: requests.PreparedRequest) -> tuple[Answer, Json]:
        asked = call(request.method or "GET", httpx.URL(request.url or "").path)
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

    def _once(self, asked: Call, request: requests.PreparedRequest) -> tuple[Answer, Json]:
        began, status = self._conduct.monotonic(), 0
        try:
            response = self._client.send(self._prepared(request), stream=True)
            status = response.status_code
            answer = Answer(status, response.headers, _read(asked, response))
            return answer, payload(asked, answer)
        except _NOT_SENT as error:
            raise NotSentError(f"{asked.endpoint}: no connection to Jira ({type(error).__name__})") from error
        except httpx.UnsupportedProtocol as error:
            raise TerminalError(f"{asked.endpoint}: the site's address is none") from error
        except httpx.HTTPError as error:
            raise TransientError(f"{asked.endpoint}: no answer from Jira ({type(error).__name__})") from error
        finally:
            self._conduct.observe(Exchange(asked.endpoint, status, self._conduct.monotonic() - began))

    def _prepared(self, request: requests.PreparedRequest) -> httpx.Request:
        headers = {name: str(request.headers[name]) for name in _PASSED_ON if name in request.headers}
        body = request.body
        content = body.encode() if isinstance(body, str) else body
        return self._client.build_request(
            request.method or "GET",
            request.url or "",
            headers=headers,
            content=content,
            extensions={"trace": self._trace},
        )

    def _consider(self, asked: Call, error: TransientError, attempt: int, started: float) -> None:
        """Wait until the call may be tried again, or raise what it came to; a conflict at once."""
        if isinstance(error, ConflictError):
            raise error
        patience = self._conduct.patience
        wait = patience.wait(attempt, error, self._conduct.chance())
        if isinstance(error, RateLimitedError):
            self._gate.close(asked, error.scope, wait)
        elif asked.has_effect and not isinstance(error, NotSentError):
            raise UnknownOutcomeError(f"{error}; whether it was carried out is unknown", error.retry_after) from error
        if attempt >= patience.tries(error) or self._spent(started) + wait > patience.budget:
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
                raise RateLimitedError(f"{asked.endpoint}: Jira wants fewer calls", wait)
            self._rest(wait)

    def _keep_pace(self, asked: Call) -> None:
        if self._aborted:
            raise StoppedError("hung up on Jira")
        wait = self.limiter.wait_for(asked)
        if wait > 0:  # a write under way is finished even while we shut down, so no error here
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
        raise GarbledError(f"{asked.endpoint}: the answer broke off ({type(error).__name__})") from error
    finally:
        response.close()


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _signature(auth: Auth) -> httpx.Auth:
    match auth:
        case Basic():
            return httpx.BasicAuth(auth.email, auth.token)
        case Bearer():
            return _Bearer(auth.token)


def _client(auth: Auth, conduct: Conduct) -> httpx.Client:
    timeout = httpx.Timeout(connect=conduct.connect, read=conduct.read, write=conduct.write, pool=conduct.pool)
    limits = httpx.Limits(max_connections=conduct.connections, max_keepalive_connections=conduct.connections)
    return httpx.Client(
        auth=_signature(auth),
        timeout=timeout,
        limits=limits,
        event_hooks={"response": list(conduct.hooks)},
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": "jsm-sla-bot"},
    )


def _checked(url: str) -> str:
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise TerminalError(f"the site's address cannot be read: {type(error).__name__}") from error
    spare = found.userinfo or found.query or found.fragment
    if found.scheme not in {"http", "https"} or not _HOST.fullmatch(found.host) or spare:
        raise TerminalError("the site's address has to look like https://example.atlassian.net")
    return url.rstrip("/")


def _hush(name: str) -> None:
    """Keep a library from logging addresses and bodies, which hold customers' words."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logger.level, logging.WARNING))
