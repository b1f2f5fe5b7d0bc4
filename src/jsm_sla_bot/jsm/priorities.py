"""Which priorities a project has, the highest first."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    GarbledError,
    NotFoundError,
    RefusedError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text

_UNKNOWN = (ForbiddenError, NotFoundError, RefusedError, GarbledError)


class Priority(NamedTuple):
    """A priority by its id, and by its name on the site: empty where that is not known."""

    id: str
    name: str


def priorities_of(
    rest: Rest, project_id: str, issue: str
) -> tuple[Priority, ...]:
    """Return them as the project says or as one of its requests (`issue`) offers them; none if neither does."""
    try:
        found = tuple(_read(rest.priorities(project_id)))
    except _UNKNOWN:
        found = ()
    return found or _offered(rest, issue)


def _offered(rest: Rest, issue: str) -> tuple[Priority, ...]:
    try:
        fields = mapping(rest.edit_meta(issue).get("fields"))
    except _UNKNOWN:
        return ()
    allowed = rows(mapping(fields.get("priority")).get("allowedValues"))
    return tuple(_read(allowed))


def _read(priorities: Iterable[JsonObject]) -> Iterator[Priority]:
    for each in priorities:
        if identity := text(each.get("id")):
            yield Priority(identity, text(each.get("name")) or "")
