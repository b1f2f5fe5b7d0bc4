"""One answer in full: the facts, the steps, what was counted, what was promised, and what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.explanation import intervals
from jsm_sla_bot.plan.explanation.facts import facts
from jsm_sla_bot.plan.explanation.intervals import Counted
from jsm_sla_bot.plan.explanation.outlook import outlook
from jsm_sla_bot.sla.assessment import Assessment, Owed
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.target import ALWAYS_OPEN

STEPS = ("rule", "why", "read from")


class Step(NamedTuple):
    """One reason: the rule that it carries, the sentence, and where the rule was read."""

    rule: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything there is to say to agents of one answer, in the order in which they read it."""

    key: str
    status: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    counted: Counted | None
    changes: tuple[str, ...]


def explained(
    assessment: Assessment, policy: Policy, zone: tzinfo, product: str | None
) -> Explanation:
    """Explain an answer; instants are shown in that zone. `product` is the request's."""
    owed = assessment.owed
    counted = None
    if owed:
        calendar = calendar_of(owed, policy)
        counted = intervals.counted(owed, calendar, zone, for_customer=False)
    return Explanation(
        key=assessment.key,
        status=str(assessment.status),
        facts=tuple(facts(assessment, policy, product)),
        steps=tuple(_steps(assessment, zone)),
        counted=counted,
        changes=tuple(outlook(assessment, policy, zone)),
    )


def calendar_of(owed: Owed, policy: Policy) -> BusinessCalendar:
    """Return the calendar on which a due time was counted."""
    return policy.calendars.get(owed.calendar, ALWAYS_OPEN)


def _steps(assessment: Assessment, zone: tzinfo) -> Iterator[Step]:
    for reason in assessment.because:
        is_history = reason.source.startswith("history")
        source = "history" if is_history else reason.source
        yield Step(reason.rule, wording.says(reason, zone), source)
