"""Jira's own "Time to first response": computed on reading, written by nobody.

It counts round the clock, stops at the first comment for the customer by an agent (the bot included) or
at the resolution, and pauses while a request waits for the customer. Feature requests have no goal.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from jsm_sandbox.state import instants, wire
from jsm_sandbox.state.json_types import Json, JsonObject, as_object
from jsm_sandbox.state.people import Part
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import BASE
from jsm_sandbox.state.store import Store

GOAL = timedelta(hours=4)
METRIC = "1"


def first_response(store: Store, issue: Issue) -> Json:
    """Give the SLA as the service desk's own API does, or nothing where no goal matches."""
    kind = as_object(issue.fields.get(store.site.field_id("Request Type")))
    if (
        issue.loaded
        or as_object(kind.get("requestType")).get("name") == "Feature request"
    ):
        return None
    stopped = _stopped(store, issue)
    shown: JsonObject = {
        "id": METRIC,
        "name": "Time to first response",
        "_links": {
            "self": f"{BASE}/rest/servicedeskapi/request/{issue.id}/sla/{METRIC}"
        },
        "completedCycles": [_completed(store, issue, stopped)]
        if stopped
        else [],
    }
    if not stopped:
        shown["ongoingCycle"] = _ongoing(store, issue)
    return shown | {"slaDisplayFormat": "NEW_SLA_FORMAT"}


def as_field(store: Store, issue: Issue) -> Json:
    """Give the field's value; a site may be switched to show nothing there, or an error."""
    match store.switches.native_sla:
        case "shown":
            return first_response(store, issue)
        case "error":
            return {"errorMessage": "The SLA could not be read."}
        case _:
            return None


def _stopped(store: Store, issue: Issue) -> datetime | None:
    staff = (Part.AGENT, Part.BOT)
    public = [each for each in issue.comments if each.public]
    ends = [
        each.created
        for each in public
        if store.part_of(each.author, issue) in staff
    ]
    resolved = instants.lenient(issue.fields.get("resolutiondate"))
    if resolved:
        ends.append(resolved)
    return min(ends, default=None)


def _common(issue: Issue, until: datetime) -> JsonObject:
    elapsed = until - issue.created
    left = GOAL - elapsed
    return {
        "breached": left < timedelta(0),
        "goalDuration": wire.duration(_ms(GOAL)),
        "elapsedTime": wire.duration(_ms(elapsed)),
        "remainingTime": wire.duration(_ms(left)),
    }


def _completed(store: Store, issue: Issue, stopped: datetime) -> JsonObject:
    zone = store.site.zone
    return {
        "startTime": wire.moment(issue.created, zone),
        "stopTime": wire.moment(stopped, zone),
        **_breach(store, issue),
        **_common(issue, stopped),
    }


def _breach(store: Store, issue: Issue) -> JsonObject:
    at = issue.created + GOAL
    return {"breachTime": wire.moment(at, store.site.zone)}


def _ongoing(store: Store, issue: Issue) -> JsonObject:
    paused = issue.status_name == "Waiting for customer"
    breach = {} if paused else _breach(store, issue)
    return {
        "startTime": wire.moment(issue.created, store.site.zone),
        **breach,
        "paused": paused,
        "withinCalendarHours": True,
        **_common(issue, store.now()),
    }


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
