"""Puts a reply on the wire, whole or in one of the ways in which it goes wrong."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from jsm_sandbox.faults.orders import Fault, Trouble
from jsm_sandbox.http.api_call import Reply
from jsm_sandbox.http.going_silent import cut_off, wait_for_hang_up
from jsm_sandbox.http.limit_headers import too_many
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.call_log import Entry
from jsm_sandbox.state.json_types import JsonObject

JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"
SIGN_IN = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"
NO_SCOPE: JsonObject = {
    "code": 401,
    "message": "Unauthorized; scope does not match",
}


class Sender:
    """Answers one request."""

    def __init__(
        self,
        tracker: Tracker,
        scope: Scope,
        receive: Receive,
        send: Send,
        entry: Entry,
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
        await self._respond(reply.status, body, JSON_TYPE, reply.headers)

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
                page = SIGN_IN.encode()
                await self._respond(HTTPStatus.OK, page, HTML_TYPE, {})
            case Trouble.SCOPE:
                await self.send(Reply(HTTPStatus.UNAUTHORIZED, NO_SCOPE))
            case _:
                await self.send(reply)

    async def _respond(
        self, status: int, body: bytes, kind: str, headers: dict[str, str]
    ) -> None:
        self.entry.status = int(status)
        self.body = body
        response = Response(
            body,
            int(status),
            headers | {"Date": self._date()},
            media_type=kind if body else None,
        )
        await response(self.scope, self.receive, self._send)

    def _date(self) -> str:
        """Write the sandbox's time as HTTP does."""
        utc = self.tracker.now().astimezone(UTC)
        return format_datetime(utc, usegmt=True)

    async def _hang(self) -> None:
        """Send nothing until the caller gives up."""
        await wait_for_hang_up(self.receive)

    def _reset(self) -> None:
        """Cut the connection without an answer."""
        cut_off(self.scope)

    async def _cut(self, reply: Reply) -> None:
        """Promise the whole body and send half of it, then hang up."""
        body = json.dumps(reply.body).encode()
        self.entry.status = int(reply.status)
        await self._send(_head(self.entry.status, len(body)))
        await self._send(_first_half(body))
        await asyncio.sleep(0.05)
        self.scope["state"]["transport"].close()


def _first_half(body: bytes) -> Message:
    return {
        "type": "http.response.body",
        "body": body[: len(body) // 2],
        "more_body": True,
    }


def _head(status: int, length: int) -> Message:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(length).encode()),
    ]
    return {
        "type": "http.response.start",
        "status": status,
        "headers": headers,
    }


def _failure(tracker: Tracker, fault: Fault) -> Reply:
    if fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many(tracker.now(), fault.retry_after, fault.reason)
    headers = {}
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return Reply(fault.status, _failure_body(fault.status), headers)


def _failure_body(status: int) -> JsonObject:
    text = HTTPStatus(status).phrase
    if status == HTTPStatus.UNAUTHORIZED:
        return {"code": 401, "message": text}
    return {"errorMessages": [text], "errors": {}}
