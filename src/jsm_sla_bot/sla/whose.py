"""Whose request it is, as reasons: who decides, who else stands on it and why they do not count (R6-R8, D11)."""

from collections.abc import Iterator

from jsm_sla_bot.sla.contract import (
    Exclusion,
    ExclusionBy,
    Organization,
    Policy,
)
from jsm_sla_bot.sla.decision import Decision
from jsm_sla_bot.sla.entitlement import Candidate, Entitlement, Lapse
from jsm_sla_bot.sla.reason import Because, Fact, Reason, reason
from jsm_sla_bot.sla.request import RequestSnapshot


def whose(
    policy: Policy, request: RequestSnapshot, candidate: Candidate
) -> Reason:
    """Return whose request it is and what they have bought (R6, D11)."""
    organization = candidate.organization
    tier = candidate.terms.tier
    if organization:
        bought = (
            ("organization", organization.id),
            ("name", organization.name),
            ("tier", tier),
        )
        return Reason(Because.TIER_BOUGHT, "R6", organization.source, bought)
    source = policy.source("default_tier")
    unmapped = candidate.unmapped
    if not unmapped:
        return reason(
            Because.TIER_DEFAULT_NO_ORGANIZATION, "D11", source, tier=tier
        )
    return reason(
        Because.TIER_DEFAULT_UNMAPPED,
        "D11",
        source,
        organization=unmapped,
        name=request.name_of(unmapped),
        tier=tier,
    )


def not_measured(exclusion: Exclusion, request: RequestSnapshot) -> Reason:
    """Return the reason why a request is not measured (R8)."""
    facts: dict[str, Fact] = {
        "by": exclusion.by,
        "value": exclusion.value,
        "reason": exclusion.reason,
    }
    if exclusion.by is ExclusionBy.ORGANIZATION:
        facts["organization"] = exclusion.value
        facts["name"] = request.name_of(exclusion.value)
    return reason(Because.NOT_MEASURED, "R8", exclusion.source, **facts)


def lapsed_reason(found: Entitlement) -> Reason | None:
    """Return the reason why the first lapsed organization was not entitled at the report (R7)."""
    for organization, lapse in found.lapsed:
        return _lapsed(Because.NOT_ENTITLED, organization, lapse)
    return None


def others(
    policy: Policy,
    request: RequestSnapshot,
    found: Entitlement,
    decision: Decision,
) -> Iterator[Reason]:
    """Yield what became of the request's other organizations (D11)."""
    if len(found.candidates) > 1:
        yield _several(policy, request, found)
    for one in found.candidates:
        if one.unmapped and one is not decision.candidate:
            yield reason(
                Because.ORGANIZATION_UNMAPPED,
                "D11",
                organization=one.unmapped,
                name=request.name_of(one.unmapped),
                tier=one.terms.tier,
            )
    for exclusion in found.excluded:
        yield _excluded(policy, request, exclusion)
    for organization, lapse in found.lapsed:
        yield _lapsed(Because.ORGANIZATION_LAPSED, organization, lapse)


def _several(
    policy: Policy, request: RequestSnapshot, found: Entitlement
) -> Reason:
    ids = [_identity(one) for one in found.candidates]
    names = [_name(one, request) for one in found.candidates]
    facts: dict[str, Fact] = {
        "organizations": tuple(ids),
        "names": tuple(names),
        "choice": policy.several_organizations,
    }
    source = policy.source("several_organizations")
    return reason(Because.SEVERAL_ORGANIZATIONS, "D11", source, **facts)


def _identity(candidate: Candidate) -> str:
    organization = candidate.organization
    return organization.id if organization else candidate.unmapped or ""


def _name(candidate: Candidate, request: RequestSnapshot) -> str:
    organization = candidate.organization
    return (
        organization.name
        if organization
        else request.name_of(_identity(candidate))
    )


def _excluded(
    policy: Policy, request: RequestSnapshot, exclusion: Exclusion
) -> Reason:
    identity = exclusion.value
    known = policy.organizations.get(identity)
    facts: dict[str, Fact] = {
        "organization": identity,
        "name": known.name if known else request.name_of(identity),
        "reason": exclusion.reason,
    }
    return reason(
        Because.ORGANIZATION_EXCLUDED, "R8", exclusion.source, **facts
    )


def _lapsed(
    because: Because, organization: Organization, lapse: Lapse
) -> Reason:
    days = {
        Lapse.NOT_YET: organization.valid_from,
        Lapse.EXPIRED: organization.valid_until,
    }
    day = days.get(lapse)
    return reason(
        because,
        "R7",
        organization.source,
        organization=organization.id,
        name=organization.name,
        lapse=lapse,
        day=day.isoformat() if day else None,
    )
