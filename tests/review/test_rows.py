"""One request of a review: its class, who decided that it does not count, and what was promised."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jsm_sla_bot.plan.ledger import (
    Ledger,
    MetricLedger,
    Promise,
    Settled,
    ToldEta,
)
from jsm_sla_bot.review.etas import EtaOutcome
from jsm_sla_bot.review.judge import View, judged
from jsm_sla_bot.review.row import Class, Difference, Exclusion, Ground, Record
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    OPEN,
    POLICY,
    RESOLVED,
    STOCKHOLM,
    answer,
    call,
    entry,
    local,
    moved,
    request,
    severity,
)

MONDAY = "2026-03-02 09:00"
LATER = local("2026-03-20 12:00")
VIEW = View(POLICY, STOCKHOLM, LATER)


def by(name: str, one: HistoryEntry) -> HistoryEntry:
    """Return the entry as done by a person of that name."""
    return replace(one, name=name)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (request(MONDAY, answer("2026-03-02 17:00")), Class.MET),
        (request(MONDAY, answer("2026-03-02 17:01")), Class.MET_LATE),
        (request(MONDAY), Class.BREACHED),
        (request("2026-03-20 11:00"), Class.RUNNING),
        (request(MONDAY, request_type="Feature request"), Class.EXCLUDED),
        (request(MONDAY, organizations=("15",)), Class.EXCLUDED),
    ],
)
def test_a_request_is_in_one_class(
    raised: RequestSnapshot, kind: Class
) -> None:
    """Knowledge owes S1 a response within 8 business hours."""
    assert judged(Record(raised), VIEW).kind is kind


@pytest.mark.parametrize(
    ("raised", "ground", "decided"),
    [
        (
            request(MONDAY, request_type="Feature request"),
            Ground.NOT_MEASURED,
            "the support policy",
        ),
        (
            request(MONDAY, organizations=("15",)),
            Ground.NOT_ENTITLED,
            "the support agreement",
        ),
        (
            request(
                MONDAY,
                by("Mia", moved("2026-03-03 10:00", DECLINED)),
                status=DECLINED,
            ),
            Ground.DECLINED,
            "Mia",
        ),
        (
            request(
                MONDAY,
                by(
                    "Tomas",
                    entry(
                        "2026-03-03 10:00",
                        Deed.LABELS,
                        frozenset({"outside-the-service", "x"}),
                        frozenset({"x"}),
                    ),
                ),
                labels=frozenset({"outside-the-service", "x"}),
            ),
            Ground.NOT_MEASURED,
            "Tomas",
        ),
        (
            request(MONDAY, labels=frozenset({"outside-the-service"})),
            Ground.NOT_MEASURED,
            "the support policy",
        ),
        (
            request(
                MONDAY,
                by(
                    "Anna",
                    moved("2026-03-02 10:00", CLOSED, role=Role.CUSTOMER),
                ),
                status=CLOSED,
            ),
            Ground.WITHDRAWN,
            "the customer",
        ),
        (
            request(
                MONDAY,
                moved("2026-03-02 10:00", CLOSED, role=Role.AUTOMATION),
                status=CLOSED,
            ),
            Ground.WITHDRAWN,
            "an automation",
        ),
        (
            request(MONDAY, status=CLOSED),
            Ground.WITHDRAWN,
            "not shown by the history",
        ),
    ],
)
def test_an_exclusion_names_its_ground_and_who_decided(
    raised: RequestSnapshot, ground: Ground, decided: str
) -> None:
    """People of the customer are the customer, colleagues are named, and what the YAML says is the policy's."""
    found = judged(Record(raised), VIEW).exclusion
    assert found is not None
    assert (found.ground, found.by) == (ground, decided)
    assert found.reason


def test_who_took_a_label_off_and_on_again_decided_last() -> None:
    """The entry since which the label stands counts."""
    label = frozenset({"outside-the-service"})
    bare: frozenset[str] = frozenset()
    raised = request(
        MONDAY,
        by("Mia", entry("2026-03-03 10:00", Deed.LABELS, label, bare)),
        by("Mia", entry("2026-03-03 11:00", Deed.LABELS, bare, label)),
        by("Tomas", entry("2026-03-03 12:00", Deed.LABELS, label, bare)),
        labels=label,
    )
    found = judged(Record(raised), VIEW).exclusion
    assert found is not None
    assert (found.by, found.at) == ("Tomas", local("2026-03-03 12:00"))


def test_what_happened_after_the_reviews_instant_does_not_count() -> None:
    """As of Monday noon nobody had answered, whatever came later."""
    raised = request(
        MONDAY,
        answer("2026-03-02 13:00"),
        moved("2026-03-02 14:00", CLOSED),
        status=CLOSED,
    )
    noon = View(POLICY, STOCKHOLM, local("2026-03-02 12:00"))
    row = judged(Record(raised), noon)
    assert row.kind is Class.RUNNING
    assert row.is_open


def test_the_response_counts_on_the_targets_own_clock() -> None:
    """From Monday 16:00 to Tuesday 10:00 two business hours pass; round the clock after a call it is 18 hours."""
    business = request("2026-03-02 16:00", answer("2026-03-03 10:00"))
    assert judged(Record(business), VIEW).response == timedelta(hours=2)
    phoned = request(
        "2026-03-02 16:00",
        call("2026-03-02 16:00"),
        answer("2026-03-03 10:00"),
        organizations=("11",),
    )
    row = judged(Record(phoned), VIEW)
    assert row.response == timedelta(hours=18)
    assert row.late == timedelta(hours=16)
    assert row.called


def test_an_answer_before_the_opening_took_no_time() -> None:
    """The clock had not started."""
    early = request("2026-03-07 12:00", answer("2026-03-08 12:00"))
    assert judged(Record(early), VIEW).response == timedelta(0)


def kept(settled: Settled, due: str = "2026-03-02 17:00") -> Ledger:
    """Return the ledger of a request that was promised that due time and settled so."""
    promise = Promise(local(due), "8 h, business hours", "Knowledge", 1, "p0")
    one = MetricLedger(promise, local(due), "p0", settled=settled)
    return Ledger().with_metric(FIRST_RESPONSE, one)


MET = Settled(
    status="Met",
    tier="Gold",
    target="10 h, business hours",
    basis="Acknowledged by Mia.",
    due=local("2026-03-03 11:00"),
    acknowledged_at=local("2026-03-03 10:00"),
    policy="p0",
    at=local("2026-03-03 10:01"),
)


def test_what_was_settled_stands_and_the_difference_is_listed() -> None:
    """Met under the policy of its time; the present one would call it late."""
    raised = request(MONDAY, answer("2026-03-03 10:00"))
    row = judged(Record(raised, kept(MET)), VIEW)
    assert row.kind is Class.MET
    assert (row.tier, row.target) == ("Gold", "10 h, business hours")
    assert row.due == local("2026-03-03 11:00")
    assert row.recomputed_due == local("2026-03-02 17:00")
    assert row.promised_due == local("2026-03-02 17:00")
    assert row.differences == (
        Difference("status", "Met", "Met late"),
        Difference(
            "due time", "Tue 2026-03-03 11:00 CET", "Mon 2026-03-02 17:00 CET"
        ),
    )


def test_what_was_settled_later_is_not_known_yet() -> None:
    """As of a minute before it was settled the history alone decides."""
    raised = request(MONDAY, answer("2026-03-03 10:00"))
    before = View(POLICY, STOCKHOLM, local("2026-03-03 10:00"))
    row = judged(Record(raised, kept(MET)), before)
    assert row.kind is Class.MET_LATE


def test_a_promise_of_another_policy_is_compared() -> None:
    """Promised until Monday 16:00 under the policy before; now it is 17:00."""
    raised = request(MONDAY)
    promise = Promise(
        local("2026-03-02 16:00"), "7 h, business hours", "Knowledge", 1, "p0"
    )
    ledger = Ledger().with_metric(FIRST_RESPONSE, MetricLedger(promise))
    row = judged(Record(raised, ledger), VIEW)
    assert row.differences == (
        Difference(
            "first promise",
            "Mon 2026-03-02 16:00 CET",
            "Mon 2026-03-02 17:00 CET",
        ),
    )


def test_a_promise_that_the_customer_moved_is_no_difference() -> None:
    """A severity that was corrected moves the due time; the first promise stands next to it."""
    raised = request(MONDAY, severity("2026-03-02 10:00", 3, 1))
    promise = Promise(
        local("2026-03-04 17:00"), "24 h, business hours", "Knowledge", 3, "p1"
    )
    due = local("2026-03-03 10:00")
    one = MetricLedger(promise, due, "p1")
    ledger = Ledger().with_metric(FIRST_RESPONSE, one)
    row = judged(Record(raised, ledger), VIEW)
    assert row.due == due
    assert row.promised_due == local("2026-03-04 17:00")
    assert row.differences == ()


def test_a_due_time_that_the_request_shows_is_compared() -> None:
    """The request shows 12:00, and what the history gives now is 17:00."""
    one = MetricLedger(due=local("2026-03-02 12:00"), policy="p1")
    ledger = Ledger().with_metric(FIRST_RESPONSE, one)
    [difference] = judged(Record(request(MONDAY), ledger), VIEW).differences
    assert difference.what == "due time"


def test_the_etas_that_were_read_by_then_are_listed() -> None:
    """In order, without those of later."""
    ledger = Ledger(
        etas=(
            ToldEta("2026-03-10", local("2026-03-03 10:00")),
            ToldEta("2026-03-12", local("2026-03-09 10:00")),
            ToldEta("2026-03-30", local("2026-03-25 10:00")),
        )
    )
    row = judged(Record(request(MONDAY), ledger), VIEW)
    assert row.etas == ("2026-03-10", "2026-03-12")


@pytest.mark.parametrize(
    ("told", "closed", "outcome"),
    [
        (["2026-03-10"], "2026-03-10 17:00", EtaOutcome.KEPT),
        (["2026-03-10"], "2026-03-10 17:01", EtaOutcome.SLIPPED),
        (["2026-03-10", "2026-03-12"], "2026-03-11 09:00", EtaOutcome.SLIPPED),
        (["2026-03-10"], None, EtaOutcome.SLIPPED),
        (["2026-03-25"], None, EtaOutcome.AHEAD),
        (["2026-03-10T12:00:00+00:00"], "2026-03-10 13:00", EtaOutcome.KEPT),
        (
            ["2026-03-10T12:00:00+00:00"],
            "2026-03-10 13:01",
            EtaOutcome.SLIPPED,
        ),
        ([], "2026-03-10 17:00", None),
    ],
)
def test_an_eta_is_kept_where_the_request_closed_by_the_first(
    told: list[str], closed: str | None, outcome: EtaOutcome | None
) -> None:
    """A date means the end of its business hours; a later ETA does not excuse the first."""
    at = local("2026-03-03 10:00")
    ledger = Ledger(etas=tuple(ToldEta(each, at) for each in told))
    raised = request(MONDAY)
    if closed:
        raised = request(MONDAY, moved(closed, RESOLVED), status=RESOLVED)
    assert judged(Record(raised, ledger), VIEW).eta_outcome is outcome


def test_an_eta_is_judged_by_the_last_closing() -> None:
    """Closed in time, opened again, closed too late: the fix did not hold."""
    raised = request(
        MONDAY,
        moved("2026-03-09 10:00", RESOLVED),
        moved("2026-03-09 15:00", OPEN, before=RESOLVED),
        moved("2026-03-11 10:00", RESOLVED),
        status=RESOLVED,
    )
    ledger = Ledger(etas=(ToldEta("2026-03-10", local("2026-03-03 10:00")),))
    row = judged(Record(raised, ledger), VIEW)
    assert row.eta_outcome is EtaOutcome.SLIPPED


def test_a_settlement_that_is_excluded_under_another_policy_says_so() -> None:
    """It was not measured when it was settled; under the present policy it would be."""
    settled = replace(
        MET, status="Not applicable", acknowledged_at=None, due=None
    )
    closed = request(MONDAY, moved("2026-03-03 10:00", CLOSED), status=CLOSED)
    row = judged(Record(closed, kept(settled)), VIEW)
    assert row.kind is Class.EXCLUDED
    assert row.exclusion == Exclusion(
        Ground.NOT_MEASURED,
        "D9",
        "It was settled so under the policy of its time.",
        "the ledger",
    )


def test_who_answered_is_named() -> None:
    """The agent whose deed stopped the clock."""
    raised = request(MONDAY, by("Mia", answer("2026-03-02 11:00")))
    assert judged(Record(raised), VIEW).answered_by == "Mia"


def test_reasons_are_those_for_customers() -> None:
    """Nothing of ours is quoted."""
    row = judged(Record(request(MONDAY, status=OPEN)), VIEW)
    assert "Your support level is Knowledge." in row.reasons
    assert not any("organizations.yaml" in one for one in row.reasons)
