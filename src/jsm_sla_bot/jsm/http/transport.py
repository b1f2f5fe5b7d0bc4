"""The one way to Jira: every byte passes one pool, one retry policy and one check of identity.

`atlassian-python-api` knows the endpoints and sends through `requests`; an adapter there hands every request
to one `httpx.Client`. The library's own retries are off: they sleep where nothing can stop them and repeat
POSTs. It is not made for several threads, so each thread has its own instance; the client below is, and is
shared.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec

import httpx
import requests
from atlassian.jira import JiraCloud, JiraServiceManagement
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.http.exchange import Outgoing
from jsm_sla_bot.jsm.http.limiter import Lane
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.sender import Sender
from jsm_sla_bot.jsm.json_values import Json
from jsm_sla_bot.ports.sign_in import SignIn

Platform = JiraCloud
Desk = JiraServiceManagement
Given = ParamSpec("Given")
"""What one of the library's methods takes: it is checked at each call."""

_TALKATIVE = ("atlassian", "requests", "urllib3", "httpx", "httpcore")
_PASSED_ON = ("Accept", "Content-Type")
_HOST = re.compile(r"[\w.:-]+")


class Transport:
    """The connection to one site. Safe to use from several threads; `close` it at the end."""

    def __init__(
        self, url: str, auth: SignIn, options: HttpOptions | None = None
    ) -> None:
        """Open nothing yet.

        Raises TerminalError for an address that is none, and for proxies and certificates that can't be used.
        """
        for name in _TALKATIVE:
            _hush(name)
        self._url = _checked(url)
        self._sender = Sender(self._url, auth, options or HttpOptions())
        self._adapter = _Adapter(self._sender)
        self._own = _Clients()

    @property
    def address(self) -> str:
        """The site's address, without a slash at the end."""
        return self._url

    @property
    def platform(self) -> Platform:
        """Return this thread's client of the Jira platform API, version 3."""
        if self._own.platform is None:
            self._own.platform = JiraCloud(self._url, **self._options())
        return self._own.platform

    @property
    def desk(self) -> Desk:
        """Return this thread's client of the service management API."""
        if self._own.desk is None:
            self._own.desk = JiraServiceManagement(
                self._url, **self._options()
            )
        return self._own.desk

    def ask(
        self,
        method: Callable[Given, Any],
        *args: Given.args,
        **options: Given.kwargs,
    ) -> Json:
        """Call a method of one of the clients and return the JSON of its answer, None where it has none.

        Raises TransientError (UnknownOutcomeError after a call with an effect), TerminalError, IdentityError.
        """
        try:
            return method(*args, **options).payload
        except requests.RequestException as error:
            raise TerminalError(
                f"a request that cannot be sent: {type(error).__name__}"
            ) from error

    def lanes(self) -> Mapping[str, Lane]:
        """Return the calls made so far and the waits for them, by endpoint."""
        return self._sender.limiter.lanes()

    def answers(self) -> Mapping[tuple[str, str], int]:
        """Return how often each endpoint answered with which status; `none` where no answer came."""
        return self._sender.answers.counts()

    def abort(self) -> None:
        """Hang up at once, whatever is under way: its outcome stays unknown. Nothing can be sent any more."""
        self._sender.abort()

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

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


class _Clients(threading.local):
    """The library's clients of one thread, made when they are first needed."""

    platform: Platform | None = None
    desk: Desk | None = None


class _Reply(requests.Response):
    """What the library gets back: a good answer, its JSON already read."""

    payload: Json = None


class _Adapter(BaseAdapter):
    """Where `requests` would open a connection, ours is used."""

    def __init__(self, sender: Sender) -> None:
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
        answer, found = self._sender.send(_outgoing(request))
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


def _outgoing(request: requests.PreparedRequest) -> Outgoing:
    headers = {
        name: str(request.headers[name])
        for name in _PASSED_ON
        if name in request.headers
    }
    body = request.body
    content = body.encode() if isinstance(body, str) else body
    return Outgoing(
        request.method or "GET", request.url or "", headers, content
    )


def _checked(url: str) -> str:
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise TerminalError(
            f"the site's address cannot be read: {type(error).__name__}"
        ) from error
    spare = found.userinfo or found.query or found.fragment
    if (
        found.scheme not in {"http", "https"}
        or not _HOST.fullmatch(found.host)
        or spare
    ):
        raise TerminalError(
            "the site's address has to look like https://example.atlassian.net"
        )
    return url.rstrip("/")


def _hush(name: str) -> None:
    """Keep a library from logging addresses and bodies, which hold customers' words."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logger.level, logging.WARNING))
