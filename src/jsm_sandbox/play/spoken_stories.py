"""Stories in which customers read what the bot says: they hold once the office has turned the public notes on.

A desk without an office, as people watch it, tells what it should show.
"""

from __future__ import annotations

from jsm_sandbox.play.administration import add_field
from jsm_sandbox.play.story import Desk, Request

ETA = "ETA"
NX = "Outscan NX"


def no_call(desk: Desk) -> None:
    """An Expert is asked to call and does not: what holds without a call holds, and nobody asks a second time."""
    _speak(desk)
    request = desk.customer("Nordbank").raises(
        "Production scanning is down", severity=1, product=NX
    )
    desk.wait(minutes=5)
    desk.shows(
        request,
        response_sla="Running",
        response_due="2026-03-09T15:00+01:00",
        public_notes=1,
        notes=1,
    )
    desk.until("2026-03-06T17:30+01:00")
    desk.shows(request, public_notes=1, notes=1)
    desk.until("2026-03-09T13:05+01:00")
    desk.shows(request, response_sla="At risk", public_notes=1, notes=2)
    desk.agent("Priya").comments_publicly(request)
    desk.wait(minutes=10)
    desk.shows(request, response_sla="Met", public_notes=1, notes=2)


def eta_slips_twice(desk: Desk) -> None:
    """An ETA is changed before its time, then runs out: the customer reads each once, the agents of the second slip."""
    _speak(desk)
    request = desk.customer("Fjord").raises(
        "Reports come out empty", severity=2, product=NX
    )
    desk.agent("Mia").comments_publicly(request)
    desk.wait(minutes=10)
    desk.agent("Mia").expects(request, "2026-03-11T15:00+01:00")
    desk.wait(minutes=5)
    desk.shows(request, response_sla="Met", public_notes=0)
    desk.wait(minutes=10)
    desk.shows(request, public_notes=1, notes=1)
    _first_slip(desk, request)
    desk.until("2026-03-12T12:05+01:00")
    desk.shows(request, public_notes=2, notes=3)
    desk.agent("Mia").expects(request, "2026-03-13T16:00+01:00")
    desk.wait(minutes=15)
    desk.shows(request, public_notes=3, notes=4)
    desk.until("2026-03-13T14:00+01:00")
    desk.agent("Mia").resolves(request)
    desk.until("2026-03-16T09:00+01:00")
    desk.shows(request, status="Resolved", public_notes=4, notes=5)


def _first_slip(desk: Desk, request: Request) -> None:
    """Change the ETA in time; a slip of the pen that is put right within minutes is read by nobody."""
    desk.until("2026-03-11T11:00+01:00")
    desk.agent("Mia").expects(request, "2026-03-21T12:00+01:00")
    desk.wait(minutes=3)
    desk.agent("Mia").expects(request, "2026-03-12T12:00+01:00")
    desk.wait(minutes=15)
    desk.shows(request, public_notes=2, notes=2)


def _speak(desk: Desk) -> None:
    """Give the site a field for ETAs, and let the office turn on what customers read."""
    add_field(desk.tracker, ETA, "datetime")
    desk.cue(
        "public notes",
        "Ops turn on in config/policy.yaml what the customer reads, and name the ETA field in jira.yaml",
    )
