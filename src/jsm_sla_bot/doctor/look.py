"""One look at a site: survey what the checks need, then make them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jsm_sla_bot.doctor.check import Check
from jsm_sla_bot.doctor.checks import examined, parts_of
from jsm_sla_bot.doctor.examination import Examination, Operation
from jsm_sla_bot.doctor.verdict import Verdict
from jsm_sla_bot.ports.site import Clock, Desk
from jsm_sla_bot.ports.survey import Surveyor
from jsm_sla_bot.sla.contract import Policy

Found: TypeAlias = Sequence[tuple[Check, Verdict]]


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a site under a configuration."""

    surveyor: Surveyor
    policy: Policy
    desk: Desk
    operation: Operation
    clock: Clock
    raises_in: str = ""
    """The key of the project in which requests for reviews are raised; empty where none is."""

    def made(
        self,
        checks: Sequence[Check],
        progress: Callable[[str], None] = lambda _: None,
    ) -> Found:
        """Make these checks. Raises TransientError and TerminalError where the site can't be reached."""
        survey = self.surveyor.survey(parts_of(checks), progress)
        now = self.clock.now()
        examination = Examination(
            survey,
            self.policy,
            self.desk,
            self.operation,
            now,
            self.raises_in,
        )
        return examined(checks, examination)
