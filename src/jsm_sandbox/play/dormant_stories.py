"""Stories of customers who do not answer: they hold once the office has turned dormancy on.

A desk without an office, as people watch it, tells what it should show.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from jsm_sandbox.play.story import Desk, Request
from jsm_sandbox.state.blueprint import CUSTOMER

OLD_REQUESTS = 500
QUESTION = "Which version do you run?"


def dormant_over_easter(desk: Desk) -> None:
    """A request goes dormant over Easter: two reminders, and the customer answers on the last day."""
    _turned_on(desk)
    request = _asked(desk)
    desk.until("2026-04-08T08:55+02:00")
    desk.shows(request, status=CUSTOMER, public_notes=0)
    desk.until("2026-04-08T09:05+02:00")
    desk.shows(request, status=CUSTOMER, public_notes=1)
    desk.until("2026-04-13T09:05+02:00")
    desk.shows(request, status=CUSTOMER, public_notes=2)
    desk.until("2026-04-15T16:30+02:00")
    request.comments("Version 4. Sorry, I was on holiday.")
    desk.wait(minutes=5)
    desk.shows(request, status=CUSTOMER, notes=2)
    desk.wait(minutes=15)
    desk.shows(request, status=CUSTOMER, public_notes=2, notes=3)
    desk.until("2026-04-16T12:00+02:00")
    desk.agent("Mia").resolves(request)
    desk.until("2026-04-20T12:00+02:00")
    desk.shows(request, status="Resolved", public_notes=2, notes=3)


def closed_and_reopened(desk: Desk) -> None:
    """A request is closed after two reminders, and its customer has it reopened with a comment."""
    _turned_on(desk)
    request = _asked(desk)
    desk.until("2026-03-05T09:05+01:00")
    desk.shows(request, public_notes=1)
    desk.until("2026-03-10T09:05+01:00")
    desk.shows(request, public_notes=2)
    desk.until("2026-03-13T09:05+01:00")
    desk.shows(request, status="Closed", public_notes=3, notes=3)
    desk.until("2026-03-18T15:00+01:00")
    request.comments("It is back!")
    desk.wait(minutes=10)
    desk.shows(request, status="Waiting for support", public_notes=3)
    desk.agent("Mia").comments_publicly(request, "We look into it again.")
    desk.until("2026-03-25T12:00+01:00")
    desk.shows(request, public_notes=3, notes=3)


def first_dormant_day(desk: Desk) -> None:
    """Dormancy is turned on over 500 old requests: once allowed, each gets its first reminder, nothing more."""
    new = _asked(desk)
    asked = [_old(desk, number) for number in range(OLD_REQUESTS)]
    desk.note(f"{OLD_REQUESTS} old requests wait for their customers")
    desk.wait(minutes=10)
    _turned_on(desk)
    desk.wait(minutes=10)
    desk.shows(asked[0], public_notes=0)
    desk.cue(
        "allow",
        "Ops look at `jsm-sla-bot plan` and let the new policy through",
    )
    desk.until("2026-03-02T16:00+01:00")
    for request in asked[:3]:
        desk.shows(request, status=CUSTOMER, public_notes=1)
    desk.shows(asked[-1], status=CUSTOMER, public_notes=1)
    desk.shows(new, status=CUSTOMER, public_notes=0)


def _asked(desk: Desk) -> Request:
    """Raise a request that an agent answers with a question."""
    request = desk.customer("Nordbank").raises(
        "The report is empty", severity=3, product="Outscan NX"
    )
    desk.wait(minutes=20)
    desk.agent("Mia").comments_publicly(request, QUESTION)
    desk.agent("Mia").asks(request)
    desk.wait(minutes=5)
    desk.shows(request, response_sla="Met", status=CUSTOMER, notes=0)
    return request


def _old(desk: Desk, number: int) -> Request:
    """Raise a request that has waited for its customer for a week or longer."""
    tracker = desk.tracker
    customer = desk.customer("Nordbank")
    begin = _days_ago(desk, 7 + number % 60)
    key = tracker.raise_request(
        f"Question {number + 1}",
        severity=3,
        organization=customer.organization.id,
        as_=customer.who.account_id,
        at=begin,
    )
    at = begin + timedelta(hours=1)
    agent = desk.agent("Mia").who.account_id
    tracker.comment(key, QUESTION, as_=agent, at=at)
    tracker.transition(key, CUSTOMER, as_=agent, at=at)
    tracker.touch(tracker.issue(key), tracker.now())  # else no poll sees it
    return Request(desk, key, customer.who)


def _days_ago(desk: Desk, days: int) -> datetime:
    return desk.tracker.now() - timedelta(days=days)


def _turned_on(desk: Desk) -> None:
    """Let the office turn dormancy on."""
    desk.cue(
        "dormancy",
        "Ops turn on in config/policy.yaml when customers who do not answer are reminded, and name in jira.yaml the "
        "status that waits and where requests go",
    )
