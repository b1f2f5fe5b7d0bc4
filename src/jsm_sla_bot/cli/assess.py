"""`assess FILE.jsonl`: the engine over neutral snapshots, for what-if work without any Jira."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from jsm_sla_bot.cli import request_json
from jsm_sla_bot.cli.console import QuestionError, plainly
from jsm_sla_bot.cli.dormancy_json import with_dormancy
from jsm_sla_bot.cli.jsonlines import lines, write
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.cli.question import as_json, instant, utc_or_none, utc_text
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.settings.single import read_config_dir
from jsm_sla_bot.sla.assess import assess as assessed
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.errors import ContractError


@plainly
def assess(
    file: Annotated[
        Path,
        typer.Argument(
            help="One request a line, as JSON; '-' is standard input."
        ),
    ],
    now: Annotated[
        str | None,
        typer.Option(
            help="As seen at this instant, with its zone; by default now."
        ),
    ] = None,
    config: ConfigFolder = None,
) -> None:
    """Say what the contract owes on each request of a file: one JSON object a line, in the file's order.

    The lines' shape: jsm-sla-bot schema snapshot. A line that cannot be judged gets an `error`, the others go on;
    exit code 1 when there was one.
    """
    configuration = load(config or read_config_dir())
    at = (instant("--now", now) if now else None) or SystemClock().now()
    wrong = 0
    for number, line in enumerate(lines(file), 1):
        if line:
            found = _answered(line, number, configuration, at)
            wrong += "error" in found
            write(found)
    if wrong:
        raise typer.Exit(1)


def _answered(
    line: str, number: int, configuration: Configuration, now: datetime
) -> dict[str, Any]:
    try:
        desk = configuration.desk
        request = request_json.snapshot(line, desk.statuses, desk.waiting)
        answer = assessed(request, configuration.policy, now)
    except (ContractError, QuestionError) as error:
        return {"line": number, "error": str(error)}
    except OverflowError:
        return {
            "line": number,
            "error": "an instant that lies outside of the years 1 to 9999 in UTC",
        }
    return {
        "key": request.key,
        **as_json(answer, configuration.zone),
        **_dated(answer),
        **with_dormancy(answer, configuration.policy, configuration.zone),
    }


def _dated(answer: Assessment) -> dict[str, Any]:
    dates = {
        "promised_due": answer.promised_due,
        "acknowledged_at": answer.acknowledged_at,
        "next_change_at": answer.next_change_at,
    }
    written = {name: utc_or_none(at) for name, at in dates.items()}
    return {**written, "rungs": _rungs(answer)}


def _rungs(answer: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "name": rung.name,
            "at": utc_text(rung.at),
            "reached": rung.name in answer.rungs_reached,
        }
        for rung in answer.rungs
    ]
