"""The services on the wire: a call is answered, or goes wrong as it does out there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from jsm_sandbox.http.going_silent import cut_off, wait_for_hang_up
from jsm_sandbox.services import Asked, Said, answer
from jsm_sandbox.state.inbox import Inbox, Unrest

_BUSY = Said(503, {"message": "try again later"})
_LIMITED = Said(429, {"message": "too many"}, {"Retry-After": "0.05"})


class Services:
    """An ASGI application below `/_services`."""

    def __init__(self, inbox: Inbox) -> None:
        """Keep what arrives in this inbox."""
        self._inbox = inbox

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one call."""
        request = Request(scope, receive)
        service, rest = _addressed(scope)
        asked = Asked(
            request.method,
            rest,
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        unrest = self._inbox.unrest(service)
        said = self._said(service, asked, unrest)
        match unrest:
            case Unrest.RESET | Unrest.RESET_AFTER:
                cut_off(scope)
            case Unrest.HANG | Unrest.HANG_AFTER:
                await wait_for_hang_up(receive)
            case _:
                response = _response(said)
                await response(scope, receive, send)

    def _said(self, service: str, asked: Asked, unrest: Unrest | None) -> Said:
        """Do what is asked, unless the unrest comes before it; say what came of it, or what went wrong."""
        said = _BUSY
        if unrest is None or unrest.is_done:
            said = answer(self._inbox, service, asked)
        match unrest:
            case Unrest.LIMIT:
                return _LIMITED
            case Unrest.ERROR | Unrest.ERROR_AFTER:
                return _BUSY
            case _:
                return said


def _addressed(scope: Scope) -> tuple[str, str]:
    """Read off the address which service is meant, and what of it."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    service, _, rest = path.strip("/").partition("/")
    return service, rest


def _response(said: Said) -> JSONResponse:
    return JSONResponse(said.body, said.status, dict(said.headers))
