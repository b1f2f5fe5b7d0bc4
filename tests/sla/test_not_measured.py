"""What has no response target: R8."""

import pytest

from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed
from tests.sla.contract import (
    SWEDEN,
    answer,
    entry,
    organization,
    policy,
    request,
    seen,
    terms,
    told,
)

REPORT = "2026-03-02 10:00"

EXCLUDED = [
    ("request type", {"request_type": "Feature request"}, "feature request"),
    (
        "request type in other letters",
        {"request_type": "FEATURE Request"},
        "feature request",
    ),
    ("channel", {"channel": "Chat"}, "chat"),
    (
        "label",
        {"labels": frozenset({"urgent", "Outside-The-Service"})},
        "outside the service",
    ),
    ("organization", {"organizations": ("18",)}, "has its own SLA"),
]


@pytest.mark.parametrize(
    ("given", "why"),
    [case[1:] for case in EXCLUDED],
    ids=[case[0] for case in EXCLUDED],
)
def test_policy_names_what_is_not_measured(
    given: dict[str, object], why: str
) -> None:
    """R8: no clock, and the reason."""
    assessment = seen(request(REPORT, **given), REPORT)
    assert assessment.status is SlaStatus.NOT_APPLICABLE
    assert (
        assessment.owed,
        assessment.promised_due,
        assessment.next_change_at,
    ) == (
        None,
        None,
        None,
    )
    assert (assessment.rungs, assessment.flags) == ((), ())
    assert assessment.because[-1].fact("reason") == why


@pytest.mark.parametrize(
    "given",
    [
        {"request_type": "Incident"},
        {"channel": "portal"},
        {"labels": frozenset({"feature request"})},
        {},
    ],
    ids=[
        "another type",
        "another channel",
        "a type's name as label",
        "nothing told",
    ],
)
def test_anything_else_is_measured(given: dict[str, object]) -> None:
    """R8: nothing is left out that the policy does not name."""
    assert seen(request(REPORT, **given), REPORT).status is SlaStatus.RUNNING


def test_a_label_counts_while_it_is_there() -> None:
    """R8: set, measured no more; taken away, measured again from the report."""
    label = frozenset({"outside-the-service"})
    history = [
        entry("2026-03-02 11:00", Deed.LABELS, label, frozenset()),
        entry("2026-03-02 12:00", Deed.LABELS, frozenset(), label),
    ]
    raised = request(REPORT, *history)
    statuses = [
        seen(raised, f"2026-03-02 {at}").status
        for at in ("10:30", "11:00", "12:00")
    ]
    assert statuses == [
        SlaStatus.RUNNING,
        SlaStatus.NOT_APPLICABLE,
        SlaStatus.RUNNING,
    ]


def test_a_label_takes_out_what_was_answered_already() -> None:
    """R8: such a request is not measured, however it was handled before."""
    history = [
        answer("2026-03-02 10:30"),
        entry(
            "2026-03-02 11:00",
            Deed.LABELS,
            frozenset({"outside-the-service"}),
            frozenset(),
        ),
    ]
    known = request(
        REPORT, *history, labels=frozenset({"outside-the-service"})
    )
    assert seen(known, "2026-03-02 12:00").status is SlaStatus.NOT_APPLICABLE


def test_what_is_not_measured_needs_no_calendar() -> None:
    """R8 before D16: a feature request of a year that no snapshot covers is no error."""
    assert SWEDEN.spec.last_year < 2030
    raised = request("2030-03-04 10:00", request_type="Feature request")
    assert seen(raised, "2030-03-04 10:00").status is SlaStatus.NOT_APPLICABLE


def test_an_excluded_request_still_tells_whose_it_is() -> None:
    """The tier is shown on what is not measured, too; an override that decides nothing is not."""
    own = terms("Expert", reopen=POLICY_REOPEN)
    under = policy(
        organizations={
            "1": organization("1", "Own Contract AB", "Expert", terms=own)
        }
    )
    assessment = seen(
        request(REPORT, request_type="Feature request", organizations=("1",)),
        REPORT,
        under,
    )
    assert (assessment.tier, assessment.organization) == ("Expert", "1")
    assert told(assessment) == [
        Because.TIER_BOUGHT,
        Because.NOT_MEASURED,
    ]


POLICY_REOPEN = terms().reopen
