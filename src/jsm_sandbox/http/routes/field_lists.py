"""The fields of the site, with the contexts and options of select fields."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.field_contexts import every_context
from jsm_sandbox.state.custom_fields import Context, Field, Option
from jsm_sandbox.state.json_types import JsonObject, not_found
from jsm_sandbox.state.placement import EVERYWHERE


@platform.get("/field")
def fields(call: Call) -> Reply:
    """List every field; strangers see Jira's own only."""
    return ok(
        [
            field_row(each)
            for each in call.site.fields
            if _is_listed(call, each)
        ]
    )


def _is_listed(call: Call, each: Field) -> bool:
    """Return whether the list of all has a field: one on no screen is left out."""
    if not each.custom:
        return True
    layout = call.tracker.layout
    is_shown = layout.is_complete or bool(
        each.scope or layout.count_screens(each.id)
    )
    return call.sees_projects and (is_shown or each.kind in EVERYWHERE)


def field_row(each: Field) -> JsonObject:
    """Show a field as the list of all does."""
    shown: JsonObject = {
        "id": each.id,
        "key": each.id,
        "name": each.name,
        "custom": each.custom,
        "orderable": True,
        "navigable": each.id != "comment",
        "searchable": each.searchable,
        "clauseNames": _clause_names(each),
        "schema": each.schema,
    }
    if each.scope:
        shown["scope"] = {"type": "PROJECT", "project": {"id": each.scope}}
    return shown


def _clause_names(each: Field) -> list[str]:
    """Give what the field is called in a query."""
    if not each.custom:
        return [each.id]
    return [f"cf[{each.number}]", each.name]


@platform.get("/field/search")
def search_fields(call: Call) -> Reply:
    """Page through fields by kind and text."""
    if not call.sees_projects:
        return ok(page(call, []))
    found = [each for each in call.site.fields if _is_wanted(call, each)]
    return ok(page(call, [_brief(call, each) for each in found]))


def _is_wanted(call: Call, each: Field) -> bool:
    kinds = call.words("type")
    kind = "custom" if each.custom else "system"
    if kinds and kind not in kinds:
        return False
    ids = call.words("id")
    if ids and each.id not in ids:
        return False
    return call.word("query").casefold() in each.name.casefold()


def _brief(call: Call, each: Field) -> JsonObject:
    return {
        "id": each.id,
        "key": each.id,
        "name": each.name,
        "schema": each.schema,
        "description": each.description,
        **_details(call, each),
    }


def _details(call: Call, each: Field) -> JsonObject:
    """Show what a caller has to ask for by name."""
    details: JsonObject = {
        "screensCount": call.tracker.layout.count_screens(each.id),
        "contextsCount": each.everywhere + len(each.contexts),
        "isLocked": each.kind in EVERYWHERE,
    }
    if each.searchable:
        details["searcherKey"] = f"{each.kind}searcher"
    wanted = call.words("expand")
    return {name: details[name] for name in wanted if name in details}


@platform.get("/field/{id}/context")
def contexts(call: Call) -> Reply:
    """Give the contexts of a custom field: the global one, then those of single projects."""
    call.administers()
    shown = every_context(_asked_field(call))
    return ok(page(call, [context_row(each) for each in shown]))


def context_row(each: Context) -> JsonObject:
    """Show a context as the list of a field's contexts does."""
    return {
        "id": each.id,
        "name": each.name,
        "description": "",
        "isGlobalContext": not each.projects,
        "isAnyIssueType": not each.types,
    }


def _asked_field(call: Call) -> Field:
    found = call.site.field(call.args["id"])
    if found is None:
        raise not_found("The custom field was not found.")
    return found


@platform.get("/field/{id}/context/{context}/option")
def options(call: Call) -> Reply:
    """List the options of a select field."""
    call.administers()
    field = _asked_field(call)
    wanted = call.args["context"]
    own = (each.options for each in field.contexts if each.id == wanted)
    found = next(own, field.options)
    return ok(page(call, [option_row(each) for each in found]))


def option_row(each: Option) -> JsonObject:
    """Show an option as the list of a context's options does."""
    return {"id": each.id, "value": each.value, "disabled": each.disabled}
