"""`plan`: what a pass would write, request by request, and what that comes to. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from typing import Annotated, Any

import typer

from jsm_sla_bot.cli import connected, plan_markdown
from jsm_sla_bot.cli.console import err, json_text, out, plainly
from jsm_sla_bot.cli.plan_summary import Summary, sentence, summarize, tables
from jsm_sla_bot.cli.table import plan_table, value_text
from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import SetAside

NOTHING_TO_DO = 0
FAILURES = 1
DIFFERENCES = 2
"""Exit codes of `--exit-code`."""


class PlanFormat(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class _Preview:
    """What a pass would write: plans that differ, requests that it would set aside, totals."""

    plans: Sequence[Plan]
    failures: Sequence[SetAside]
    totals: Summary
    zone: tzinfo

    @property
    def exit_code(self) -> int:
        """What `--exit-code` reports."""
        if self.totals.written:
            return DIFFERENCES
        return FAILURES if self.failures else NOTHING_TO_DO


@plainly
def plan(
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code", help="0: nothing to do, 1: error, 2: differences."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a request.")
    ] = False,
    only_summary: Annotated[
        bool, typer.Option("--summary", help="Print the totals only.")
    ] = False,
    style: Annotated[
        PlanFormat, typer.Option("--format", help="text, markdown or json.")
    ] = PlanFormat.TEXT,
) -> None:
    """Show what a pass would write, request by request, old and new value. Writes nothing.

    The totals by kind and by organization stand at the end; --json prints requests only, with --summary totals only.
    """
    with connected.looking() as bot:
        worked = list(bot.reconciler.preview())
        held_back = bot.reconciler.verdict()
        problems = bot.connection.source.problems()
        totals = summarize(worked, bot.configuration.policy)
        zone = bot.configuration.zone
    plans = [] if only_summary else _plans(worked)
    failures = [each for each in worked if isinstance(each, SetAside)]
    preview = _Preview(plans, failures, totals, zone)
    chosen = PlanFormat.JSON if as_json else style
    _print(preview, chosen, only_summary=only_summary)
    if chosen is not PlanFormat.JSON:
        _print_problems(problems.sentences(), held_back)
    if exit_code and preview.exit_code:
        raise typer.Exit(preview.exit_code)


def _plans(worked: Sequence[Planned | SetAside]) -> list[Plan]:
    planned = [each.plan for each in worked if isinstance(each, Planned)]
    return [each for each in planned if each]


def _print(
    preview: _Preview, style: PlanFormat, *, only_summary: bool
) -> None:
    match style:
        case PlanFormat.JSON if only_summary:
            typer.echo(json_text(preview.totals.as_json()))
        case PlanFormat.JSON:
            _print_json(preview)
        case PlanFormat.MARKDOWN:
            _print_markdown(preview)
        case PlanFormat.TEXT:
            _print_text(preview)


def _print_json(preview: _Preview) -> None:
    for each in preview.plans:
        typer.echo(json_text(_plan_json(each)))
    for failure in preview.failures:
        typer.echo(json_text(_failure_json(failure)))


def _print_markdown(preview: _Preview) -> None:
    for line in _markdown(preview):
        typer.echo(line)


def _markdown(preview: _Preview) -> Iterator[str]:
    for each in preview.plans:
        yield from plan_markdown.of_request(each, preview.zone)
    yield from plan_markdown.of_failures(preview.failures)
    yield from plan_markdown.of_summary(preview.totals)


def _print_text(preview: _Preview) -> None:
    for each in preview.plans:
        table = plan_table(each, preview.zone)
        if table.row_count:
            out.print(table)
    for failure in preview.failures:
        err.print(f"{failure.key or failure.id}: {failure.reason}")
    for table in tables(preview.totals):
        out.print(table)
        out.print()
    out.print(sentence(preview.totals))


def _print_problems(sentences: Sequence[str], held_back: str | None) -> None:
    for line in sentences:
        err.print(line, soft_wrap=True)
    if held_back:
        out.print(f"The daemon would hold this back: {held_back}")


def _plan_json(plan: Plan) -> dict[str, Any]:
    changes = [
        {
            "field": change.field,
            "old": value_text(change.old),
            "new": value_text(change.new),
        }
        for change in plan.fields
    ]
    return {"key": plan.key, "changes": changes, "also": list(_also(plan))}


def _also(plan: Plan) -> Iterator[str]:
    if plan.note:
        yield f"internal note {', '.join(plan.note.markers)}"
    if plan.public:
        markers = ", ".join(plan.public.markers)
        said = " ".join(plan.public.paragraphs)
        yield f"public note {markers}; the customer reads: {said}"
    if plan.clearing:
        yield f"label {', '.join(plan.clearing.labels)} taken off"
    if plan.transition_to:
        yield f"transition to {plan.transition_to}"
    if plan.move:
        yield f"transition to {plan.move.to}"
    if plan.priority:
        old = plan.priority.old_name or plan.priority.old
        new = plan.priority.new_name or plan.priority.new
        yield f"priority {old} to {new}"
    if plan.ledger and not plan.fields:
        yield "ledger"


def _failure_json(failure: SetAside) -> dict[str, Any]:
    return {"key": failure.key or failure.id, "error": failure.reason}
