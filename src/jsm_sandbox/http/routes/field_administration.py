"""What administrators do to fields: make, throw away, restore, give options and put them in order."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.field_contexts import asked_field
from jsm_sandbox.http.routes.field_lists import field_row
from jsm_sandbox.play.administration import trash_field
from jsm_sandbox.state.custom_fields import Context, Field, Option, Shape
from jsm_sandbox.state.json_types import (
    JsonObject,
    Refusal,
    as_list,
    as_object,
)

SHAPES = {
    "select": Shape.SELECT,
    "datetime": Shape.DATETIME,
    "datepicker": Shape.DATE,
    "textfield": Shape.TEXT,
    "textarea": Shape.RICH,
}
"""What can be made, by the last part of the type's key."""
_SCHEMA_TYPES = {
    "select": "option",
    "datetime": "datetime",
    "datepicker": "date",
}
MOST_OPTIONS = 1000


@platform.post("/field")
def make_field(call: Call) -> Reply:
    """Make a custom field; its name need not be the only one of its kind."""
    call.administers()
    name = str(call.payload.get("name") or "").strip()
    key = str(call.payload.get("type") or "")
    kind = key.rpartition(":")[2]
    if not name or kind not in SHAPES:
        text = "The custom field needs a name and a type."
        raise Refusal(text)
    number = call.tracker.next_field_number()
    schema: JsonObject = {
        "type": _SCHEMA_TYPES.get(kind, "string"),
        "custom": key,
        "customId": number,
    }
    made = Field(
        f"customfield_{number}",
        name,
        SHAPES[kind],
        schema,
        description=str(call.payload.get("description") or ""),
        searchable=bool(call.payload.get("searcherKey")),
    )
    call.site.fields.append(made)
    return Reply(HTTPStatus.CREATED, field_row(made))


@platform.get("/field/search/trashed")
def trashed(call: Call) -> Reply:
    """Page through the trash."""
    call.administers()
    rows: list[JsonObject] = [
        {
            "id": each.id,
            "name": each.name,
            "schema": each.schema,
            "description": each.description,
            "isLocked": False,
        }
        for each in call.tracker.layout.trash
    ]
    return ok(page(call, rows))


@platform.post("/field/{id}/trash")
def throw_away(call: Call) -> Reply:
    """Throw a field away."""
    call.administers()
    trash_field(call.tracker, call.args["id"])
    return ok(None)


@platform.post("/field/{id}/restore")
def restore(call: Call) -> Reply:
    """Take a field out of the trash."""
    call.administers()
    trash = call.tracker.layout.trash
    found = next((each for each in trash if each.id == call.args["id"]), None)
    if found is None:
        text = "The custom field was not found in the trash."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    trash.remove(found)
    call.site.fields.append(found)
    return ok(None)


@platform.post("/field/{id}/context/{context}/option")
def add_options(call: Call) -> Reply:
    """Add options at the end: all, or none where one is there already."""
    call.administers()
    field = asked_field(call)
    present = _options(field, call.args["context"])
    wanted = [
        str(as_object(each).get("value"))
        for each in as_list(call.payload.get("options"))
    ]
    known = {each.value.casefold() for each in present}
    if len(wanted) > MOST_OPTIONS or any(
        each.casefold() in known for each in wanted
    ):
        text = "Option values must be unique in a context, and at most 1000 in a call."
        raise Refusal(text)
    made = [Option(str(call.tracker.next_id()), each) for each in wanted]
    _put_options(call, field, (*present, *made))
    shown = [
        {"id": each.id, "value": each.value, "disabled": each.disabled}
        for each in made
    ]
    return ok({"options": shown})


@platform.put("/field/{id}/context/{context}/option")
def change_options(call: Call) -> Reply:
    """Give options other texts, disable or enable them: all of them, or none where one is not there."""
    call.administers()
    field = asked_field(call)
    present = _options(field, call.args["context"])
    rows = [as_object(each) for each in as_list(call.payload.get("options"))]
    wanted = {str(each.get("id")): each for each in rows}
    if not {each.id for each in present} >= wanted.keys():
        text = "One of the options was not found in the context."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    changed = [_changed(each, wanted.get(each.id, {})) for each in present]
    _put_options(call, field, tuple(changed))
    shown: list[JsonObject] = [
        {"id": each.id, "value": each.value, "disabled": each.disabled}
        for each in changed
        if each.id in wanted
    ]
    return ok({"options": shown})


def _changed(option: Option, wanted: JsonObject) -> Option:
    text = str(wanted.get("value") or option.value)
    disabled = bool(wanted.get("disabled", option.disabled))
    return replace(option, value=text, disabled=disabled)


@platform.put("/field/{id}/context/{context}/option/move")
def move_options(call: Call) -> Reply:
    """Move options to the start or the end, or behind another one, in the order given."""
    call.administers()
    field = asked_field(call)
    present = _options(field, call.args["context"])
    ids = [
        str(each) for each in as_list(call.payload.get("customFieldOptionIds"))
    ]
    by_id = {each.id: each for each in present}
    if not ids or not by_id.keys() >= set(ids):
        text = "One of the options was not found in the context."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    moved = [by_id[each] for each in ids]
    rest = [each for each in present if each.id not in ids]
    place = _place(call, rest)
    _put_options(call, field, (*rest[:place], *moved, *rest[place:]))
    return no_content()


def _place(call: Call, rest: list[Option]) -> int:
    after = call.payload.get("after")
    if after is not None:
        ids = [each.id for each in rest]
        return ids.index(str(after)) + 1 if str(after) in ids else len(rest)
    return 0 if call.payload.get("position") == "First" else len(rest)


def _options(field: Field, context: str) -> tuple[Option, ...]:
    for each in field.contexts:
        if each.id == context:
            return each.options
    if context != field.number or not field.everywhere:
        text = "The context was not found."
        raise Refusal(text, status=HTTPStatus.NOT_FOUND)
    return field.options


def _put_options(
    call: Call, field: Field, options: tuple[Option, ...]
) -> None:
    """Give a context other options."""
    context = call.args["context"]
    if context == field.number:
        call.site.replace_field(field, options=options)
        return
    changed: list[Context] = [
        replace(each, options=options) if each.id == context else each
        for each in field.contexts
    ]
    call.site.replace_field(field, contexts=tuple(changed))
