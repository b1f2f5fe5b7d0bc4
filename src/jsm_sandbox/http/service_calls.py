"""The services on the wire: a call is answered, or goes wrong as it does out there."""

from __future__ import annotations

import socket
import struct

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

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
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        service, _, rest = path.strip("/").partition("/")
        asked = Asked(
            request.method,
            rest,
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        unrest = self._inbox.unrest(service)
        said = _BUSY
        if unrest is None or unrest.is_done:
            said = answer(self._inbox, service, asked)
        match unrest:
            case Unrest.LIMIT:
                said = _LIMITED
            case Unrest.ERROR | Unrest.ERROR_AFTER:
                said = _BUSY
            case Unrest.RESET | Unrest.RESET_AFTER:
                _cut(scope)
                return
            case Unrest.HANG | Unrest.HANG_AFTER:
                await _hang(receive)
                return
            case None:
                pass
        response = JSONResponse(said.body, said.status, dict(said.headers))
        await response(scope, receive, send)


async def _hang(receive: Receive) -> None:
    """Say nothing until the caller gives up."""
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


def _cut(scope: Scope) -> None:
    """End the connection without an answer."""
    transport = scope["state"]["transport"]
    connection = transport.get_extra_info("socket")
    if connection is not None:
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    transport.abort()
