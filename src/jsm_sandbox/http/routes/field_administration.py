"""What administrators do to fields: make, throw away, restore, give options and put them in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.field_contexts import asked_field
from jsm_sandbox.http.routes.field_lists import field_row, option_row
from jsm_sandbox.play.administration import trash_field
from jsm_sandbox.state.custom_fields import Context, Field, Option, Shape
from jsm_sandbox.state.json_types import (
    JsonObject,
    Refusal,
    as_list,
    as_object,
    not_found,
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
    if not name or _kind(key) not in SHAPES:
        text = "The custom field needs a name and a type."
        raise Refusal(text)
    made = _made(call, name, key)
    call.site.fields.append(made)
    return Reply(HTTPStatus.CREATED, field_row(made))


def _kind(key: str) -> str:
    """Give the last part of a type's key."""
    return key.rpartition(":")[2]


def _made(call: Call, name: str, key: str) -> Field:
    kind = _kind(key)
    number = call.tracker.next_field_number()
    schema: JsonObject = {
        "type": _SCHEMA_TYPES.get(kind, "string"),
        "custom": key,
        "customId": number,
    }
    return Field(
        f"customfield_{number}",
        name,
        SHAPES[kind],
        schema,
        description=str(call.payload.get("description") or ""),
        searchable=bool(call.payload.get("searcherKey")),
    )


@platform.get("/field/search/trashed")
def trashed(call: Call) -> Reply:
    """Page through the trash."""
    call.administers()
    trash = call.tracker.layout.trash
    return ok(page(call, [_trashed_row(each) for each in trash]))


def _trashed_row(each: Field) -> JsonObject:
    return {
        "id": each.id,
        "name": each.name,
        "schema": each.schema,
        "description": each.description,
        "isLocked": False,
    }


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
        raise not_found("The custom field was not found in the trash.")
    trash.remove(found)
    call.site.fields.append(found)
    return ok(None)


@platform.post("/field/{id}/context/{context}/option")
def add_options(call: Call) -> Reply:
    """Add options at the end: all, or none where one is there already."""
    call.administers()
    field = asked_field(call)
    present = _options(field, call.args["context"])
    wanted = [str(each.get("value")) for each in _given_options(call)]
    if len(wanted) > MOST_OPTIONS or _is_one_there(present, wanted):
        text = "Option values must be unique in a context, and at most 1000 in a call."
        raise Refusal(text)
    made = [Option(str(call.tracker.next_id()), each) for each in wanted]
    _put_options(call, field, (*present, *made))
    return ok({"options": [option_row(each) for each in made]})


def _given_options(call: Call) -> list[JsonObject]:
    return [as_object(each) for each in as_list(call.payload.get("options"))]


def _is_one_there(present: Iterable[Option], wanted: Iterable[str]) -> bool:
    known = {each.value.casefold() for each in present}
    return any(each.casefold() in known for each in wanted)


@platform.put("/field/{id}/context/{context}/option")
def change_options(call: Call) -> Reply:
    """Give options other texts, disable or enable them: all of them, or none where one is not there."""
    call.administers()
    field = asked_field(call)
    present = _options(field, call.args["context"])
    wanted = {str(each.get("id")): each for each in _given_options(call)}
    _need_all(present, wanted)
    changed = [_changed(each, wanted.get(each.id, {})) for each in present]
    _put_options(call, field, tuple(changed))
    shown = [option_row(each) for each in changed if each.id in wanted]
    return ok({"options": shown})


def _need_all(present: Iterable[Option], wanted: Iterable[str]) -> None:
    """Refuse options that a context does not have."""
    if not {each.id for each in present}.issuperset(wanted):
        raise _no_such_option()


def _no_such_option() -> Refusal:
    return not_found("One of the options was not found in the context.")


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
    given = as_list(call.payload.get("customFieldOptionIds"))
    ids = [str(each) for each in given]
    if not ids:
        raise _no_such_option()
    _need_all(present, ids)
    by_id = {each.id: each for each in present}
    moved = [by_id[each] for each in ids]
    rest = [each for each in present if each.id not in ids]
    place = _place(call, rest)
    _put_options(call, field, (*rest[:place], *moved, *rest[place:]))
    return no_content()


def _place(call: Call, rest: list[Option]) -> int:
    """Give where among the rest the options go that are moved."""
    after = call.payload.get("after")
    if after is not None:
        return _place_after(str(after), rest)
    return 0 if call.payload.get("position") == "First" else len(rest)


def _place_after(option: str, rest: list[Option]) -> int:
    ids = [each.id for each in rest]
    return ids.index(option) + 1 if option in ids else len(rest)


def _options(field: Field, context: str) -> tuple[Option, ...]:
    for each in field.contexts:
        if each.id == context:
            return each.options
    if context != field.number or not field.everywhere:
        raise not_found("The context was not found.")
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
