"""Provisioning of one site: plan, take the steps, plan again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jsm_sla_bot.ports.provision import (
    ByHand,
    Provisioning,
    Setup,
    SiteSetup,
    Step,
)
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.provision.handout import always_by_hand
from jsm_sla_bot.provision.planning import planned
from jsm_sla_bot.provision.wanted import FieldToHave


@dataclass(slots=True)
class Provisioner:
    """Completes a site. `setup` is what the last plan was made from."""

    site: SiteSetup
    desk: Desk
    wanted: Sequence[FieldToHave]
    severities: Mapping[int, str]
    """What each severity means, where the policy says so (R15)."""
    setup: Setup = field(init=False)

    def plan(self) -> Provisioning:
        """Read the site and return what completes it. Raises TransientError, TerminalError."""
        self.setup = self.site.read(each.name for each in self.wanted)
        return planned(self.setup, self.wanted)

    def applied(self) -> Iterator[Step]:
        """Take every step, and yield each as it is done. Raises TransientError, TerminalError.

        What a field out of the trash lacks is seen only when it is back: then there is a second round.
        """
        yield from self._round()
        if any(each.is_trashed for each in self.setup.fields):
            yield from self._round()

    def _round(self) -> Iterator[Step]:
        found = self.plan()
        ids = dict(found.ids)
        for step in found.steps:
            made = self.site.take(step, ids)
            if made is not None:
                ids[step.key] = made
            yield step

    def by_hand(self) -> Sequence[ByHand]:
        """Return what no public API does; `plan` has read the site."""
        return always_by_hand(self.setup, self.desk, self.wanted)
