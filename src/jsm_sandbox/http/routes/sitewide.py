"""The site: who I am, its clock, priorities, statuses, permissions."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import NAMESPACE_URL, uuid5

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import edge, platform
from jsm_sandbox.state import instants, wire
from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.setup import Priority

PERMISSIONS = (
    "BROWSE_PROJECTS",
    "EDIT_ISSUES",
    "ADD_COMMENTS",
    "TRANSITION_ISSUES",
    "SERVICEDESK_AGENT",
    "ADMINISTER",
    "ADMINISTER_PROJECTS",
    "DELETE_OWN_COMMENTS",
    "CREATE_ISSUES",
    "ASSIGN_ISSUES",
)
_STRANGER = {
    "message": "Client must be authenticated to access this resource.",
    "status-code": 401,
}
ADMIN = ("ADMINISTER", "ADMINISTER_PROJECTS")


@platform.get("/myself")
def myself(call: Call) -> Reply:
    """Show the caller: the one endpoint that refuses a bad token instead of going on as nobody."""
    if call.anonymous:
        return Reply(HTTPStatus.UNAUTHORIZED, dict(_STRANGER))
    mail = {"emailAddress": call.caller.email, "locale": "en_GB"}
    return ok(wire.user(call.caller) | mail)


@platform.get("/serverInfo")
def server_info(call: Call) -> Reply:
    """Show the server and its clock."""
    return ok(
        {
            "baseUrl": call.origin,
            "displayUrl": call.origin,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100300,
            "buildDate": "2026-01-02T00:00:00.000+0100",
            "serverTime": instants.wire(_servers_time(call), call.site.zone),
            "scmInfo": "sandbox",
            "serverTitle": "Jira sandbox",
            "serverTimeZone": str(call.site.zone),
        }
    )


def _servers_time(call: Call) -> datetime:
    return call.tracker.now() + timedelta(seconds=call.switches.clock_skew)


@edge.get("/tenant_info")
def tenant(call: Call) -> Reply:
    """Show the cloud id, by which the gateway knows the site: one for each port, whatever the host is called."""
    port = call.origin.rpartition(":")[2]
    return ok({"cloudId": str(uuid5(NAMESPACE_URL, f"sandbox:{port}"))})


@platform.get("/priority")
def priorities(call: Call) -> Reply:
    """List every priority of the site, those that no project has included."""
    return ok([wire.priority(each) for each in call.site.priorities])


@platform.get("/priority/search")
def search_priorities(call: Call) -> Reply:
    """Page through priorities, by the scheme of a project where one is named."""
    ids = _priorities_of_projects(call, call.words("projectId"))
    if call.words("id"):
        ids &= set(call.words("id"))
    found = [each for each in call.site.priorities if each.id in ids]
    return ok(page(call, [_priority(each) for each in found]))


def _priorities_of_projects(call: Call, project_ids: list[str]) -> set[str]:
    """Give the ids in the schemes of these projects; without a project, those of the whole site."""
    site = call.site
    if not project_ids:
        return {each.id for each in site.priorities}
    schemes = [
        each.priorities for each in site.projects if each.id in project_ids
    ]
    return set().union(*schemes)


def _priority(each: Priority) -> JsonObject:
    return wire.priority(each) | {
        "isDefault": each.name == "P3 Normal",
        "description": "",
        "statusColor": "#cccccc",
    }


@platform.get("/status")
def statuses(call: Call) -> Reply:
    """List every status."""
    if not call.sees_projects:
        return ok([])
    return ok([wire.status(each) for each in call.site.statuses])


@platform.get("/mypermissions")
def my_permissions(call: Call) -> Reply:
    """Show what the caller may do."""
    wanted = call.words("permissions") or PERMISSIONS
    shown = {key: _permission(call, key) for key in wanted}
    return ok({"permissions": shown})


def _permission(call: Call, key: str) -> JsonObject:
    held = call.is_some_agent and key not in ADMIN
    return {
        "id": str(100 + len(key)),
        "key": key,
        "name": key.replace("_", " ").title(),
        "type": "GLOBAL" if key == "ADMINISTER" else "PROJECT",
        "description": "",
        "havePermission": held,
    }
