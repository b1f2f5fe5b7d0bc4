"""How calls are signed: with a fixed token, one from a file that may change, or one that is fetched and renewed.

Promises: no token stands in a message, a log or a `repr`. A file is read again when it has changed, and after a 401.
A fetched token is renewed a minute before it ends, once for all threads, and once after a 401. Safe to use from
several threads. A restart fetches a new token. Accepted race: calls that are under way while a token is withdrawn are
refused, and tried again once with the new one.
"""

import os
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import httpx

from jsm_sla_bot.jsm.errors import IdentityError, TransientError
from jsm_sla_bot.ports.sign_in import Basic, Bearer, ClientCredentials, SignIn

RENEW_SECONDS_BEFORE = 60.0
"""A fetched token is renewed so long before it ends."""
_SHORTEST_LIFE = 120.0
"""A token that is said to end sooner is still used for this long: renewing it at every call would help nobody."""
_UNAUTHORIZED = 401
_LARGEST_TOKEN = 16_384

_Flow: TypeAlias = Generator[httpx.Request, httpx.Response, None]


def signature(auth: SignIn, monotonic: Callable[[], float]) -> httpx.Auth:
    """Return what signs each call; `monotonic` is in seconds."""
    match auth:
        case Basic(email=email, token=token, file=file):
            return _Signed(
                _Secret(token, file), lambda each: _basic(email, each)
            )
        case Bearer(token=token, file=file):
            return _Signed(_Secret(token, file), lambda each: f"Bearer {each}")
        case ClientCredentials(client_id=name, secret=secret, file=file):
            return _Renewed(
                name, _Secret(secret, file), auth.token_url, monotonic
            )


def _basic(email: str, token: str) -> str:
    """Return the header as httpx writes it."""
    signed = next(
        httpx.BasicAuth(email, token).auth_flow(httpx.Request("GET", "/"))
    )
    return signed.headers["Authorization"]


class _Secret:
    """A secret, read again from its file when that has changed; one that can't be read leaves the last one."""

    def __init__(self, first: str, file: str | None) -> None:
        self._value = first
        self._file = Path(file) if file else None
        self._lock = threading.Lock()
        self._seen = self._look()

    def current(self, *, afresh: bool = False) -> str:
        """Return the secret; with `afresh` the file is read even if it looks the same."""
        if self._file is None:
            return self._value
        with self._lock:
            seen = self._look()
            if afresh or seen != self._seen:
                self._value = self._read() or self._value
                self._seen = seen
            return self._value

    def _look(self) -> tuple[int, int, int] | None:
        if self._file is None:
            return None
        try:
            found = os.stat(self._file)  # noqa: PTH116 - follows a mounted secret's links
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> str | None:
        if self._file is None:
            return None
        try:
            with self._file.open(encoding="utf-8") as file:
                return file.read(_LARGEST_TOKEN).strip() or None
        except (OSError, UnicodeDecodeError):
            return None


class _Signed(httpx.Auth):
    """Signs with a secret as it is; after a 401 once more, if its file holds another one by then."""

    def __init__(self, secret: _Secret, header: Callable[[str], str]) -> None:
        self._secret = secret
        self._header = header

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Sign, send, and try once more with a secret that has changed."""
        used = self._secret.current()
        request.headers["Authorization"] = self._header(used)
        response = yield request
        if response.status_code != _UNAUTHORIZED:
            return
        fresh = self._secret.current(afresh=True)
        if fresh != used:
            request.headers["Authorization"] = self._header(fresh)
            yield request


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    ends: float


class _Renewed(httpx.Auth):
    """Signs with a token that is fetched by client id and secret, by one thread for all."""

    requires_response_body = False

    def __init__(
        self,
        client_id: str,
        secret: _Secret,
        token_url: str,
        monotonic: Callable[[], float],
    ) -> None:
        self._client_id = client_id
        self._secret = secret
        self._url = token_url
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def auth_flow(self, request: httpx.Request) -> _Flow:
        """Sign and send; after a 401 once more with a new token."""
        token = yield from self._good(None)
        request.headers["Authorization"] = f"Bearer {token.text}"
        response = yield request
        if response.status_code != _UNAUTHORIZED:
            return
        renewed = yield from self._good(token)
        request.headers["Authorization"] = f"Bearer {renewed.text}"
        yield request

    def _good(
        self, refused: _Token | None
    ) -> Generator[httpx.Request, httpx.Response, _Token]:
        """Return a token that is still good and is not the one that was refused; others wait while it is fetched."""
        with self._lock:
            known = self._token
            is_good = known is not None and self._monotonic() < known.ends
            if known is not None and is_good and known is not refused:
                return known
            secret = self._secret.current(afresh=refused is not None)
            response = yield self._question(secret)
            response.read()
            self._token = self._answered(response)
            return self._token

    def _question(self, secret: str) -> httpx.Request:
        body = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": secret,
        }
        return httpx.Request("POST", self._url, json=body)

    def _answered(self, response: httpx.Response) -> _Token:
        """Read a new token. Raises IdentityError where the client is refused, TransientError otherwise."""
        host = response.request.url.host
        if response.status_code in {400, 401, 403}:
            why = f"{host} refuses JSM_SLA_BOT_CLIENT_ID and its secret ({response.status_code})"
            raise IdentityError(
                f"{why}: is the service account's credential still valid?"
            )
        if not response.is_success:
            raise TransientError(
                f"{host} gives no token ({response.status_code})"
            )
        try:
            answer = response.json()
            text = str(answer["access_token"])
            seconds = float(answer.get("expires_in", 0))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TransientError(
                f"{host} gives an answer without a token"
            ) from error
        life = max(seconds - RENEW_SECONDS_BEFORE, _SHORTEST_LIFE)
        return _Token(text, self._monotonic() + life)
