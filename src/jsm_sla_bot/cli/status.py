"""`status` and `allow`: show how the daemon stands, and allow what it holds back. Both work on the journal alone."""

from typing import Annotated

import typer

from jsm_sla_bot.cli.console import fail, json_text, out, plainly
from jsm_sla_bot.cli.status_tables import head, tables
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.daemon.standing import standing
from jsm_sla_bot.daemon.standing_json import as_json as standing_json
from jsm_sla_bot.journal.opening import existing_journal, why_not_written
from jsm_sla_bot.passes.permission import allow as allow_policy
from jsm_sla_bot.settings.single import read_config_dir, read_journal_url


@plainly
def status(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object.")
    ] = False,
) -> None:
    """Show how the daemon stands: watermark and lag, agenda, requests set aside or left alone, passes, limiter.

    Reads the journal only, so it works next to a running daemon and after one has ended. Asks no Jira, and needs no
    other setting than the journal's.
    """
    url = read_journal_url()
    with existing_journal(url) as journal:
        found = standing(journal, SystemClock().now())
    trouble = why_not_written(url)
    if as_json:
        data = {**standing_json(found), "journal": {"trouble": trouble}}
        typer.echo(json_text(data, indent=2))
        return
    out.print(head(found, trouble))
    for table in tables(found):
        if table.row_count:
            out.print()
            out.print(table)


@plainly
def allow() -> None:
    """Allow, once, what the daemon holds back: a policy over its budget, a first contact, vanished requests.

    Look at `jsm-sla-bot plan` first. The permission is for the policy as it is in the configuration folder now; the
    daemon takes it at its next poll.
    """
    from jsm_sla_bot.config.load import load  # noqa: PLC0415 - `status` starts faster without it

    policy = load(read_config_dir()).policy.hash
    with existing_journal(read_journal_url(), changing=True) as journal:
        allowed = allow_policy(journal, policy)
        has_run = bool(allowed) or bool(journal.passes(1))
    if not has_run:
        fail("nothing is held back: no daemon has kept this journal yet")
    if not allowed:
        fail("nothing is held back: see `jsm-sla-bot status`")
    for line in allowed.sentences():
        out.print(line, markup=False, soft_wrap=True)
