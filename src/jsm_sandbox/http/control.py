"""The control API: look into the sandbox, order trouble, play a person. No part of Jira; loopback only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from datetime import datetime
from http import HTTPStatus
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from jsm_sandbox.play.acts import act
from jsm_sandbox.play.board import overview, queue, state
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import instants
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    Refusal,
    as_list,
    as_object,
)
from jsm_sandbox.state.switches import Switches

POSITIONS = {
    "retry_after": ("present", "absent", "zero"),
    "native_sla": ("shown", "null", "absent", "error"),
}
SIGNED = ("clock_skew",)
"""Switches that may stand below zero: the server's clock may be behind."""

MISTAKES = (LookupError, ValueError, TypeError, Refusal, re.error)
"""What is raised for an order that cannot be carried out."""

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(tracker: Tracker) -> list[Route]:
    """Give the routes of the control API and the page."""
    control = Control(tracker)
    page = (
        files("jsm_sandbox").joinpath("page.html").read_text(encoding="utf-8")
    )
    return [
        Route("/", _shows(page)),
        Route("/_sandbox/state", _states(tracker), methods=["GET"]),
        *_reading_routes(control),
        *_writing_routes(control),
    ]


def _route(method: str, name: str, answer: Endpoint) -> Route:
    return Route(f"/_sandbox/{name}", answer, methods=[method])


def _reading_routes(control: Control) -> list[Route]:
    shown: dict[str, Callable[[], Json]] = {
        "queue.json": control.queue,
        "overview": control.overview,
        "log": control.log,
        "writes": control.writes,
        "faults": control.faults,
        "switches": control.switches,
        "clock": control.clock,
        "notices": control.notices,
    }
    tracker = control.tracker
    return [
        _route("GET", name, _reads(tracker, show))
        for name, show in shown.items()
    ]


def _writing_routes(control: Control) -> list[Route]:
    verbs: list[tuple[str, str, Callable[[Json], Json]]] = [
        ("DELETE", "log", control.forget_log),
        ("POST", "faults", control.order),
        ("DELETE", "faults", control.forget_faults),
        ("PUT", "switches", control.switch),
        ("POST", "act", control.act),
        ("PUT", "clock", control.set_clock),
        ("PUT", "unrest", control.unrest),
    ]
    tracker = control.tracker
    return [
        _route(method, name, _writes(tracker, do))
        for method, name, do in verbs
    ]


def _shows(page: str) -> Endpoint:
    async def answer(_: Request) -> Response:
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return answer


def _states(tracker: Tracker) -> Endpoint:
    async def answer(request: Request) -> Response:
        with tracker.lock:
            return JSONResponse(
                state(tracker, request.query_params.getlist("key"))
            )

    return answer


def _texts(wanted: JsonObject, name: str) -> list[str]:
    return [str(each) for each in as_list(wanted.get(name))]


def _reads(tracker: Tracker, found: Callable[[], Json]) -> Endpoint:
    async def answer(_: Request) -> Response:
        with tracker.lock:
            return JSONResponse(found())

    return answer


def _objection(problem: Exception) -> Response:
    text = f"{type(problem).__name__}: {problem}"
    return JSONResponse({"error": text}, HTTPStatus.BAD_REQUEST)


def _writes(tracker: Tracker, done: Callable[[Json], Json]) -> Endpoint:
    async def answer(request: Request) -> Response:
        try:
            body = await request.json() if await request.body() else None
            with tracker.lock:
                return JSONResponse(done(body))
        except MISTAKES as problem:
            return _objection(problem)

    return answer


class Control:
    """The verbs of the control API."""

    def __init__(self, tracker: Tracker) -> None:
        """Control this tracker."""
        self.tracker = tracker

    def overview(self) -> Json:
        """Show what is open and what is done."""
        return overview(self.tracker)

    def queue(self) -> Json:
        """Show what the page shows."""
        return queue(self.tracker)

    def log(self) -> Json:
        """Show every API call."""
        return self.tracker.journal.calls()

    def writes(self) -> Json:
        """Show the calls that wrote, and what."""
        return self.tracker.journal.writes()

    def faults(self) -> Json:
        """Show the orders for trouble."""
        return [each.show() for each in self.tracker.faults.orders]

    def switches(self) -> Json:
        """Show how the switches stand."""
        return asdict(self.tracker.switches)

    def clock(self) -> Json:
        """Show the time, and how fast it goes; no speed where it comes from elsewhere."""
        clock = self.tracker.clock
        return {
            "now": self.tracker.now().isoformat(),
            "speed": clock.speed if clock else None,
        }

    def set_clock(self, body: Json) -> Json:
        """Set the time (``now``), let some pass (``forward``, in seconds), or change its ``speed``."""
        clock = self.tracker.clock
        if clock is None:
            raise LookupError(
                "this sandbox goes by a clock that is not its own"
            )
        wanted = as_object(body)
        clock.set(_instant(wanted.get("now")), speed=wanted.get("speed"))
        clock.advance(seconds=float(wanted.get("forward") or 0))
        return self.clock()

    def notices(self) -> Json:
        """Show what arrived at chat, pager, alerts, webhooks and mail, the youngest first."""
        return list(self.tracker.inbox.show())

    def unrest(self, body: Json) -> Json:
        """Let a ``share`` of the calls to ``services`` (all of them) fail in these ``kinds`` (any of them)."""
        wanted = as_object(body)
        share = float(wanted.get("share") or 0)
        kinds = _texts(wanted, "kinds")
        services = _texts(wanted, "services")
        self.tracker.inbox.trouble(share, kinds, services)
        return {}

    def forget_log(self, _: Json) -> Json:
        """Empty the log."""
        self.tracker.journal.entries.clear()
        return {}

    def forget_faults(self, _: Json) -> Json:
        """Take every order for trouble back."""
        self.tracker.faults.clear()
        return {}

    def order(self, body: Json) -> Json:
        """Take one order for trouble or a list of them."""
        orders = as_list(body) or [as_object(body)]
        return [
            self.tracker.faults.place(as_object(each)).show()
            for each in orders
        ]

    def switch(self, body: Json) -> Json:
        """Turn switches: all of them, or none if one can't be turned so."""
        wanted = as_object(body)
        for name, value in wanted.items():
            _check_switch(name, value)
        for name, value in wanted.items():
            self._set_switch(name, value)
        return self.switches()

    def _set_switch(self, name: str, value: Json) -> None:
        kept = tuple(value) if isinstance(value, list) else value
        setattr(self.tracker.switches, name, kept)

    def act(self, body: Json) -> Json:
        """Let a person do something."""
        request: JsonObject = dict(as_object(body))
        return act(self.tracker, request)


def _instant(text: Json) -> datetime | None:
    return None if text is None else instants.stated(text)


def _check_switch(name: str, value: Json) -> None:
    """Raise LookupError for an unknown switch, ValueError for a value that later calls would trip over."""
    known = {each.name: each.default for each in fields(Switches)}
    if name not in known:
        names = ", ".join(sorted(known))
        raise LookupError(f"there is no switch {name!r}; there are {names}")
    good, expected = _judged(name, value, known[name])
    if not good:
        raise ValueError(f"{name}: found {value!r}, expected {expected}")


def _judged(name: str, value: Json, default: object) -> tuple[bool, str]:
    """Give whether a switch can stand at a value, and what it is expected to stand at."""
    match default:
        case bool():
            return isinstance(value, bool), "true or false"
        case float() if name in SIGNED:
            return _is_number(value), "a number"
        case float():
            return _is_number(value) and value >= 0, "a number from 0"
        case tuple():
            return _is_list_of_names(value), "a list of names"
        case _:
            positions = POSITIONS[name]
            return value in positions, f"one of {', '.join(positions)}"


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list_of_names(value: Json) -> bool:
    if not isinstance(value, list):
        return False
    return all(isinstance(each, str) for each in value)
