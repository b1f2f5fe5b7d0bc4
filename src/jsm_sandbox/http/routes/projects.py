"""Projects: their roles and who holds them, their groups, the statuses of their workflow."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.state import wire
from jsm_sandbox.state.json_types import JsonObject, Refusal, not_found
from jsm_sandbox.state.people import Account, Group, Role
from jsm_sandbox.state.setup import BASE, Project


@platform.get("/project/search")
def search_projects(call: Call) -> Reply:
    """Page through the projects that the caller may browse."""
    found = [each for each in _browsed(call) if _is_wanted(call, each)]
    wide = "issueTypes" in call.words("expand")
    types: JsonObject = {"issueTypes": _work_types(call)} if wide else {}
    return ok(page(call, [_project(each) | types for each in found]))


def _work_types(call: Call) -> list[JsonObject]:
    return [wire.issue_type(each) for each in call.site.work_types]


def _is_wanted(call: Call, each: Project) -> bool:
    keys = call.words("keys")
    if keys and each.key not in keys:
        return False
    return (
        call.word("query").casefold() in f"{each.key} {each.name}".casefold()
    )


@platform.get("/project")
def all_projects(call: Call) -> Reply:
    """List the projects, the old way."""
    return ok([_project(each) for each in _browsed(call)])


def _browsed(call: Call) -> list[Project]:
    """Give the projects that the caller may browse."""
    return call.site.projects if call.sees_projects else []


def _project(each: Project) -> JsonObject:
    style = "next-gen" if each.team_managed else "classic"
    return wire.project(each) | {
        "isPrivate": False,
        "style": style,
        "properties": {},
    }


def _asked_project(call: Call) -> Project:
    found = call.site.project(call.args["project"])
    if found is None or not call.sees_projects:
        raise _no_project(call)
    return found


def _no_project(call: Call) -> Refusal:
    wanted = call.args["project"]
    return not_found(f"No project could be found with key '{wanted}'.")


def _for_its_administrators(call: Call) -> Project:
    """Give the project, if the caller may see who holds its roles."""
    found = _asked_project(call)
    if not call.is_administrator and not call.switches.role_reading:
        raise _no_project(call)
    return found


def _role_address(project: Project, role: Role) -> str:
    return f"{BASE}/rest/api/3/project/{project.id}/role/{role.id}"


def _roles(project: Project) -> JsonObject:
    """Give the addresses of the roles, by name."""
    return {role.name: _role_address(project, role) for role in project.roles}


@platform.get("/project/{project}")
def get_project(call: Call) -> Reply:
    """Show one project."""
    found = _asked_project(call)
    more: JsonObject = {
        "description": "",
        "issueTypes": _work_types(call),
        "roles": _roles(found),
        "assigneeType": "UNASSIGNED",
    }
    return ok(_project(found) | more)


@platform.get("/project/{project}/role")
def roles(call: Call) -> Reply:
    """List a project's roles by name."""
    return ok(_roles(_for_its_administrators(call)))


@platform.get("/project/{project}/role/{id}")
def role(call: Call) -> Reply:
    """Show who holds a role: accounts and groups, the groups' members not among them."""
    project = _for_its_administrators(call)
    found = _asked_role(call, project)
    shown: JsonObject = {
        "self": _role_address(project, found),
        "name": found.name,
        "id": found.id,
        "description": "",
        "actors": _actors(call, found),
    }
    return ok(shown)


def _asked_role(call: Call, project: Project) -> Role:
    number = call.args["id"]
    for each in project.roles:
        if str(each.id) == number:
            return each
    raise not_found(f"Can not retrieve project role with id {number}.")


def _actors(call: Call, held: Role) -> list[JsonObject]:
    return [*_user_actors(call, held), *_group_actors(call, held)]


def _user_actors(call: Call, held: Role) -> list[JsonObject]:
    users = [call.site.accounts[each] for each in held.users]
    return [_user_actor(n, each) for n, each in enumerate(users)]


def _group_actors(call: Call, held: Role) -> list[JsonObject]:
    groups = [each for each in call.site.groups if each.name in held.groups]
    return [_group_actor(n, each) for n, each in enumerate(groups)]


def _user_actor(n: int, account: Account) -> JsonObject:
    return {
        "id": 10200 + n,
        "displayName": account.name,
        "type": "atlassian-user-role-actor",
        "actorUser": {"accountId": account.account_id},
    }


def _group_actor(n: int, group: Group) -> JsonObject:
    inside = {
        "name": group.name,
        "displayName": group.name,
        "groupId": group.group_id,
    }
    return {
        "id": 10300 + n,
        "displayName": group.name,
        "type": "atlassian-group-role-actor",
        "name": group.name,
        "actorGroup": inside,
    }


@platform.get("/user/bulk")
def users(call: Call) -> Reply:
    """Page through accounts by their ids."""
    accounts = call.site.accounts if call.sees_projects else {}
    wanted = call.words("accountId")
    found = [accounts[each] for each in wanted if each in accounts]
    return ok(page(call, [wire.user(each) for each in found], most=200))


@platform.get("/group/member")
def group_members(call: Call) -> Reply:
    """Page through the members of a group."""
    accounts = call.site.accounts
    members = [accounts[member] for member in _asked_group(call).members]
    return ok(page(call, [wire.user(each) for each in members], most=50))


def _asked_group(call: Call) -> Group:
    wanted = (call.word("groupId"), call.word("groupname"))
    groups = call.site.groups if call.sees_projects else []
    for each in groups:
        if each.group_id in wanted or each.name in wanted:
            return each
    raise not_found("The group was not found.")


@platform.get("/project/{project}/statuses")
def project_statuses(call: Call) -> Reply:
    """List the statuses of a project's workflow by issue type."""
    _asked_project(call)
    statuses = [wire.status(each) for each in call.site.statuses]
    types = [_brief(each) for each in _work_types(call)]
    return ok([{**each, "statuses": statuses} for each in types])


def _brief(work_type: JsonObject) -> JsonObject:
    return {
        name: work_type[name] for name in ("self", "id", "name", "subtask")
    }
