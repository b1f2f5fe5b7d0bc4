"""What an SLA metric is: from where its clock runs, what stops it, when it pauses, and by which targets.

The engine measures a request by each metric of a table. The contract has one, the time to a first response; another is
a further row here, with its own fields in `plan.fields`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, MetricName
from jsm_sla_bot.sla.clock import Clock, clock_of
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.entitlement import Entitlement
from jsm_sla_bot.sla.request import RequestSnapshot

ReadClock = Callable[[Policy, RequestSnapshot, Entitlement | None], Clock]


def as_it_stands(policy: Policy) -> Policy:
    """Return the policy unchanged: its terms are written for the first response."""
    return policy


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. Its name is what it is called in ledgers and markers, so it is never changed.

    `clock` reads the start, the stop and the cycle (what starts the clock again) off the history, which is in order.
    `terms` gives the policy with the terms of this metric: target table, calendar, and the statuses in which it pauses.
    """

    name: MetricName
    clock: ReadClock
    terms: Callable[[Policy], Policy] = as_it_stands


METRICS = (Metric(FIRST_RESPONSE, clock_of),)
"""What the contract measures. The first response is always there (R4)."""
