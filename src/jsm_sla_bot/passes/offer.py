"""How a policy that is offered stands: on trial, held back, or in force."""

from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.passes.admission import Count
from jsm_sla_bot.passes.planner import Edition


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is offered and not judged yet."""

    edition: Edition


@dataclass(frozen=True, slots=True)
class OnHold:
    """What is offered and may not be written: why, as judged `at` (aware UTC), and what it would change."""

    edition: Edition
    at: datetime
    why: str
    count: Count


@dataclass(frozen=True, slots=True)
class InForce:
    """What is offered is in force."""

    edition: Edition


class PolicyOnHoldError(Exception):
    """No pass begins: the policy is on hold and no other is in force, or a sweep has just put it on hold."""

    def __init__(self, held: OnHold) -> None:
        super().__init__(held.why)
        self.held = held
