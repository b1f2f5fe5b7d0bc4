"""What a request should show: fields, notes once, escalation once, and what is settled stays (R10, D9-D13)."""

from dataclasses import replace
from datetime import date

import pytest

from jsm_sla_bot.plan.change import PriorityChange, Shown
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE
from jsm_sla_bot.sla.contract import Exclusion, ExclusionBy, Policy, Reopening
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)
from tests.plan.jira import UNTOUCHED, passed, planned, written
from tests.plan.ledgers import with_kept
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    OPEN,
    POLICY,
    RESOLVED,
    answer,
    business,
    entry,
    local,
    moved,
    only,
    organization,
    policy,
    request,
    severity,
    terms,
)

REPORT = "2026-03-02 09:00"  # Knowledge S1: at risk Mon 15:00, due Mon 17:00
RAISED = request(REPORT)
START, AT_RISK, LATE = (
    local(f"2026-03-02 {at}") for at in ("09:01", "15:00", "17:01")
)


def test_the_fields_tell_what_is_owed() -> None:
    """R4, R9: tier, target, due time, status and why, from the first sight on."""
    assert passed(RAISED, START).fields == {
        SlaField.SUPPORT_TIER: "Knowledge",
        SlaField.RESPONSE_DUE: local("2026-03-02 17:00"),
        SlaField.RESPONSE_SLA: "Running",
        SlaField.RESPONSE_TARGET: "8 h, business hours",
        SlaField.ACKNOWLEDGED_AT: None,
        SlaField.SLA_BASIS: "Answer by Mon 2026-03-02 17:00 CET. The clock started Mon 2026-03-02 09:00 CET.",
    }


def test_a_request_without_a_clock_tells_why() -> None:
    """R8: no due time and no target, but a status with its reason."""
    fields = passed(
        request(REPORT, request_type="Feature request"), START
    ).fields
    assert fields[SlaField.RESPONSE_SLA] == "Not applicable"
    assert (
        fields[SlaField.RESPONSE_DUE]
        is fields[SlaField.RESPONSE_TARGET]
        is None
    )
    assert (
        "Not measured: feature request (request type Feature request)"
        in str(fields[SlaField.SLA_BASIS])
    )


def test_the_first_promise_is_kept_with_its_policy() -> None:
    """The first due time told stays beside the present one, with the policy under which each was made."""
    shown = passed(RAISED, START)
    lenient = policy(
        hash="p2",
        organizations={
            "12": organization(
                "12", "Acme Industries", "Knowledge", terms=LENIENT
            )
        },
    )
    later = passed(RAISED, local("2026-03-02 10:00"), shown, lenient)
    assert later.ledger is not None
    assert later.ledger.first_response.promised is not None
    assert (
        later.ledger.first_response.promised.due,
        later.ledger.first_response.promised.policy,
    ) == (
        local("2026-03-02 17:00"),
        "p1",
    )
    assert (
        later.ledger.first_response.due,
        later.ledger.first_response.policy,
    ) == (
        local("2026-03-03 17:00"),
        "p2",
    )


LENIENT = terms(
    "Knowledge",
    targets={
        1: business(16),
        2: business(16),
        3: business(24),
        4: business(40),
    },
)


def test_each_rung_writes_its_note_once() -> None:
    """R10: at risk, then breach; a second pass, a restart or a second replica repeats nothing."""
    shown, notes = UNTOUCHED, []
    for now in (START, START, AT_RISK, AT_RISK, LATE, LATE):
        plan = planned(RAISED, now, shown)
        notes.append(plan.note.markers if plan.note else None)
        shown = written(shown, plan)
    due = "2026-03-02T16:00:00+00:00"
    assert notes == [
        None,
        None,
        (f"R10:at risk:{due}",),
        None,
        (f"R10:breach:{due}",),
        None,
    ]


def test_a_request_first_seen_late_gets_one_note_for_all_rungs() -> None:
    """D13: that rung's fields, and one note, never a burst."""
    plan = planned(RAISED, LATE)
    assert plan.note is not None
    assert [marker.split(":")[1] for marker in plan.note.markers] == [
        "breach",
        "at risk",
    ]
    assert plan.note.paragraphs[0].startswith(
        "Breached: the first response was due Mon 2026-03-02 17:00 CET"
    )
    shown = written(UNTOUCHED, plan)
    assert shown.ledger is not None
    assert shown.ledger.first_response.rungs == ("at risk", "breach")
    assert not planned(RAISED, LATE, shown)


def test_a_breach_escalates_once() -> None:
    """R10: the highest priority, and the transition where one is configured; lowered by a person, it stays lowered."""
    plan = planned(RAISED, LATE, escalation_status="Escalated")
    assert (plan.priority, plan.transition_to) == (
        PriorityChange("3", "1"),
        "Escalated",
    )
    shown = replace(
        written(UNTOUCHED, plan), priority="3", status="Waiting for support"
    )
    assert not planned(RAISED, LATE, shown, escalation_status="Escalated")


def refused(shown: Shown) -> Shown:
    """Return the breached request as it is where the site has taken all but the priority."""
    assert shown.ledger
    return replace(
        shown, priority="3", ledger=with_kept(shown.ledger, owes_priority=True)
    )


def test_a_priority_that_was_refused_is_owed() -> None:
    """R10: it is tried again, without a second transition or note, and cleared once it is written."""
    shown = refused(passed(RAISED, LATE))
    plan = planned(RAISED, LATE, shown, escalation_status="Escalated")
    assert (plan.priority, plan.transition_to, plan.note) == (
        PriorityChange("3", "1"),
        None,
        None,
    )
    after = written(shown, plan)
    assert after.ledger
    assert not after.ledger.owes_priority
    assert not planned(RAISED, LATE, replace(after, priority="3"))


def test_a_priority_that_a_person_has_raised_is_owed_no_more() -> None:
    """Only the ledger is written, and a person who lowers it afterwards wins."""
    plan = planned(
        RAISED, LATE, replace(refused(passed(RAISED, LATE)), priority="1")
    )
    assert (plan.priority, plan.fields) == (None, ())
    assert plan.ledger
    assert not plan.ledger.owes_priority


def test_where_priorities_are_unknown_it_stays_owed() -> None:
    """What is the highest may be known again at the next look."""
    assert not planned(
        RAISED,
        LATE,
        replace(refused(passed(RAISED, LATE)), highest_priority=None),
    )


def test_an_answer_ends_what_is_owed() -> None:
    """R10: what is answered is not escalated any more."""
    shown = refused(passed(RAISED, LATE))
    answered = request(REPORT, answer("2026-03-02 17:30"))
    plan = planned(answered, local("2026-03-02 17:31"), shown)
    assert plan.fields
    assert plan.priority is None
    assert not planned(
        answered, local("2026-03-02 18:00"), written(shown, plan)
    )


def test_a_due_time_that_moves_later_ends_what_is_owed() -> None:
    """R10: the escalation of the earlier due time is forgotten altogether."""
    shown = passed(
        lowered(), local("2026-03-02 17:31"), refused(passed(RAISED, LATE))
    )
    assert shown.ledger
    assert (shown.ledger.owes_priority, shown.priority) == (False, "3")


def test_a_rung_belongs_to_its_part_of_the_note() -> None:
    """R10: its paragraphs, its markers and the rungs that they tell of; a flag beside it confirms none."""
    note = planned(
        request(REPORT, severity=None), local("2026-03-20 12:00")
    ).note
    assert note
    assert [part.rungs for part in note.parts] == [("at risk", "breach"), ()]
    rung, flag = note.parts
    assert note.unsaid_rungs(rung.markers) == set()
    assert (
        note.unsaid_rungs(flag.markers)
        == note.unsaid_rungs(rung.markers[:1])
        == {(FIRST_RESPONSE, "at risk"), (FIRST_RESPONSE, "breach")}
    )


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (replace(UNTOUCHED, priority="1"), None),
        (replace(UNTOUCHED, highest_priority=None), None),
        (replace(UNTOUCHED, status="ESCALATED", priority="1"), "Escalated"),
    ],
    ids=["has the highest", "unknown priorities", "is there already"],
)
def test_what_is_escalated_already_is_left_alone(
    shown: Shown, status: str | None
) -> None:
    """R10: no change is written that changes nothing."""
    plan = planned(RAISED, LATE, shown, escalation_status=status)
    assert (plan.priority, plan.transition_to) == (None, None)


def test_at_risk_does_not_escalate() -> None:
    """R10: only the rungs that say so."""
    plan = planned(RAISED, AT_RISK, escalation_status="Escalated")
    assert (plan.priority, plan.transition_to) == (None, None)


def lowered() -> RequestSnapshot:
    """Return the request with its severity lowered after the breach: due later."""
    return request(REPORT, severity("2026-03-02 17:30", 1, 3), severity=3)


def test_a_due_time_that_moves_later_re_arms_the_rungs() -> None:
    """R10: its rungs act again, each once, and so does the escalation."""
    shown = passed(RAISED, LATE)
    shown = replace(
        passed(lowered(), local("2026-03-02 17:31"), shown), priority="3"
    )
    assert shown.ledger is not None
    assert (
        shown.ledger.first_response.rungs,
        shown.ledger.first_response.escalated,
    ) == ((), False)
    assert shown.ledger.first_response.due == local("2026-03-04 17:00")
    plan = planned(lowered(), local("2026-03-04 17:01"), shown)
    assert plan.note is not None
    assert len(plan.note.markers) == 2
    assert plan.priority == PriorityChange("3", "1")


def test_a_due_time_that_moves_earlier_repeats_no_rung() -> None:
    """R10: what was said of the later due time need not be said again of an earlier one."""
    calm = request(REPORT, severity=3)  # at risk Wed 11:00, due Wed 17:00
    shown = passed(calm, local("2026-03-04 11:00"))
    raised = request(REPORT, severity("2026-03-04 11:30", 3, 1))
    assert planned(raised, local("2026-03-04 11:31"), shown).note is None
    hurried = passed(
        request(REPORT, severity=2), local("2026-03-03 12:00")
    )  # at risk Tue 13:00, due Tue 17:00
    assert hurried.ledger is not None
    assert hurried.ledger.first_response.rungs == ()


def test_a_note_that_stands_already_is_not_repeated() -> None:
    """A ledger that lost its rungs, but not its notes, says nothing twice."""
    shown = passed(RAISED, LATE)
    assert shown.ledger is not None
    forgetful = replace(shown, ledger=with_kept(shown.ledger, rungs=()))
    assert planned(RAISED, LATE, forgetful).note is None
    half = replace(
        shown,
        ledger=replace(
            with_kept(shown.ledger, rungs=()),
            notes={"R10:at risk:2026-03-02T16:00:00+00:00": "c0"},
        ),
    )
    note = planned(RAISED, LATE, half).note
    assert note is not None
    assert [marker.split(":")[1] for marker in note.markers] == ["breach"]


FLAGS = [
    (
        "no severity",
        {"severity": None},
        "D10:no_severity",
        "Set the severity: none is set, so S3 counts",
    ),
    (
        "no organization",
        {"organizations": ()},
        "D11:no_organization",
        "the default tier Knowledge counts",
    ),
    (
        "unmapped",
        {"organizations": ("99",)},
        "D11:unmapped_organization:99",
        "Organization 99",
    ),
    (
        "unmapped beside",
        {"organizations": ("11", "99")},
        "D11:unmapped_organization:99",
        "Organization 99",
    ),
    (
        "two unmapped",
        {"organizations": ("98", "99")},
        "D11:unmapped_organization:98,99",
        "Organization 98 is not in organizations.yaml",
    ),
    (
        "not entitled",
        {"organizations": ("15",)},
        "R7:not_entitled:15",
        "support is suspended",
    ),
]


@pytest.mark.parametrize(
    ("given", "marker", "says"),
    [case[1:] for case in FLAGS],
    ids=[case[0] for case in FLAGS],
)
def test_what_is_to_be_put_right_is_said_once(
    given: dict[str, object], marker: str, says: str
) -> None:
    """D10, D11, R7: one internal note, and none again."""
    raised = request(REPORT, **given)
    plan = planned(raised, START)
    assert plan.note is not None
    assert plan.note.markers == (marker,)
    assert says in " ".join(plan.note.paragraphs)
    assert not planned(
        raised, local("2026-03-02 09:30"), written(UNTOUCHED, plan)
    )


def test_everything_unsaid_is_one_note() -> None:
    """D13: rungs and flags together."""
    plan = planned(
        request(REPORT, organizations=(), severity=None),
        local("2026-03-20 12:00"),
    )
    assert plan.note is not None
    assert [marker.split(":")[0] for marker in plan.note.markers] == [
        "R10",
        "R10",
        "D10",
        "D11",
    ]


def test_an_answered_request_gets_no_note() -> None:
    """R10: what was answered late is told in the fields."""
    plan = planned(
        request(REPORT, answer("2026-03-05 10:00"), severity=None),
        local("2026-03-05 10:01"),
    )
    assert (plan.note, plan.priority) == (None, None)
    assert {
        change.new
        for change in plan.fields
        if change.field is SlaField.RESPONSE_SLA
    } == {"Met late"}


ANSWERED = request(REPORT, answer("2026-03-02 10:00"))
NOON = local("2026-03-02 12:00")
STRICT = policy(
    hash="p2",
    organizations={
        "12": organization(
            "12",
            "Acme",
            "Expert",
            terms=terms("Expert", targets={1: business(0.5)}),
        )
    },
)
LATER_POLICIES = [
    ("another target", STRICT),
    (
        "not entitled",
        policy(
            hash="p2",
            organizations={
                "12": organization("12", "Acme", "Expert", suspended=True)
            },
        ),
    ),
    (
        "lapsed",
        policy(
            hash="p2",
            organizations={
                "12": organization(
                    "12", "A", "Expert", valid_until=date(2026, 1, 1)
                )
            },
        ),
    ),
    (
        "excluded",
        policy(
            hash="p2",
            exclusions=(Exclusion(ExclusionBy.ORGANIZATION, "12", "own SLA"),),
        ),
    ),
]


@pytest.mark.parametrize(
    "under",
    [case[1] for case in LATER_POLICIES],
    ids=[case[0] for case in LATER_POLICIES],
)
@pytest.mark.parametrize(
    ("known", "status"),
    [
        (ANSWERED, "Met"),
        (
            request(
                REPORT,
                moved("2026-03-02 10:00", CLOSED, role=Role.CUSTOMER),
                status=CLOSED,
            ),
            "Not applicable",
        ),
    ],
    ids=["answered", "withdrawn"],
)
def test_what_is_settled_is_never_judged_by_a_later_policy(
    under: Policy, known: RequestSnapshot, status: str
) -> None:
    """D9: acknowledged or closed, it keeps what it was settled with."""
    shown = passed(known, NOON)
    assert shown.fields[SlaField.RESPONSE_SLA] == status
    assert not planned(known, local("2026-03-04 12:00"), shown, under)


def test_what_is_settled_needs_no_history_to_stay_so() -> None:
    """The history of an answered request is not read again: the ledger is believed."""
    shown = passed(ANSWERED, NOON)
    assert not planned(
        replace(ANSWERED, history=()), local("2026-03-09 12:00"), shown
    )
    assert not planned(
        replace(ANSWERED, history=(), status=RESOLVED),
        local("2026-03-09 12:00"),
        shown,
    )


AFTERWARDS: list[tuple[str, HistoryEntry, dict[str, object], str]] = [
    (
        "declined",
        moved("2026-03-02 13:00", DECLINED),
        {"status": DECLINED},
        "Not applicable",
    ),
    (
        "labelled",
        entry(
            "2026-03-02 13:00",
            Deed.LABELS,
            frozenset({"outside-the-service"}),
            frozenset(),
        ),
        {"labels": frozenset({"outside-the-service"})},
        "Not applicable",
    ),
    ("closed", moved("2026-03-02 13:00", CLOSED), {"status": CLOSED}, "Met"),
    ("lowered", severity("2026-03-02 13:00", 1, 4), {"severity": 4}, "Met"),
]


@pytest.mark.parametrize(
    ("deed", "given", "status"),
    [case[1:] for case in AFTERWARDS],
    ids=[case[0] for case in AFTERWARDS],
)
def test_what_happens_on_the_request_afterwards_counts(
    deed: HistoryEntry, given: dict[str, object], status: str
) -> None:
    """R8, D9: declining or labelling an answered request takes it out, with its history known or not, and only once."""
    shown = passed(ANSWERED, NOON)
    known = request(REPORT, *ANSWERED.history, deed, **given)
    for seen_again in (known, replace(known, history=())):
        after = passed(seen_again, local("2026-03-02 14:00"), shown)
        assert after.fields[SlaField.RESPONSE_SLA] == status
        assert not planned(seen_again, local("2026-03-02 15:00"), after)


def test_a_label_under_a_later_policy_re_judges_nothing() -> None:
    """An exclusion that is new in the policy is that policy's, not the request's."""
    known = request(
        REPORT, answer("2026-03-02 10:00"), labels=frozenset({"beta"})
    )
    shown = passed(known, NOON)
    under = policy(
        hash="p2", exclusions=(Exclusion(ExclusionBy.LABEL, "beta", "beta"),)
    )
    assert not planned(known, NOON, shown, under)


def test_a_withdrawn_request_that_is_reopened_runs_again() -> None:
    """D14, D17: closed by the customer it was not applicable; open again it is owed an answer."""
    withdrawn = moved("2026-03-02 10:00", CLOSED, role=Role.CUSTOMER)
    shown = passed(request(REPORT, withdrawn, status=CLOSED), NOON)
    reopened = moved("2026-03-02 13:00", OPEN, CLOSED, Role.CUSTOMER)
    running = passed(
        request(REPORT, withdrawn, reopened), local("2026-03-02 14:00"), shown
    )
    assert running.fields[SlaField.RESPONSE_SLA] == "Running"
    assert running.ledger is not None
    assert running.ledger.first_response.settled is None
    resolved = moved("2026-03-02 15:00", RESOLVED)
    known = request(REPORT, withdrawn, reopened, resolved, status=RESOLVED)
    assert (
        passed(known, local("2026-03-02 16:00"), running).fields[
            SlaField.RESPONSE_SLA
        ]
        == "Met"
    )
    assert (
        passed(known, local("2026-03-02 16:00"), shown).fields[
            SlaField.RESPONSE_SLA
        ]
        == "Met"
    )


def test_a_new_clock_replaces_what_was_settled() -> None:
    """D14: `reopen: restart`, answered, reopened, answered again, withdrawn."""
    under = only(reopen=Reopening.RESTART)
    history = [answer("2026-03-02 10:00"), moved("2026-03-02 11:00", CLOSED)]
    statuses, shown = [], UNTOUCHED
    for more, present in (
        ((), CLOSED),
        ((moved("2026-03-03 10:00", OPEN, CLOSED, Role.CUSTOMER),), OPEN),
        ((answer("2026-03-03 11:00"),), OPEN),
        ((moved("2026-03-03 12:00", CLOSED),), CLOSED),
        ((moved("2026-03-04 10:00", OPEN, CLOSED, Role.CUSTOMER),), OPEN),
        ((moved("2026-03-04 11:00", CLOSED, role=Role.CUSTOMER),), CLOSED),
    ):
        history += more
        known = request(REPORT, *history, organizations=("1",), status=present)
        shown = passed(known, history[-1].at, shown, under)
        statuses.append(shown.fields[SlaField.RESPONSE_SLA])
        assert not planned(known, history[-1].at, shown, under)
    assert statuses == [
        "Met",
        "Running",
        "Met",
        "Met",
        "Running",
        "Not applicable",
    ]


def test_a_waiting_request_shows_that_its_clock_stands_still() -> None:
    """D7, R12: paused, and its due time is written when it runs again."""
    waiting = Status("Waiting for customer")
    under = only(pauses_in=frozenset({"waiting for customer"}))
    known = request(
        REPORT,
        moved("2026-03-02 10:00", waiting),
        organizations=("1",),
        status=waiting,
    )
    shown = passed(known, local("2026-03-05 12:00"), under=under)
    assert shown.fields[SlaField.RESPONSE_SLA] == "Paused"
    back = moved("2026-03-05 13:00", OPEN, waiting)
    running = passed(
        request(REPORT, *known.history, back, organizations=("1",)),
        local("2026-03-05 13:00"),
        shown,
        under,
    )
    assert running.fields[SlaField.RESPONSE_DUE] == local("2026-03-06 12:00")


def test_a_policy_of_another_name_alone_writes_nothing() -> None:
    """Level-based: only what people see differently is written."""
    for known in (
        RAISED,
        request(REPORT, request_type="Feature request"),
        request(REPORT, organizations=("15",)),
    ):
        shown = passed(known, START)
        assert not planned(
            known, local("2026-03-02 10:00"), shown, replace(POLICY, hash="p2")
        )
