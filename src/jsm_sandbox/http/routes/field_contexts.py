"""Where a custom field holds: its contexts, by project and work type. For administrators."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.state.custom_fields import Context, Field
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    Refusal,
    as_list,
)


def asked_field(call: Call) -> Field:
    """Give the custom field that the path names; raises Refusal."""
    found = call.site.field_by_id(call.args["id"])
    if found is None or not found.custom:
        text = "The custom field was not found."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    return found


@platform.get("/field/{id}/context/projectmapping")
def context_projects(call: Call) -> Reply:
    """Page through which context holds in which project."""
    call.administers()
    field = asked_field(call)
    rows: list[JsonObject] = []
    if field.everywhere:
        rows.append({"contextId": field.number, "isGlobalContext": True})
    for context in field.contexts:
        if not context.projects:
            rows.append({"contextId": context.id, "isGlobalContext": True})
        for key in context.projects:
            project = call.site.project(key)
            if project:
                rows.append({"contextId": context.id, "projectId": project.id})
    return ok(page(call, rows))


@platform.get("/field/{id}/context/issuetypemapping")
def context_types(call: Call) -> Reply:
    """Page through which context holds for which work type."""
    call.administers()
    field = asked_field(call)
    rows: list[JsonObject] = []
    if field.everywhere:
        rows.append({"contextId": field.number, "isAnyIssueType": True})
    for context in field.contexts:
        if not context.types:
            rows.append({"contextId": context.id, "isAnyIssueType": True})
        rows += [
            {"contextId": context.id, "issueTypeId": each}
            for each in context.types
        ]
    return ok(page(call, rows))


@platform.post("/field/{id}/context")
def make_context(call: Call) -> Reply:
    """Make a context; a project has one of each field, and only one is global."""
    call.administers()
    field = asked_field(call)
    projects = _ids(call.payload.get("projectIds"))
    types = _ids(call.payload.get("issueTypeIds"))
    keys = _free_projects(call, field)
    if not keys and field.everywhere:
        text = "The field has a global context already."
        raise Refusal(text)
    name = str(call.payload.get("name") or "")
    made = Context(
        str(call.tracker.next_id()), name, tuple(keys), (), tuple(types)
    )
    call.site.replace_field(field, contexts=(*field.contexts, made))
    shown: JsonObject = {
        "id": made.id,
        "name": made.name,
        "description": str(call.payload.get("description") or ""),
        "projectIds": projects,
        "issueTypeIds": types,
    }
    return Reply(HTTPStatus.CREATED, shown)


@platform.put("/field/{id}/context/{context}/project")
def add_projects(call: Call) -> Reply:
    """Let a context hold in more projects; none that has one already, and never the global one."""
    call.administers()
    field = asked_field(call)
    context = _asked_context(call, field)
    if not context.projects:
        text = "The global context takes no projects."
        raise Refusal(text)
    keys = _free_projects(call, field)
    _put_context(
        call, field, replace(context, projects=(*context.projects, *keys))
    )
    return no_content()


@platform.put("/field/{id}/context/{context}/issuetype")
def add_work_types(call: Call) -> Reply:
    """Let a context hold for these work types too; one that holds for all of them is narrowed to these."""
    call.administers()
    field = asked_field(call)
    context = _asked_context(call, field)
    added = _ids(call.payload.get("issueTypeIds"))
    if not context.projects or set(added) & set(context.types):
        text = "The issue types can't be added to the context."
        raise Refusal(text)
    _put_context(call, field, replace(context, types=(*context.types, *added)))
    return no_content()


@platform.put("/field/{id}/context/{context}")
def rename_context(call: Call) -> Reply:
    """Give a context another name."""
    call.administers()
    field = asked_field(call)
    context = _asked_context(call, field)
    name = str(call.payload.get("name") or context.name)
    if context.id != field.number:
        _put_context(call, field, replace(context, name=name))
    return no_content()


@platform.delete("/field/{id}/context/{context}")
def delete_context(call: Call) -> Reply:
    """Delete a context; the global one stays."""
    call.administers()
    field = asked_field(call)
    context = _asked_context(call, field)
    if not context.projects:
        text = "The global context can't be deleted."
        raise Refusal(text)
    kept = [each for each in field.contexts if each.id != context.id]
    call.site.replace_field(field, contexts=tuple(kept))
    return no_content()


def _asked_context(call: Call, field: Field) -> Context:
    wanted = call.args["context"]
    if wanted == field.number and field.everywhere:
        return Context(field.number, "", ())
    for each in field.contexts:
        if each.id == wanted:
            return each
    text = "The context was not found."
    raise Refusal(text, status=HTTPStatus.NOT_FOUND)


def _put_context(call: Call, field: Field, changed: Context) -> None:
    contexts = [
        changed if each.id == changed.id else each for each in field.contexts
    ]
    call.site.replace_field(field, contexts=tuple(contexts))


def _free_projects(call: Call, field: Field) -> list[str]:
    """Give the keys of the projects that are named; each has one context of a field at most."""
    projects = _ids(call.payload.get("projectIds"))
    keys = [
        found.key for each in projects if (found := call.site.project(each))
    ]
    if len(keys) < len(projects):
        text = "The project was not found."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    if any(key in each.projects for each in field.contexts for key in keys):
        text = "The project already has a context of the field."
        raise Refusal(text)
    return keys


def _ids(found: Json) -> list[str]:
    return [str(each) for each in as_list(found)]
