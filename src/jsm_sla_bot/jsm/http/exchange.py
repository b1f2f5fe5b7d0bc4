"""One attempt at a call: sent once, its answer read to the end, and every trouble on the way one of our errors."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from jsm_sla_bot.jsm.errors import (
    DistrustError,
    GarbledError,
    NotSentError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http import body, unreachable
from jsm_sla_bot.jsm.http.answers import Answers
from jsm_sla_bot.jsm.http.client import Client
from jsm_sla_bot.jsm.http.response import Answer, Call, payload
from jsm_sla_bot.jsm.json_values import Json

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

    @property
    def path(self) -> str:
        """The path of the address."""
        return httpx.URL(self.url).path


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one attempt may take: seconds of real time, and bytes of an answer."""

    seconds: float
    largest: int


def exchange(
    client: Client,
    asked: Call,
    request: Outgoing,
    bounds: Bounds,
    answers: Answers,
) -> tuple[Answer, Json]:
    """Send a request once, count the answer, and return a good one with its JSON. Raises what `payload` raises.

    Also NotSentError where no connection came about, and TransientError where no answer did.
    """
    with answers.counting(asked.endpoint) as counted:
        answer = _sent(client, asked, request, bounds)
        counted.status = str(answer.status)
    return answer, payload(asked, answer)


def _sent(
    client: Client, asked: Call, request: Outgoing, bounds: Bounds
) -> Answer:
    try:
        return _answer(client, asked, request, bounds)
    except _NOT_SENT as error:
        raise _not_sent(client, asked, error) from error
    except httpx.UnsupportedProtocol as error:
        raise TerminalError(
            f"{asked.endpoint}: the site's address is none"
        ) from error
    except httpx.HTTPError as error:
        raise TransientError(
            f"{asked.endpoint}: no answer from Jira ({type(error).__name__})"
        ) from error


def _answer(
    client: Client, asked: Call, request: Outgoing, bounds: Bounds
) -> Answer:
    built = client.http.build_request(
        request.method,
        request.url,
        headers=dict(request.headers),
        content=request.content,
    )
    with client.network.due_within(bounds.seconds):
        response = client.http.send(built, stream=True)
        content = _read(asked, response, bounds.largest)
    return Answer(response.status_code, response.headers, content)


def _read(asked: Call, response: httpx.Response, largest: int) -> bytes:
    """Read an answer to its end; one that breaks off is as good as one that cannot be read."""
    try:
        return body.read(response, largest)
    except GarbledError as error:
        raise GarbledError(f"{asked.endpoint}: {error}") from error
    except httpx.HTTPError as error:
        raise GarbledError(
            f"{asked.endpoint}: the answer broke off ({type(error).__name__})"
        ) from error
    finally:
        response.close()


def _not_sent(
    client: Client, asked: Call, error: httpx.HTTPError
) -> NotSentError:
    reason = unreachable.why(error, client.route)
    message = f"{asked.endpoint}: no connection to Jira: {reason}"
    if unreachable.is_distrust(error):
        return DistrustError(message)
    return NotSentError(message)
