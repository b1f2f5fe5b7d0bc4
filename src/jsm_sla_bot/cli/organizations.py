"""`organizations`: the site's organizations, their tiers, and the lines to paste for those that have none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from jsm_sla_bot.cli import connected
from jsm_sla_bot.cli.console import json_text, out, plainly, progress_shown
from jsm_sla_bot.cli.options import Json
from jsm_sla_bot.cli.roster import import_roster
from jsm_sla_bot.doctor.customers import Customer, Mapping, NamedAccount
from jsm_sla_bot.text.outside import outside

_PLAIN = re.compile(r"[^\W\d_](?:[\w .&-]*[\w.])?")
_WORDS = frozenset(
    {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
)
"""What other readers of YAML take for something else than text."""


app = typer.Typer(
    help="List the site's organizations, and take a table of who has bought what over into the YAML."
)
app.command("import")(import_roster)


@app.callback(invoke_without_command=True)
@plainly
def organizations(
    context: typer.Context,
    unmapped: Annotated[
        bool,
        typer.Option(
            "--unmapped",
            help="Only those that organizations.yaml does not have.",
        ),
    ] = False,
    as_yaml: Annotated[
        bool,
        typer.Option(
            "--yaml", help="Print the lines to paste into organizations.yaml."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """List the site's organizations: id, name, open requests, and the tier that organizations.yaml gives each.

    The csm and the representatives that organizations.yaml names stand below, by name and account id.

    --unmapped --yaml prints an entry for each organization that has none yet, with the default tier to be corrected.
    Reads the site only and writes nothing.
    """
    if context.invoked_subcommand:
        return
    with progress_shown(is_wanted=not (as_json or as_yaml)) as progress:
        listed = connected.customers(progress)
    chosen = [
        each
        for each in listed.customers
        if each.mapping is Mapping.UNMAPPED or not unmapped
    ]
    if as_json:
        typer.echo(json_text([_row(each) for each in chosen], indent=2))
    elif as_yaml:
        for line in _entries(chosen, listed.default_tier):
            typer.echo(line)
    else:
        out.print(_table(chosen))
        for line in _people(chosen):
            out.print(line, soft_wrap=True)
        out.print(_total(listed.customers), soft_wrap=True)


def _row(customer: Customer) -> dict[str, object]:
    """Return an organization for programs, with its people where it has any."""
    row = asdict(customer)
    for name in ("csm", "representatives"):
        if not row[name]:
            del row[name]
    return row


def _table(chosen: Sequence[Customer]) -> Table:
    table = Table(
        "id", "name", "open requests", "tier", box=None, padding=(0, 2, 0, 0)
    )
    for each in chosen:
        tier = each.tier or ""
        if each.mapping is not Mapping.MAPPED:
            tier = f"{tier} ({each.mapping})".strip()
        table.add_row(
            outside(each.id), outside(each.name), str(each.open_requests), tier
        )
    return table


def _people(chosen: Sequence[Customer]) -> Iterator[str]:
    """Yield a line for each organization whose people are named, by name and account id (R14)."""
    for each in chosen:
        spoken_for = ", ".join(map(_account, each.representatives))
        lines = {
            "csm": _account(each.csm) if each.csm else "",
            "representatives": spoken_for,
        }
        said = [f"{what}: {who}" for what, who in lines.items() if who]
        if said:
            yield f"{outside(each.id)} {outside(each.name)}: {'; '.join(said)}"


def _account(account: NamedAccount) -> str:
    identity = outside(account.id)
    if account.name is None:
        return f"{identity} (not known)"
    return f"{outside(account.name)} ({identity})"


def _total(customers: Sequence[Customer]) -> str:
    unmapped = [each for each in customers if each.mapping is Mapping.UNMAPPED]
    waiting = sum(each.open_requests for each in unmapped)
    return (
        f"{len(customers)} organizations, {len(unmapped)} not mapped, with {waiting} open requests; "
        "--unmapped --yaml prints the lines for organizations.yaml"
    )


def _entries(chosen: Sequence[Customer], default_tier: str) -> Iterator[str]:
    for each in chosen:
        if each.mapping is Mapping.NOT_ON_SITE:
            continue
        yield f"  - id: {each.id}"
        yield f"    name: {_text(each.name)}"
        if each.tier:
            yield f"    tier: {_text(each.tier)}"
        else:
            yield f"    tier: {_text(default_tier)} # the default tier: correct it"


def _text(text: str) -> str:
    """Return a text as YAML reads it back: in quotes unless it is plain words."""
    is_plain = _PLAIN.fullmatch(text) and text.casefold() not in _WORDS
    return text if is_plain else json_text(text)
