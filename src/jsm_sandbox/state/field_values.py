"""Field values: what an edit may write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jsm_sandbox.state import adf, instants, wire
from jsm_sandbox.state.custom_fields import WORK_TYPE, Field, Option, Shape
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal, as_object
from jsm_sandbox.state.setup import Priority, Project, Site

LONGEST_TEXT = 255
LISTS = (Shape.LABELS, Shape.ORGANIZATIONS, Shape.PEOPLE)

NO_SUMMARY = "You must specify a summary of the issue."
LONG_SUMMARY = "Summary must be less than 255 characters."
LONG_TEXT = "The entered text is too long. It exceeds the allowed limit of 255 characters."
NO_PRIORITY = "The priority selected is invalid."
NO_INSTANT = (
    "Operation value must be a string in the format yyyy-MM-dd'T'HH:mm:ss.SSSZ"
)
NO_DATE = "Operation value must be a string in the format yyyy-MM-dd"
NO_DOCUMENT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
NO_ARRAY = "data was not an array"
NOT_ON_SCREEN = "Field '{0}' cannot be set. It is not on the appropriate screen, or unknown."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is to be written: the site, the project and the request."""

    site: Site
    project: Project
    key: str
    work_type: str = WORK_TYPE


def accept(place: Place, field: Field, raw: Json) -> Json:
    """Turn what an edit sends into what Jira stores and shows, or refuse it in Jira's words."""
    taker = _TAKERS.get(field.shape)
    if taker is None:
        raise _refused(field, NOT_ON_SCREEN.format(field.id))
    if raw is None:
        return _cleared(field)
    return taker(place, field, raw)


def _refused(field: Field, text: str) -> Refusal:
    return Refusal(errors={field.id: text})


def _cleared(field: Field) -> Json:
    if field.id == "summary":
        raise _refused(field, NO_SUMMARY)
    if field.shape is Shape.PRIORITY:
        raise _refused(field, NO_PRIORITY)
    return [] if field.shape in LISTS else None


def _option(place: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, dict):
        raise _refused(
            field, f"Specify a valid 'id' or 'name' for {field.name}"
        )
    options = field.options_in(place.project.key, place.work_type)
    if "id" in raw:
        return _option_by_id(field, options, raw["id"])
    for each in options:
        if each.value == raw.get("value"):
            return wire.option(each)
    raise _refused(field, f"Option value '{raw.get('value')}' is not valid")


def _option_by_id(
    field: Field, options: tuple[Option, ...], wanted: Json
) -> Json:
    for each in options:
        if each.id == str(wanted):
            return wire.option(each)
    raise _refused(field, f"Option id '{wanted}' is not valid")


def _instant(place: Place, field: Field, raw: Json) -> Json:
    instant = instants.strict(raw)
    if instant is None:
        raise _refused(field, NO_INSTANT)
    return instants.wire(instant, place.site.zone)


def _date(_: Place, field: Field, raw: Json) -> Json:
    if not instants.is_date(raw):
        raise _refused(field, NO_DATE)
    return raw


def _text(_: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, str):
        raise _refused(field, "Operation value must be a string")
    is_summary = field.id == "summary"
    if len(raw) > LONGEST_TEXT:
        raise _refused(field, LONG_SUMMARY if is_summary else LONG_TEXT)
    if is_summary and not raw.strip():
        raise _refused(field, NO_SUMMARY)
    return raw or None


def _rich(_: Place, field: Field, raw: Json) -> Json:
    if not adf.is_document(raw):
        raise _refused(field, NO_DOCUMENT)
    return raw


def _organizations(place: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, list):
        raise _refused(field, NO_ARRAY)
    return [_organization(place, field, n, each) for n, each in enumerate(raw)]


def _organization(place: Place, field: Field, index: int, raw: Json) -> Json:
    if not isinstance(raw, int) or isinstance(raw, bool):
        text = f"Operation value must be a number at array index {index}"
        raise _refused(field, text)
    found = place.site.organization(raw)
    if found is None:
        raise _refused(field, f"Organization with id {raw} does not exist")
    return wire.organization(found)


def _request_type(place: Place, field: Field, raw: Json) -> Json:
    for each in place.site.request_types:
        if each.id == raw:
            return wire.request_type_value(
                place.site,
                each,
                place.key,
                place.project.desk_id,
            )
    raise _refused(field, f"The request type '{raw}' is invalid.")


def _person(place: Place, field: Field, raw: Json) -> Json:
    user = as_object(raw)
    account_id = user.get("accountId", user.get("id"))
    found = place.site.accounts.get(str(account_id))
    if found is None:
        raise _refused(field, f"Specify a valid value for {field.name}")
    return wire.user(found)


def _people(place: Place, field: Field, raw: Json) -> Json:
    if not isinstance(raw, list):
        raise _refused(field, NO_ARRAY)
    return [_person(place, field, each) for each in raw]


def _priority(place: Place, field: Field, raw: Json) -> Json:
    wanted = as_object(raw)
    for each in place.site.priorities:
        in_scheme = each.id in place.project.priorities
        if in_scheme and _is_named(each, wanted):
            return wire.priority(each)
    raise _refused(field, NO_PRIORITY)


def _is_named(each: Priority, wanted: JsonObject) -> bool:
    """Return whether a priority is meant: by id, by name, or by both, which then have to agree."""
    if "id" not in wanted and "name" not in wanted:
        return False
    if str(wanted.get("id", each.id)) != each.id:
        return False
    return bool(wanted.get("name", each.name) == each.name)


def _labels(_: Place, field: Field, raw: Json) -> Json:
    labels = _strings(field, raw)
    if any(" " in each for each in labels):
        raise _refused(field, "The label contains spaces which is invalid.")
    return [*sorted(labels)]


def _strings(field: Field, raw: Json) -> set[str]:
    if isinstance(raw, list) and all(isinstance(each, str) for each in raw):
        return set(raw)
    raise _refused(field, "Operation value must be an array of strings")


def _loose(_: Place, __: Field, raw: Json) -> Json:
    return raw


_TAKERS: dict[Shape, Callable[[Place, Field, Json], Json]] = {
    Shape.SELECT: _option,
    Shape.DATETIME: _instant,
    Shape.DATE: _date,
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
