"""From an HTTP request to the handler and back: prefixes, authentication, limits, refusals, troubles."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from jsm_sandbox.faults.orders import Fault, Trouble
from jsm_sandbox.http.api_call import Call, Reply
from jsm_sandbox.http.auth import FAILED, Identity, identify
from jsm_sandbox.http.breakage import garble
from jsm_sandbox.http.exchanges import Exchange, observed, observers
from jsm_sandbox.http.limit_headers import BURST, PER_ISSUE, limits, too_many
from jsm_sandbox.http.reply_writer import Sender
from jsm_sandbox.http.routes import router
from jsm_sandbox.http.version_two import in_version_two
from jsm_sandbox.play.acts import act
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.call_limits import Room
from jsm_sandbox.state.call_log import Entry
from jsm_sandbox.state.json_types import Json, Refusal
from jsm_sandbox.state.people import ANONYMOUS, Account
from jsm_sandbox.state.requests import Issue

GATEWAY = re.compile(r"/ex/jira/[^/]+(?=/)")
VERSION = re.compile(r"/rest/api/(2|3|latest)/")
NOT_JSON = (
    "There was an error parsing JSON. Check that your request body is valid."
)
OUT_OF_SCOPE = {"code": 401, "message": "Unauthorized; scope does not match"}


@dataclass(slots=True)
class Visit:
    """One HTTP request on its way through: who calls, the call, and its entry in the log."""

    call: Call
    identity: Identity
    entry: Entry
    raw: bytes
    fault: Fault | None = None

    def pretend_nobody(self) -> None:
        """Go on as if the token had expired."""
        self.call.caller = ANONYMOUS
        self.identity = Identity(ANONYMOUS, failed=True)

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers of the answer that depend on who calls."""
        if self.identity.failed:
            return FAILED
        if self.call.anonymous:
            return {}
        return {"X-AAccountId": self.call.caller.account_id}


class Gateway:
    """The ASGI application behind ``/rest`` and ``/ex/jira/{cloudId}/rest``."""

    def __init__(self, tracker: Tracker) -> None:
        """Serve this tracker."""
        self.tracker = tracker

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request, with the trouble that was ordered for it."""
        request = Request(scope, receive)
        started = time.perf_counter()
        visit = self._enter(request, await request.body())
        self._order_trouble(visit, request.url.path)
        sender = Sender(self.tracker, scope, receive, send, visit.entry)
        await self._answer(sender, visit)
        visit.entry.ms = (time.perf_counter() - started) * 1000
        if observers:
            agent = request.headers.get("user-agent", "")
            observed(_exchange(visit, agent, sender.body))

    def _order_trouble(self, visit: Visit, path: str) -> None:
        """Take the trouble that was ordered for the call, if any."""
        fault = self.tracker.faults.next_for(
            visit.call.method,
            path,
            lambda key: self._is_about(key, path, visit.raw),
        )
        if fault is None:
            return
        visit.fault = fault
        visit.entry.fault = f"{fault.trouble} {fault.status or ''}".strip()
        if fault.trouble is Trouble.ANONYMOUS:
            visit.pretend_nobody()

    async def _answer(self, sender: Sender, visit: Visit) -> None:
        if visit.fault is None:
            await sender.send(self._reply(visit))
        elif not visit.fault.trouble.applies:
            await sender.trouble(visit.fault, Reply(0))
        else:
            await self._answer_in_trouble(sender, visit, visit.fault)

    async def _answer_in_trouble(
        self, sender: Sender, visit: Visit, fault: Fault
    ) -> None:
        """Carry the call out; the trouble is what happens before or after it."""
        if fault.trouble is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault.trouble is Trouble.EDIT_FIRST:
            self._edit_first(fault)
        reply = self._reply(visit)
        garbled = garble(self.tracker, fault, visit.call, reply)
        await sender.trouble(fault, garbled)

    def _edit_first(self, fault: Fault) -> None:
        """Let people act between the caller's read and its write."""
        with self.tracker.lock:
            for each in fault.acts:
                act(self.tracker, dict(each))

    def _enter(self, request: Request, raw: bytes) -> Visit:
        with self.tracker.lock:
            self.tracker.make_noise()
            identity = self._identify(request)
            entry = self._log(request, identity)
        call = self._call(request, identity.caller)
        return Visit(call, identity, entry, raw)

    def _identify(self, request: Request) -> Identity:
        return identify(
            self.tracker.site,
            request.headers.get("authorization", ""),
            gateway=bool(GATEWAY.match(request.url.path)),
            tokens=self.tracker.good_tokens(),
        )

    def _log(self, request: Request, identity: Identity) -> Entry:
        url = request.url
        return self.tracker.journal.open(
            self.tracker.now(),
            request.method,
            url.path,
            url.query,
            identity.name,
        )

    def _call(self, request: Request, caller: Account) -> Call:
        """Read a call off its address: without the gateway's prefix, in version 3."""
        url = request.url
        path = GATEWAY.sub("", url.path, count=1)
        version = VERSION.match(path)
        return Call(
            self.tracker,
            request.method,
            VERSION.sub("/rest/api/3/", path, count=1),
            caller,
            query=parse_qs(url.query, keep_blank_values=True),
            version="2" if version and version[1] == "2" else "3",
            origin=f"{url.scheme}://{url.netloc}",
        )

    def _is_about(self, key: str, path: str, raw: bytes) -> bool:
        """Return whether a call is about a request: by its key anywhere, or by its id in the path."""
        issue = self.tracker.find(key)
        if issue is not None and str(issue.id) in path.split("/"):
            return True
        body = raw.decode("utf-8", "replace")
        whole_key = rf"(?<![\w-]){re.escape(key)}(?![\w-])"
        return re.search(whole_key, f"{path} {body}") is not None

    def _reply(self, visit: Visit) -> Reply:
        if visit.identity.refused:
            return Reply(HTTPStatus.UNAUTHORIZED, dict(OUT_OF_SCOPE), FAILED)
        with self.tracker.lock:
            self.tracker.changes.clear()
            reply = self._handled(visit.call, visit.raw)
            visit.entry.changed = list(self.tracker.changes)
        visit.entry.applied = reply.status < HTTPStatus.BAD_REQUEST
        body = _in_version(visit.call.version, reply.body)
        return Reply(reply.status, body, reply.headers | visit.headers)

    def _handled(self, call: Call, raw: bytes) -> Reply:
        try:
            return self._handle(call, raw)
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body())

    def _handle(self, call: Call, raw: bytes) -> Reply:
        endpoint, handler, call.args = router.find(call.method, call.path)
        room = self._room(call, endpoint)
        now = self.tracker.now()
        if room.wait:
            advice = self._advice(room.wait)
            return too_many(now, advice, BURST, limit=room.limit)
        call.body = _decode(raw)
        written = self._limited_issue(call)
        wait = self.tracker.write_limit.wait(written.id) if written else 0
        if wait:
            return too_many(now, self._advice(wait), PER_ISSUE)
        headers = limits(now, room) | self._near_limit(written)
        reply = handler(call)
        return Reply(reply.status, reply.body, headers | reply.headers)

    def _room(self, call: Call, endpoint: str) -> Room:
        """Take a call out of the burst that the site grants."""
        switches = self.tracker.switches
        granted = switches.granted(call.method)
        return self.tracker.bursts.take(
            call.method, endpoint, switches.burst_share, granted
        )

    def _near_limit(self, written: Issue | None) -> dict[str, str]:
        if written and self.tracker.write_limit.near(written.id):
            return {"X-RateLimit-NearLimit": "true"}
        return {}

    def _limited_issue(self, call: Call) -> Issue | None:
        """Find the request that a call writes to, where the limit on such writes is on."""
        key = call.args.get("key")
        if key is None or call.method == "GET":
            return None
        if not self.tracker.switches.per_issue_limit:
            return None
        return self.tracker.find(key)

    def _advice(self, wait: int) -> int | None:
        """Give how long to wait, or nothing, or zero, as the site is switched."""
        match self.tracker.switches.retry_after:
            case "absent":
                return None
            case "zero":
                return 0
            case _:
                return wait


def _exchange(visit: Visit, agent: str, answered: bytes) -> Exchange:
    return Exchange(
        visit.call.method,
        visit.call.path,
        visit.call.query,
        agent,
        visit.raw,
        status=visit.entry.status,
        answered=answered,
        trouble=visit.entry.fault,
    )


def _in_version(version: str, body: Json) -> Json:
    return in_version_two(body) if version == "2" else body


def _decode(raw: bytes) -> Json:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        raise Refusal(NOT_JSON) from None
