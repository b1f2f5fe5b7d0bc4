"""From an HTTP request to the handler and back: prefixes, authentication, refusals, headers, troubles."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import time
from datetime import UTC, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from jsm_sandbox.auth import FAILED, identify
from jsm_sandbox.breakage import break_issue
from jsm_sandbox.calls import Call, Reply
from jsm_sandbox.faults import Fault, Trouble
from jsm_sandbox.journal import Entry
from jsm_sandbox.people import ANONYMOUS
from jsm_sandbox.routes import router
from jsm_sandbox.tracker import Tracker
from jsm_sandbox.values import Json, Refusal

GATEWAY = re.compile(r"/ex/jira/[^/]+(?=/)")
VERSION = re.compile(r"/rest/api/(2|3|latest)/")
SIGN_IN = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"
NOT_JSON = "There was an error parsing JSON. Check that your request body is valid."


class Gateway:
    """The ASGI application behind ``/rest`` and ``/ex/jira/{cloudId}/rest``."""

    def __init__(self, tracker: Tracker) -> None:
        """Serve this tracker."""
        self.tracker = tracker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with the trouble that was ordered for it."""
        request = Request(scope, receive)
        started = time.perf_counter()
        raw = await request.body()
        call, failed, entry = self._enter(request)
        path, said = request.url.path, raw.decode("utf-8", "replace")
        fault = self.tracker.faults.next_for(request.method, path, lambda key: self._is_about(key, path, said))
        entry.fault = f"{fault.trouble} {fault.status or ''}".strip() if fault else None
        if fault and fault.trouble is Trouble.ANONYMOUS:
            call.caller, failed = ANONYMOUS, True
        sender = Sender(self.tracker, scope, receive, send, entry)
        if fault and not fault.trouble.applies:
            await sender.trouble(fault, Reply(0))
        else:
            if fault and fault.trouble is Trouble.SLOW:
                await asyncio.sleep(fault.seconds)
            reply = self._reply(call, raw, entry, failed=failed, gateway=GATEWAY.match(request.url.path) is not None)
            await (sender.trouble(fault, reply) if fault else sender.send(reply))
        entry.ms = (time.perf_counter() - started) * 1000

    def _enter(self, request: Request) -> tuple[Call, bool, Entry]:
        with self.tracker.lock:
            caller, failed = identify(self.tracker.site, request.headers.get("authorization", ""))
            url = request.url
            name = caller.name if not failed else "Anonymous (bad token)"
            entry = self.tracker.journal.open(self.tracker.now(), request.method, url.path, url.query, name)
        path = GATEWAY.sub("", url.path, count=1)
        version = VERSION.match(path)
        path = VERSION.sub("/rest/api/3/", path, count=1)
        spoken = "2" if version and version[1] == "2" else "3"
        query = parse_qs(url.query, keep_blank_values=True)
        origin = f"{url.scheme}://{url.netloc}"
        return (
            Call(self.tracker, request.method, path, caller, query, version=spoken, origin=origin),
            failed,
            entry,
        )

    def _is_about(self, key: str, path: str, said: str) -> bool:
        """Tell whether a call is about a request: by its key anywhere, or by its id in the path."""
        issue = self.tracker.find(key)
        by_id = issue is not None and str(issue.id) in path.split("/")
        return by_id or re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", f"{path} {said}") is not None

    def _reply(self, call: Call, raw: bytes, entry: Entry, *, failed: bool, gateway: bool) -> Reply:
        if failed and gateway:
            return Reply(HTTPStatus.UNAUTHORIZED, {"code": 401, "message": "Unauthorized; scope does not match"})
        with self.tracker.lock:
            self.tracker.changes.clear()
            try:
                reply = self._handle(call, raw)
            except Refusal as refusal:
                reply = Reply(refusal.status, refusal.body())
            entry.changed = list(self.tracker.changes)
        entry.applied = reply.status < HTTPStatus.BAD_REQUEST
        names = {} if call.anonymous else {"X-AAccountId": call.caller.account_id}
        return Reply(reply.status, reply.body, reply.headers | names | (FAILED if failed else {}))

    def _handle(self, call: Call, raw: bytes) -> Reply:
        handler, call.args = router.find(call.method, call.path)
        call.body = _decode(raw)
        if call.method != "GET" and "key" in call.args and self.tracker.switches.per_issue_limit:
            issue = self.tracker.find(call.args["key"])
            wait = self.tracker.write_limit.wait(issue.id) if issue else 0
            if wait:
                return too_many(self.tracker, wait, "jira-per-issue-on-write")
        return handler(call)


def _decode(raw: bytes) -> Json:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        raise Refusal(NOT_JSON) from None


def too_many(tracker: Tracker, wait: int | None, reason: str) -> Reply:
    """Answer 429; the reset is written out as an instant, and the wait may be missing."""
    reset = tracker.now().astimezone(UTC) + timedelta(seconds=wait or 1)
    headers = {
        "RateLimit-Reason": reason,
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%SZ}",
    }
    headers |= {} if wait is None else {"Retry-After": str(wait)}
    return Reply(HTTPStatus.TOO_MANY_REQUESTS, {"errorMessages": ["Rate limit exceeded."], "errors": {}}, headers)


class Sender:
    """Puts a reply on the wire, whole or in one of the ways in which it goes wrong."""

    def __init__(self, tracker: Tracker, scope: Scope, receive: Receive, send: Send, entry: Entry) -> None:
        """Answer one request."""
        self.tracker, self.scope, self.receive, self._send, self.entry = tracker, scope, receive, send, entry

    async def send(self, reply: Reply) -> None:
        """Send a reply as JSON, or without a body."""
        body = b"" if reply.body is None else json.dumps(reply.body).encode()
        await self._respond(reply.status, body, "application/json;charset=UTF-8", reply.headers)

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
                await self._respond(HTTPStatus.OK, SIGN_IN.encode(), "text/html;charset=UTF-8", {})
            case Trouble.BROKEN_ISSUE:
                await self.send(Reply(reply.status, break_issue(reply.body, fault.key), reply.headers))
            case _:
                await self.send(reply)

    async def _respond(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.entry.status = int(status)
        date = format_datetime(self.tracker.now().astimezone(UTC).replace(microsecond=0), usegmt=True)
        response = Response(body, int(status), headers | {"Date": date}, media_type=kind if body else None)
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
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()

    async def _cut(self, reply: Reply) -> None:
        """Promise the whole body and send half of it, then hang up."""
        body = json.dumps(reply.body).encode()
        self.entry.status = int(reply.status)
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self._send({"type": "http.response.start", "status": int(reply.status), "headers": head})
        await self._send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await asyncio.sleep(0.05)
        self.scope["state"]["transport"].close()


def _failure(tracker: Tracker, fault: Fault) -> Reply:
    if fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many(tracker, fault.retry_after, fault.reason)
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    text = HTTPStatus(fault.status).phrase
    if fault.status == HTTPStatus.UNAUTHORIZED:
        return Reply(fault.status, {"code": 401, "message": text}, headers)
    return Reply(fault.status, {"errorMessages": [text], "errors": {}}, headers)
