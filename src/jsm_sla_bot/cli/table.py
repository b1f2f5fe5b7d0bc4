"""How plans look on a terminal."""

from datetime import UTC, datetime, tzinfo

from rich.table import Table

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.change import FieldValue, Plan
from jsm_sla_bot.text.outside import outside

NAMES = {
    "support_tier": "Support tier",
    "response_due": "Response due",
    "response_sla": "Response SLA",
    "response_target": "Response target",
    "acknowledged_at": "Acknowledged at",
    "sla_basis": "SLA basis",
}


def plan_table(plan: Plan, zone: tzinfo) -> Table:
    """Draw one request's plan: each field with its old and its new value, then what else is written."""
    table = Table(
        "",
        "old",
        "new",
        title=outside(plan.key),
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for change in plan.fields:
        table.add_row(
            NAMES[change.field], _cell(change.old, zone), _cell(change.new, zone)
        )
    if plan.priority:
        table.add_row(
            "Priority",
            outside(plan.priority.old or ""),
            outside(f"{plan.priority.new} (the highest)"),
        )
    if plan.transition_to:
        table.add_row("Status", "", plan.transition_to)
    if plan.note:
        table.add_row("Internal note", "", " ".join(plan.note.paragraphs))
    return table


def value_text(value: FieldValue) -> str | None:
    """Return a value as plain text; instants in UTC."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _cell(value: FieldValue, zone: tzinfo) -> str:
    if value is None:
        return "-"
    return (
        wording.instant_text(value, zone)
        if isinstance(value, datetime)
        else outside(value)
    )
