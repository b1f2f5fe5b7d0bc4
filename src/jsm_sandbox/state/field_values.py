"""Field values: what an edit may write, what the history tells of them, and what a person calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jsm_sandbox.state import adf, instants, wire
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal, as_list, as_object
from jsm_sandbox.state.setup import Field, Project, Shape, Site

LONGEST_TEXT = 255
NOT_ON_SCREEN = (
    "Field '{0}' cannot be set. It is not on the appropriate screen, or unknown."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is to be written: the site, the project and the request."""

    site: Site
    project: Project
    key: str


def accept(place: Place, field: Field, raw: Json) -> Json:
    """Turn what an edit sends into what Jira stores and shows, or refuse it in Jira's words."""
    taker = _TAKERS.get(field.shape)
    if taker is None:
        raise Refusal(errors={field.id: NOT_ON_SCREEN.format(field.id)})
    if raw is None:
        return _cleared(field)
    return taker(place, field, raw)


def _cleared(field: Field) -> Json:
    if field.id == "summary":
        raise Refusal(errors={field.id: "You must specify a summary of the issue."})
    if field.shape is Shape.PRIORITY:
        raise Refusal(errors={"priority": "The priority selected is invalid."})
    return (
        [] if field.shape in (Shape.LABELS, Shape.ORGANIZATIONS, Shape.PEOPLE) else None
    )


def _option(place: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, dict):
        raise Refusal(
            errors={field.id: "Specify a valid 'id' or 'name' for " + field.name}
        )
    for each in field.options_in(place.project.key):
        by_id = "id" in raw and str(raw["id"]) == each.id
        if by_id or ("id" not in raw and raw.get("value") == each.value):
            return wire.option(each)
    if "id" in raw:
        raise Refusal(errors={field.id: f"Option id '{raw['id']}' is not valid"})
    raise Refusal(errors={field.id: f"Option value '{raw.get('value')}' is not valid"})


def _instant(place: Place, field: Field, raw: Json) -> Json:
    instant = instants.strict(raw)
    if instant is None:
        text = (
            "Operation value must be a string in the format yyyy-MM-dd'T'HH:mm:ss.SSSZ"
        )
        raise Refusal(errors={field.id: text})
    return instants.wire(instant, place.site.zone)


def _text(_: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, str):
        raise Refusal(errors={field.id: "Operation value must be a string"})
    if len(raw) > LONGEST_TEXT:
        name = (
            "Summary must be less than 255 characters." if field.id == "summary" else ""
        )
        raise Refusal(
            errors={
                field.id: name
                or "The entered text is too long. It exceeds the allowed limit of 255 characters."
            }
        )
    if field.id == "summary" and not raw.strip():
        raise Refusal(errors={field.id: "You must specify a summary of the issue."})
    return raw or None


def _rich(_: Place, field: Field, raw: Json) -> Json:
    if not adf.is_document(raw):
        raise Refusal(
            errors={
                field.id: "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
            }
        )
    return raw


def _organizations(place: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, list):
        raise Refusal(errors={field.id: "data was not an array"})
    shown = []
    for index, each in enumerate(raw):
        if not isinstance(each, int) or isinstance(each, bool):
            raise Refusal(
                errors={
                    field.id: f"Operation value must be a number at array index {index}"
                }
            )
        found = place.site.organization(each)
        if found is None:
            raise Refusal(
                errors={field.id: f"Organization with id {each} does not exist"}
            )
        shown.append(wire.organization(found))
    return shown


def _request_type(place: Place, field: Field, raw: Json) -> Json:
    found = next((r for r in place.site.request_types if r.id == raw), None)
    if found is None:
        raise Refusal(errors={field.id: f"The request type '{raw}' is invalid."})
    return wire.request_type_value(place.site, found, place.key, place.project.desk_id)


def _person(place: Place, field: Field, raw: Json) -> Json:
    found = place.site.accounts.get(
        str(as_object(raw).get("accountId", as_object(raw).get("id")))
    )
    if found is None:
        raise Refusal(errors={field.id: "Specify a valid value for " + field.name})
    return wire.user(found)


def _people(place: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, list):
        raise Refusal(errors={field.id: "data was not an array"})
    return [_person(place, field, each) for each in raw]


def _priority(place: Place, _: Field, raw: Json) -> Json:
    wanted = as_object(raw)
    for each in place.site.priorities:
        matches = each.id == str(wanted.get("id", each.id)) and each.name == wanted.get(
            "name", each.name
        )
        if (
            matches
            and each.id in place.project.priorities
            and ("id" in wanted or "name" in wanted)
        ):
            return wire.priority(each)
    raise Refusal(errors={"priority": "The priority selected is invalid."})


def _labels(_: Place, __: Field, raw: Json) -> Json:
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise Refusal(errors={"labels": "Operation value must be an array of strings"})
    if any(" " in each for each in raw):
        raise Refusal(errors={"labels": "The label contains spaces which is invalid."})
    return sorted(set(raw))


def _loose(_: Place, __: Field, raw: Json) -> Json:
    return raw


_TAKERS: dict[Shape, Callable[[Place, Field, Json], Json]] = {
    Shape.SELECT: _option,
    Shape.DATETIME: _instant,
    Shape.TEXT: _text,
    Shape.RICH: _rich,
    Shape.ORGANIZATIONS: _organizations,
    Shape.REQUEST_TYPE: _request_type,
    Shape.PERSON: _person,
    Shape.PEOPLE: _people,
    Shape.PRIORITY: _priority,
    Shape.LABELS: _labels,
    Shape.LOOSE: _loose,
}


def plain(value: Json) -> Json:
    """Say a stored value as a person would: names in place of objects."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "doc":
        return adf.to_text(value)
    if "requestType" in value:
        return as_object(value["requestType"]).get("name")
    for key in ("value", "displayName", "name"):
        if key in value:
            return value[key]
    return value


def history_words(value: Json) -> tuple[str | None, str | None]:
    """Give the id and the display text that the history keeps of a value."""
    if value is None or value == []:
        return None, None
    if isinstance(value, list):
        ids = [
            str(each.get("id", each.get("accountId")))
            for each in value
            if isinstance(each, dict)
        ]
        spaced = " ".join(str(plain(each)) for each in value)
        return (
            f"[{', '.join(ids)}]" if ids else None
        ), spaced if not ids else ", ".join(str(plain(e)) for e in value)
    if isinstance(value, dict):
        number = value.get(
            "id", value.get("accountId", as_object(value.get("requestType")).get("id"))
        )
        return (None if number is None else str(number)), str(plain(value))
    instant = instants.strict(value)
    if instant is not None:
        return str(value), f"{instants.lenient(value):%d/%b/%y %H:%M}"
    return None, str(value)


def from_words(place: Place, field: Field, words: Json) -> Json:
    """Turn a person's words (severity 1, a name, an instant) into what an edit would send."""
    if words is None:
        return None
    reader = _READERS.get(field.shape)
    return words if reader is None else reader(place, field, words)


def _option_in_words(place: Place, field: Field, words: Json) -> Json:
    options = field.options_in(place.project.key)
    if isinstance(words, dict):
        return words
    if isinstance(words, int) and 0 < words <= len(options):
        return {"id": options[words - 1].id}
    return {"value": words}


def _instant_in_words(place: Place, _: Field, words: datetime | str) -> Json:
    instant = instants.lenient(words)
    return words if instant is None else instants.wire(instant, place.site.zone)


def _organizations_in_words(_: Place, __: Field, words: Json) -> Json:
    return [
        int(each) for each in (words if isinstance(words, list | tuple) else [words])
    ]


def _request_type_in_words(place: Place, _: Field, words: Json) -> Json:
    found = place.site.request_type(str(words))
    return found.id if found else words


def _person_in_words(place: Place, _: Field, words: Json) -> JsonObject:
    found = place.site.person(str(words))
    return {"accountId": found.account_id if found else words}


def _people_in_words(place: Place, field: Field, words: Json) -> Json:
    return [_person_in_words(place, field, each) for each in as_list(words)]


def _priority_in_words(_: Place, __: Field, words: Json) -> Json:
    return words if isinstance(words, dict) else {"name": words}


def _rich_in_words(_: Place, __: Field, words: Json) -> Json:
    return adf.from_text(words) if isinstance(words, str) else words


_READERS: dict[Shape, Callable[[Place, Field, Json], Json]] = {
    Shape.SELECT: _option_in_words,
    Shape.DATETIME: _instant_in_words,
    Shape.ORGANIZATIONS: _organizations_in_words,
    Shape.REQUEST_TYPE: _request_type_in_words,
    Shape.PERSON: _person_in_words,
    Shape.PEOPLE: _people_in_words,
    Shape.PRIORITY: _priority_in_words,
    Shape.RICH: _rich_in_words,
}
