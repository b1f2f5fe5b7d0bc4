"""The grounds of an answer, in the order in which a person would ask: who, how urgent, how long, from when.

Pure data (`Reason`); the sentences are `plan.wording`'s.
"""

from collections.abc import Iterator
from datetime import datetime

from jsm_sla_bot.sla.contract import ClockKind, Exclusion, ExclusionBy, Policy, Target
from jsm_sla_bot.sla.entitlement import Entitlement
from jsm_sla_bot.sla.history import disagreements, standing_call
from jsm_sla_bot.sla.reason import Because, Fact, Reason, reason
from jsm_sla_bot.sla.replay import Decision, Outcome
from jsm_sla_bot.sla.request import HistoryEntry, RequestSnapshot
from jsm_sla_bot.sla.target import Answer, calendar_of, has_round_the_clock


def decided(
    policy: Policy, request: RequestSnapshot, outcome: Outcome, decision: Decision, start: datetime
) -> Iterator[Reason]:
    """Yield why this is owed until then, first cause first."""
    yield from _who(policy, request, outcome, decision)
    yield _severity(policy, request, decision)
    yield from _phone(request, decision, start)
    yield _target(decision)
    yield from _product(request, decision)
    yield from decision.trail
    yield from _clock(decision.answer, decision)
    for what in disagreements(request):
        yield reason(Because.HISTORY_DISAGREES, "D9", field=what)
    yield reason(Because.DUE, "R4", due=decision.due, calendar=decision.answer.owed.calendar)


def undecided(policy: Policy, request: RequestSnapshot, outcome: Outcome) -> Iterator[Reason]:
    """Yield what can be said of a request without a clock: whose it is."""
    if outcome.decision:
        yield from _who(policy, request, outcome, outcome.decision)


def not_measured(exclusion: Exclusion) -> Reason:
    """Return the reason why a request is not measured (R8)."""
    facts: dict[str, Fact] = {"by": exclusion.by, "value": exclusion.value, "reason": exclusion.reason}
    if exclusion.by is ExclusionBy.ORGANIZATION:
        facts["organization"] = exclusion.value
    return reason(Because.NOT_MEASURED, "R8", exclusion.source, **facts)


def lapsed_reason(found: Entitlement) -> Reason | None:
    """Return the reason why an organization was not entitled at the report (R7)."""
    if found.lapsed is None:
        return None
    organization, lapse = found.lapsed
    day = {"not_yet": organization.valid_from, "expired": organization.valid_until}.get(lapse)
    return reason(
        Because.NOT_ENTITLED,
        "R7",
        organization.source,
        organization=organization.id,
        name=organization.name,
        lapse=lapse,
        day=day.isoformat() if day else None,
    )


def restarted(entry: HistoryEntry) -> Iterator[Reason]:
    """Yield that reopening started a new clock (D14)."""
    yield reason(Because.CLOCK_RESTARTED, "D14", f"history {entry.at.isoformat()}", at=entry.at)


def stopped(entry: HistoryEntry, due: datetime) -> Reason:
    """Return what acknowledged the request, and whether in time (D4)."""
    source = f"history {entry.at.isoformat()}"
    return reason(Because.ACKNOWLEDGED, "D4", source, at=entry.at, deed=entry.what, by=entry.by, due=due)


def _who(policy: Policy, request: RequestSnapshot, outcome: Outcome, decision: Decision) -> Iterator[Reason]:
    candidate, terms = decision.candidate, decision.case.terms
    if candidate.organization:
        organization = candidate.organization
        facts: dict[str, Fact] = {"organization": organization.id, "name": organization.name, "tier": terms.tier}
        yield reason(Because.TIER_BOUGHT, "R6", organization.source, **facts)
    elif candidate.unmapped:
        source = policy.source("default_tier")
        yield reason(
            Because.TIER_DEFAULT_UNMAPPED, "D11", source, organization=candidate.unmapped, tier=terms.tier
        )
    else:
        source = policy.source("default_tier")
        yield reason(Because.TIER_DEFAULT_NO_ORGANIZATION, "D11", source, tier=terms.tier)
    if len(outcome.entitlement.candidates) > 1:
        source = policy.source("several_organizations")
        yield reason(
            Because.SEVERAL_ORGANIZATIONS,
            "D11",
            source,
            organizations=request.organizations,
            choice=policy.several_organizations,
        )
    for path in terms.overridden:
        yield reason(Because.OVERRIDE, "R12", terms.source(path), what=path)


def _severity(policy: Policy, request: RequestSnapshot, decision: Decision) -> Reason:
    if request.severity is None:
        return reason(
            Because.SEVERITY_DEFAULT, "D10", policy.source("default_severity"), severity=decision.severity
        )
    return reason(Because.SEVERITY, "R5", severity=decision.severity)


def _phone(request: RequestSnapshot, decision: Decision, start: datetime) -> Iterator[Reason]:
    standing, case, answer = standing_call(request), decision.case, decision.answer
    called = standing[0] if standing else None
    source = f"history {standing[1].at.isoformat()}" if standing else case.terms.source("phone")
    phone = case.terms.targets[decision.severity].phone
    if called and called < start:
        yield reason(Because.CALL_BEFORE_REPORT, "D3", source, at=called, reported=start)
    elif called and not phone:
        yield reason(Because.CALL_NOT_COUNTED, "R3", source, at=called)
    elif case.call and phone:
        yield reason(Because.CALLED, "R3", source, at=case.call, clock_starts=case.terms.clock_starts)
        if not answer.phoned_wins:
            yield reason(Because.FALLBACK_EARLIER, "D2", case.terms.source("phone"), tier=case.terms.fallback_tier)
    if phone and case.call is None:
        yield reason(Because.NOT_CALLED, "R3", case.terms.source("phone"), tier=case.terms.fallback_tier)


def _target(decision: Decision) -> Reason:
    terms, answer = decision.case.terms, decision.answer
    fallback = answer.phone_applies and not answer.phoned_wins
    tier = terms.fallback_tier if fallback else terms.tier
    path = f"fallback.{decision.severity}" if fallback else f"targets.{decision.severity}"
    owed = answer.owed
    return reason(
        Because.TARGET, "R1", terms.source(path), tier=tier, severity=decision.severity, goal=owed.goal, clock=owed.clock
    )


def _product(request: RequestSnapshot, decision: Decision) -> Iterator[Reason]:
    if not _promises_round_the_clock(decision.answer.target) or has_round_the_clock(decision.case):
        return
    source = decision.case.terms.source("round_the_clock_products")
    product = request.product
    if product is None or product.casefold() not in decision.case.terms.known_products:
        yield reason(Because.PRODUCT_UNKNOWN, "D1", source, product=product)
    else:
        yield reason(Because.PRODUCT_NOT_ROUND_THE_CLOCK, "R2", source, product=product)


def _promises_round_the_clock(target: Target) -> bool:
    return target.clock is ClockKind.ROUND_THE_CLOCK


def _clock(answer: Answer, decision: Decision) -> Iterator[Reason]:
    owed = answer.owed
    opens = calendar_of(decision.case.terms, owed.clock).next_open(owed.start)
    facts: dict[str, Fact] = {"start": owed.start, "calendar": owed.calendar}
    if opens > owed.start:
        source = decision.case.terms.source("calendar")
        yield reason(Because.CLOCK_STARTS_AT_OPENING, "D5", source, opens=opens, **facts)
    else:
        yield reason(Because.CLOCK_STARTS, "R4", "", **facts)
