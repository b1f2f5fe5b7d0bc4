"""Field values as people and the history have them: read from a person's words, shown in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jsm_sandbox.state import adf, instants
from jsm_sandbox.state.custom_fields import Field, Shape
from jsm_sandbox.state.field_values import Place
from jsm_sandbox.state.json_types import Json, JsonObject, as_list, inside


def plain(value: Json) -> Json:
    """Give a stored value as a person would name it: names in place of objects."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "doc":
        return adf.to_text(value)
    if "requestType" in value:
        return inside(value, "requestType", "name")
    for key in ("value", "displayName", "name"):
        if key in value:
            return value[key]
    return value


def history_words(value: Json) -> tuple[str | None, str | None]:
    """Give the id and the display text that the history keeps of a value."""
    if value is None or value == []:
        return None, None
    if isinstance(value, list):
        return _list_in_history(value)
    if isinstance(value, dict):
        return _id_of(value), str(plain(value))
    if instants.is_date(value):
        return str(value), f"{instants.lenient(value):%d/%b/%y}"
    if instants.strict(value) is None:
        return None, str(value)
    return str(value), f"{instants.lenient(value):%d/%b/%y %H:%M}"


def _list_in_history(values: list[Json]) -> tuple[str | None, str | None]:
    """Give ids and names with commas; labels, which have no ids, with spaces."""
    words = [str(plain(each)) for each in values]
    ids = [_listed_id(each) for each in values if isinstance(each, dict)]
    if not ids:
        return None, " ".join(words)
    return f"[{', '.join(ids)}]", ", ".join(words)


def _listed_id(value: JsonObject) -> str:
    return str(value.get("id", value.get("accountId")))


def _id_of(value: JsonObject) -> str | None:
    """Give the id of a thing, of a person, or of the type of a request."""
    of_type = inside(value, "requestType", "id")
    number = value.get("id", value.get("accountId", of_type))
    return None if number is None else str(number)


def from_words(place: Place, field: Field, words: Json) -> Json:
    """Turn a person's words (severity 1, a name, an instant) into what an edit would send."""
    reader = _READERS.get(field.shape)
    if words is None or reader is None:
        return words
    return reader(place, field, words)


def _option(place: Place, field: Field, words: Json) -> Json:
    if isinstance(words, dict):
        return words
    options = field.options_in(place.project.key, place.work_type)
    if isinstance(words, int) and 0 < words <= len(options):
        return {"id": options[words - 1].id}
    return {"value": words}


def _instant(place: Place, _: Field, words: datetime | str) -> Json:
    instant = instants.lenient(words)
    return (
        words if instant is None else instants.wire(instant, place.site.zone)
    )


def _organizations(_: Place, __: Field, words: Json) -> Json:
    listed = words if isinstance(words, list | tuple) else [words]
    return [int(each) for each in listed]


def _request_type(place: Place, _: Field, words: Json) -> Json:
    found = place.site.request_type(str(words))
    return found.id if found else words


def _person(place: Place, _: Field, words: Json) -> JsonObject:
    found = place.site.person(str(words))
    return {"accountId": found.account_id if found else words}


def _people(place: Place, field: Field, words: Json) -> Json:
    return [_person(place, field, each) for each in as_list(words)]


def _priority(_: Place, __: Field, words: Json) -> Json:
    return words if isinstance(words, dict) else {"name": words}


def _rich(_: Place, __: Field, words: Json) -> Json:
    return adf.from_text(words) if isinstance(words, str) else words


_READERS: dict[Shape, Callable[[Place, Field, Json], Json]] = {
    Shape.SELECT: _option,
    Shape.DATETIME: _instant,
    Shape.ORGANIZATIONS: _organizations,
    Shape.REQUEST_TYPE: _request_type,
    Shape.PERSON: _person,
    Shape.PEOPLE: _people,
    Shape.PRIORITY: _priority,
    Shape.RICH: _rich,
}
