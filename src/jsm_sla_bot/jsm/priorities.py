"""Which priorities a project has, the highest first."""

from collections.abc import Iterable

from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    GarbledError,
    NotFoundError,
    RefusedError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text

_UNKNOWN = (ForbiddenError, NotFoundError, RefusedError, GarbledError)


def priorities_of(rest: Rest, project_id: str, issue: str) -> tuple[str, ...]:
    """Return their ids, as the project says or as one of its requests (`issue`) offers them; none if neither does."""
    try:
        found = _ids(rest.priorities(project_id))
    except _UNKNOWN:
        found = ()
    return found or _offered(rest, issue)


def _offered(rest: Rest, issue: str) -> tuple[str, ...]:
    try:
        fields = mapping(rest.edit_meta(issue).get("fields"))
    except _UNKNOWN:
        return ()
    return _ids(rows(mapping(fields.get("priority")).get("allowedValues")))


def _ids(priorities: Iterable[JsonObject]) -> tuple[str, ...]:
    found = (text(each.get("id")) for each in priorities)
    return tuple(each for each in found if each)
