"""Who reported a request: one of those who speak for its organization, or somebody else (R14, D31)."""

from jsm_sla_bot.sla.entitlement import Candidate, Entitlement
from jsm_sla_bot.sla.reason import Because, Reason, reason
from jsm_sla_bot.sla.request import RequestSnapshot


def other_reporter(
    request: RequestSnapshot, found: Entitlement
) -> Reason | None:
    """Return that another than its organization's representatives reported a request; None where none is to be told.

    Told only where the contract asks for it, representatives are listed and the reporter is known, while the request is
    not done. Who speaks for any of its organizations may report it.
    """
    if not request.reporter or request.status.is_done:
        return None
    speak = {
        account
        for candidate in found.candidates
        for account in representatives(candidate)
    }
    asking = next(filter(_asks, found.candidates), None)
    if asking is None or request.reporter in speak:
        return None
    organization = asking.organization
    return reason(
        Because.OTHER_REPORTER,
        "D31",
        asking.terms.source("flag_other_reporters"),
        by=request.reporter,
        reporter=request.reporter_name or f"Account {request.reporter}",
        organization=organization.id if organization else None,
        name=organization.name if organization else None,
    )


def representatives(candidate: Candidate) -> tuple[str, ...]:
    """Return the accounts that speak for an organization."""
    organization = candidate.organization
    return organization.representatives if organization else ()


def _asks(candidate: Candidate) -> bool:
    is_on = candidate.terms.flag_other_reporters
    return is_on and bool(representatives(candidate))
