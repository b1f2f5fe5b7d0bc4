"""`organizations import`: take a table of who has bought what over into `organizations.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import connected
from jsm_sla_bot.cli.console import fail, out, plainly
from jsm_sla_bot.config.load import Configuration, load, load_texts
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.config.roster.agreements import Known, agreements
from jsm_sla_bot.config.roster.editing import Change, Edited, edited
from jsm_sla_bot.config.roster.table import read_table
from jsm_sla_bot.config.schema import ORGANIZATIONS
from jsm_sla_bot.config.writing import write_whole
from jsm_sla_bot.settings.given import SettingsProblem
from jsm_sla_bot.settings.single import read_config_dir

DIFFERS = 2
"""The exit code where something is different and was not written."""


@plainly
def import_roster(
    file: Annotated[
        Path,
        typer.Argument(
            help="A CSV or Excel file with the columns id or organization, tier, valid_from, valid_until, suspended, "
            "csm, representatives."
        ),
    ],
    *,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write organizations.yaml; else only show."
        ),
    ] = False,
) -> None:
    """Show what a table of organizations would change in organizations.yaml, and change it with --write.

    Several rows for one organization are periods of its agreement. An empty cell leaves what the YAML has. Names are
    those of the site, where one is set, and of the YAML. Comments and order stay. Exit code 0 when nothing is left to
    write, 2 when something is, 1 when the table can't be taken.
    """
    folder = read_config_dir()
    configuration = load(folder)
    known = _known(configuration, _on_site())
    roster = agreements(file, read_table(file), known)
    found = edited(configuration.texts[ORGANIZATIONS], roster)
    _prove(configuration, found)
    for change in found.changes:
        _print(change)
    unchanged = len(roster) - len(found.changes)
    out.print(
        f"{len(found.changes)} organizations change, {unchanged} stay as they are"
    )
    if write and found.changes:
        write_whole(folder / ORGANIZATIONS, found.text)
        out.print(f"{folder / ORGANIZATIONS} written")
    elif found.changes:
        raise typer.Exit(DIFFERS)


def _on_site() -> Mapping[str, str]:
    """Return the site's organizations by id; none where no site is set."""
    try:
        return connected.organization_names()
    except SettingsProblem:
        return {}


def _known(configuration: Configuration, on_site: Mapping[str, str]) -> Known:
    mapped = configuration.policy.organizations
    names = {identity: each.name for identity, each in mapped.items()}
    return Known(
        organizations={**names, **on_site},
        mapped=frozenset(mapped),
        tiers=list(configuration.policy.tiers),
    )


def _prove(configuration: Configuration, found: Edited) -> None:
    """Fail where the configuration would not be good any more."""
    try:
        load_texts({**configuration.texts, ORGANIZATIONS: found.text})
    except ConfigurationProblems as error:
        fail(
            f"the table can't be taken over: organizations.yaml would have problems\n{error}"
        )


def _print(change: Change) -> None:
    kind = "new" if change.is_new else "changed"
    out.print(f"{kind} {change.id} {change.name}", soft_wrap=True)
    for each in change.details:
        out.print(f"    {each}", soft_wrap=True)
