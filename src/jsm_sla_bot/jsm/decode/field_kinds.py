"""What a field of the site holds, told by its type."""

from enum import StrEnum

from jsm_sla_bot.jsm.json_values import JsonObject, text


class Kind(StrEnum):
    """What a field holds, as far as reading and writing it is concerned."""

    CHOICE = "select or radio buttons"
    CHOICES = "checkboxes or a multiple select"
    CASCADE = "a cascading select"
    DATETIME = "date and time"
    DATE = "date"
    TEXT = "short text"
    RICH = "paragraph"
    OTHER = "another type"


_CUSTOM_KINDS = {
    "select": Kind.CHOICE,
    "radiobuttons": Kind.CHOICE,
    "multicheckboxes": Kind.CHOICES,
    "multiselect": Kind.CHOICES,
    "cascadingselect": Kind.CASCADE,
    "datetime": Kind.DATETIME,
    "datepicker": Kind.DATE,
    "textfield": Kind.TEXT,
    "textarea": Kind.RICH,
}
_PLAIN_KINDS = {
    "option": Kind.CHOICE,
    "datetime": Kind.DATETIME,
    "date": Kind.DATE,
    "string": Kind.TEXT,
}


def kind_of(schema: JsonObject, custom: str) -> Kind:
    """Return what a field holds, by the key of its type where an administrator has made it, else by its schema."""
    if custom:
        return _CUSTOM_KINDS.get(custom.rpartition(":")[2], Kind.OTHER)
    return _PLAIN_KINDS.get(text(schema.get("type")) or "", Kind.OTHER)
