"""What tells how a desk is set up: its queues, and the portal form of each request type."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, desk_api, desk_page, ok
from jsm_sandbox.http.routes.service_desk import asked_desk, forbidden, missing
from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.setup import BASE, Field, Project, Shape

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


@desk_api.get("/servicedesk/{desk}/requesttype/{type}/field")
def form(call: Call) -> Reply:
    """Show the portal form of a request type."""
    project = asked_desk(call)
    asked = call.site.request_type(call.args["type"])
    if asked is None:
        raise missing("The request type")
    fields = [_summary()]
    if asked.name != UNMEASURED:
        fields += [
            _form_field(each, project) for each in _offered(call, project)
        ]
    shown: JsonObject = {
        "requestTypeFields": fields,
        "canRaiseOnBehalfOf": True,
        "canAddRequestParticipants": True,
    }
    return ok(shown)


def _offered(call: Call, project: Project) -> list[Field]:
    """Give the fields that a customer fills in, as far as the site and the project have them."""
    found = [call.site.field(name) for name in _ASKED_FOR]
    lacking = call.tracker.switches.forms_lack
    return [
        each
        for each in found
        if each
        and each.name not in lacking
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
