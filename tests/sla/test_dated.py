"""A breach stays where it was dated (D33), whatever is corrected or changed afterwards, in whatever order."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import ClockStarts, SeveralOrganizations
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
    Value,
)
from tests.sla import naive
from tests.sla.contract import (
    OPEN,
    POLICY,
    business,
    call,
    entry,
    local,
    moved,
    organization,
    policy,
    request,
    seen,
    severity,
    terms,
    told,
)

# reported Mon 2026-03-02 09:00 by Knowledge, S3: due Wed 17:00; as an Expert's it would have been due Tue 17:00
REPORT = "2026-03-02 09:00"
CORRECTED = entry("2026-03-04 15:00", Deed.ORGANIZATIONS, ("11",), ("12",))
PRODUCT = entry("2026-03-04 15:05", Deed.PRODUCT, "Appsec Scale", "EASM")
RAISED = severity("2026-03-04 15:10", 3, 2)
DATED = local("2026-03-04 15:00")


def corrected(*history: HistoryEntry, **values: object) -> RequestSnapshot:
    """Return the request whose breach was dated at the correction of its organization."""
    given_ = {
        "severity": 3,
        "organizations": ("11",),
        "product": "EASM",
        **values,
    }
    return request(REPORT, CORRECTED, *history, **given_)


def test_a_severity_raised_after_two_corrections_takes_no_breach_back() -> (
    None
):
    """Organization, product, severity: the breach stays at the first of them."""
    known = corrected(PRODUCT, RAISED, severity=2, product="Appsec Scale")
    assert seen(known, "2026-03-04 15:09").due == DATED
    assert seen(known, "2026-03-05 12:00").due == DATED


AFTERWARDS: dict[str, tuple[Deed, Value, Value]] = {
    "organization": (Deed.ORGANIZATIONS, ("11", "12"), ("11",)),
    "product": (Deed.PRODUCT, "Outscan NX", "EASM"),
    "severity": (Deed.SEVERITY, 1, 3),
    "call": (Deed.CALLED, local("2026-03-02 09:30"), None),
}


@pytest.mark.parametrize("order", list(permutations(AFTERWARDS)), ids="-".join)
def test_whatever_follows_in_whatever_order_leaves_it_there(
    order: tuple[str, ...],
) -> None:
    """Nor does a call that is written down late, though it was made early."""
    history = [
        entry(f"2026-03-04 15:{minute}0", *AFTERWARDS[name])
        for minute, name in enumerate(order, 1)
    ]
    known = corrected(
        *history, severity=1, organizations=("11", "12"), product="Outscan NX"
    )
    for minute in range(5):
        assert seen(known, f"2026-03-04 15:{minute}1").due == DATED


def test_a_change_that_moves_the_due_time_later_moves_the_breach() -> None:
    """The organization was right after all: the Knowledge due time counts again."""
    back = entry("2026-03-04 15:30", Deed.ORGANIZATIONS, ("12",), ("11",))
    known = corrected(back, organizations=("12",))
    assert seen(known, "2026-03-04 16:00").due == local("2026-03-04 17:00")
    assert seen(known, "2026-03-04 16:00").status is SlaStatus.AT_RISK


def test_a_late_word_of_an_early_call_counts_where_nothing_was_dated() -> None:
    """A call counts from when it was made, whenever it was written down."""
    late = call("2026-03-06 22:20", recorded="2026-03-09 10:00")
    known = request("2026-03-06 22:10", late, organizations=("11",))
    assert seen(known, "2026-03-09 10:01").due == local("2026-03-07 00:20")


CALLED = local("2026-03-04 15:30")


MADE = local("2026-03-04 14:00")


@pytest.mark.parametrize(
    ("called", "says"),
    [
        (
            HistoryEntry(CALLED, Role.AGENT, Deed.CALLED, None, CALLED),
            Because.BREACH_DATED_AT_CHANGE,
        ),
        (
            HistoryEntry(DATED, Role.AGENT, Deed.CALLED, None, CALLED),
            Because.BREACH_DATED_AT_CHANGE,
        ),
        (
            HistoryEntry(CALLED, Role.AGENT, Deed.CALLED, None, MADE),
            Because.BREACH_KEPT,
        ),
    ],
    ids=["as it is made", "ahead of it", "written down late"],
)
def test_a_call_that_counts_from_the_report_takes_no_breach_back(
    called: HistoryEntry, says: Because
) -> None:
    """Under `clock_starts: report` a call looks back behind what was corrected before it was made."""
    own = terms(
        "Expert", clock_starts=ClockStarts.REPORT, fallback={1: business(24)}
    )
    patient = organization("1", "Patient AB", "Expert", terms=own)
    under = policy(organizations={**POLICY.organizations, "1": patient})
    to_knowledge = entry(
        "2026-03-04 15:00", Deed.ORGANIZATIONS, ("12",), ("1",)
    )
    known = request(REPORT, to_knowledge, called)
    assert seen(known, "2026-03-04 15:29", under).due == DATED
    assert seen(known, "2026-03-04 15:31", under).due == DATED
    assert says in told(seen(known, "2026-03-05 09:00", under))


def test_a_clock_that_stands_still_again_takes_no_breach_back() -> None:
    """Which of several organizations decided is seen otherwise once one of them waits again: the date stays."""
    waiting = Status("Waiting for customer")
    own = terms(pauses_in=frozenset({"waiting for customer"}))
    pausing = organization("1", "Pausing AB", "Knowledge", terms=own)
    under = policy(
        organizations={**POLICY.organizations, "1": pausing},
        several_organizations=SeveralOrganizations.LATEST_DUE,
    )
    known = request(
        REPORT,
        moved("2026-03-02 10:00", waiting),
        entry("2026-03-05 10:00", Deed.ORGANIZATIONS, ("12",), ("1", "12")),
        moved("2026-03-06 10:00", OPEN, waiting),
        moved("2026-03-09 10:00", waiting),
        severity=3,
        status=waiting,
    )
    dated = seen(known, "2026-03-06 10:01", under).due
    assert dated == local("2026-03-05 10:00")
    assert seen(known, "2026-03-09 10:01", under).due == dated


REPORTED = local(REPORT)
minutes = st.integers(1, 9_000).map(lambda n: REPORTED + timedelta(minutes=n))
VALUES: dict[Deed, st.SearchStrategy[Value]] = {
    Deed.SEVERITY: st.sampled_from([1, 2, 3, 4]),
    Deed.ORGANIZATIONS: st.sampled_from([("11",), ("12",), ("12", "11")]),
    Deed.PRODUCT: st.sampled_from(["Outscan NX", "EASM"]),
}


@st.composite
def changed(draw: st.DrawFn, *, late_calls: bool) -> RequestSnapshot:
    """Draw a request that is corrected, raised, lowered and called about."""
    present = {what: draw(values) for what, values in VALUES.items()}
    history: list[HistoryEntry] = []
    for at in sorted(draw(st.sets(minutes, max_size=7))):
        what = draw(st.sampled_from([*VALUES, Deed.CALLED]))
        if what is Deed.CALLED:
            ago = draw(st.integers(0, 3_000)) if late_calls else 0
            made = max(REPORTED, at - timedelta(minutes=ago))
            history.append(HistoryEntry(at, Role.AGENT, what, None, made))
            continue
        before, present[what] = present[what], draw(VALUES[what])
        history.append(
            HistoryEntry(at, Role.AGENT, what, before, present[what])
        )
    return RequestSnapshot(
        key="SUP-1",
        reported=REPORTED,
        severity=present[Deed.SEVERITY],  # type: ignore[arg-type]
        organizations=present[Deed.ORGANIZATIONS],  # type: ignore[arg-type]
        product=present[Deed.PRODUCT],  # type: ignore[arg-type]
        history=tuple(history),
    )


LATE = REPORTED + timedelta(days=30)


def without(known: RequestSnapshot, dropped: HistoryEntry) -> RequestSnapshot:
    """Return the request before its last event."""
    fields = {
        Deed.SEVERITY: "severity",
        Deed.ORGANIZATIONS: "organizations",
        Deed.PRODUCT: "product",
    }
    undone = {}
    if dropped.what in fields:
        undone[fields[dropped.what]] = dropped.before
    return replace(known, history=known.history[:-1], **undone)  # type: ignore[arg-type]


@settings(max_examples=400)
@given(changed(late_calls=True))
def test_no_event_takes_a_dated_breach_back(known: RequestSnapshot) -> None:
    """Once an event has dated a breach, no later one lets it slip back before that."""
    assume(known.history)
    *_, last = known.history
    before = assess(without(known, last), POLICY, last.at)
    after = assess(known, POLICY, LATE)
    owed = before.owed
    assert owed is not None
    assert after.due is not None
    if owed.ran_out:
        assert after.due >= owed.due
    elif last.what is not Deed.CALLED:
        assert after.due >= min(owed.due, last.at)


@settings(max_examples=400)
@given(changed(late_calls=False))
def test_the_replay_agrees_with_a_naive_one(known: RequestSnapshot) -> None:
    """The same due time, from event to event, by an independent reckoning."""
    calls = [one for one in known.history if one.what is Deed.CALLED]
    assume(len(calls) < 2)
    assert assess(known, POLICY, LATE).due == naive.due(known)


@settings(max_examples=200)
@given(changed(late_calls=True), st.integers(0, 7))
def test_what_was_seen_then_is_what_is_known_then(
    known: RequestSnapshot, number: int
) -> None:
    """An answer as of an instant depends on nothing that happened later."""
    assume(number < len(known.history))
    at: datetime = known.history[number].at
    earlier = known
    for entry_ in reversed(known.history):
        if entry_.at > at:
            earlier = without(earlier, entry_)
    assert assess(known, POLICY, at) == assess(earlier, POLICY, at)
