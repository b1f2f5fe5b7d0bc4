"""What a request shows in single fields, as the engine and the comparison take it."""

from jsm_sla_bot.jsm.decode import adf
from jsm_sla_bot.jsm.decode.field_kinds import Kind
from jsm_sla_bot.jsm.decode.fields import (
    LABELS_ID,
    STATUS_ID,
    SiteField,
)
from jsm_sla_bot.jsm.decode.vocabulary import (
    Vocabulary,
)
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import (
    Json,
    JsonObject,
    choice,
    choices,
    clean,
    mapping,
    text,
)
from jsm_sla_bot.plan.fields import FieldValue
from jsm_sla_bot.sla.request import Status


def value_of(fields: JsonObject, each: SiteField | None) -> Json:
    """Return the raw value of a field; None where there is no such field."""
    return fields.get(each.id) if each else None


def labels(fields: JsonObject) -> frozenset[str]:
    """Return the labels."""
    found = fields.get(LABELS_ID)
    return (
        frozenset(clean(each) for each in found if isinstance(each, str))
        if isinstance(found, list)
        else frozenset()
    )


def status(fields: JsonObject, words: Vocabulary) -> Status:
    """Return the workflow status in the contract's words."""
    status = mapping(fields.get(STATUS_ID))
    name = text(status.get("name"))
    if name is None:
        raise UnreadableError("the request shows no status")
    return words.status(
        text(status.get("id")),
        name,
        text(mapping(status.get("statusCategory")).get("key")),
    )


def request_type(value: Json) -> str | None:
    """Return the name of the request type."""
    return (
        text(mapping(mapping(value).get("requestType")).get("name"))
        or text(mapping(value).get("name"))
        or text(value)
    )


def channel(value: Json) -> str | None:
    """Return how the request came in, such as portal or email."""
    return text(mapping(value).get("value")) or text(value)


def shown_value(each: SiteField, value: Json) -> FieldValue:
    """Return what one of the bot's own fields shows now."""
    match each.kind:
        case Kind.DATETIME:
            return instant(value, each.name) if value else None
        case Kind.RICH:
            return adf.plain(value)
        case Kind.CHOICE:
            return choice(value)[1]
        case _:
            return (
                ", ".join(shown for _, shown in choices(value) if shown)
                or None
            )
