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
    address = (
        f"{BASE}/rest/servicedeskapi/servicedesk/{project.desk_id}/queue/1"
    )
    shown: JsonObject = {
        "id": "1",
        "name": "All open",
        "jql": f"project = {project.key} AND statusCategory != Done",
        "fields": ["issuekey", "summary", "status"],
        "_links": {"self": address},
    }
    return ok(desk_page(call, [shown]))


@desk_api.get("/servicedesk/{desk}/requesttype")
@for_agents
def request_types(call: Call) -> Reply:
    """Page through a desk's request types, each with its portal form where that is asked for."""
    project = asked_desk(call)
    number = project.desk_id
    rows: list[JsonObject] = []
    for each in call.site.request_types:
        row = wire.request_type(each, number)
        if "field" in call.words("expand"):
            row["fields"] = _form(call, project, each)
        rows.append(row)
    return ok(desk_page(call, rows))


@desk_api.get("/servicedesk/{desk}/requesttype/{type}/field")
def form(call: Call) -> Reply:
    """Show the portal form of a request type."""
    project = asked_desk(call)
    asked = call.site.request_type(call.args["type"])
    if asked is None:
        raise missing("The request type")
    return ok(_form(call, project, asked))


def _form(call: Call, project: Project, asked: RequestType) -> JsonObject:
    fields = [_summary()]
    if asked.name != UNMEASURED:
        fields += [
            _form_field(each, project)
            for each in _offered(call, project, asked.name)
        ]
    return {
        "requestTypeFields": fields,
        "canRaiseOnBehalfOf": True,
        "canAddRequestParticipants": True,
    }


def _offered(call: Call, project: Project, form: str) -> list[Field]:
    """Give the fields that a customer fills in, as far as the site and the project have them."""
    found = [call.site.field(name) for name in _ASKED_FOR]
    lacking = call.switches.forms_lack
    return [
        each
        for each in found
        if each
        and each.name not in lacking
        and f"{form}/{each.name}" not in lacking
        and not call.tracker.lacks(project.key, each)
    ]


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
    values: list[JsonObject] = []
    if each.shape is Shape.SELECT:
        values = [
            {"value": option.id, "label": option.value, "children": []}
            for option in each.options_in(project.key)
        ]
    return _summary() | {
        "fieldId": each.id,
        "name": each.name,
        "required": False,
        "validValues": values,
        "jiraSchema": each.schema,
    }
