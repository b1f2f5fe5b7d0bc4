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
    not_found,
)


def asked_field(call: Call) -> Field:
    """Give the custom field that the path names; raises Refusal."""
    found = call.site.field_by_id(call.args["id"])
    if found is None or not found.custom:
        raise not_found("The custom field was not found.")
    return found


@platform.get("/field/{id}/context/projectmapping")
def context_projects(call: Call) -> Reply:
    """Page through which context holds in which project."""
    call.administers()
    rows: list[JsonObject] = []
    for context in every_context(asked_field(call)):
        rows += _projects_of(call, context)
    return ok(page(call, rows))


def every_context(field: Field) -> tuple[Context, ...]:
    """Give the contexts of a field, the global one first where it has one."""
    everywhere = Context(field.number, "Default Configuration Scheme", ())
    first = (everywhere,) if field.everywhere else ()
    return (*first, *field.contexts)


def _projects_of(call: Call, context: Context) -> list[JsonObject]:
    if not context.projects:
        return [{"contextId": context.id, "isGlobalContext": True}]
    projects = map(call.site.project, context.projects)
    return [
        {"contextId": context.id, "projectId": each.id}
        for each in projects
        if each
    ]


@platform.get("/field/{id}/context/issuetypemapping")
def context_types(call: Call) -> Reply:
    """Page through which context holds for which work type."""
    call.administers()
    rows: list[JsonObject] = []
    for context in every_context(asked_field(call)):
        rows += _types_of(context)
    return ok(page(call, rows))


def _types_of(context: Context) -> list[JsonObject]:
    if not context.types:
        return [{"contextId": context.id, "isAnyIssueType": True}]
    return [
        {"contextId": context.id, "issueTypeId": each}
        for each in context.types
    ]


@platform.post("/field/{id}/context")
def make_context(call: Call) -> Reply:
    """Make a context; a project has one of each field, and only one is global."""
    call.administers()
    field = asked_field(call)
    made = _made(call, field)
    call.site.replace_field(field, contexts=(*field.contexts, made))
    shown: JsonObject = {
        "id": made.id,
        "name": made.name,
        "description": str(call.payload.get("description") or ""),
        "projectIds": _ids(call.payload.get("projectIds")),
        "issueTypeIds": list(made.types),
    }
    return Reply(HTTPStatus.CREATED, shown)


def _made(call: Call, field: Field) -> Context:
    keys = _free_projects(call, field)
    if not keys and field.everywhere:
        text = "The field has a global context already."
        raise Refusal(text)
    name = str(call.payload.get("name") or "")
    types = _ids(call.payload.get("issueTypeIds"))
    number = str(call.tracker.next_id())
    return Context(number, name, tuple(keys), (), tuple(types))


@platform.put("/field/{id}/context/{context}/project")
def add_projects(call: Call) -> Reply:
    """Let a context hold in more projects; none that has one already, and never the global one."""
    call.administers()
    field = asked_field(call)
    context = _asked_context(call, field)
    _refuse_global(context, "The global context takes no projects.")
    projects = (*context.projects, *_free_projects(call, field))
    _put_context(call, field, replace(context, projects=projects))
    return no_content()


def _refuse_global(context: Context, text: str) -> None:
    if not context.projects:
        raise Refusal(text)


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
    _refuse_global(context, "The global context can't be deleted.")
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
    raise not_found("The context was not found.")


def _put_context(call: Call, field: Field, changed: Context) -> None:
    contexts = [
        changed if each.id == changed.id else each for each in field.contexts
    ]
    call.site.replace_field(field, contexts=tuple(contexts))


def _free_projects(call: Call, field: Field) -> list[str]:
    """Give the keys of the projects that are named; each has one context of a field at most."""
    keys = _named_projects(call)
    taken = [key for each in field.contexts for key in each.projects]
    if not set(taken).isdisjoint(keys):
        text = "The project already has a context of the field."
        raise Refusal(text)
    return keys


def _named_projects(call: Call) -> list[str]:
    found = map(call.site.project, _ids(call.payload.get("projectIds")))
    keys = [each.key if each else None for each in found]
    if None in keys:
        raise not_found("The project was not found.")
    return [key for key in keys if key]


def _ids(found: Json) -> list[str]:
    return [str(each) for each in as_list(found)]
