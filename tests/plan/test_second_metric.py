"""There is room for a second SLA metric: a row for the engine and rows for its fields, and everything else follows.

The toy metric runs from the report until an agent closes the request, by twice the targets of the first response. It is
in no product: passes, journal and Jira's room know nothing of it.
"""

from dataclasses import replace
from datetime import datetime
from typing import cast

from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.change import Plan, Shown
from jsm_sla_bot.plan.fields import (
    BY_NAME,
    FieldKind,
    FieldTable,
    OwnField,
    SlaField,
)
from jsm_sla_bot.plan.finish import Subject, finished
from jsm_sla_bot.plan.ledger_json import to_json
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE
from jsm_sla_bot.sla.clock import Clock
from jsm_sla_bot.sla.contract import Policy, Terms
from jsm_sla_bot.sla.entitlement import Entitlement
from jsm_sla_bot.sla.metric import METRICS, Metric
from jsm_sla_bot.sla.request import Deed, Phase, RequestSnapshot, Role, Status
from tests.plan.jira import UNTOUCHED, written
from tests.sla.contract import POLICY, STOCKHOLM, answer, local, moved, request

TOY = "toy"
TOY_DUE = cast("SlaField", "toy_due")
TOY_SLA = cast("SlaField", "toy_sla")
CLOSED = Status("Closed", Phase.CLOSED)


def until_closed(
    policy: Policy, known: RequestSnapshot, found: Entitlement | None
) -> Clock:
    """Start at the report, stop where an agent closes the request."""
    del policy, found
    for entry in known.history:
        is_done = isinstance(entry.after, Status) and entry.after.is_done
        if entry.what is Deed.STATUS and entry.role is Role.AGENT and is_done:
            return Clock(known.reported, entry)
    return Clock(known.reported, None)


def doubled(terms: Terms) -> Terms:
    """Return terms with twice the time."""
    targets = {
        severity: replace(target, goal=2 * target.goal)
        for severity, target in terms.targets.items()
    }
    return replace(terms, targets=targets)


def twice(policy: Policy) -> Policy:
    """Return the policy with twice the time for everybody."""
    organizations = {
        identity: replace(one, terms=doubled(one.terms))
        for identity, one in policy.organizations.items()
    }
    return replace(
        policy,
        default_terms=doubled(policy.default_terms),
        organizations=organizations,
    )


BOTH = (*METRICS, Metric(TOY, until_closed, twice))
TABLE: FieldTable = {
    **BY_NAME,
    TOY_DUE: OwnField(
        TOY_DUE,
        "Toy due",
        FieldKind.INSTANT,
        shows=lambda measured, _: measured.due,
        settled=lambda settled: settled.due,
        written=lambda kept: kept.due,
        is_promise=True,
        metric=TOY,
    ),
    TOY_SLA: OwnField(
        TOY_SLA,
        "Toy SLA",
        FieldKind.WORDS,
        shows=lambda measured, _: str(measured.status),
        settled=lambda settled: settled.status,
        metric=TOY,
    ),
}
BARE = replace(UNTOUCHED, fields=dict.fromkeys(TABLE))
REPORT = "2026-03-02 09:00"
RAISED = request(REPORT)
ANSWERED = request(REPORT, answer("2026-03-02 10:00"))
FIRST_DUE = local("2026-03-02 17:00")
SECOND_DUE = local("2026-03-03 17:00")


def planned(raised: RequestSnapshot, at: str, shown: Shown) -> Plan:
    """Plan one pass over one request, measured by both."""
    now = local(at)
    under = Circumstances(POLICY.hash, STOCKHOLM, now, "Escalated", TABLE)
    assessment = assess(raised, POLICY, now, BOTH)
    subject = Subject("10001", raised.key, raised.reported)
    return finished(subject, assessment, shown, under).plan


def passed(raised: RequestSnapshot, at: str, shown: Shown) -> Shown:
    """Return what Jira shows after a pass; a second one finds nothing to write."""
    after = written(shown, planned(raised, at, shown))
    assert not planned(raised, at, after)
    return after


def rungs_and_outcome(
    shown: Shown, metric: str
) -> tuple[tuple[str, ...], str | None]:
    """Return what the ledger keeps of a metric."""
    assert shown.ledger
    kept = shown.ledger.of(metric)
    return kept.rungs, kept.settled.status if kept.settled else None


def test_each_metric_has_fields_and_a_ledger_of_its_own() -> None:
    """Due times, promises and fingerprints stand next to each other."""
    shown = passed(RAISED, "2026-03-02 09:30", BARE)
    assert shown.ledger
    fields = shown.fields
    assert (fields[SlaField.RESPONSE_DUE], fields[TOY_DUE]) == (
        FIRST_DUE,
        SECOND_DUE,
    )
    assert (fields[SlaField.RESPONSE_SLA], fields[TOY_SLA]) == (
        "Running",
        "Running",
    )
    kept = to_json(shown.ledger)["metrics"]
    promised = {name: one["promised"]["due"] for name, one in kept.items()}
    assert {
        name: datetime.fromisoformat(due) for name, due in promised.items()
    } == {
        FIRST_RESPONSE: FIRST_DUE,
        TOY: SECOND_DUE,
    }
    assert {"response_due", "toy_due"} <= shown.ledger.written.keys()


def test_one_metric_goes_on_after_the_other_has_ended() -> None:
    """The answer settles the first response; the rungs of the other are announced under markers of their own."""
    shown = passed(RAISED, "2026-03-02 09:30", BARE)
    shown = passed(ANSWERED, "2026-03-02 10:30", shown)
    assert rungs_and_outcome(shown, FIRST_RESPONSE) == ((), "Met")
    assert rungs_and_outcome(shown, TOY) == ((), None)
    late = planned(ANSWERED, "2026-03-04 09:00", shown)
    assert late.note
    assert late.note.markers == (
        f"R10.toy:breach:{SECOND_DUE.isoformat()}",
        f"R10.toy:at risk:{SECOND_DUE.isoformat()}",
    )
    assert late.transition_to == "Escalated"
    assert late.escalating == {TOY}
    shown = passed(ANSWERED, "2026-03-04 09:00", shown)
    assert rungs_and_outcome(shown, FIRST_RESPONSE) == ((), "Met")
    assert rungs_and_outcome(shown, TOY) == (("at risk", "breach"), None)
    closed = request(
        REPORT,
        answer("2026-03-02 10:00"),
        moved("2026-03-04 10:00", CLOSED),
        status=CLOSED,
    )
    shown = passed(closed, "2026-03-04 11:00", shown)
    assert rungs_and_outcome(shown, FIRST_RESPONSE)[1] == "Met"
    assert rungs_and_outcome(shown, TOY)[1] == "Met late"
    assert shown.fields[TOY_SLA] == "Met late"


def test_both_are_announced_in_one_note() -> None:
    """D13: never a burst, and each rung counts for its own metric."""
    shown = passed(RAISED, "2026-03-02 09:30", BARE)
    plan = planned(RAISED, "2026-03-04 09:00", shown)
    assert plan.note
    assert [part.metric for part in plan.note.parts] == [FIRST_RESPONSE, TOY]
    first, second = plan.note.parts
    half = plan.confirmed_ledger(
        dict.fromkeys(first.markers, "1"), is_escalated=True
    )
    assert half
    assert half.of(FIRST_RESPONSE).rungs == ("at risk", "breach")
    assert half.of(TOY).rungs == ()
    assert second.markers == plan.note.markers[2:]


def test_an_escalation_that_failed_stays_open_for_those_that_asked() -> None:
    """What one metric has escalated already is not undone by the failure of another's."""
    shown = passed(RAISED, "2026-03-02 09:30", BARE)
    shown = passed(RAISED, "2026-03-02 18:00", shown)
    shown = replace(shown, status="Waiting for support")
    plan = planned(RAISED, "2026-03-04 09:00", shown)
    assert plan.escalating == {TOY}
    left = plan.confirmed_ledger({}, is_escalated=False)
    assert left
    assert left.of(FIRST_RESPONSE).escalated
    assert not left.of(TOY).escalated


def test_the_first_response_is_the_same_with_and_without_it() -> None:
    """Strings that stand on desks, fields and ledger do not depend on how many metrics there are."""
    alone = assess(RAISED, POLICY, local("2026-03-02 18:00"))
    both = assess(RAISED, POLICY, local("2026-03-02 18:00"), BOTH)
    assert alone.first_response == both.first_response
    assert alone.metrics.keys() == {FIRST_RESPONSE}
    plan = planned(RAISED, "2026-03-02 18:00", BARE)
    assert plan.note
    assert plan.note.parts[0].markers == (
        f"R10:breach:{FIRST_DUE.isoformat()}",
        f"R10:at risk:{FIRST_DUE.isoformat()}",
    )


def test_time_alone_changes_what_changes_next_by_any_metric() -> None:
    """The agenda holds the earliest instant, and a request is at rest once everything is settled."""
    assessment = assess(ANSWERED, POLICY, local("2026-03-02 11:00"), BOTH)
    assert assessment.first_response.settled
    assert not assessment.settled
    assert assessment.next_change_at == assessment.metrics[TOY].next_change_at
    assert assessment.next_change_at is not None
