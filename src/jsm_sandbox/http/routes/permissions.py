"""What the caller may do: asked in bulk, by project and by request."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, ok, platform
from jsm_sandbox.http.routes.sitewide import ADMIN
from jsm_sandbox.state.json_types import Json, JsonObject, as_list, as_object


@platform.post("/permissions/check")
def check_permissions(call: Call) -> Reply:
    """Show which of the projects and requests asked about hold each permission."""
    shown: list[JsonObject] = []
    for each in as_list(call.payload.get("projectPermissions")):
        wanted = as_object(each)
        shown += [
            _held(call, wanted, key)
            for key in as_list(wanted.get("permissions"))
        ]
    return ok(
        {"projectPermissions": shown, "globalPermissions": _global(call)}
    )


def _global(call: Call) -> list[str]:
    asked = as_list(call.payload.get("globalPermissions"))
    return [str(each) for each in asked if call.is_administrator]


def _held(call: Call, wanted: JsonObject, key: Json) -> JsonObject:
    permission = str(key)
    projects = [
        number
        for number in as_list(wanted.get("projects"))
        if _in_project(call, permission, str(number))
    ]
    requests = [
        number
        for number in as_list(wanted.get("issues"))
        if _on_request(call, permission, str(number))
    ]
    return {"permission": permission, "projects": projects, "issues": requests}


def _in_project(call: Call, permission: str, number: str) -> bool:
    project = call.site.project(number)
    if project is None or permission in ADMIN:
        return project is not None and call.is_administrator
    if permission in call.tracker.switches.withheld_permissions:
        return call.is_administrator
    return call.is_agent(project) or call.is_administrator


def _on_request(call: Call, permission: str, number: str) -> bool:
    issue = call.tracker.find(number)
    if (
        issue is None
        or permission in call.tracker.switches.withheld_on_requests
    ):
        return False
    return _in_project(call, permission, call.tracker.project_of(issue).id)
