"""Whose request it is and whether they are entitled: R6, R7, D11."""

from datetime import date

import pytest

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Flag, SlaStatus
from jsm_sla_bot.sla.contract import Organization, SeveralOrganizations
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed
from tests.sla.contract import (
    BY_TIER,
    POLICY,
    answer,
    calendar,
    call,
    entry,
    local,
    organization,
    policy,
    request,
    seen,
    terms,
    told,
)

REPORT = "2026-07-06 10:00"  # a Monday after Helios Energy's contract has ended; S3: Expert 16 h, Knowledge 24 h
EXPERT, KNOWLEDGE = "2026-07-08 10:00", "2026-07-09 10:00"
UNMAPPED, NOBODY = (Flag.UNMAPPED_ORGANIZATION,), (Flag.NO_ORGANIZATION,)

MIXES = [
    (
        "none",
        (),
        "Knowledge",
        None,
        KNOWLEDGE,
        NOBODY,
        Because.TIER_DEFAULT_NO_ORGANIZATION,
    ),
    ("one", ("11",), "Expert", "11", EXPERT, (), Because.TIER_BOUGHT),
    (
        "unmapped",
        ("99",),
        "Knowledge",
        None,
        KNOWLEDGE,
        UNMAPPED,
        Because.TIER_DEFAULT_UNMAPPED,
    ),
    (
        "two: the earlier decides",
        ("12", "11"),
        "Expert",
        "11",
        EXPERT,
        (),
        Because.SEVERAL_ORGANIZATIONS,
    ),
    (
        "the same twice",
        ("11", "11"),
        "Expert",
        "11",
        EXPERT,
        (),
        Because.TIER_BOUGHT,
    ),
    (
        "mapped and unmapped",
        ("99", "11"),
        "Expert",
        "11",
        EXPERT,
        UNMAPPED,
        Because.ORGANIZATION_UNMAPPED,
    ),
    (
        "lapsed and mapped",
        ("14", "12"),
        "Knowledge",
        "12",
        KNOWLEDGE,
        (),
        Because.ORGANIZATION_LAPSED,
    ),
    (
        "excluded and mapped",
        ("18", "11"),
        "Expert",
        "11",
        EXPERT,
        (),
        Because.ORGANIZATION_EXCLUDED,
    ),
    (
        "lapsed and unmapped",
        ("15", "99"),
        "Knowledge",
        None,
        KNOWLEDGE,
        UNMAPPED,
        Because.ORGANIZATION_LAPSED,
    ),
    ("lapsed", ("14",), "Expert", "14", None, (), Because.NOT_ENTITLED),
    ("suspended", ("15",), "Knowledge", "15", None, (), Because.NOT_ENTITLED),
    (
        "two lapsed: the first is told",
        ("15", "14"),
        "Knowledge",
        "15",
        None,
        (),
        Because.NOT_ENTITLED,
    ),
    ("excluded", ("18",), None, None, None, (), Because.NOT_MEASURED),
    (
        "excluded and lapsed",
        ("14", "18"),
        None,
        None,
        None,
        (),
        Because.NOT_MEASURED,
    ),
]


@pytest.mark.parametrize(
    ("organizations", "tier", "decided_by", "due", "flags", "because"),
    [case[1:] for case in MIXES],
    ids=[case[0] for case in MIXES],
)
def test_the_organizations_of_a_request_give_its_tier(
    organizations: tuple[str, ...],
    tier: str | None,
    decided_by: str | None,
    due: str | None,
    flags: tuple[Flag, ...],
    because: Because,
) -> None:
    """R6, R7, R8, D11: who is entitled may decide, the others are told; nobody entitled, nothing owed."""
    assessment = seen(
        request(REPORT, severity=3, organizations=organizations), REPORT
    )
    assert (assessment.tier, assessment.organization) == (tier, decided_by)
    assert assessment.due == (local(due) if due else None)
    assert assessment.flags == flags
    assert because in told(assessment)


CHOICES = [
    (SeveralOrganizations.EARLIEST_DUE, ("12", "11", "13"), "11"),
    (SeveralOrganizations.LATEST_DUE, ("11", "12"), "12"),
    (SeveralOrganizations.FIRST_LISTED, ("12", "11"), "12"),
    (SeveralOrganizations.FIRST_LISTED, ("14", "12", "11"), "12"),
    (SeveralOrganizations.LATEST_DUE, ("13", "11"), "13"),
]


@pytest.mark.parametrize(("choice", "organizations", "decided_by"), CHOICES)
def test_which_of_several_decides_is_policy(
    choice: SeveralOrganizations,
    organizations: tuple[str, ...],
    decided_by: str,
) -> None:
    """D11: by default the one whose target falls due first; of equal ones the first listed."""
    raised = request(REPORT, severity=3, organizations=organizations)
    assert (
        seen(raised, REPORT, policy(several_organizations=choice)).organization
        == decided_by
    )


SYDNEY = calendar("sydney", "Australia/Sydney")
TERMS = [
    ("no term", {}, True),
    ("the first day", {"valid_from": date(2026, 7, 7)}, True),
    ("the day before", {"valid_from": date(2026, 7, 8)}, False),
    ("the last day", {"valid_until": date(2026, 7, 7)}, True),
    ("the day after", {"valid_until": date(2026, 7, 6)}, False),
    (
        "suspended within its term",
        {"valid_until": date(2026, 7, 7), "suspended": True},
        False,
    ),
]


@pytest.mark.parametrize(
    ("given", "entitled"),
    [case[1:] for case in TERMS],
    ids=[case[0] for case in TERMS],
)
def test_a_term_is_whole_days_where_the_organization_is(
    given: dict[str, object],
    entitled: bool,
) -> None:
    """R7: reported on Monday evening in Stockholm, which is Tuesday in the calendar's own zone."""
    one: Organization = organization(
        "1",
        "Far Away Pty",
        "Expert",
        terms=terms("Expert", calendar=SYDNEY),
        **given,
    )
    raised = request("2026-07-06 22:00", organizations=("1",))
    assessment = seen(
        raised, "2026-07-06 22:00", policy(organizations={"1": one})
    )
    assert (assessment.status is not SlaStatus.NOT_ENTITLED) is entitled


@pytest.mark.parametrize(
    ("reported", "entitled"),
    [("2026-06-30 23:59:59.999", True), ("2026-07-01 00:00", False)],
    ids=["last millisecond", "first of the next day"],
)
def test_entitlement_is_judged_at_the_report(
    reported: str, entitled: bool
) -> None:
    """R7: a request of the last day is owed its answer, however long after the term."""
    assessment = seen(
        request(reported, organizations=("14",)), "2026-09-01 12:00"
    )
    assert (assessment.status is SlaStatus.BREACHED) is entitled


CORRECTIONS = [
    ("to a shorter target", ("12",), ("11",), "2026-07-06 12:00", EXPERT),
    ("to a longer target", ("11",), ("12",), "2026-07-06 12:00", KNOWLEDGE),
    (
        "to a target that was over: dated now",
        ("12",),
        ("11",),
        "2026-07-08 15:00",
        "2026-07-08 15:00",
    ),
    (
        "after the breach: it stays",
        ("12",),
        ("11",),
        "2026-07-10 15:00",
        KNOWLEDGE,
    ),
    ("from nobody", (), ("11",), "2026-07-06 12:00", EXPERT),
    (
        "from the unentitled, late",
        ("14",),
        ("11",),
        "2026-07-10 12:00",
        "2026-07-10 12:00",
    ),
    ("to the unentitled", ("11",), ("14",), "2026-07-06 12:00", None),
    ("at the very report", ("12",), ("11",), REPORT, EXPERT),
]


@pytest.mark.parametrize(
    ("before", "after", "at", "due"),
    [case[1:] for case in CORRECTIONS],
    ids=[case[0] for case in CORRECTIONS],
)
def test_a_corrected_organization_counts_from_the_report(
    before: tuple[str, ...], after: tuple[str, ...], at: str, due: str | None
) -> None:
    """R6, D9: until the answer; but nobody can have missed a time that was not yet due."""
    corrected = entry(at, Deed.ORGANIZATIONS, after, before)
    assessment = seen(
        request(REPORT, corrected, severity=3, organizations=after),
        "2026-07-15 12:00",
    )
    assert assessment.due == (local(due) if due else None)


def test_every_correction_is_told_and_the_first_promise_stays() -> None:
    """Two corrections, in order, and what was owed before them."""
    history = [
        entry("2026-07-06 11:00", Deed.ORGANIZATIONS, ("11",), ()),
        entry("2026-07-06 12:00", Deed.PRODUCT, "Outscan NX", "EASM"),
    ]
    assessment = seen(
        request(REPORT, *history, severity=3, organizations=("11",)),
        "2026-07-06 13:00",
    )
    corrections = (Because.ORGANIZATIONS_CHANGED, Because.PRODUCT_CHANGED)
    assert (
        tuple(one for one in told(assessment) if one in corrections)
        == corrections
    )
    assert (assessment.due, assessment.promised_due) == (
        local(EXPERT),
        local(KNOWLEDGE),
    )


def test_a_breach_dated_at_one_correction_is_not_moved_by_the_next() -> None:
    """What was breached at a correction stays breached there."""
    history = [
        entry("2026-07-08 15:00", Deed.ORGANIZATIONS, ("11",), ("12",)),
        entry("2026-07-08 16:00", Deed.PRODUCT, "Outscan NX", "EASM"),
    ]
    assessment = seen(
        request(REPORT, *history, severity=3, organizations=("11",)),
        "2026-07-09 12:00",
    )
    assert assessment.due == local("2026-07-08 15:00")


def test_a_corrected_product_counts_from_the_report() -> None:
    """R2: round the clock after all; dated at the correction where that is over."""
    called = entry("2026-07-06 10:00", Deed.CALLED, local("2026-07-06 10:00"))
    put_right = entry("2026-07-06 17:30", Deed.PRODUCT, "Outscan NX", "EASM")
    known = request(
        "2026-07-06 10:00",
        called,
        put_right,
        organizations=("11",),
        severity=2,
    )
    assert seen(known, "2026-07-06 17:29").due == local("2026-07-07 10:00")
    assert seen(known, "2026-07-06 17:30").due == local("2026-07-06 18:00")
    late = entry("2026-07-06 19:00", Deed.PRODUCT, "Outscan NX", "EASM")
    known = request(
        "2026-07-06 10:00", called, late, organizations=("11",), severity=2
    )
    assert seen(known, "2026-07-07 12:00").due == local("2026-07-06 19:00")


def test_the_flag_goes_when_the_organization_is_set() -> None:
    """D11: what is put right is not asked for any more."""
    set_later = entry("2026-07-06 11:00", Deed.ORGANIZATIONS, ("11",), ())
    raised = request(REPORT, set_later, severity=3, organizations=("11",))
    assert seen(raised, "2026-07-06 10:30").flags == NOBODY
    assert seen(raised, "2026-07-06 11:00").flags == ()


def test_a_flag_stays_as_it_was_when_the_answer_was_given() -> None:
    """D9: the answer is that of the acknowledgement."""
    history = [
        answer("2026-07-06 10:30"),
        entry(
            "2026-07-06 11:00", Deed.ORGANIZATIONS, (BY_TIER["Expert"],), ()
        ),
    ]
    assert (
        seen(
            request(REPORT, *history, organizations=("11",)),
            "2026-07-06 12:00",
        ).flags
        == NOBODY
    )


def test_several_organizations_promise_the_earliest_due_time_of_the_report() -> (
    None
):
    """What was owed at the report is kept for several organizations too, whatever a call moved later (D11, D2)."""
    raised = request(
        "2026-03-06 22:10",
        call("2026-03-06 22:20"),
        severity=1,
        organizations=("12", "11"),
    )
    found = assess(raised, POLICY, local("2026-03-06 22:30"))
    assert (found.due, found.promised_due) == (
        local("2026-03-07 00:20"),
        local("2026-03-09 17:00"),
    )


@pytest.mark.parametrize(
    "now", ["2026-06-16 20:00", "2026-06-16 21:00", "2026-06-22 04:00"]
)
def test_a_severity_changed_after_a_correction_moves_no_breach_to_it(
    now: str,
) -> None:
    """A request in breach before its organization was corrected keeps that date, whatever is changed later (D8)."""
    raised = request(
        "2026-06-09 04:00",
        entry("2026-06-16 20:30", Deed.ORGANIZATIONS, ("11",), ("12",)),
        entry("2026-06-22 02:01", Deed.SEVERITY, 3, 2),
        severity=3,
        organizations=("11",),
    )
    assert assess(raised, POLICY, local(now)).due == local("2026-06-10 17:00")
