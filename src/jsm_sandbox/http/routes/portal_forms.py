"""What tells how a desk is set up: its queues, and the portal form of each request type."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import desk_page
from jsm_sandbox.http.router import desk_api
from jsm_sandbox.http.routes.service_desk import (
    asked_desk,
    for_agents,
    forbidden,
    missing,
)
from jsm_sandbox.state import wire
from jsm_sandbox.state.custom_fields import Field, Shape
from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.setup import BASE, Project, RequestType

UNMEASURED = "Feature request"
"""The one request type whose form asks for a summary alone."""
_ASKED_FOR = ("Severity", "Product", "Customer called at")


@desk_api.get("/servicedesk/{desk}/queue")
def queues(call: Call) -> Reply:
    """Page through the queues of a desk: for agents only, and no word to anybody else."""
    project = asked_desk(call)
    if not call.is_agent(project):
        return forbidden()
    return ok(desk_page(call, [_queue_of_open(project)]))


def _queue_of_open(project: Project) -> JsonObject:
    desk = f"{BASE}/rest/servicedeskapi/servicedesk/{project.desk_id}"
    return {
        "id": "1",
        "name": "All open",
        "jql": f"project = {project.key} AND statusCategory != Done",
        "fields": ["issuekey", "summary", "status"],
        "_links": {"self": f"{desk}/queue/1"},
    }


@desk_api.get("/servicedesk/{desk}/requesttype")
@for_agents
def request_types(call: Call) -> Reply:
    """Page through a desk's request types, each with its portal form where that is asked for."""
    project = asked_desk(call)
    types = call.site.request_types
    rows = [_request_type(call, project, each) for each in types]
    return ok(desk_page(call, rows))


def _request_type(
    call: Call, project: Project, each: RequestType
) -> JsonObject:
    row = wire.request_type(each, project.desk_id)
    if "field" in call.words("expand"):
        row["fields"] = _form(call, project, each)
    return row


@desk_api.get("/servicedesk/{desk}/requesttype/{type}/field")
def form(call: Call) -> Reply:
    """Show the portal form of a request type."""
    project = asked_desk(call)
    asked = call.site.request_type(call.args["type"])
    if asked is None:
        raise missing("The request type")
    return ok(_form(call, project, asked))


def _form(call: Call, project: Project, asked: RequestType) -> JsonObject:
    offered = _offered(call, project, asked.name)
    more = [_form_field(each, project) for each in offered]
    return {
        "requestTypeFields": [_summary(), *more],
        "canRaiseOnBehalfOf": True,
        "canAddRequestParticipants": True,
    }


def _offered(call: Call, project: Project, form: str) -> list[Field]:
    """Give the fields that a customer fills in, as far as the site and the project have them."""
    if form == UNMEASURED:
        return []
    found = [call.site.field(name) for name in _ASKED_FOR]
    return [each for each in found if each and _has(call, project, form, each)]


def _has(call: Call, project: Project, form: str, field: Field) -> bool:
    lacking = call.switches.forms_lack
    if field.name in lacking or f"{form}/{field.name}" in lacking:
        return False
    return not call.tracker.lacks(project.key, field)


def _summary() -> JsonObject:
    return {
        "fieldId": "summary",
        "name": "Summary",
        "description": "",
        "required": True,
        "visible": True,
        "validValues": [],
        "presetValues": [],
        "defaultValues": [],
        "jiraSchema": {"type": "string", "system": "summary"},
    }


def _form_field(each: Field, project: Project) -> JsonObject:
    return _summary() | {
        "fieldId": each.id,
        "name": each.name,
        "required": False,
        "validValues": _valid_values(each, project),
        "jiraSchema": each.schema,
    }


def _valid_values(each: Field, project: Project) -> list[JsonObject]:
    if each.shape is not Shape.SELECT:
        return []
    return [
        {"value": option.id, "label": option.value, "children": []}
        for option in each.options_in(project.key)
    ]
