"""`explain`: the engine's answer for a request on the desk, for agents or for its customer."""

from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import connected, ledger, picture
from jsm_sla_bot.cli.console import fail, json_text, out, plainly
from jsm_sla_bot.cli.options import Json
from jsm_sla_bot.cli.question import as_json, customers_json
from jsm_sla_bot.cli.svg import drawn
from jsm_sla_bot.ports.site import SetAside


@plainly
def explain(
    key: Annotated[str, typer.Argument(help="The request's key, such as SUP-12.")],
    as_json_: Json = False,
    svg: Annotated[
        Path | None, typer.Option(help="Draw the time line into this file, for a mail.")
    ] = None,
    for_customer: Annotated[
        bool, typer.Option("--for-customer", help="Only what the customer may read.")
    ] = False,
) -> None:
    """Explain one request's due time step by step, from the organization to the last interval counted."""
    with connected.looking() as bot:
        found = bot.reconciler.one(key)
        if isinstance(found, SetAside):
            fail(f"{found.key or key}: {found.reason}")
        configuration = bot.configuration
    zone = configuration.zone
    policy = configuration.policy
    answer = found.assessment
    request = found.sighting.snapshot
    promised = found.sighting.shown.ledger
    if svg:
        image = drawn(answer, policy, zone, request.reported, for_customer=for_customer)
        svg.write_text(image, encoding="utf-8")
        out.print(f"{svg} written", markup=False, soft_wrap=True)
    elif as_json_ and for_customer:
        typer.echo(json_text(customers_json(answer, zone), indent=2))
    elif as_json_:
        data = {"key": answer.key, **as_json(answer, zone)}
        data["promised"] = ledger.as_json(promised)
        typer.echo(json_text(data, indent=2))
    else:
        raised = request.reported, request.product
        picture.explanation(answer, policy, zone, raised, for_customer=for_customer)
        if not for_customer:
            for sentence in ledger.promises(promised, zone):
                out.print(sentence, markup=False)
