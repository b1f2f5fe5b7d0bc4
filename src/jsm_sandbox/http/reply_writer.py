"""Puts a reply on the wire, whole or in one of the ways in which it goes wrong."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from jsm_sandbox.faults.orders import Fault, Trouble
from jsm_sandbox.http.api_call import Reply
from jsm_sandbox.http.limit_headers import too_many
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.call_log import Entry

SIGN_IN = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"


class Sender:
    """Answers one request."""

    def __init__(
        self, tracker: Tracker, scope: Scope, receive: Receive, send: Send, entry: Entry
    ) -> None:
        """Answer one request; ``body`` is what went out."""
        self.tracker = tracker
        self.scope = scope
        self.receive = receive
        self._send = send
        self.entry = entry
        self.body = b""

    async def send(self, reply: Reply) -> None:
        """Send a reply as JSON, or without a body."""
        body = b"" if reply.body is None else json.dumps(reply.body).encode()
        await self._respond(
            reply.status, body, "application/json;charset=UTF-8", reply.headers
        )

    async def trouble(self, fault: Fault, reply: Reply) -> None:
        """Answer as ordered in place of the reply."""
        match fault.trouble:
            case Trouble.STATUS | Trouble.STATUS_AFTER:
                await self.send(_failure(self.tracker, fault))
            case Trouble.TIMEOUT | Trouble.TIMEOUT_AFTER:
                await self._hang()
            case Trouble.RESET | Trouble.RESET_AFTER:
                self._reset()
            case Trouble.CUT_JSON:
                await self._cut(reply)
            case Trouble.HTML:
                await self._respond(
                    HTTPStatus.OK, SIGN_IN.encode(), "text/html;charset=UTF-8", {}
                )
            case _:
                await self.send(reply)

    async def _respond(
        self, status: int, body: bytes, kind: str, headers: dict[str, str]
    ) -> None:
        self.entry.status = int(status)
        self.body = body
        date = format_datetime(
            self.tracker.now().astimezone(UTC).replace(microsecond=0), usegmt=True
        )
        response = Response(
            body,
            int(status),
            headers | {"Date": date},
            media_type=kind if body else None,
        )
        await response(self.scope, self.receive, self._send)

    async def _hang(self) -> None:
        """Say nothing until the caller gives up."""
        message: Message = {"type": ""}
        while message["type"] != "http.disconnect":
            message = await self.receive()

    def _reset(self) -> None:
        """Cut the connection without a word."""
        transport = self.scope["state"]["transport"]
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        transport.abort()

    async def _cut(self, reply: Reply) -> None:
        """Promise the whole body and send half of it, then hang up."""
        body = json.dumps(reply.body).encode()
        self.entry.status = int(reply.status)
        head = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await self._send(
            {
                "type": "http.response.start",
                "status": int(reply.status),
                "headers": head,
            }
        )
        await self._send(
            {
                "type": "http.response.body",
                "body": body[: len(body) // 2],
                "more_body": True,
            }
        )
        await asyncio.sleep(0.05)
        self.scope["state"]["transport"].close()


def _failure(tracker: Tracker, fault: Fault) -> Reply:
    if fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many(tracker.now(), fault.retry_after, fault.reason)
    headers = (
        {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    )
    text = HTTPStatus(fault.status).phrase
    if fault.status == HTTPStatus.UNAUTHORIZED:
        return Reply(fault.status, {"code": 401, "message": text}, headers)
    return Reply(fault.status, {"errorMessages": [text], "errors": {}}, headers)
