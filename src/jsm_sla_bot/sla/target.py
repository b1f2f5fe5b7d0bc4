"""How long, on which clock, from when: the due time of one severity under one organization's terms (R1-R3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.assessment import Owed, Pause
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import ClockKind, ClockStarts, Target, Terms
from jsm_sla_bot.sla.errors import SeverityError
from jsm_sla_bot.sla.laying_out import round_the_clock
from jsm_sla_bot.sla.pause import runs_out

ALWAYS_OPEN = round_the_clock()
PRODUCT_LEVEL = " > "
"""Parts the levels of a product, the broadest first: `Vulnerability Management > Outscan NX`."""
BUSINESS, ROUND_THE_CLOCK = ClockKind.BUSINESS, ClockKind.ROUND_THE_CLOCK


class Case(NamedTuple):
    """What decides the target next to the severity: terms, product, the call (aware UTC) if any, and the pauses."""

    terms: Terms
    product: str | None
    call: datetime | None
    pauses: tuple[Pause, ...] = ()


class Answer(NamedTuple):
    """What is owed, and on which ground: the severity and target applied, whether the phoned one won or was in play.

    `uncalled` is the due time (aware UTC) if nobody had called.
    """

    owed: Owed
    target: Target
    severity: int
    uncalled: datetime
    phone_applies: bool = False
    phoned_wins: bool = False


def owed(case: Case, severity: int, start: datetime) -> Answer:
    """Return what is owed for that severity, counted from `start` (aware UTC).

    R3, D2: where the target asks for a call, the fallback tier's target runs from `start`, the target itself
    from the call or the report, and the earlier due time counts. Raises CalendarError past the snapshot's years (D16)
    and SeverityError for a severity without a target.
    """
    terms = case.terms
    target = _target(terms.targets, severity, terms.tier)
    if not target.phone:
        plain = run(case, target, start)
        return Answer(plain, target, severity, plain.due)
    fallback = _target(terms.fallback, severity, terms.fallback_tier)
    unphoned = run(case, fallback, start)
    if case.call is not None:
        phoned = _phoned(case, target, start, case.call)
        if phoned.due < unphoned.due:
            return Answer(
                phoned,
                target,
                severity,
                unphoned.due,
                phone_applies=True,
                phoned_wins=True,
            )
    return Answer(
        unphoned, fallback, severity, unphoned.due, phone_applies=True
    )


def _phoned(
    case: Case, target: Target, start: datetime, call: datetime
) -> Owed:
    """Run the target that the call brought (D2): one that had run out before the call is dated there (D33)."""
    if case.terms.clock_starts is ClockStarts.CALL:
        return run(case, target, max(call, start))
    phoned = run(case, target, start)
    stands_still = phoned.pauses and phoned.pauses[-1].ends is None
    if stands_still or phoned.due >= call:
        return phoned
    return phoned._replace(due=call, ran_out=phoned.due)


def run(case: Case, target: Target, start: datetime) -> Owed:
    """Run one target's clock from `start`: round the clock only for the products that have it (R2, D1)."""
    clock = clock_that_counts(case, target)
    calendar = calendar_of(case.terms, clock)
    name = calendar.spec.name
    if not case.pauses:
        due = calendar.due(start, target.goal)
        return Owed(due, start, target.goal, clock, name)
    due, met = runs_out(calendar, start, target.goal, case.pauses)
    return Owed(due, start, target.goal, clock, name, met)


def clock_that_counts(case: Case, target: Target) -> ClockKind:
    """Return the clock that a target is counted on: round the clock only for the products that have it (R2, D1)."""
    if target.clock is ROUND_THE_CLOCK and has_round_the_clock(case):
        return ROUND_THE_CLOCK
    return BUSINESS


def has_round_the_clock(case: Case) -> bool:
    """Return whether the product is one that is supported round the clock (R2)."""
    name = known_product(case.product, case.terms)
    return name in case.terms.round_the_clock_products


def known_product(product: str | None, terms: Terms) -> str | None:
    """Return the name, casefolded, by which the policy knows a product; None where it knows none.

    A product may have levels: the whole of it decides, else its last level that the policy knows.
    """
    whole = (product or "").casefold()
    if _is_known(whole, terms):
        return whole
    for level in reversed(whole.split(PRODUCT_LEVEL)):
        if _is_known(level, terms):
            return level
    return None


def _is_known(name: str, terms: Terms) -> bool:
    return (
        name in terms.round_the_clock_products or name in terms.known_products
    )


def calendar_of(terms: Terms, clock: ClockKind) -> BusinessCalendar:
    """Return the calendar that a clock runs on."""
    return ALWAYS_OPEN if clock is ROUND_THE_CLOCK else terms.calendar


def _target(targets: Mapping[int, Target], severity: int, tier: str) -> Target:
    target = targets.get(severity)
    if target is None:
        raise SeverityError(
            f"tier {tier!r} has no target for severity {severity}: add it to policy.yaml"
        )
    return target
