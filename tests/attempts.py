"""A transport of httpx that lets somebody watch: every attempt at a call, as soon as its answer begins."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from jsm_sla_bot.jsm.http.response import call


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a call. `status` is 0 where no answer came."""

    method: str
    path: str
    status: int

    @property
    def endpoint(self) -> str:
        """Return method and path, ids left out."""
        return call(self.method, self.path).endpoint


def ignore(_: Attempt) -> None:
    """Watch nothing."""


class Watched(httpx.BaseTransport):
    """Calls through another transport; whoever watches may raise, as if the process died there."""

    def __init__(
        self, inner: httpx.BaseTransport, watch: Callable[[Attempt], object]
    ) -> None:
        self._inner = inner
        self._watch = watch

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make the attempt, then let it be seen."""
        try:
            answer = self._inner.handle_request(request)
        except httpx.HTTPError:
            self._watch(Attempt(request.method, request.url.path, 0))
            raise
        self._watch(
            Attempt(request.method, request.url.path, answer.status_code)
        )
        return answer

    def close(self) -> None:
        """Close what is inside."""
        self._inner.close()


def watched(
    watch: Callable[[Attempt], object],
) -> Callable[[httpx.BaseTransport], httpx.BaseTransport]:
    """Return what puts such a transport around the client's own."""
    return lambda inner: Watched(inner, watch)
