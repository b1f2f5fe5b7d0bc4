"""`notes`: the public notes as a customer would read them, on one request or with made-up facts (R9, R11)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from jsm_sla_bot.cli import connected
from jsm_sla_bot.cli.console import (
    QuestionError,
    fail,
    json_text,
    out,
    plainly,
    styled,
)
from jsm_sla_bot.cli.options import ConfigFolder, Json
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan.public.facts import example
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.matter import DormantWays
from jsm_sla_bot.plan.public.owed import due
from jsm_sla_bot.plan.public.texts import Texts
from jsm_sla_bot.ports.site import SetAside
from jsm_sla_bot.settings.single import read_config_dir

STANDS = "stands on the request"
WOULD_BE = "would be written now"
NOT_OWED = "not owed now"
EXAMPLE = "with made-up facts"


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind, how it stands, and what the customer reads: nothing where it is not owed."""

    kind: NoteKind
    standing: str
    paragraphs: tuple[str, ...] = ()


@plainly
def notes(
    key: Annotated[
        str | None,
        typer.Argument(help="The request's key, such as SUP-12."),
    ] = None,
    kind: Annotated[
        NoteKind | None, typer.Option(help="Only this kind.")
    ] = None,
    is_example: Annotated[
        bool,
        typer.Option("--example", help="With made-up facts; asks no Jira."),
    ] = False,
    as_json: Json = False,
    config: ConfigFolder = None,
) -> None:
    """Print what a customer reads: each public note as it would be on a request, or with made-up facts.

    On a request only what the policy turns on is owed. Writes nothing.
    """
    if is_example == bool(key):
        message = "give the key of a request, or --example"
        raise QuestionError(message)
    wanted = [kind] if kind else list(NoteKind)
    if is_example:
        configuration = load(config or read_config_dir())
        found = list(_examples(configuration.public_texts, wanted))
    elif config:
        message = "--config goes with --example: the site is read with JSM_SLA_BOT_CONFIG_DIR"
        raise QuestionError(message)
    else:
        found = list(_on_request(str(key), wanted))
    if as_json:
        typer.echo(json_text([_json(each) for each in found], indent=2))
    else:
        _print(found)


def _examples(texts: Texts, wanted: Sequence[NoteKind]) -> Iterator[Shown]:
    for kind in wanted:
        yield Shown(kind, EXAMPLE, texts.paragraphs(kind, example(kind)))


def _on_request(key: str, wanted: Sequence[NoteKind]) -> Iterator[Shown]:
    with connected.looking() as bot:
        found = bot.reconciler.one(key)
        configuration = bot.configuration
    if isinstance(found, SetAside):
        fail(f"{found.key or key}: {found.reason}")
    owed = _owed(found, configuration)
    for kind in wanted:
        yield from owed.get(kind, [Shown(kind, NOT_OWED)])


def _owed(
    found: Planned, configuration: Configuration
) -> Mapping[NoteKind, list[Shown]]:
    """Return what is owed now by kind, said already or not."""
    sighting = found.sighting
    now = max(SystemClock().now(), sighting.updated)
    desk = configuration.desk
    ways = DormantWays(desk.close_to, desk.reopen_to)
    whole = due(sighting.snapshot, found.assessment, None, now, ways=ways)
    pending = {note.marker for note in found.spoken.notes}
    owed: dict[NoteKind, list[Shown]] = {}
    for note in whole.notes:
        standing = WOULD_BE if note.marker in pending else STANDS
        said = configuration.public_texts.paragraphs(note.kind, note.facts)
        owed.setdefault(note.kind, []).append(Shown(note.kind, standing, said))
    return owed


def _json(shown: Shown) -> dict[str, object]:
    return {
        "kind": str(shown.kind),
        "standing": shown.standing,
        "paragraphs": list(shown.paragraphs),
    }


def _print(found: Sequence[Shown]) -> None:
    for number, each in enumerate(found):
        if number:
            out.print()
        out.print(styled(each.kind, "bold"), f"({each.standing})")
        for paragraph in each.paragraphs:
            out.print(f"  {paragraph}", soft_wrap=True)
