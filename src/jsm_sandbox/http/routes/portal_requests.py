"""Requests as the service desk's own API shows them: to customers in the portal, and their SLAs to agents."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import desk_page
from jsm_sandbox.http.router import desk_api
from jsm_sandbox.http.routes.service_desk import forbidden, missing
from jsm_sandbox.state import adf, wire
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    Refusal,
    as_list,
    inside,
)
from jsm_sandbox.state.native_sla import METRIC, first_response
from jsm_sandbox.state.people import Account
from jsm_sandbox.state.requests import Comment, Issue
from jsm_sandbox.state.setup import BASE
from jsm_sandbox.state.spoken_values import plain

PARTICIPANTS = "Request participants"


def _sees(call: Call, issue: Issue) -> bool:
    """Return whether the caller may see a request: as agent, reporter, participant or by organization."""
    if call.works_on(issue) or _is_involved(call, issue):
        return True
    shared = _listed(call, issue, "Organizations")
    organizations = {str(inside(each, "id")) for each in shared}
    own = map(str, call.caller.organizations)
    return not organizations.isdisjoint(own)


def _is_involved(call: Call, issue: Issue) -> bool:
    """Return whether the caller has raised a request or takes part in it."""
    reporter = issue.fields.get("reporter")
    participants = _listed(call, issue, PARTICIPANTS)
    involved = [reporter, *participants]
    people = [inside(each, "accountId") for each in involved]
    return call.caller.account_id in people


def _listed(call: Call, issue: Issue, name: str) -> list[Json]:
    """Give the value of a standard field that holds a list."""
    return as_list(call.tracker.value_of(issue, name))


def _found(call: Call) -> Issue | None:
    """Find the request that the path names, if the caller may see it."""
    found = call.tracker.find(call.args["key"])
    if found is None or call.anonymous or not _sees(call, found):
        return None
    return found


def _asked(call: Call) -> Issue:
    found = _found(call)
    if found is None:
        raise missing("The request")
    return found


@desk_api.get("/request/{key}")
def request(call: Call) -> Reply:
    """Show one request as the portal does."""
    issue = _asked(call)
    shown = _request(call, issue)
    reporter = _account(call, issue.fields.get("reporter"))
    if reporter is not None:
        shown["reporter"] = wire.desk_user(reporter)
    return ok(shown)


def _request(call: Call, issue: Issue) -> JsonObject:
    tracker = call.tracker
    address = f"{BASE}/rest/servicedeskapi/request/{issue.id}"
    return {
        "issueId": str(issue.id),
        "issueKey": issue.key,
        "summary": str(issue.fields.get("summary") or ""),
        "requestTypeId": _request_type_id(call, issue),
        "serviceDeskId": tracker.project_of(issue).desk_id,
        "createdDate": wire.moment(issue.created, tracker.site.zone),
        "currentStatus": _status(call, issue),
        "requestFieldValues": [
            _value(issue, "summary"),
            _value(issue, "description"),
        ],
        "_links": {"self": address},
    }


def _request_type_id(call: Call, issue: Issue) -> str:
    value = call.tracker.value_of(issue, "Request Type")
    return str(inside(value, "requestType", "id") or "")


def _status(call: Call, issue: Issue) -> JsonObject:
    return {
        "status": issue.status_name,
        "statusCategory": issue.category.upper() or "UNDEFINED",
        "statusDate": wire.moment(issue.updated, call.site.zone),
    }


def _account(call: Call, user: Json) -> Account | None:
    account_id = str(inside(user, "accountId"))
    return call.site.accounts.get(account_id)


def _value(issue: Issue, name: str) -> JsonObject:
    return {
        "fieldId": name,
        "label": name.title(),
        "value": plain(issue.fields.get(name)),
    }


def _comment(call: Call, issue: Issue, each: Comment) -> JsonObject:
    address = (
        f"{BASE}/rest/servicedeskapi/request/{issue.id}/comment/{each.id}"
    )
    return {
        "id": each.id,
        "body": adf.to_text(each.body),
        "public": each.public,
        "author": wire.desk_user(each.author),
        "created": wire.moment(each.created, call.site.zone),
        "_links": {"self": address},
    }


@desk_api.get("/request/{key}/comment")
def comments(call: Call) -> Reply:
    """Page through comments; whoever may not see the request gets an empty page, not a refusal."""
    issue = _found(call)
    if issue is None:
        return ok(desk_page(call, []))
    wanted = _wanted_by_audience(call, issue)
    found = [each for each in issue.comments if wanted[each.public]]
    return ok(desk_page(call, [_comment(call, issue, each) for each in found]))


def _wanted_by_audience(call: Call, issue: Issue) -> dict[bool, bool]:
    """Give whether public comments are to be shown, and whether others are."""
    public = call.flag("public", default=True)
    internal = call.flag("internal", default=True) and call.works_on(issue)
    return {True: public, False: internal}


@desk_api.post("/request/{key}/comment")
def add_comment(call: Call) -> Reply:
    """Comment in plain text; customers only for everyone to see."""
    issue = _asked(call)
    body = adf.from_text(_given_text(call))
    public = bool(call.payload.get("public", True))
    if not public and not call.works_on(issue):
        return forbidden()
    now = call.tracker.now()
    made = call.tracker.add_comment(
        issue, call.caller, body, public=public, at=now
    )
    return Reply(HTTPStatus.CREATED, _comment(call, issue, made))


def _given_text(call: Call) -> str:
    text = call.payload.get("body")
    if not isinstance(text, str) or not text.strip():
        raise Refusal("The comment body can't be empty.")
    return text


@desk_api.get("/request/{key}/participant")
def participants(call: Call) -> Reply:
    """Page through a request's participants."""
    issue = _asked(call)
    listed = _listed(call, issue, PARTICIPANTS)
    found = [_account(call, each) for each in listed]
    return ok(
        desk_page(call, [wire.desk_user(each) for each in found if each])
    )


@desk_api.get("/request/{key}/sla")
def slas(call: Call) -> Reply:
    """Page through a request's SLAs: for agents only."""
    issue = _asked(call)
    if not call.works_on(issue):
        return forbidden()
    shown = first_response(call.tracker, issue)
    return ok(desk_page(call, [shown] if shown else []))


@desk_api.get("/request/{key}/sla/{metric}")
def one_sla(call: Call) -> Reply:
    """Show one SLA of a request."""
    issue = _asked(call)
    if not call.works_on(issue):
        return forbidden()
    shown = first_response(call.tracker, issue)
    if shown is None or call.args["metric"] != METRIC:
        raise missing("The SLA metric")
    return ok(shown)
