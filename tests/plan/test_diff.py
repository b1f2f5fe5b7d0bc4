"""Only what differs is written, and after it nothing does."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.change import Plan, Shown
from jsm_sla_bot.plan.desired import desire
from jsm_sla_bot.plan.diff import diff, same
from jsm_sla_bot.plan.fields import BY_NAME, FieldValue, SlaField
from jsm_sla_bot.plan.markers import public_marker
from jsm_sla_bot.plan.note import Note, Part
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.request import RequestSnapshot
from tests.plan.jira import NOTHING, UNTOUCHED, passed, planned, written
from tests.sla.contract import (
    POLICY,
    STOCKHOLM,
    answer,
    business,
    local,
    organization,
    policy,
    request,
    severity,
    terms,
)
from tests.sla.test_properties import (
    POLICIES,
    REPORTED,
    minutes,
    policies,
    requests,
)

REPORT = "2026-03-02 09:00"
RAISED = request(REPORT)
NOW = local("2026-03-02 10:00")
DUE = local("2026-03-02 17:00")
MILLISECOND = timedelta(milliseconds=1)


@given(requests(), policies, minutes)
def test_after_a_plan_was_written_there_is_nothing_to_write(
    known: RequestSnapshot, under: str, now: datetime
) -> None:
    """Whatever happened to a request: one pass, and Jira says so."""
    shown = passed(known, now, under=POLICIES[under])
    assert not planned(known, now, shown, POLICIES[under])


@given(requests(), policies, st.lists(minutes, min_size=2, max_size=5))
def test_passes_at_any_times_repeat_no_note(
    known: RequestSnapshot, under: str, times: list[datetime]
) -> None:
    """R10: level-based, a marker is posted once, however often and when a pass comes by."""
    shown = UNTOUCHED
    markers: list[str] = []
    for now in sorted(times):
        plan = planned(known, max(now, REPORTED), shown, POLICIES[under])
        markers += plan.note.markers if plan.note else []
        shown = written(shown, plan)
    assert len(markers) == len(set(markers))


SAME: list[tuple[str, FieldValue, FieldValue, datetime | None, bool]] = [
    ("nothing and nothing", None, None, None, True),
    ("nothing and an empty text", "", None, None, True),
    ("a text and nothing", "x", None, None, False),
    ("spaces", " Expert \n Partner", "Expert Partner", None, True),
    ("another text", "Expert", "Expert Partner", None, False),
    ("the same instant", DUE, DUE, None, True),
    ("cut to the second", DUE, DUE + 999 * MILLISECOND, None, True),
    ("a second off", DUE, DUE + 1000 * MILLISECOND, None, False),
    (
        "cut to the minute, as written",
        DUE,
        DUE + timedelta(seconds=59),
        DUE + timedelta(seconds=59),
        True,
    ),
    (
        "cut to the minute, not as written",
        DUE,
        DUE + timedelta(seconds=59),
        DUE,
        False,
    ),
    (
        "a minute off, as written",
        DUE,
        DUE + timedelta(seconds=60),
        DUE + timedelta(seconds=60),
        False,
    ),
    ("an instant and nothing", DUE, None, None, False),
    ("a text for an instant", "soon", DUE, None, False),
]


@pytest.mark.parametrize(
    ("shown", "wanted", "wrote", "equal"),
    [case[1:] for case in SAME],
    ids=[case[0] for case in SAME],
)
def test_rounding_and_spacing_by_the_server_are_no_difference(
    shown: FieldValue,
    wanted: FieldValue,
    wrote: datetime | None,
    equal: bool,
) -> None:
    """An instant that we wrote may come back cut to the minute; any other is compared to the second."""
    assert same(shown, wanted, wrote) is equal


def rounded(shown: Shown) -> Shown:
    """Return what a server shows that keeps minutes and puts a space behind every text."""
    fields: dict[SlaField, FieldValue] = {
        name: value.replace(second=0, microsecond=0)
        if isinstance(value, datetime)
        else f"{value} "
        if value
        else value
        for name, value in shown.fields.items()
    }
    return replace(shown, fields=fields)


@pytest.mark.parametrize(
    "known",
    [
        request("2026-03-02 09:00:29.123"),
        request(REPORT, answer("2026-03-02 09:30:45.678")),
    ],
    ids=["running", "answered"],
)
def test_a_server_that_rounds_is_not_written_to_again(
    known: RequestSnapshot,
) -> None:
    """Both instants, the due one and that of the answer."""
    shown = passed(known, NOW)
    assert not planned(known, NOW, rounded(shown))
    assert planned(known, NOW, replace(rounded(shown), ledger=None)).fields


def test_a_field_that_the_site_does_not_have_is_never_written() -> None:
    """A missing key is no empty field."""
    bare = Shown({SlaField.RESPONSE_SLA: None})
    assert [change.field for change in planned(RAISED, NOW, bare).fields] == [
        SlaField.RESPONSE_SLA
    ]


def test_what_a_person_overwrote_is_put_right() -> None:
    """Level-based: the field says what the contract says."""
    shown = passed(RAISED, NOW)
    meddled = replace(
        shown, fields={**shown.fields, SlaField.RESPONSE_SLA: "Met"}
    )
    plan = planned(RAISED, NOW, meddled)
    assert [(change.old, change.new) for change in plan.fields] == [
        ("Met", "Running")
    ]
    assert (plan.ledger, plan.had, plan.note) == (None, shown.ledger, None)


def test_a_request_taken_out_by_a_person_is_left_alone() -> None:
    """The label for it stops everything."""
    plan = planned(
        RAISED, local("2026-03-09 10:00"), replace(UNTOUCHED, ignored=True)
    )
    assert plan == Plan("10001", "SUP-1")
    assert not plan


def other(**changes: Any) -> Any:
    """Return a later policy under which the same request is due later."""
    lenient = terms(targets={1: business(16)})
    given = {
        "organizations": {
            "12": organization(
                "12", "Acme Industries", "Knowledge", terms=lenient
            )
        },
        **changes,
    }
    return policy(hash="p2", **given)


def renamed() -> Any:
    """Return a later policy that calls the tier by another name."""
    return policy(
        hash="p2",
        organizations={"12": organization("12", "Acme Industries", "Basic")},
    )


REWRITES = [
    ("first seen", RAISED, None, POLICY, False),
    ("nothing moves", RAISED, RAISED, POLICY, False),
    (
        "moved by an event",
        request(REPORT, severity("2026-03-02 09:30", 1, 3), severity=3),
        RAISED,
        POLICY,
        False,
    ),
    ("moved by a policy", RAISED, RAISED, other(), True),
    (
        "taken back by a policy",
        RAISED,
        RAISED,
        other(
            organizations={
                "12": organization("12", "A", "Knowledge", suspended=True)
            }
        ),
        True,
    ),
    (
        "taken back by an event",
        replace(RAISED, labels=frozenset({"outside-the-service"})),
        RAISED,
        POLICY,
        False,
    ),
    (
        "another tier by a policy, due as before",
        RAISED,
        RAISED,
        renamed(),
        True,
    ),
    (
        "another tier by an event, due as before",
        replace(RAISED, organizations=("13",)),
        RAISED,
        POLICY,
        False,
    ),
    (
        "another policy, same answer",
        RAISED,
        RAISED,
        replace(POLICY, hash="p2"),
        False,
    ),
]


@pytest.mark.parametrize(
    ("known", "before", "under", "rewrites"),
    [case[1:] for case in REWRITES],
    ids=[case[0] for case in REWRITES],
)
def test_only_what_a_policy_changes_of_a_promise_counts_against_the_budget(
    known: RequestSnapshot,
    before: RequestSnapshot | None,
    under: Any,
    rewrites: bool,
) -> None:
    """What happens on a request is the daily work; a typo in a policy is not."""
    shown = (
        passed(before, local("2026-03-02 09:15")) if before else Shown(NOTHING)
    )
    plan = planned(known, NOW, shown, under)
    assert plan.rewrites is rewrites
    assert not planned(known, NOW, written(shown, plan), under)


@pytest.mark.parametrize(
    ("before", "hash_", "rewrites"),
    [
        pytest.param(RAISED, "p2", True, id="by another policy"),
        pytest.param(RAISED, POLICY.hash, False, id="by the same one"),
        pytest.param(None, "p2", False, id="on a request first seen"),
    ],
)
def test_what_a_policy_alone_lets_the_customer_read_counts_too(
    before: RequestSnapshot | None, hash_: str, rewrites: bool
) -> None:
    """D12: a kind that was turned on is no daily work, whoever was at work before."""
    shown = passed(before, NOW) if before else Shown(NOTHING)
    under = Circumstances(hash_, STOCKHOLM, NOW, None, BY_NAME)
    desired = desire(assess(RAISED, POLICY, NOW), shown, under)
    marker = public_marker(NoteKind.REGISTERED, "report")
    public = Note((Part((marker,), ("Hello.",)),))
    read = replace(desired, policy=hash_, public=public)
    assert diff(("1", "SUP-1"), read, shown, under).rewrites is rewrites
