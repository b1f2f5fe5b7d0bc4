"""`explain`: the engine's answer for a request on the desk, for agents or for its customer."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from jsm_sla_bot.cli import connected, ledger, picture
from jsm_sla_bot.cli.console import fail, json_text, out, plainly
from jsm_sla_bot.cli.dormancy_json import customers_dormancy, with_dormancy
from jsm_sla_bot.cli.options import Json
from jsm_sla_bot.cli.question import as_json, customers_json
from jsm_sla_bot.cli.svg import drawn
from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan import dormancy_wording
from jsm_sla_bot.ports.site import SetAside


@plainly
def explain(
    key: Annotated[
        str, typer.Argument(help="The request's key, such as SUP-12.")
    ],
    as_json_: Json = False,
    svg: Annotated[
        Path | None,
        typer.Option(help="Draw the time line into this file, for a mail."),
    ] = None,
    for_customer: Annotated[
        bool,
        typer.Option(
            "--for-customer", help="Only what the customer may read."
        ),
    ] = False,
) -> None:
    """Explain one request's due time step by step, from the organization to the last interval counted."""
    with connected.looking() as bot:
        found = bot.reconciler.one(key)
        configuration = bot.configuration
    if isinstance(found, SetAside):
        fail(f"{found.key or key}: {found.reason}")
    explained = _Explained(found, configuration, for_customer=for_customer)
    if svg:
        explained.draw(svg)
    elif as_json_:
        explained.print_json()
    else:
        explained.print()


@dataclass(frozen=True, slots=True)
class _Explained:
    """One request with its answer, for agents or for its customer."""

    found: Planned
    configuration: Configuration
    for_customer: bool = field(kw_only=True)

    def draw(self, path: Path) -> None:
        """Draw the time line into a file."""
        image = drawn(
            self.found.assessment,
            self.configuration.policy,
            self.configuration.zone,
            self.found.sighting.snapshot.reported,
            for_customer=self.for_customer,
        )
        path.write_text(image, encoding="utf-8")
        out.print(f"{path} written", markup=False, soft_wrap=True)

    def print_json(self) -> None:
        """Print the answer as one JSON object."""
        answer = self.found.assessment
        zone = self.configuration.zone
        if self.for_customer:
            data = {
                **customers_json(answer, zone),
                **customers_dormancy(answer, zone),
            }
        else:
            data = {"key": answer.key, **as_json(answer, zone)}
            data |= with_dormancy(answer, self.configuration.policy, zone)
            data["promised"] = ledger.as_json(self.found.sighting.shown.ledger)
        typer.echo(json_text(data, indent=2))

    def print(self) -> None:
        """Print the answer step by step, for agents also what was promised."""
        zone = self.configuration.zone
        request = self.found.sighting.snapshot
        raised = (request.reported, request.product)
        picture.explanation(
            self.found.assessment,
            self.configuration.policy,
            zone,
            raised,
            for_customer=self.for_customer,
        )
        for sentence in self._dormancy():
            out.print(sentence, markup=False)
        if self.for_customer:
            return
        for sentence in ledger.promises(
            self.found.sighting.shown.ledger, zone
        ):
            out.print(sentence, markup=False)

    def _dormancy(self) -> list[str]:
        """Return what is said of a request that waits for its customer; nothing where R11 says nothing."""
        dormancy = self.found.assessment.dormancy
        zone = self.configuration.zone
        if dormancy is None:
            return []
        if self.for_customer:
            return dormancy_wording.for_customer(dormancy, zone)
        return [dormancy_wording.explained(dormancy, zone)]
