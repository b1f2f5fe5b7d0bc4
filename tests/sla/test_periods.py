"""An agreement in periods: the day of the report chooses the tier; between two of them no support is owed (R7)."""

from dataclasses import replace
from datetime import date

import pytest

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import Organization, Policy
from jsm_sla_bot.sla.reason import Because
from tests.sla.contract import (
    calendar,
    local,
    organization,
    policy,
    request,
    seen,
    terms,
)

NEW_YORK = calendar("new-york", "America/New_York")


def in_periods(*periods: Organization) -> Policy:
    """Return a policy with one organization of these periods."""
    return policy(organizations={"1": replace(periods[-1], periods=periods)})


def period(tier: str, source: str, **values: object) -> Organization:
    """Return one period of the organization."""
    return organization("1", "Aurora Shipping", tier, source=source, **values)


RENEWED = in_periods(
    period("Knowledge", "o:1", valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 31)),
    period("Expert", "o:2", valid_from=date(2026, 1, 1), valid_until=date(2026, 6, 30)),
    period("Knowledge", "o:3", valid_from=date(2026, 8, 1), suspended=True, valid_until=date(2026, 8, 31)),
    period("Expert Partner", "o:4", valid_from=date(2026, 9, 1)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("reported", "tier", "source", "entitled"),
    [
        pytest.param(
            "2024-12-31 23:59", "Knowledge", "o:1", False, id="before all"
        ),
        pytest.param(
            "2025-01-01 00:00", "Knowledge", "o:1", True, id="first day"
        ),
        pytest.param(
            "2025-12-31 23:59", "Knowledge", "o:1", True, id="last day"
        ),
        pytest.param("2026-01-01 00:00", "Expert", "o:2", True, id="renewed"),
        pytest.param("2026-07-01 00:00", "Expert", "o:2", False, id="gap"),
        pytest.param(
            "2026-07-31 23:59", "Expert", "o:2", False, id="end of the gap"
        ),
        pytest.param(
            "2026-08-15 12:00", "Knowledge", "o:3", False, id="suspended"
        ),
        pytest.param(
            "2026-09-01 00:00",
            "Expert Partner",
            "o:4",
            True,
            id="without an end",
        ),
    ],
)
def test_the_day_of_the_report_chooses_the_period(
    reported: str, tier: str, source: str, *, entitled: bool
) -> None:
    """R7: tier, entitlement and the explanation's source are those of the period of the report, whenever it is seen."""
    raised = request(reported, organizations=("1",))
    assessment = assess(raised, RENEWED, local("2026-10-01 12:00"))
    assert assessment.tier == tier
    assert (assessment.status is not SlaStatus.NOT_ENTITLED) is entitled
    wanted = Because.TIER_BOUGHT if entitled else Because.NOT_ENTITLED
    assert [
        each.source for each in assessment.because if each.because is wanted
    ] == [source]


@pytest.mark.parametrize(
    ("reported", "lapse", "day"),
    [
        ("2024-12-31 12:00", "not_yet", "2025-01-01"),
        ("2026-07-15 12:00", "expired", "2026-06-30"),
        ("2026-08-15 12:00", "suspended", None),
    ],
)
def test_why_a_period_is_not_entitled(
    reported: str, lapse: str, day: str | None
) -> None:
    """R7: before all periods, in a gap and while suspended, the reason and its day are those of the period named."""
    raised = request(reported, organizations=("1",))
    (why,) = assess(raised, RENEWED, local("2026-10-01 12:00")).because
    facts = dict(why.facts)
    assert (facts["lapse"], facts["day"]) == (lapse, day)


def test_after_the_last_period_support_has_expired() -> None:
    """R7: an agreement that was not renewed again is told with its last day."""
    ended = in_periods(
        period("Expert", "o:1", valid_until=date(2026, 1, 31)),
        period("Knowledge", "o:2", valid_from=date(2026, 2, 1), valid_until=date(2026, 2, 28)),
    )  # fmt: skip
    (why,) = seen(
        request("2026-03-02 10:00", organizations=("1",)),
        "2026-03-02 10:00",
        ended,
    ).because
    assert (why.source, dict(why.facts)["day"]) == ("o:2", "2026-02-28")


@pytest.mark.parametrize(
    ("reported", "source"),
    [
        ("2026-07-01 00:30", "o:2"),
        ("2026-07-01 05:59", "o:2"),
        ("2026-06-30 23:59", "o:1"),
    ],
)
def test_nothing_is_lost_between_two_zones(reported: str, source: str) -> None:
    """R7: a period that follows on the next day follows at once, also where its calendar's day begins later."""
    moved = in_periods(
        period("Expert", "o:1", valid_until=date(2026, 6, 30)),
        period("Expert", "o:2", valid_from=date(2026, 7, 1), terms=terms("Expert", calendar=NEW_YORK)),
    )  # fmt: skip
    assessment = seen(request(reported, organizations=("1",)), reported, moved)
    assert assessment.status is SlaStatus.RUNNING
    assert source in {each.source for each in assessment.because}


def test_a_later_renewal_moves_no_promise() -> None:
    """R7: what was reported under the old tier keeps its targets, however long it stays open."""
    raised = request("2025-12-30 09:00", severity=3, organizations=("1",))
    before = assess(raised, RENEWED, local("2025-12-30 10:00"))
    after = assess(raised, RENEWED, local("2026-01-15 10:00"))
    assert before.owed is not None
    assert after.owed is not None
    assert after.owed.due == before.owed.due
