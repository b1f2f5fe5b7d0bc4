"""Screens, and the schemes that bring them to projects: for administrators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.state.custom_fields import Field
from jsm_sandbox.state.json_types import JsonObject, Refusal, not_found
from jsm_sandbox.state.placement import (
    Screen,
    ScreenScheme,
    Tab,
    TypeScheme,
)

_NumberedT = TypeVar("_NumberedT", Screen, ScreenScheme)


@platform.get("/issuetypescreenscheme/project")
def type_schemes(call: Call) -> Reply:
    """Page through which scheme serves which of these projects."""
    call.administers()
    wanted = call.words("projectId")
    rows = [_use(each, wanted) for each in call.tracker.layout.type_schemes]
    return ok(page(call, [row for row in rows if row["projectIds"]]))


def _use(each: TypeScheme, wanted: list[str]) -> JsonObject:
    scheme = {"id": str(each.id), "name": each.name}
    projects = [number for number in each.projects if number in wanted]
    return {"issueTypeScreenScheme": scheme, "projectIds": projects}


@platform.get("/issuetypescreenscheme/mapping")
def mappings(call: Call) -> Reply:
    """Page through which screen scheme the work types of a scheme have."""
    call.administers()
    rows: list[JsonObject] = []
    for each in call.tracker.layout.type_schemes:
        if call.asks_for("issueTypeScreenSchemeId", each.id):
            rows += _mappings_of(each)
    return ok(page(call, rows))


def _mappings_of(each: TypeScheme) -> list[JsonObject]:
    by_type = {"default": each.screen_scheme} | each.by_type
    return [
        {
            "issueTypeScreenSchemeId": str(each.id),
            "issueTypeId": work_type,
            "screenSchemeId": str(screen_scheme),
        }
        for work_type, screen_scheme in by_type.items()
    ]


@platform.get("/screenscheme")
def screen_schemes(call: Call) -> Reply:
    """Page through screen schemes."""
    call.administers()
    found = _asked(call, call.tracker.layout.screen_schemes)
    return ok(page(call, [_screen_scheme(each) for each in found]))


def _screen_scheme(each: ScreenScheme) -> JsonObject:
    return {"id": each.id, "name": each.name, "screens": dict(each.screens)}


def _asked(call: Call, every: Iterable[_NumberedT]) -> list[_NumberedT]:
    """Give those whose ids are asked for; all where none is."""
    return [each for each in every if call.asks_for("id", each.id)]


@platform.get("/screens")
def screens(call: Call) -> Reply:
    """Page through screens."""
    call.administers()
    found = _asked(call, call.tracker.layout.screens)
    return ok(page(call, [_screen(each) for each in found]))


def _screen(each: Screen) -> JsonObject:
    return {"id": each.id, "name": each.name, "description": ""}


@platform.get("/screens/{screen}/tabs")
def tabs(call: Call) -> Reply:
    """List the tabs of a screen."""
    call.administers()
    rows: list[JsonObject] = [
        {"id": each.id, "name": each.name} for each in _asked_screen(call).tabs
    ]
    return ok(rows)


@platform.get("/screens/{screen}/tabs/{tab}/fields")
def tab_fields(call: Call) -> Reply:
    """List the fields of a tab."""
    call.administers()
    site = call.site
    found = [site.field_by_id(each) for each in _fields_of(call)]
    rows: list[JsonObject] = [
        {"id": each.id, "name": each.name} for each in found if each
    ]
    return ok(rows)


def _fields_of(call: Call) -> list[str]:
    if call.tracker.layout.is_complete:
        return [each.id for each in call.site.fields]
    return _asked_tab(call).fields


@platform.post("/screens/{screen}/tabs/{tab}/fields")
def put_on_tab(call: Call) -> Reply:
    """Put a field on a tab; one that the screen shows already is refused."""
    call.administers()
    field = _given_field(call)
    _refuse_twice(call, field)
    _asked_tab(call).fields.append(field.id)
    return ok({"id": field.id, "name": field.name})


def _refuse_twice(call: Call, field: Field) -> None:
    screen = _asked_screen(call)
    if call.tracker.layout.is_complete or screen.shows(field.id):
        text = f"The field with id {field.id} already exists on the screen."
        raise Refusal(text)


def _given_field(call: Call) -> Field:
    wanted = str(call.payload.get("fieldId"))
    field = call.site.field_by_id(wanted)
    if field is None:
        raise not_found(f"The field {wanted} was not found.")
    return field


def _asked_screen(call: Call) -> Screen:
    try:
        return call.tracker.layout.screen(int(call.args["screen"]))
    except (LookupError, ValueError):
        raise not_found("The screen was not found.") from None


def _asked_tab(call: Call) -> Tab:
    for each in _asked_screen(call).tabs:
        if str(each.id) == call.args["tab"]:
            return each
    raise not_found("The tab was not found.")
