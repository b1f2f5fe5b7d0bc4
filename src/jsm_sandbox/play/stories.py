"""Ready stories, for tests, for rehearsals and for newcomers.

What they show holds under the shipped policy; where customers read what the bot says, once that is turned on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle

from jsm_sandbox.play.dormant_stories import (
    closed_and_reopened,
    dormant_over_easter,
    first_dormant_day,
)
from jsm_sandbox.play.ordinary_week import ordinary_week
from jsm_sandbox.play.spoken_stories import eta_slips_twice, no_call
from jsm_sandbox.play.story import Desk, Request

NX = "Outscan NX"
HIAB = "HIAB"
EASM = "EASM"
STORM = ("Nordbank", "Fjord", "Tulip", "Lighthouse", "Acme", "Borealis")


@dataclass(frozen=True, slots=True)
class Story:
    """A story: its name, when it begins, and what happens. In one that ``speaks`` customers read what the bot says."""

    name: str
    about: str
    start: datetime
    play: Callable[[Desk], None]
    speaks: bool = False


STORIES: dict[str, Story] = {}


def _story(
    name: str, start: str, *, speaks: bool = False
) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
    def keep(play: Callable[[Desk], None]) -> Callable[[Desk], None]:
        about = (play.__doc__ or "").strip().splitlines()[0]
        begins = datetime.fromisoformat(start)
        STORIES[name] = Story(name, about, begins, play, speaks)
        return play

    return keep


_story("ordinary-week", "2026-03-02T09:00+01:00")(ordinary_week)
_story("no-call", "2026-03-06T15:00+01:00", speaks=True)(no_call)
_story("eta-slips-twice", "2026-03-10T09:00+01:00", speaks=True)(
    eta_slips_twice
)
_story("dormant-over-easter", "2026-04-01T09:00+02:00", speaks=True)(
    dormant_over_easter
)
_story("closed-and-reopened", "2026-03-02T10:00+01:00", speaks=True)(
    closed_and_reopened
)
_story("first-dormant-day", "2026-03-02T09:00+01:00", speaks=True)(
    first_dormant_day
)


@_story("night-call", "2026-03-06T22:10+01:00")
def night_call(desk: Desk) -> None:
    """A Friday night: production stands still, the customer phones, nobody is awake."""
    request = desk.customer("Nordbank").raises(
        "Production scanning is down", severity=1, product=NX
    )
    desk.wait(minutes=5)
    desk.shows(
        request, response_sla="Running", response_due="2026-03-09T17:00+01:00"
    )
    desk.wait(minutes=5)
    request.phones()
    desk.wait(minutes=2)
    desk.shows(
        request, response_sla="Running", response_due="2026-03-07T00:20+01:00"
    )
    desk.until("2026-03-06T23:55+01:00")
    desk.shows(request, response_sla="At risk", notes=1)
    desk.until("2026-03-07T00:25+01:00")
    desk.shows(
        request,
        response_sla="Breached",
        priority="P1 Urgent",
        status="Escalated",
        notes=2,
        public_notes=0,
    )
    desk.agent("Priya").comments_publicly(
        request, "Good morning. We are on it."
    )
    desk.wait(minutes=10)
    desk.shows(
        request,
        response_sla="Met late",
        acknowledged_at="2026-03-07T00:25+01:00",
        notes=2,
    )


@_story("storm", "2026-03-10T10:00+01:00")
def storm(desk: Desk) -> None:
    """Thirty S1s in half an hour while the site's limits are tight; half are answered, half are not."""
    desk.tracker.switches.burst_share = 0.3
    requests = [_storm_request(desk, number) for number in range(30)]
    answered = requests[:15]
    unanswered = requests[15:]
    desk.wait(minutes=10)
    for each in requests:
        desk.shows(each, response_sla="Running")
    agents = cycle(desk.agent(name) for name in ("Mia", "Jonas", "Priya"))
    for each in answered:
        next(agents).comments_publicly(each)
    desk.wait(hours=26)
    for each in answered:
        desk.shows(each, response_sla="Met", notes=0)
    for each in unanswered:
        desk.shows(
            each,
            response_sla="Breached",
            priority="P1 Urgent",
            public_notes=0,
        )


def _storm_request(desk: Desk, number: int) -> Request:
    """Raise one request of the storm: every second customer phones, every sixth waits before the next."""
    customer = desk.customer(STORM[number % len(STORM)])
    request = customer.raises(
        f"Everything is down, no. {number + 1}", severity=1, product=NX
    )
    if number % 2:
        request.phones()
    if number % 6 == 0:
        desk.wait(minutes=6)
    return request


@_story("mis-mapped", "2026-03-16T09:00+01:00")
def mis_mapped(desk: Desk) -> None:
    """A customer that nobody has mapped gets the default tier, until an agent puts the request where it belongs."""
    request = desk.customer("Unmapped").raises(
        "Who are we to you?", severity=3, product=HIAB
    )
    desk.wait(minutes=10)
    desk.shows(
        request,
        response_sla="Running",
        support_tier="Knowledge",
        response_due="2026-03-18T17:00+01:00",
        notes=1,
    )
    desk.agent("Tomas").puts_under(request, "Nordbank")
    desk.wait(minutes=10)
    desk.shows(
        request,
        support_tier="Expert",
        response_due="2026-03-17T17:00+01:00",
        notes=1,
    )
    desk.agent("Tomas").comments_publicly(request)
    desk.wait(hours=1)
    desk.shows(request, response_sla="Met")


@_story("policy-change", "2026-03-23T09:00+01:00")
def policy_change(desk: Desk) -> None:
    """Ops promise Knowledge customers an S3 answer in 20 business hours: open requests follow, settled ones don't."""
    settled = desk.customer("Acme").raises(
        "A small thing", severity=3, product=NX
    )
    still_open = desk.customer("Acme").raises(
        "Another small thing", severity=3, product=NX
    )
    desk.wait(minutes=10)
    desk.agent("Mia").comments_publicly(settled)
    desk.wait(minutes=10)
    for each in (settled, still_open):
        desk.shows(each, response_due="2026-03-25T17:00+01:00")
    desk.cue(
        "policy",
        "Ops edit config/policy.yaml: Knowledge S3 from 24 to 20 business hours",
    )
    desk.wait(minutes=10)
    desk.shows(
        still_open,
        response_due="2026-03-25T13:00+01:00",
        response_sla="Running",
    )
    desk.shows(
        settled, response_due="2026-03-25T17:00+01:00", response_sla="Met"
    )


@_story("outage", "2026-03-18T08:30+01:00")
def outage(desk: Desk) -> None:
    """Jira is away for two hours in which a promise breaks; afterwards everything is told once."""
    request = desk.customer("Lighthouse").raises(
        "Scanner offline", severity=1, product=HIAB
    )
    request.phones()
    desk.wait(minutes=10)
    desk.shows(
        request,
        response_sla="Running",
        response_due="2026-03-18T10:30+01:00",
        notes=0,
    )
    desk.away(hours=2)
    desk.wait(hours=1)
    meanwhile = desk.customer("Acme").raises(
        "Is it only us?", severity=2, product=NX
    )
    desk.wait(hours=1, minutes=20)
    desk.shows(
        request,
        response_sla="Breached",
        priority="P1 Urgent",
        notes=1,
        public_notes=0,
    )
    desk.shows(meanwhile, response_sla="Running", notes=0)


@_story("easter-fortnight", "2026-03-23T09:00+01:00")
def easter_fortnight(desk: Desk) -> None:
    """Two weeks with a night that lacks an hour and a long weekend that nobody counts."""
    slow = desk.customer("Acme").raises(
        "A question on reports", severity=4, product=NX
    )
    desk.until("2026-03-28T20:00+01:00")
    saturday = desk.customer("Nordbank").raises(
        "Half of the scanners are gone", severity=2, product=NX
    )
    desk.wait(minutes=5)
    saturday.phones()
    desk.wait(minutes=5)
    desk.shows(saturday, response_due="2026-03-29T05:05+02:00")
    desk.until("2026-03-29T05:10+02:00")
    desk.shows(saturday, response_sla="Breached", notes=2)
    desk.shows(slow, response_due="2026-03-27T17:00+01:00")
    desk.agent("Mia").comments_publicly(saturday)
    desk.until("2026-04-02T16:00+02:00")
    thursday = desk.customer("Borealis").raises(
        "Before the holidays", severity=2, product=EASM
    )
    desk.wait(hours=2)
    desk.shows(
        thursday, response_sla="Running", response_due="2026-04-08T16:00+02:00"
    )
    _quiet_until(desk, "2026-04-07T08:59+02:00", thursday)
    desk.shows(slow, response_sla="Breached")


def _quiet_until(desk: Desk, end: str, request: Request) -> None:
    """Let the holidays pass: nothing happens to a promise in business hours."""
    desk.until(end)
    desk.shows(request, response_sla="Running", notes=0)
