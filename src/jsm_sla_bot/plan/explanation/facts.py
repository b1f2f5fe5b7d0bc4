"""What an answer rests on, at a glance: organization, tier, severity, product, phone, calendar."""

from collections.abc import Iterator

from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import Organization, Policy, Terms
from jsm_sla_bot.sla.reason import Because

PHONE = {
    Because.CALLED: "the customer has called",
    Because.NOT_CALLED: "the customer has not called",
    Because.CALL_BEFORE_REPORT: "the call was before the report",
    Because.CALLED_AGAIN: "called again",
    Because.CALL_AHEAD: "the call lies ahead",
    Because.CALL_NOT_COUNTED: "the call does not count",
}


def facts(
    assessment: Assessment, policy: Policy, product: str | None
) -> Iterator[tuple[str, str]]:
    """Yield the name of each fact, and the fact."""
    terms = terms_of(assessment, policy)
    yield "organization", _whose(assessment, policy)
    yield "tier", assessment.tier or "-"
    yield "severity", _severity(assessment, terms)
    yield "product", _product(product, terms)
    yield "phone", _phone(assessment)
    yield "calendar", _calendar(assessment)


def _severity(assessment: Assessment, terms: Terms) -> str:
    """Return the severity, with what it means where the policy says that (R15)."""
    meaning = terms.severity_definitions.get(assessment.severity)
    severity = f"S{assessment.severity}"
    return f"{severity}: {meaning}" if meaning else severity


def terms_of(assessment: Assessment, policy: Policy) -> Terms:
    """Return the terms that decided; those of a request without an organization where none did."""
    return assessment.first_response.terms or policy.default_terms


def organization_of(
    assessment: Assessment, policy: Policy
) -> Organization | None:
    """Return the organization in the period that the answer was read from."""
    known = policy.organizations.get(assessment.organization or "")
    read = {reason.source for reason in assessment.because}
    periods = known.periods if known else ()
    return next((period for period in periods if period.source in read), known)


def _whose(assessment: Assessment, policy: Policy) -> str:
    known = organization_of(assessment, policy)
    if known:
        return f"{known.name} ({known.id})"
    return assessment.organization or "none that counts"


def _phone(assessment: Assessment) -> str:
    codes = [reason.because for reason in assessment.because]
    words = [PHONE[code] for code in codes if code in PHONE]
    return ", ".join(words) or "plays no part"


def _calendar(assessment: Assessment) -> str:
    owed = assessment.owed
    if owed is None:
        return assessment.calendar
    if owed.calendar == owed.clock:
        return owed.calendar
    return f"{owed.calendar}, {owed.clock}"


def _product(product: str | None, terms: Terms) -> str:
    if product is None:
        return "none, so business hours count"
    if product.casefold() in terms.round_the_clock_products:
        return f"{product}, supported round the clock where the target is"
    return f"{product}, supported in business hours"
