"""`provision`: set up on a site what the bot needs, as far as Jira's public API can."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import connected
from jsm_sla_bot.cli.console import fail, out, plainly
from jsm_sla_bot.config.patch import with_values
from jsm_sla_bot.config.schema import JIRA
from jsm_sla_bot.config.writing import read_exactly, write_whole
from jsm_sla_bot.ports.provision import ByHand, Provisioning
from jsm_sla_bot.provision.handout import checklist, described, queries
from jsm_sla_bot.provision.provisioner import Provisioner
from jsm_sla_bot.settings.single import read_config_dir

DIFFERS = 2
"""The exit code where steps are left."""


@plainly
def provision(
    *,
    apply: Annotated[
        bool,
        typer.Option(
            "--apply", help="Take the steps; else they are only shown."
        ),
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Put the ids of the fields into jira.yaml; comments stay.",
        ),
    ] = False,
    handout: Annotated[
        bool,
        typer.Option(
            "--handout",
            help="Print everything as a checklist for an administrator.",
        ),
    ] = False,
) -> None:
    """Set up the fields, options, screens and associations that this configuration needs. Shows the steps first.

    Signs in as an administrator for this one run: JSM_SLA_BOT_ADMIN_EMAIL and JSM_SLA_BOT_ADMIN_API_TOKEN.

    Exit code 0 when nothing is left to do, 2 when steps are left, 1 when it failed.
    """
    with connected.provisioning(is_for_people=handout) as site:
        if handout:
            _print_handout(site)
            return
        found = site.plan()
        _refuse(found)
        _print_steps(found)
        if apply and found.steps:
            found = _apply(site)
        _print_patch(found)
        if write:
            _write(found)
        _print_by_hand(site, found)
    if found.steps:
        raise typer.Exit(DIFFERS)


def _refuse(found: Provisioning) -> None:
    if found.refusals:
        fail("\n".join(found.refusals))


def _print_steps(found: Provisioning) -> None:
    if not found.steps:
        out.print(
            "Nothing to do: every field, option, screen and association is there."
        )
        return
    for number, step in enumerate(found.steps, start=1):
        out.print(f"{number}. {described(step)}", soft_wrap=True)


def _apply(site: Provisioner) -> Provisioning:
    """Take every step and plan again: what is left then was not done."""
    for step in site.applied():
        out.print(f"done: {described(step)}", soft_wrap=True)
    return site.plan()


def _print_patch(found: Provisioning) -> None:
    if not found.ids:
        return
    out.print()
    out.print("The ids of the fields, for jira.yaml (--write puts them in):")
    for setting, identity in found.ids.items():
        out.print(f"  {setting}: {identity}")


def _write(found: Provisioning) -> None:
    file = Path(str(read_config_dir())) / JIRA
    before = read_exactly(file)
    after = with_values(before, found.ids)
    if after != before:
        write_whole(file, after)
        out.print(f"{file}: {len(found.ids)} ids written")


def _print_by_hand(site: Provisioner, found: Provisioning) -> None:
    by_hand: Sequence[ByHand] = [*found.by_hand, *site.by_hand()]
    out.print()
    out.print(
        "By hand, where it is not done yet, since no public API does it:"
    )
    for number, each in enumerate(by_hand, start=1):
        out.print(f"{number}. {each.what}", soft_wrap=True)
        out.print(f"   {each.where}", soft_wrap=True)


def _print_handout(site: Provisioner) -> None:
    found = site.plan()
    text = checklist(found, site.setup, site.by_hand())
    typer.echo(text)
    typer.echo("## JQL for queues and filters\n")
    for name, jql in queries(site.desk, site.setup):
        typer.echo(f"- {name}: `{jql}`")
    if site.severities:
        typer.echo(
            "\n## What the severities mean, for the form and for agents\n"
        )
    for severity, meaning in sorted(site.severities.items()):
        typer.echo(f"- S{severity}: {meaning}")
    for each in found.refusals:
        typer.echo(f"\nFirst settle: {each}")
