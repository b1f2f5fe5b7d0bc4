"""Who reported a request: a representative of the organization, or somebody else (R14, D31)."""

from dataclasses import replace

import pytest

from jsm_sla_bot.sla.assessment import Flag, SlaStatus
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import RequestSnapshot
from tests.sla.contract import (
    POLICY,
    RESOLVED,
    answer,
    moved,
    organization,
    policy,
    request,
    seen,
    terms,
    told,
)

MONDAY = "2026-03-02 09:00"
NOON = "2026-03-02 12:00"


def asking(*representatives: str, is_on: bool = True) -> Policy:
    """Return the policy in which Acme and Fjord list who speaks for them."""
    acme = organization(
        "12",
        "Acme Industries",
        "Knowledge",
        terms=replace(terms("Knowledge"), flag_other_reporters=is_on),
        representatives=representatives,
    )
    fjord = organization(
        "13", "Fjord Logistics", "Expert Partner", representatives=("fiona",)
    )
    return policy(
        organizations={**POLICY.organizations, "12": acme, "13": fjord}
    )


def by(reporter: str, *organizations: str) -> RequestSnapshot:
    """Return a request that somebody reported."""
    return replace(
        request(MONDAY, organizations=organizations or ("12",)),
        reporter=reporter,
        reporter_name="Bob",
    )


@pytest.mark.parametrize(
    ("raised", "under", "is_flagged"),
    [
        (by("bob"), asking("anna", "berit"), True),
        (by("anna"), asking("anna", "berit"), False),
        (by("bob"), asking("anna", is_on=False), False),
        (by("bob"), asking(), False),
        (by(""), asking("anna"), False),
        (by("fiona", "12", "13"), asking("anna"), False),
        (by("bob", "12", "13"), asking("anna"), True),
        (by("bob", "13"), asking("anna"), False),
    ],
    ids=[
        "another",
        "a representative",
        "not asked for",
        "none listed",
        "nobody known",
        "speaks for the other organization",
        "speaks for neither",
        "an organization that does not ask",
    ],
)
def test_a_request_by_another_than_a_representative_is_flagged(
    raised: RequestSnapshot, under: Policy, *, is_flagged: bool
) -> None:
    """Only where the contract asks for it and says who speaks for the organization."""
    assessment = seen(raised, NOON, under)
    assert (Flag.OTHER_REPORTER in assessment.flags) is is_flagged
    assert (Because.OTHER_REPORTER in told(assessment)) is is_flagged


def test_an_answer_does_not_settle_who_reported_it() -> None:
    """The flag lasts while the request is open, and is gone once it is done."""
    under = asking("anna")
    raised = by("bob")
    answered = replace(raised, history=(answer("2026-03-02 10:00"),))
    found = seen(answered, NOON, under)
    assert found.status is SlaStatus.MET
    assert Flag.OTHER_REPORTER in found.flags
    closed = replace(
        raised,
        history=(moved("2026-03-02 10:00", RESOLVED),),
        status=RESOLVED,
    )
    assert seen(closed, NOON, under).flags == ()


def test_the_csm_of_the_organization_that_decides_is_known() -> None:
    """For the note of an escalation (D32)."""
    acme = organization("12", "Acme Industries", "Knowledge", csm="carl")
    under = policy(organizations={"12": acme})
    assert seen(request(MONDAY), NOON, under).first_response.csm == "carl"
    assert seen(request(MONDAY), NOON, POLICY).first_response.csm == ""
