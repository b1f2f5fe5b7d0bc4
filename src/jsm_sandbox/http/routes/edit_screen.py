"""What may be edited on a request: the fields that its project has and its edit screen shows."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, ok
from jsm_sandbox.http.router import platform
from jsm_sandbox.state import wire
from jsm_sandbox.state.custom_fields import Field, Shape
from jsm_sandbox.state.field_values import Place
from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.requests import Issue

UNWRITABLE = (Shape.FIXED, Shape.SLA)


@platform.get("/issue/{key}/editmeta")
def editmeta(call: Call) -> Reply:
    """Show what may be edited: here the screens count, whatever the edit itself checks."""
    issue = call.issue()
    place = place_of(call, issue)
    shown = {
        field.id: _meta(call, place, field)
        for field in _editable_fields(call, issue)
        if _is_offered(call, place, field)
    }
    return ok({"fields": shown})


def _editable_fields(call: Call, issue: Issue) -> list[Field]:
    is_withheld = "EDIT_ISSUES" in call.tracker.switches.withheld
    if call.tracker.is_frozen(issue) or is_withheld:
        return []
    return call.site.fields


def _is_offered(call: Call, place: Place, field: Field) -> bool:
    return not (
        field.shape in UNWRITABLE
        or is_hidden(call, place, field)
        or call.tracker.lacks(place.project.key, field, place.work_type)
    )


def is_hidden(call: Call, place: Place, field: Field) -> bool:
    """Return whether the edit screen does not show a field."""
    layout = call.tracker.layout
    is_off = call.site.is_off_screen(field.id, place.work_type)
    return is_off or not layout.edits(place.project, field, place.work_type)


def _meta(call: Call, place: Place, field: Field) -> JsonObject:
    is_list = field.schema.get("type") == "array"
    meta: JsonObject = {
        "required": field.id == "summary",
        "schema": field.schema,
        "name": field.name,
        "key": field.id,
        "operations": ["add", "set", "remove"] if is_list else ["set"],
    }
    values = _allowed_values(call, place, field)
    return meta if values is None else meta | {"allowedValues": values}


def _allowed_values(
    call: Call, place: Place, field: Field
) -> list[JsonObject] | None:
    """Show what may be chosen; None where that is no choice of a list."""
    match field.shape:
        case Shape.SELECT:
            options = field.options_in(place.project.key, place.work_type)
            return [wire.option(each) for each in options]
        case Shape.PRIORITY:
            found = map(call.site.priority, place.project.priorities)
            return [wire.priority(each) for each in found if each]
        case _:
            return None


def place_of(call: Call, issue: Issue) -> Place:
    """Return where a request stands: its project, and the screens of its work type."""
    project = call.tracker.project_of(issue)
    return Place(call.site, project, issue.key, issue.work_type)
