"""The HTTP client that all channels share: one call, its answer, and what a failure means for the notice.

No address and no header is ever quoted: for some services the address is the secret.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from json import dumps, loads
from typing import Any, TypeAlias

import httpx

from jsm_sla_bot.ports.notify import NotDeliveredError, NoticeRefusedError
from jsm_sla_bot.text.outside import outside

Json: TypeAlias = Mapping[str, Any]

_SECONDS = 10.0
_LONGEST_WAIT = 600.0
_LARGEST_ANSWER = 1_000_000
_TOO_MANY = 429
_SERVER_ERROR = 500
_CLIENT_ERROR = 400
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_CAN_BE_MENDED = frozenset({401, 403, 404, 408, 410, 429})
"""Statuses that a new secret, a right or time can change: the notice waits. Any other below 500 refuses this notice."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: JSON, or nothing."""

    status: int
    body: Json


class Http:
    """Sends calls. `seconds` is how long each step of one may take."""

    def __init__(
        self, context: ssl.SSLContext | None = None, seconds: float = _SECONDS
    ) -> None:
        self._client = httpx.Client(
            verify=context or True,
            timeout=seconds,
            follow_redirects=False,
            headers={"User-Agent": "jsm-sla-bot"},
        )

    def post(
        self, url: str, body: Json, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send JSON. Raises NotDeliveredError and NoticeRefusedError."""
        return self.send(url, dumps(body).encode(), headers)

    def send(
        self,
        url: str,
        content: bytes,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send these very bytes, which are JSON. Raises as `post` does."""
        typed = {"Content-Type": "application/json", **(headers or {})}
        return self._ask("POST", url, content=content, headers=typed)

    def get(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """Read. Raises as `post` does."""
        return self._ask("GET", url, params=dict(params), headers=headers)

    def _ask(self, method: str, url: str, **what: Any) -> Answer:  # noqa: ANN401 - httpx's own options
        try:
            response = self._client.request(method, url, **what)
        except _NOT_SENT as error:
            raise NotDeliveredError(_named(error)) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
            raise NotDeliveredError("its address is no URL") from None
        except (httpx.HTTPError, OSError) as error:
            raise NotDeliveredError(_named(error), is_unknown=True) from None
        return _judged(response)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _named(error: Exception) -> str:
    return f"the service did not answer ({type(error).__name__})"


def _judged(response: httpx.Response) -> Answer:
    """Return an answer that says yes; raises for any other."""
    status = response.status_code
    body = _json(response)
    if status < _CLIENT_ERROR:
        return Answer(status, body)
    said = outside(body.get("message") or body.get("errors") or "")
    why = f"the service answered {status}{f': {said}' if said else ''}"
    if status in _CAN_BE_MENDED:
        raise NotDeliveredError(why, wait=_wait(response))
    if status >= _SERVER_ERROR:
        raise NotDeliveredError(why, is_unknown=True, wait=_wait(response))
    raise NoticeRefusedError(why)


def _json(response: httpx.Response) -> Json:
    if len(response.content) > _LARGEST_ANSWER:
        return {}
    try:
        found = loads(response.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _wait(response: httpx.Response) -> timedelta | None:
    """Return how long the service wants to be left alone, in whole or broken seconds."""
    try:
        seconds = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    if not seconds >= 0:
        return None
    return timedelta(seconds=min(seconds, _LONGEST_WAIT))
