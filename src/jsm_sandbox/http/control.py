"""The control API: look into the sandbox, order trouble, play a person. No part of Jira; loopback only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from http import HTTPStatus
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from jsm_sandbox.play.acts import act
from jsm_sandbox.play.board import overview, queue, state
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import instants
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal, as_list, as_object
from jsm_sandbox.state.store import Switches

POSITIONS = {
    "retry_after": ("present", "absent", "zero"),
    "native_sla": ("shown", "null", "absent", "error"),
}

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(tracker: Tracker) -> list[Route]:
    """Give the routes of the control API and the page."""
    control = Control(tracker)
    read: dict[str, Callable[[], Json]] = {
        "/_sandbox/queue.json": control.queue,
        "/_sandbox/overview": control.overview,
        "/_sandbox/log": control.log,
        "/_sandbox/writes": control.writes,
        "/_sandbox/faults": control.faults,
        "/_sandbox/switches": control.switches,
        "/_sandbox/clock": control.clock,
    }
    write: list[tuple[str, str, Callable[[Json], Json]]] = [
        ("DELETE", "/_sandbox/log", control.forget_log),
        ("POST", "/_sandbox/faults", control.order),
        ("DELETE", "/_sandbox/faults", control.forget_faults),
        ("PUT", "/_sandbox/switches", control.switch),
        ("POST", "/_sandbox/act", control.act),
        ("PUT", "/_sandbox/clock", control.set_clock),
    ]
    page = files("jsm_sandbox").joinpath("page.html").read_text(encoding="utf-8")
    return [
        Route("/", _shows(page)),
        Route("/_sandbox/state", _states(tracker), methods=["GET"]),
        *(
            Route(path, _reads(tracker, found), methods=["GET"])
            for path, found in read.items()
        ),
        *(
            Route(path, _writes(tracker, done), methods=[method])
            for method, path, done in write
        ),
    ]


def _shows(page: str) -> Endpoint:
    async def answer(_: Request) -> Response:
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return answer


def _states(tracker: Tracker) -> Endpoint:
    async def answer(request: Request) -> Response:
        with tracker.lock:
            return JSONResponse(state(tracker, request.query_params.getlist("key")))

    return answer


def _reads(tracker: Tracker, found: Callable[[], Json]) -> Endpoint:
    async def answer(_: Request) -> Response:
        with tracker.lock:
            return JSONResponse(found())

    return answer


def _writes(tracker: Tracker, done: Callable[[Json], Json]) -> Endpoint:
    async def answer(request: Request) -> Response:
        try:
            body = await request.json() if await request.body() else None
            with tracker.lock:
                return JSONResponse(done(body))
        except (LookupError, ValueError, TypeError, Refusal, re.error) as problem:
            text = f"{type(problem).__name__}: {problem}"
            return JSONResponse({"error": text}, HTTPStatus.BAD_REQUEST)

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
        told = as_object(body)
        clock = self.tracker.clock
        if clock is None:
            text = "this sandbox goes by a clock that is not its own"
            raise LookupError(text)
        instant = instants.lenient(told.get("now"))
        if told.get("now") is not None and instant is None:
            text = (
                f"{told['now']!r} is not an instant: write it like 2026-03-02T09:00:00Z"
            )
            raise ValueError(text)
        clock.set(instant, speed=told.get("speed"))
        clock.advance(seconds=float(told.get("forward") or 0))
        return self.clock()

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
        return [self.tracker.faults.place(as_object(each)).show() for each in orders]

    def switch(self, body: Json) -> Json:
        """Turn switches."""
        wanted = as_object(body)
        known = {each.name: each.default for each in fields(Switches)}
        for name, value in wanted.items():
            if name not in known:
                text = (
                    f"there is no switch {name!r}; there are {', '.join(sorted(known))}"
                )
                raise LookupError(text)
            _bearable(name, value, known[name])
        for name, value in wanted.items():
            kept = tuple(value) if isinstance(value, list) else value
            setattr(self.tracker.switches, name, kept)
        return self.switches()

    def act(self, body: Json) -> Json:
        """Let a person do something."""
        request: JsonObject = dict(as_object(body))
        return act(self.tracker, request)


def _bearable(name: str, value: Json, default: object) -> None:
    """Raise ValueError for a value that the switch can't stand at: later calls would trip over it."""
    match default:
        case bool():
            good = isinstance(value, bool)
            expected = "true or false"
        case float():
            good = (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and value >= 0
            )
            expected = "a number from 0"
        case tuple():
            good = isinstance(value, list) and all(isinstance(e, str) for e in value)
            expected = "a list of names"
        case _:
            good = value in POSITIONS[name]
            expected = f"one of {', '.join(POSITIONS[name])}"
    if not good:
        text = f"{name}: found {value!r}, expected {expected}"
        raise ValueError(text)
