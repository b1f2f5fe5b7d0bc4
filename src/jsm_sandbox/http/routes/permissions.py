"""What the caller may do: asked in bulk, by project and by request."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.sitewide import ADMIN
from jsm_sandbox.state.json_types import Json, JsonObject, as_list, as_object


@platform.post("/permissions/check")
def check_permissions(call: Call) -> Reply:
    """Show which of the projects and requests asked about hold each permission."""
    shown: list[JsonObject] = []
    for each in as_list(call.payload.get("projectPermissions")):
        shown += _all_held(call, as_object(each))
    return ok(
        {"projectPermissions": shown, "globalPermissions": _global(call)}
    )


def _all_held(call: Call, wanted: JsonObject) -> list[JsonObject]:
    keys = as_list(wanted.get("permissions"))
    return [_held(call, wanted, key) for key in keys]


def _global(call: Call) -> list[str]:
    asked = as_list(call.payload.get("globalPermissions"))
    return [str(each) for each in asked if call.is_administrator]


def _held(call: Call, wanted: JsonObject, key: Json) -> JsonObject:
    permission = str(key)
    projects = as_list(wanted.get("projects"))
    requests = as_list(wanted.get("issues"))
    return {
        "permission": permission,
        "projects": [n for n in projects if _in_project(call, permission, n)],
        "issues": [n for n in requests if _on_request(call, permission, n)],
    }


def _in_project(call: Call, permission: str, number: Json) -> bool:
    project = call.site.project(str(number))
    if project is None:
        return False
    if call.is_administrator:
        return True
    return not _is_withheld(call, permission) and call.is_agent(project)


def _is_withheld(call: Call, permission: str) -> bool:
    """Return whether agents lack a permission: an administrator's, or one that the site keeps from them."""
    if permission in ADMIN:
        return True
    return permission in call.switches.withheld_permissions


def _on_request(call: Call, permission: str, number: Json) -> bool:
    issue = call.tracker.find(str(number))
    if issue is None or permission in call.switches.withheld_on_requests:
        return False
    return _in_project(call, permission, call.tracker.project_of(issue).id)
