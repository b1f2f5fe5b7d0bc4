"""`history export`: the requests of a period with their histories, as lines of JSON."""

from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import history_json, reading
from jsm_sla_bot.cli.console import err, json_text, out, plainly
from jsm_sla_bot.cli.review import WIDEST_ZONES
from jsm_sla_bot.cli.span import From, PeriodName, To, period_of
from jsm_sla_bot.review.pseudonyms import pseudonymous
from jsm_sla_bot.review.row import Record

app = typer.Typer(
    help="Write the requests of a period with their histories into a file, for reviews without any Jira."
)


@app.callback()
def _verbs() -> None:
    """Stand above the verbs."""


@app.command()
@plainly
def export(
    file: Annotated[
        Path, typer.Argument(help="The file to write, one request a line.")
    ],
    first: From = None,
    last: To = None,
    period: PeriodName = None,
    hide_names: Annotated[
        bool,
        typer.Option(
            "--pseudonymous",
            help="Numbers in place of requests and people; organizations keep their ids.",
        ),
    ] = False,
) -> None:
    """Write the requests that were reported in a period, with their histories, one JSON object a line.

    The lines' shape: jsm-sla-bot schema history. Days count in every zone, so some requests of the days before and
    after are there too. Comments' words and customers' names are not.
    """
    days = period_of(first, last, period)
    begins, ends = days.bounds(UTC)
    read, _ = reading.from_site(begins - WIDEST_ZONES, ends + WIDEST_ZONES)
    records: Iterable[Record] = read.records
    if hide_names:
        records = pseudonymous(records)
    with file.open("w", encoding="utf-8") as opened:
        for each in records:
            plain = history_json.as_json(each, read.as_of)
            opened.write(json_text(plain) + "\n")
    for each_aside in read.set_aside:
        err.print(
            f"{each_aside.key or each_aside.id} could not be read: {each_aside.reason}"
        )
    out.print(f"{file} written: {len(read.records)} requests")
