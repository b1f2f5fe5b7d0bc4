"""The site: who I am, fields, priorities, projects, roles, statuses, permissions."""

from __future__ import annotations

from http import HTTPStatus
from uuid import NAMESPACE_URL, uuid5

from jsm_sandbox.http.api_call import PLATFORM, Call, Reply, ok, page, router
from jsm_sandbox.state import instants, wire
from jsm_sandbox.state.json_types import JsonObject, Refusal
from jsm_sandbox.state.people import Group, Role
from jsm_sandbox.state.setup import BASE, Field, Project

PERMISSIONS = (
    "BROWSE_PROJECTS", "EDIT_ISSUES", "ADD_COMMENTS", "TRANSITION_ISSUES", "SERVICEDESK_AGENT", "ADMINISTER",
    "ADMINISTER_PROJECTS", "DELETE_OWN_COMMENTS", "CREATE_ISSUES",
)  # fmt: skip
ADMIN = ("ADMINISTER", "ADMINISTER_PROJECTS")


@router.on("GET", f"{PLATFORM}/myself")
def myself(call: Call) -> Reply:
    """Show the caller: the one endpoint that refuses a bad token instead of going on as nobody."""
    if call.anonymous:
        text = "Client must be authenticated to access this resource."
        return Reply(HTTPStatus.UNAUTHORIZED, {"message": text, "status-code": 401})
    mail = {"emailAddress": call.caller.email, "locale": "en_GB"}
    return ok(wire.user(call.caller) | mail)


@router.on("GET", f"{PLATFORM}/serverInfo")
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
            "serverTime": instants.wire(call.tracker.now(), call.tracker.site.zone),
            "scmInfo": "sandbox",
            "serverTitle": "Jira sandbox",
            "serverTimeZone": str(call.tracker.site.zone),
        }
    )


@router.on("GET", "/_edge/tenant_info")
def tenant(call: Call) -> Reply:
    """Tell the cloud id, by which the gateway knows the site: one for each port, whatever the host is called."""
    port = call.origin.rpartition(":")[2]
    return ok({"cloudId": str(uuid5(NAMESPACE_URL, f"sandbox:{port}"))})


def _field(each: Field) -> JsonObject:
    clauses = [f"cf[{each.number}]", each.name] if each.custom else [each.id]
    searchable = {
        "orderable": True,
        "navigable": each.id != "comment",
        "searchable": True,
    }
    scope: JsonObject = (
        {"scope": {"type": "PROJECT", "project": {"id": each.scope}}}
        if each.scope
        else {}
    )
    return {
        "id": each.id,
        "key": each.id,
        "name": each.name,
        "custom": each.custom,
        **searchable,
        **scope,
        "clauseNames": clauses,
        "schema": each.schema,
    }


@router.on("GET", f"{PLATFORM}/field")
def fields(call: Call) -> Reply:
    """List every field; strangers see Jira's own only."""
    return ok(
        [
            _field(each)
            for each in call.tracker.site.fields
            if call.sees_projects or not each.custom
        ]
    )


@router.on("GET", f"{PLATFORM}/field/search")
def search_fields(call: Call) -> Reply:
    """Page through fields by kind and text."""
    kinds = call.words("type")
    text = call.word("query").casefold()
    ids = call.words("id")
    found = [
        each
        for each in call.tracker.site.fields
        if call.sees_projects
        and (not kinds or ("custom" if each.custom else "system") in kinds)
        and (not ids or each.id in ids)
        and text in each.name.casefold()
    ]
    return ok(
        page(
            call,
            [
                {
                    "id": f.id,
                    "key": f.id,
                    "name": f.name,
                    "schema": f.schema,
                }
                for f in found
            ],
        )
    )


@router.on("GET", f"{PLATFORM}/field/{{id}}/context")
def contexts(call: Call) -> Reply:
    """Give the contexts of a custom field: the global one, then those of single projects."""
    field = _asked_field(call)
    named = [(field.number, "Default Configuration Scheme", True)]
    named += [(each.id, each.name, False) for each in field.contexts]
    rows: list[JsonObject] = [
        {
            "id": number,
            "name": name,
            "description": "",
            "isGlobalContext": everywhere,
            "isAnyIssueType": True,
        }
        for number, name, everywhere in named
    ]
    return ok(page(call, rows))


def _asked_field(call: Call) -> Field:
    found = call.tracker.site.field(call.args["id"])
    if found is None:
        text = "The custom field was not found."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    return found


@router.on("GET", f"{PLATFORM}/field/{{id}}/context/{{context}}/option")
def options(call: Call) -> Reply:
    """List the options of a select field."""
    field = _asked_field(call)
    own = (each.options for each in field.contexts if each.id == call.args["context"])
    found = next(own, field.options)
    return ok(
        page(
            call,
            [
                {
                    "id": each.id,
                    "value": each.value,
                    "disabled": False,
                }
                for each in found
            ],
        )
    )


@router.on("GET", f"{PLATFORM}/priority")
def priorities(call: Call) -> Reply:
    """List every priority of the site, those that no project has included."""
    return ok([wire.priority(each) for each in call.tracker.site.priorities])


@router.on("GET", f"{PLATFORM}/priority/search")
def search_priorities(call: Call) -> Reply:
    """Page through priorities, by the scheme of a project where one is named."""
    ids = call.words("id")
    projects = call.words("projectId")
    schemes = [p.priorities for p in call.tracker.site.projects if p.id in projects]
    allowed = {each for scheme in schemes for each in scheme}
    rows = [
        wire.priority(each)
        | {
            "isDefault": each.name == "P3 Normal",
            "description": "",
            "statusColor": "#cccccc",
        }
        for each in call.tracker.site.priorities
        if (not projects or each.id in allowed) and (not ids or each.id in ids)
    ]
    return ok(page(call, rows))


def _project(each: Project) -> JsonObject:
    return wire.project(each) | {
        "isPrivate": False,
        "style": "classic",
        "properties": {},
    }


@router.on("GET", f"{PLATFORM}/project/search")
def search_projects(call: Call) -> Reply:
    """Page through the projects that the caller may browse."""
    keys = call.words("keys")
    text = call.word("query").casefold()
    found = [
        p
        for p in call.tracker.site.projects
        if (not keys or p.key in keys) and text in f"{p.key} {p.name}".casefold()
    ]
    return ok(page(call, [_project(each) for each in found if call.sees_projects]))


@router.on("GET", f"{PLATFORM}/project")
def all_projects(call: Call) -> Reply:
    """List the projects, the old way."""
    return ok(
        [_project(each) for each in call.tracker.site.projects if call.sees_projects]
    )


def _asked_project(call: Call) -> Project:
    found = call.tracker.site.project(call.args["project"])
    if found is None or not call.sees_projects:
        text = f"No project could be found with key '{call.args['project']}'."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    return found


def _role_address(project: Project, role: Role) -> str:
    return f"{BASE}/rest/api/3/project/{project.id}/role/{role.id}"


@router.on("GET", f"{PLATFORM}/project/{{project}}")
def get_project(call: Call) -> Reply:
    """Show one project."""
    found = _asked_project(call)
    roles = {role.name: _role_address(found, role) for role in found.roles}
    kind = {key: value for key, value in wire.issue_type().items() if key != "expand"}
    return ok(
        _project(found)
        | {
            "description": "",
            "issueTypes": [kind],
            "roles": roles,
            "assigneeType": "UNASSIGNED",
        }
    )


@router.on("GET", f"{PLATFORM}/project/{{project}}/role")
def roles(call: Call) -> Reply:
    """List a project's roles by name."""
    found = _asked_project(call)
    return ok({role.name: _role_address(found, role) for role in found.roles})


@router.on("GET", f"{PLATFORM}/project/{{project}}/role/{{id}}")
def role(call: Call) -> Reply:
    """Show who holds a role: accounts and groups, the groups' members not among them."""
    found = _asked_project(call)
    for each in found.roles:
        if str(each.id) == call.args["id"]:
            address = _role_address(found, each)
            return ok(
                {
                    "self": address,
                    "name": each.name,
                    "id": each.id,
                    "description": "",
                    "actors": _actors(call, each),
                }
            )
    text = f"Can not retrieve project role with id {call.args['id']}."
    raise Refusal(text, status=HTTPStatus.NOT_FOUND)


def _actors(call: Call, each: Role) -> list[JsonObject]:
    site = call.tracker.site
    users = [
        {
            "id": 10200 + n,
            "displayName": site.accounts[account_id].name,
            "type": "atlassian-user-role-actor",
            "actorUser": {"accountId": account_id},
        }
        for n, account_id in enumerate(each.users)
    ]
    groups = [group for group in site.groups if group.name in each.groups]
    return users + [_group_actor(n, group) for n, group in enumerate(groups)]


def _group_actor(n: int, group: Group) -> JsonObject:
    inside = {
        "name": group.name,
        "displayName": group.name,
        "groupId": group.group_id,
    }
    kind = "atlassian-group-role-actor"
    return {
        "id": 10300 + n,
        "displayName": group.name,
        "type": kind,
        "name": group.name,
        "actorGroup": inside,
    }


@router.on("GET", f"{PLATFORM}/group/member")
def group_members(call: Call) -> Reply:
    """Page through the members of a group."""
    wanted = (call.word("groupId"), call.word("groupname"))
    for group in call.tracker.site.groups:
        if call.sees_projects and (group.group_id in wanted or group.name in wanted):
            return ok(
                page(
                    call,
                    [wire.user(call.tracker.site.accounts[m]) for m in group.members],
                    most=50,
                )
            )
    text = "The group was not found."
    raise Refusal(text, status=HTTPStatus.NOT_FOUND)


@router.on("GET", f"{PLATFORM}/project/{{project}}/statuses")
def project_statuses(call: Call) -> Reply:
    """List the statuses of a project's workflow by issue type."""
    _asked_project(call)
    kind = wire.issue_type()
    head = {name: kind[name] for name in ("self", "id", "name", "subtask")}
    return ok(
        [
            head
            | {"statuses": [wire.status(each) for each in call.tracker.site.statuses]}
        ]
    )


@router.on("GET", f"{PLATFORM}/status")
def statuses(call: Call) -> Reply:
    """List every status."""
    return ok(
        [wire.status(each) for each in call.tracker.site.statuses if call.sees_projects]
    )


@router.on("GET", f"{PLATFORM}/mypermissions")
def my_permissions(call: Call) -> Reply:
    """Tell what the caller may do."""
    wanted = call.words("permissions") or list(PERMISSIONS)
    agent = any(call.is_agent(each) for each in call.tracker.site.projects)
    return ok(
        {
            "permissions": {
                key: _permission(key, agent=agent and key not in ADMIN)
                for key in wanted
            }
        }
    )


def _permission(key: str, *, agent: bool) -> JsonObject:
    kind = "GLOBAL" if key == "ADMINISTER" else "PROJECT"
    name = key.replace("_", " ").title()
    return {
        "id": str(100 + len(key)),
        "key": key,
        "name": name,
        "type": kind,
        "description": "",
        "havePermission": agent,
    }
