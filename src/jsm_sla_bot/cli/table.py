"""How plans look on a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from rich.table import Table

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.fields import BY_NAME, FieldValue
from jsm_sla_bot.text.outside import outside

PUBLIC = "Public note: the customer reads"
"""What a note is called that is not for agents."""


def plan_table(plan: Plan, zone: tzinfo) -> Table:
    """Draw one request's plan: each field with its old and its new value, then what else is written."""
    table = plain_table(outside(plan.key), "", "old", "new")
    for row in rows(plan, zone):
        table.add_row(*row)
    return table


def plain_table(title: str, *columns: str) -> Table:
    """Return a table without lines, its title at the left."""
    return Table(
        *columns,
        title=title,
        title_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )


def rows(plan: Plan, zone: tzinfo) -> Iterator[tuple[str, str, str]]:
    """Yield what is written, by name: what it is now, and what it would be."""
    for change in plan.fields:
        old = _cell(change.old, zone)
        yield BY_NAME[change.field].title, old, _cell(change.new, zone)
    if plan.priority:
        old = wording.plain_name(plan.priority.old_name)
        new = wording.plain_name(plan.priority.new_name)
        yield "Priority", old, new or "the highest of the project"
    if plan.transition_to:
        yield "Status", "", outside(plan.transition_to)
    if plan.move:
        yield "Status", outside(plan.move.at), outside(plan.move.to)
    if plan.clearing:
        yield "Label", outside(", ".join(plan.clearing.labels)), "-"
    if plan.note:
        yield "Internal note", "", " ".join(plan.note.paragraphs)
    if plan.public:
        yield PUBLIC, "", " ".join(plan.public.paragraphs)


def value_text(value: FieldValue) -> str | None:
    """Return a value as plain text; instants in UTC."""
    return (
        value.astimezone(UTC).isoformat()
        if isinstance(value, datetime)
        else value
    )


def _cell(value: FieldValue, zone: tzinfo) -> str:
    if value is None:
        return "-"
    return (
        wording.instant_text(value, zone)
        if isinstance(value, datetime)
        else outside(value)
    )
