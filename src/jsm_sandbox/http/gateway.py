"""From an HTTP request to the handler and back: prefixes, authentication, limits, refusals, troubles."""

from __future__ import annotations

import asyncio
import json
import re
import time
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from jsm_sandbox.faults.orders import Fault, Trouble
from jsm_sandbox.http.api_call import Call, Reply
from jsm_sandbox.http.auth import FAILED, Identity, identify
from jsm_sandbox.http.breakage import garble
from jsm_sandbox.http.exchanges import Exchange, observed
from jsm_sandbox.http.limit_headers import BURST, PER_ISSUE, limits, too_many
from jsm_sandbox.http.reply_writer import Sender
from jsm_sandbox.http.routes import router
from jsm_sandbox.http.version_two import in_version_two
from jsm_sandbox.play.acts import act
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.call_log import Entry
from jsm_sandbox.state.json_types import Json, Refusal
from jsm_sandbox.state.people import ANONYMOUS

GATEWAY = re.compile(r"/ex/jira/[^/]+(?=/)")
VERSION = re.compile(r"/rest/api/(2|3|latest)/")
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
        call, identity, entry = self._enter(request)
        path = request.url.path
        said = raw.decode("utf-8", "replace")
        fault = self.tracker.faults.next_for(
            request.method, path, lambda key: self._is_about(key, path, said)
        )
        entry.fault = f"{fault.trouble} {fault.status or ''}".strip() if fault else None
        if fault and fault.trouble is Trouble.ANONYMOUS:
            call.caller = ANONYMOUS
            identity = Identity(ANONYMOUS, failed=True)
        sender = Sender(self.tracker, scope, receive, send, entry)
        await self._answer(sender, call, raw, entry, identity, fault)
        entry.ms = (time.perf_counter() - started) * 1000
        agent = request.headers.get("user-agent", "")
        observed(
            Exchange(
                call.method,
                call.path,
                call.query,
                agent,
                raw,
                entry.status,
                sender.body,
                entry.fault,
            )
        )

    async def _answer(  # noqa: PLR0913, PLR0917 - all there is to know of a call
        self,
        sender: Sender,
        call: Call,
        raw: bytes,
        entry: Entry,
        identity: Identity,
        fault: Fault | None,
    ) -> None:
        if fault and not fault.trouble.applies:
            await sender.trouble(fault, Reply(0))
            return
        if fault and fault.trouble is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault and fault.trouble is Trouble.EDIT_FIRST:
            self._edit_first(fault)
        reply = self._reply(call, raw, entry, identity)
        if fault:
            await sender.trouble(fault, garble(self.tracker, fault, call, reply))
        else:
            await sender.send(reply)

    def _edit_first(self, fault: Fault) -> None:
        """Let people act between the caller's read and its write."""
        with self.tracker.lock:
            for told_ in fault.acts:
                act(self.tracker, dict(told_))

    def _enter(self, request: Request) -> tuple[Call, Identity, Entry]:
        url = request.url
        gateway = GATEWAY.match(url.path) is not None
        with self.tracker.lock:
            self.tracker.make_noise()
            identity = identify(
                self.tracker.site,
                request.headers.get("authorization", ""),
                gateway=gateway,
            )
            name = (
                identity.caller.name if not identity.failed else "Anonymous (bad token)"
            )
            entry = self.tracker.journal.open(
                self.tracker.now(), request.method, url.path, url.query, name
            )
        path = GATEWAY.sub("", url.path, count=1)
        version = VERSION.match(path)
        path = VERSION.sub("/rest/api/3/", path, count=1)
        spoken = "2" if version and version[1] == "2" else "3"
        query = parse_qs(url.query, keep_blank_values=True)
        origin = f"{url.scheme}://{url.netloc}"
        call = Call(
            self.tracker,
            request.method,
            path,
            identity.caller,
            query,
            version=spoken,
            origin=origin,
        )
        return call, identity, entry

    def _is_about(self, key: str, path: str, said: str) -> bool:
        """Return whether a call is about a request: by its key anywhere, or by its id in the path."""
        issue = self.tracker.find(key)
        by_id = issue is not None and str(issue.id) in path.split("/")
        return (
            by_id
            or re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", f"{path} {said}")
            is not None
        )

    def _reply(self, call: Call, raw: bytes, entry: Entry, identity: Identity) -> Reply:
        if identity.refused:
            body = {"code": 401, "message": "Unauthorized; scope does not match"}
            return Reply(HTTPStatus.UNAUTHORIZED, body, FAILED)
        with self.tracker.lock:
            self.tracker.changes.clear()
            try:
                reply = self._handle(call, raw)
            except Refusal as refusal:
                reply = Reply(refusal.status, refusal.body())
            entry.changed = list(self.tracker.changes)
        entry.applied = reply.status < HTTPStatus.BAD_REQUEST
        names = {} if call.anonymous else {"X-AAccountId": call.caller.account_id}
        body = in_version_two(reply.body) if call.version == "2" else reply.body
        return Reply(
            reply.status,
            body,
            reply.headers | names | (FAILED if identity.failed else {}),
        )

    def _handle(self, call: Call, raw: bytes) -> Reply:
        endpoint, handler, call.args = router.find(call.method, call.path)
        tracker = self.tracker
        now = self.tracker.now()
        switches = tracker.switches
        granted = switches.granted(call.method)
        room = tracker.bursts.take(call.method, endpoint, switches.burst_share, granted)
        if room.wait:
            return too_many(now, self._advice(room.wait), BURST, limit=room.limit)
        headers = limits(now, room)
        call.body = _decode(raw)
        issue = (
            tracker.find(call.args["key"])
            if call.method != "GET" and "key" in call.args
            else None
        )
        if issue and tracker.switches.per_issue_limit:
            wait = tracker.write_limit.wait(issue.id)
            if wait:
                return too_many(now, self._advice(wait), PER_ISSUE)
            headers |= (
                {"X-RateLimit-NearLimit": "true"}
                if tracker.write_limit.near(issue.id)
                else {}
            )
        reply = handler(call)
        return Reply(reply.status, reply.body, headers | reply.headers)

    def _advice(self, wait: int) -> int | None:
        """Say how long to wait, or nothing, or zero, as the site is switched."""
        return {"absent": None, "zero": 0}.get(self.tracker.switches.retry_after, wait)


def _decode(raw: bytes) -> Json:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        raise Refusal(NOT_JSON) from None
