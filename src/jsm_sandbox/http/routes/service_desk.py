"""The service desk's own API: desks, organizations, requests as customers see them, SLAs."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http.api_call import DESK, Call, Reply, desk_page, ok, router
from jsm_sandbox.state import adf, wire
from jsm_sandbox.state.field_values import plain
from jsm_sandbox.state.json_types import JsonObject, Refusal, as_list, as_object
from jsm_sandbox.state.native_sla import METRIC, first_response
from jsm_sandbox.state.people import Account, Kind
from jsm_sandbox.state.requests import Comment, Issue
from jsm_sandbox.state.setup import BASE, Organization, Project

REQUEST = f"{DESK}/request/{{key}}"


def _forbidden() -> Reply:
    """Answer as Jira does without an agent's licence: 403 and not a word."""
    return Reply(HTTPStatus.FORBIDDEN)


def _refused(call: Call, project: Project | None = None) -> bool:
    return not any(
        call.is_agent(each)
        for each in ([project] if project else call.tracker.site.projects)
    )


def _missing(what: str) -> Refusal:
    text = f"{what} does not exist or you don't have permission to see it."
    return Refusal(text, status=HTTPStatus.NOT_FOUND)


@router.on("GET", f"{DESK}/info")
def info(call: Call) -> Reply:
    """Show the product; this works without a licence too."""
    built = wire.moment(call.tracker.now(), call.tracker.site.zone)
    return ok(
        {
            "version": "5.0.0-SNAPSHOT",
            "platformVersion": "1001.0.0-SNAPSHOT",
            "buildDate": built,
            "buildChangeSet": "sandbox",
            "isLicensedForUse": True,
            "_links": {"self": f"{BASE}/rest/servicedeskapi/info"},
        }
    )


def _desk(each: Project) -> JsonObject:
    return {
        "id": each.desk_id,
        "projectId": each.id,
        "projectName": each.name,
        "projectKey": each.key,
        "_links": {"self": f"{BASE}/rest/servicedeskapi/servicedesk/{each.desk_id}"},
    }


@router.on("GET", f"{DESK}/servicedesk")
def desks(call: Call) -> Reply:
    """Page through the service desks."""
    if _refused(call):
        return _forbidden()
    return ok(desk_page(call, [_desk(each) for each in call.tracker.site.projects]))


def _asked_desk(call: Call) -> Project:
    wanted = call.args["desk"]
    found = next(
        (p for p in call.tracker.site.projects if wanted in (p.desk_id, p.key)), None
    )
    if found is None:
        raise _missing("The service desk")
    return found


@router.on("GET", f"{DESK}/servicedesk/{{desk}}")
def desk(call: Call) -> Reply:
    """Show one service desk."""
    return _forbidden() if _refused(call) else ok(_desk(_asked_desk(call)))


@router.on("GET", f"{DESK}/servicedesk/{{desk}}/customer")
def customers(call: Call) -> Reply:
    """Page through a desk's customers: the one endpoint that bears five calls a second only."""
    if _refused(call):
        return _forbidden()
    _asked_desk(call)
    text = call.word("query").casefold()
    found = [
        each
        for each in call.tracker.site.accounts.values()
        if each.kind is Kind.CUSTOMER
    ]
    named = [each for each in found if text in f"{each.name} {each.email}".casefold()]
    return ok(desk_page(call, [wire.desk_user(each) for each in named]))


@router.on("GET", f"{DESK}/servicedesk/{{desk}}/requesttype")
def request_types(call: Call) -> Reply:
    """Page through a desk's request types."""
    if _refused(call):
        return _forbidden()
    number = _asked_desk(call).desk_id
    return ok(
        desk_page(
            call,
            [
                wire.request_type(each, number)
                for each in call.tracker.site.request_types
            ],
        )
    )


def _organization(each: Organization) -> JsonObject:
    address = f"{BASE}/rest/servicedeskapi/organization/{each.id}"
    shown: JsonObject = {
        "id": str(each.id),
        "name": each.name,
        "_links": {"self": address},
    }
    return (
        shown
        if each.numeric_id
        else shown
        | {"uuid": f"00000000-0000-4000-8000-{each.id:012d}", "scimManaged": False}
    )


@router.on("GET", f"{DESK}/organization", f"{DESK}/servicedesk/{{desk}}/organization")
def organizations(call: Call) -> Reply:
    """Page through the organizations, of a person where one is named."""
    if _refused(call):
        return _forbidden()
    if "desk" in call.args:
        _asked_desk(call)
    person = call.tracker.site.accounts.get(call.word("accountId"))
    mine = person.organizations if person else None
    found = [
        each
        for each in call.tracker.site.organizations
        if mine is None or each.id in mine
    ]
    return ok(desk_page(call, [_organization(each) for each in found]))


@router.on("GET", f"{DESK}/organization/{{id}}")
def organization(call: Call) -> Reply:
    """Show one organization."""
    if _refused(call):
        return _forbidden()
    found = call.tracker.site.organization(call.args["id"])
    if found is None:
        raise _missing("The organization")
    return ok(_organization(found))


@router.on("GET", f"{DESK}/organization/{{id}}/user")
def members(call: Call) -> Reply:
    """Page through an organization's people."""
    if _refused(call):
        return _forbidden()
    wanted = call.args["id"]
    found = [
        a
        for a in call.tracker.site.accounts.values()
        if wanted in map(str, a.organizations)
    ]
    return ok(desk_page(call, [wire.desk_user(each) for each in found]))


def _sees(call: Call, issue: Issue) -> bool:
    """Return whether the caller may see a request: as agent, reporter, participant or by organization."""
    if call.is_agent(call.tracker.project_of(issue)):
        return True
    site = call.tracker.site
    people = [
        issue.fields.get("reporter"),
        *as_list(issue.fields.get(site.field_id("Request participants"))),
    ]
    orgs = [
        as_object(each).get("id")
        for each in as_list(issue.fields.get(site.field_id("Organizations")))
    ]
    inside = {str(each) for each in orgs} & {
        str(each) for each in call.caller.organizations
    }
    return bool(inside) or call.caller.account_id in [
        as_object(each).get("accountId") for each in people
    ]


def _asked(call: Call) -> Issue:
    found = call.tracker.find(call.args["key"])
    if found is None or call.anonymous or not _sees(call, found):
        raise _missing("The request")
    return found


@router.on("GET", REQUEST)
def request(call: Call) -> Reply:
    """Show one request as the portal does."""
    issue = _asked(call)
    tracker = call.tracker
    project = tracker.project_of(issue)
    kind = as_object(
        as_object(issue.fields.get(tracker.site.field_id("Request Type"))).get(
            "requestType"
        )
    )
    reporter = tracker.site.accounts.get(
        str(as_object(issue.fields.get("reporter")).get("accountId"))
    )
    zone = tracker.site.zone
    changed = {
        "status": issue.status_name,
        "statusCategory": issue.category.upper() or "UNDEFINED",
    }
    return ok(
        {
            "issueId": str(issue.id),
            "issueKey": issue.key,
            "summary": str(issue.fields.get("summary") or ""),
            "requestTypeId": str(kind.get("id", "")),
            "serviceDeskId": project.desk_id,
            "createdDate": wire.moment(issue.created, zone),
            "currentStatus": changed | {"statusDate": wire.moment(issue.updated, zone)},
            "requestFieldValues": [
                _value(issue, name) for name in ("summary", "description")
            ],
            "_links": {"self": f"{BASE}/rest/servicedeskapi/request/{issue.id}"},
        }
        | ({"reporter": wire.desk_user(reporter)} if reporter else {})
    )


def _value(issue: Issue, name: str) -> JsonObject:
    return {
        "fieldId": name,
        "label": name.title(),
        "value": plain(issue.fields.get(name)),
    }


def _comment(call: Call, issue: Issue, each: Comment) -> JsonObject:
    return {
        "id": each.id,
        "body": adf.to_text(each.body),
        "public": each.public,
        "author": wire.desk_user(each.author),
        "created": wire.moment(each.created, call.tracker.site.zone),
        "_links": {
            "self": f"{BASE}/rest/servicedeskapi/request/{issue.id}/comment/{each.id}"
        },
    }


@router.on("GET", f"{REQUEST}/comment")
def comments(call: Call) -> Reply:
    """Page through comments; whoever may not see the request gets an empty page, not a refusal."""
    found = call.tracker.find(call.args["key"])
    if found is None or call.anonymous or not _sees(call, found):
        return ok(desk_page(call, []))
    agent = call.is_agent(call.tracker.project_of(found))
    wanted = {
        flag
        for name, flag in (("public", True), ("internal", False))
        if call.flag(name, default=True)
    }
    rows = [c for c in found.comments if c.public in wanted and (c.public or agent)]
    return ok(desk_page(call, [_comment(call, found, each) for each in rows]))


@router.on("POST", f"{REQUEST}/comment")
def add_comment(call: Call) -> Reply:
    """Comment in plain text; customers only for everyone to see."""
    issue = _asked(call)
    public = call.payload.get("public", True)
    text = call.payload.get("body")
    agent = call.is_agent(call.tracker.project_of(issue))
    if not isinstance(text, str) or not text.strip():
        message = "The comment body can't be empty."
        raise Refusal(message)
    if not public and not agent:
        return _forbidden()
    body = adf.from_text(text)
    made = call.tracker.add_comment(
        issue, call.caller, body, public=bool(public), at=call.tracker.now()
    )
    return Reply(HTTPStatus.CREATED, _comment(call, issue, made))


@router.on("GET", f"{REQUEST}/participant")
def participants(call: Call) -> Reply:
    """Page through a request's participants."""
    issue = _asked(call)
    site = call.tracker.site
    raw = as_list(issue.fields.get(site.field_id("Request participants")))
    found: list[Account | None] = [
        site.accounts.get(str(as_object(each).get("accountId"))) for each in raw
    ]
    return ok(desk_page(call, [wire.desk_user(each) for each in found if each]))


@router.on("GET", f"{REQUEST}/sla")
def slas(call: Call) -> Reply:
    """Page through a request's SLAs: for agents only."""
    issue = _asked(call)
    if _refused(call, call.tracker.project_of(issue)):
        return _forbidden()
    shown = first_response(call.tracker, issue)
    return ok(desk_page(call, [shown] if shown else []))


@router.on("GET", f"{REQUEST}/sla/{{metric}}")
def one_sla(call: Call) -> Reply:
    """Show one SLA of a request."""
    issue = _asked(call)
    if _refused(call, call.tracker.project_of(issue)):
        return _forbidden()
    shown = first_response(call.tracker, issue)
    if shown is None or call.args["metric"] != METRIC:
        raise _missing("The SLA metric")
    return ok(shown)
