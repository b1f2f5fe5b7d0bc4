"""`run`, `once`, `plan` and `health`: the daemon, one pass of it, and what that pass would do."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from jsm_sla_bot import app
from jsm_sla_bot.cli.console import err, fail, out, plainly
from jsm_sla_bot.cli.table import plan_table, value_text
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports import Failure, PassReport
from jsm_sla_bot.settings import read_settings

DIFFERENCES = 2


@plainly
def run() -> None:
    """Run the daemon: poll, work out, write back, until SIGTERM.

    The environment says where and as whom: JSM_SLA_BOT_URL, and JSM_SLA_BOT_EMAIL with JSM_SLA_BOT_API_TOKEN or
    JSM_SLA_BOT_BEARER_TOKEN.
    """
    with app.bot(read_settings()) as bot:
        app.serve(bot)


@plainly
def once() -> None:
    """Run one full pass over the desk and exit: 0 when it was applied, 1 when it failed or was refused."""
    with app.bot(read_settings()) as bot:
        report = bot.reconciler.sweep()
        bot.reported(report)
        summary(report)


@plainly
def plan(
    exit_code: Annotated[bool, typer.Option("--exit-code", help="0: nothing to do, 1: error, 2: differences.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a request.")] = False,
) -> None:
    """Show what a pass would write, request by request, old and new value. Writes nothing."""
    with app.bot(read_settings()) as bot:
        zone = app.zone_of(bot.configuration)
        worked = list(bot.reconciler.preview())
        failures = [one for one in worked if isinstance(one, Failure)]
        plans = [one.plan for one in worked if not isinstance(one, Failure) and one.plan]
    if as_json:
        for line in (*map(_plan_json, plans), *map(_failure_json, failures)):
            typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        for one in plans:
            out.print(plan_table(one, zone))
        for failure in failures:
            err.print(f"{failure.key or failure.id}: {failure.reason}", markup=False)
        out.print(f"{len(plans)} of {len(worked)} requests differ; nothing was written.")
    if exit_code and (failures or plans):
        raise typer.Exit(DIFFERENCES if plans else 1)


@plainly
def health(
    port: Annotated[
        int | None, typer.Option(help="The daemon's health port; by default JSM_SLA_BOT_HEALTH_PORT or 8080.")
    ] = None,
) -> None:
    """Ask the running daemon on this machine how it is: exit code 0 when well, 1 when not (for a container's check)."""
    asked = port or int(os.environ.get("JSM_SLA_BOT_HEALTH_PORT", "8080"))
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{asked}/healthz", timeout=5) as answer:
            out.print(answer.read().decode(), markup=False)
    except urllib.error.HTTPError as error:
        fail(error.read().decode())
    except OSError as error:
        fail(f"no daemon answers on port {asked}: {error}")


def summary(report: PassReport) -> None:
    """Say in one line what a pass did; exit code 1 when it did not get through."""
    if report.failed or report.refused:
        fail(report.failed or report.refused or "")
    aside = f", {report.set_aside} set aside" if report.set_aside else ""
    out.print(f"{report.read} requests read, {report.differing} differed, {report.writes} writes{aside}")


def _plan_json(plan: Plan) -> dict[str, Any]:
    changes = [{"field": one.field, "old": value_text(one.old), "new": value_text(one.new)} for one in plan.fields]
    return {"key": plan.key, "changes": changes, "also": list(_also(plan))}


def _also(plan: Plan) -> Iterator[str]:
    if plan.note:
        yield f"internal note {', '.join(plan.note.markers)}"
    if plan.transition_to:
        yield f"transition to {plan.transition_to}"
    if plan.priority:
        yield f"priority {plan.priority.old} to {plan.priority.new}"
    if plan.ledger and not plan.fields:
        yield "ledger"


def _failure_json(failure: Failure) -> dict[str, Any]:
    return {"key": failure.key or failure.id, "error": failure.reason}
