"""What would change an answer: nothing that can't happen is said, and nothing that can is left out."""

from dataclasses import replace

import pytest

from jsm_sla_bot.plan.explanation.outlook import outlook
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    ClockStarts,
    Exclusion,
    ExclusionBy,
    Policy,
    Reopening,
)
from jsm_sla_bot.sla.request import RequestSnapshot, Role, Status
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    OPEN,
    POLICY,
    STOCKHOLM,
    answer,
    call,
    moved,
    only,
    organization,
    policy,
    request,
    seen,
)

REPORT = "2026-03-02 10:00"
WAITING = Status("Waiting for customer")
CORRECTIONS = (
    "Another severity, organization, product or customer's call may move the due time as soon as it is entered on the "
    "request."
)
STOPS = "An agent's public comment or move to a status that acknowledges stops the clock."
CALLING = "Once the customer calls, 2 h round the clock from the call are owed, if that ends sooner."
EXPERT = request(REPORT, organizations=("11",))


def changes(
    known: RequestSnapshot, now: str, under: Policy = POLICY
) -> list[str]:
    """Return what would change the answer as seen at a local time."""
    return list(outlook(seen(known, now, under), under, STOCKHOLM))


def test_a_running_clock_says_what_time_brings_and_what_stops_it() -> None:
    """The rungs ahead, the breach, an answer, a call where one is awaited, and corrections."""
    assert changes(EXPERT, "2026-03-02 11:00") == [
        "If nobody answers: at risk from Mon 2026-03-02 16:00 CET, breached after Tue 2026-03-03 10:00 CET.",
        STOPS,
        CALLING,
        CORRECTIONS,
    ]


def test_a_rung_that_was_reached_does_not_lie_ahead() -> None:
    """At risk, only the breach is left to come."""
    first, *_ = changes(EXPERT, "2026-03-02 16:30")
    assert first == (
        "If nobody answers: breached after Tue 2026-03-03 10:00 CET."
    )


def test_after_a_call_no_call_is_asked_for() -> None:
    """What was gained already is not offered again."""
    called = request(REPORT, call("2026-03-02 10:10"), organizations=("11",))
    said = changes(called, "2026-03-02 10:20")
    assert CALLING not in said
    assert said[0].endswith("breached after Mon 2026-03-02 12:10 CET.")


def test_a_call_counts_from_where_the_policy_says() -> None:
    """`clock_starts: report` gains less than a call that starts the clock itself (D2)."""
    under = only("Expert", clock_starts=ClockStarts.REPORT)
    known = request(REPORT, organizations=("1",))
    said = changes(known, "2026-03-02 10:30", under)
    assert CALLING.replace("from the call", "from the report") in said


def test_after_a_breach_time_changes_nothing() -> None:
    """Only people do."""
    first, *rest = changes(EXPERT, "2026-03-05 10:00")
    assert first == (
        "Time alone changes nothing any more: an answer now is Met late."
    )
    assert rest == [STOPS, CALLING, CORRECTIONS]


def test_a_clock_that_stands_still_has_nothing_ahead() -> None:
    """It goes on by a deed, not by time."""
    under = only(pauses_in=frozenset({"waiting for customer"}))
    known = request(
        REPORT,
        moved("2026-03-02 11:00", WAITING),
        organizations=("1",),
        status=WAITING,
    )
    said = changes(known, "2026-03-09 10:00", under)
    assert said[0] == (
        "The clock goes on once the request leaves the status in which it stands still."
    )
    assert not any("If nobody answers" in one for one in said)


def test_a_probable_answer_lets_no_rung_lie_ahead() -> None:
    """D35: no rung is written until it is decided; the breach is dated all the same."""
    known = request(
        REPORT, answer("2026-03-02 11:00", role=Role.PROBABLE_AGENT)
    )
    first, *_ = changes(known, "2026-03-02 11:30")
    assert first == (
        "If nobody answers: breached after Tue 2026-03-03 10:00 CET."
    )


DEEDS = ("public_comment", "status", "severity")


@pytest.mark.parametrize(
    ("deeds", "says"),
    [
        (DEEDS[:1], "public comment"),
        (
            DEEDS,
            "public comment or move to a status that acknowledges or setting of the severity",
        ),
        ((), None),
    ],
    ids=["one", "all", "none"],
)
def test_what_stops_the_clock_is_what_the_policy_lets_stop_it(
    deeds: tuple[str, ...], says: str | None
) -> None:
    """D4: which deeds acknowledge is policy."""
    counts = {deed: deed in deeds for deed in DEEDS}
    under = only(acknowledgement=AcknowledgementRule(**counts))
    known = request(REPORT, organizations=("1",))
    found = [
        one
        for one in changes(known, "2026-03-02 11:00", under)
        if "stops the clock" in one
    ]
    assert found == ([f"An agent's {says} stops the clock."] if says else [])


@pytest.mark.parametrize(
    ("reopen", "says"),
    [
        (Reopening.KEEP, "Reopening it starts no new clock."),
        (
            Reopening.RESTART,
            "Once it is done, reopening it starts a new clock.",
        ),
    ],
    ids=["keep", "restart"],
)
def test_after_the_answer_only_reopening_may_start_a_clock(
    reopen: Reopening, says: str
) -> None:
    """D9, D14: whether it does is policy."""
    known = request(REPORT, answer("2026-03-02 11:00"), organizations=("1",))
    (said,) = changes(known, "2026-03-05 10:00", only(reopen=reopen))
    assert said == (
        f"Nothing moves the due time any more: the request is acknowledged. {says}"
    )


WISHES = (Exclusion(ExclusionBy.REQUEST_TYPE, "Wish", "is a wish"),)


@pytest.mark.parametrize(
    ("known", "under", "says"),
    [
        pytest.param(
            request(REPORT, request_type="Wish"),
            policy(exclusions=WISHES),
            "A clock runs once that does not hold any more.",
            id="not measured",
        ),
        pytest.param(
            request(REPORT, moved("2026-03-02 11:00", DECLINED), status=DECLINED),
            POLICY,
            "A clock runs once the request leaves that status.",
            id="declined",
        ),
        pytest.param(
            request(
                REPORT,
                moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER),
                status=CLOSED,
            ),
            POLICY,
            "The clock goes on once the request is reopened.",
            id="withdrawn",
        ),
        pytest.param(
            request(REPORT, organizations=("7",)),
            policy(
                organizations={
                    "7": replace(
                        organization("7", "Late AB", "Expert"), suspended=True
                    )
                }
            ),
            "A clock runs once the request has another organization, or the agreement in organizations.yaml is "
            "corrected.",
            id="not entitled",
        ),
    ],
)  # fmt: skip
def test_without_a_clock_it_is_said_what_would_start_one(
    known: RequestSnapshot, under: Policy, says: str
) -> None:
    """R7, R8, D17: by the reason why there is none; nothing else is said."""
    assert changes(known, "2026-03-05 10:00", under) == [says]


def test_an_open_request_is_the_same_whoever_looks() -> None:
    """The answer depends on the request and the policy alone."""
    again = request(REPORT, organizations=("11",), status=OPEN)
    assert changes(again, "2026-03-02 11:00") == changes(
        EXPERT, "2026-03-02 11:00"
    )
