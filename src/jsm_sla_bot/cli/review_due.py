"""`review --due`: when each organization's service review and health check are due (R13, D28)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.table import Table

from jsm_sla_bot.cli import reading
from jsm_sla_bot.cli.console import QuestionError, err
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.review.due import DueReview, Plan, due_reviews
from jsm_sla_bot.text.outside import outside

OFF = (
    "nothing is planned: policy.yaml has no `reviews`, which says how often service reviews and health checks are due; "
    "the shipped file has an example"
)


def found_due(
    configuration: Configuration,
) -> tuple[Sequence[DueReview], date]:
    """Return what is due, and which day it is. Raises QuestionError where the policy plans nothing."""
    names = configuration.desk.reviews
    if not configuration.reviews or names is None:
        raise QuestionError(OFF)
    read, configuration = reading.labelled(names.labels.values())
    for each in read.set_aside:
        err.print(f"{each.key or each.id} could not be read: {each.reason}")
    plan = Plan(configuration.policy, configuration.reviews, names.labels)
    requests = [each.snapshot for each in read.records]
    found = due_reviews(requests, plan, read.as_of)
    return found, read.as_of.astimezone(configuration.zone).date()


def as_json(found: Sequence[DueReview], today: date) -> dict[str, Any]:
    """Return the list as plain data; days as ISO 8601, null where there is none."""
    return {
        "version": 1,
        "today": today.isoformat(),
        "due": [_json(each, today) for each in found],
    }


def _json(each: DueReview, today: date) -> Mapping[str, Any]:
    return {
        "kind": str(each.kind),
        "organization": {"id": each.organization, "name": each.name},
        "tier": each.tier,
        "csm": each.csm or None,
        "months": each.months,
        "last_done": _day(each.done),
        "last_done_request": each.done_key or None,
        "counted_from": _day(each.counted_from),
        "due": _day(each.due),
        "days_left": (each.due - today).days if each.due else None,
        "open_request": each.open_key or None,
        "not_planned_because": each.why_not or None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_table(found: Sequence[DueReview], today: date) -> Table:
    """Return the list for a terminal."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("due", "", "organization", "kind", "last done", "CSM"):
        table.add_column(head, justify="left")
    table.add_column("request")
    for each in found:
        table.add_row(
            _day(each.due) or "-",
            _left(each, today),
            outside(f"{each.name} ({each.organization})"),
            each.kind.words,
            _day(each.done) or "never",
            outside(each.csm) or "-",
            outside(each.open_key) or "-",
        )
    return table


def _left(each: DueReview, today: date) -> str:
    """Say how far the due day is, or why there is none."""
    if each.due is None:
        return each.why_not
    days = (each.due - today).days
    if days < 0:
        return f"{-days} {'day' if days == -1 else 'days'} over"
    return f"in {days} {'day' if days == 1 else 'days'}" if days else "today"
