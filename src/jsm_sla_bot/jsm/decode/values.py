"""Values as Jira's edit wants them, by the type of the field."""

from collections.abc import Mapping
from datetime import datetime

from jsm_sla_bot.jsm.decode import adf
from jsm_sla_bot.jsm.decode.field_kinds import Kind
from jsm_sla_bot.jsm.decode.fields import Fields, SiteField
from jsm_sla_bot.jsm.instants import wire
from jsm_sla_bot.jsm.json_values import Json
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.fields import FieldValue

LONGEST_TEXT = 255
"""Jira's limit for a short text field, in characters."""
PRIORITY = "priority"


def body(plan: Plan, fields: Fields) -> Mapping[str, Json]:
    """Return the fields of a plan as Jira takes them, by id; fields that the site lacks are left out."""
    values: dict[str, Json] = {}
    for change in plan.fields:
        target = fields.outputs.get(change.field)
        if target:
            values[target.id] = written(target, change.new)
    if plan.priority:
        values[PRIORITY] = {"id": plan.priority.new}
    return values


def written(target: SiteField, value: FieldValue) -> Json:
    """Return one value as Jira takes it for that field; None clears it."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return wire(value)
    match target.kind:
        case Kind.CHOICE:
            return {"value": value}
        case Kind.RICH:
            return adf.document(value.splitlines())
        case _:
            return (
                value
                if len(value) <= LONGEST_TEXT
                else value[: LONGEST_TEXT - 1] + "…"
            )
