"""The algebra: what holds for every calendar, every instant, every history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.contract import Reopening, SeveralOrganizations
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Value,
)
from tests.sla.calendars import CALENDARS
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    OPEN,
    POLICY,
    RESOLVED,
    only,
    policy,
)

MILLISECOND = timedelta(milliseconds=1)
FIRST = datetime(2025, 6, 1, tzinfo=UTC)

calendars = st.sampled_from(CALENDARS)
instants = st.integers(0, 40_000_000_000).map(
    lambda number: FIRST + number * MILLISECOND
)
goals = st.integers(0, 720_000_000).map(lambda number: number * MILLISECOND)


@given(calendars, instants, goals)
def test_elapsed_inverts_due(
    calendar: BusinessCalendar, start: datetime, goal: timedelta
) -> None:
    """When a target has run out, exactly its time has passed."""
    assert calendar.elapsed(start, calendar.due(start, goal)) == goal


@given(calendars, instants, instants)
def test_due_inverts_elapsed(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> None:
    """The time that has passed runs out at the instant, or at the closing or opening that it is as good as."""
    assume(start <= end)
    passed = calendar.elapsed(start, end)
    due = calendar.due(start, passed)
    assert calendar.elapsed(min(due, end), max(due, end)) == timedelta(0)
    assert due <= end or passed == timedelta(0)


@given(calendars, instants, instants, instants)
def test_elapsed_adds_up(
    calendar: BusinessCalendar, one: datetime, two: datetime, three: datetime
) -> None:
    """Over any split, in any order."""
    assert calendar.elapsed(one, two) + calendar.elapsed(
        two, three
    ) == calendar.elapsed(one, three)
    assert calendar.elapsed(one, two) == -calendar.elapsed(two, one)


@given(calendars, instants, goals, goals)
def test_due_adds_up(
    calendar: BusinessCalendar, start: datetime, one: timedelta, two: timedelta
) -> None:
    """A target in two parts is due when the whole is."""
    assume(two > timedelta(0))
    assert calendar.due(calendar.due(start, one), two) == calendar.due(
        start, one + two
    )


@given(calendars, instants, instants, goals, goals)
def test_due_is_monotone(
    calendar: BusinessCalendar,
    start: datetime,
    later: datetime,
    goal: timedelta,
    more: timedelta,
) -> None:
    """Starting later or taking longer never ends earlier; nothing ends before it starts."""
    assume(start <= later)
    assert start <= calendar.due(start, goal) <= calendar.due(later, goal)
    assert calendar.due(start, goal) <= calendar.due(start, goal + more)


@given(calendars, instants, instants)
def test_elapsed_is_what_the_stretches_add_up_to(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> None:
    """What `explain` shows is what was counted."""
    assume(start <= end)
    spans = calendar.spans(start, end)
    assert sum(
        (one.closes - one.opens for one in spans), timedelta(0)
    ) == calendar.elapsed(start, end)


REPORTED = datetime(2026, 3, 2, 9, tzinfo=UTC)
minutes = st.integers(0, 12_000).map(
    lambda number: REPORTED + timedelta(minutes=number)
)
severities = st.sampled_from([None, 1, 2, 3, 4])
statuses = st.sampled_from([OPEN, IN_PROGRESS, RESOLVED, CLOSED, DECLINED])
organizations = st.lists(
    st.sampled_from(["11", "12", "14", "15", "18", "99"]), max_size=3
).map(tuple)
products = st.sampled_from([None, "Outscan NX", "EASM", "Abacus"])
VALUES: dict[Deed, st.SearchStrategy[Value]] = {
    Deed.SEVERITY: severities,
    Deed.STATUS: statuses,
    Deed.ORGANIZATIONS: organizations,
    Deed.PRODUCT: products,
    Deed.CALLED: st.none() | minutes,
    Deed.LABELS: st.sampled_from(
        [frozenset(), frozenset({"outside-the-service"})]
    ),
}
POLICIES = {
    "default": POLICY,
    "latest due": policy(
        several_organizations=SeveralOrganizations.LATEST_DUE
    ),
    "restart": replace(
        only("Expert", reopen=Reopening.RESTART),
        default_terms=only(reopen=Reopening.RESTART).default_terms,
    ),
    "pauses": replace(
        POLICY,
        default_terms=replace(
            POLICY.default_terms, pauses_in=frozenset({"in progress"})
        ),
    ),
}
policies = st.sampled_from(sorted(POLICIES))


@st.composite
def requests(draw: st.DrawFn) -> RequestSnapshot:
    """Draw a request with a history that leads to what it shows."""
    present: dict[Deed, Value] = {
        deed: draw(values) for deed, values in VALUES.items()
    }
    present[Deed.CALLED] = None
    history: list[HistoryEntry] = []
    for at in sorted(draw(st.lists(minutes, max_size=9))):
        what, role = (
            draw(st.sampled_from(list(Deed))),
            draw(st.sampled_from(list(Role))),
        )
        before = present.get(what)
        if what in VALUES:
            present[what] = draw(VALUES[what])
        history.append(
            HistoryEntry(
                at, role, what, before, present.get(what), str(len(history))
            )
        )
    return RequestSnapshot(
        key="SUP-1",
        reported=REPORTED,
        severity=present[Deed.SEVERITY],  # type: ignore[arg-type]
        organizations=present[Deed.ORGANIZATIONS],  # type: ignore[arg-type]
        product=present[Deed.PRODUCT],  # type: ignore[arg-type]
        labels=present[Deed.LABELS],  # type: ignore[arg-type]
        status=present[Deed.STATUS],  # type: ignore[arg-type]
        history=tuple(history),
    )


@settings(max_examples=300)
@given(requests(), policies, minutes, st.randoms())
def test_a_history_in_any_order_gives_the_same_answer(
    known: RequestSnapshot, under: str, now: datetime, chance: object
) -> None:
    """Replayed from what happened when, not from how it was told."""
    history = list(known.history)
    assume(len({entry.at for entry in history}) == len(history))
    chance.shuffle(history)  # type: ignore[attr-defined]
    assert assess(
        replace(known, history=tuple(history)), POLICIES[under], now
    ) == assess(known, POLICIES[under], now)


@settings(max_examples=300)
@given(requests(), policies, minutes)
def test_assessing_twice_is_assessing_once(
    known: RequestSnapshot, under: str, now: datetime
) -> None:
    """Nothing is accumulated, nothing is changed."""
    assert assess(known, POLICIES[under], now) == assess(
        known, POLICIES[under], now
    )


def without_events(known: RequestSnapshot, now: datetime) -> RequestSnapshot:
    """Return the request with nothing happening after `now`."""
    return replace(
        known,
        history=tuple(entry for entry in known.history if entry.at <= now),
    )


def shown(assessment: Assessment) -> tuple[object, ...]:
    """Return what people see of an answer."""
    return (
        assessment.status,
        assessment.due,
        assessment.rungs_reached,
        assessment.flags,
        assessment.tier,
    )


@settings(max_examples=400)
@given(requests(), policies, minutes, minutes)
def test_a_later_now_never_takes_a_breach_back(
    known: RequestSnapshot, under: str, now: datetime, later: datetime
) -> None:
    """Unless something happens, what is breached stays breached, and what is settled stays as it is."""
    assume(now <= later)
    calm = without_events(known, now)
    before, after = (
        assess(calm, POLICIES[under], now),
        assess(calm, POLICIES[under], later),
    )
    if before.status is SlaStatus.BREACHED:
        assert after.status is SlaStatus.BREACHED
    if before.settled:
        assert after == before
    assert (
        after.due == before.due
        or after.due is None
        or before.due is None
        or after.due < before.due
    )


@settings(max_examples=400)
@given(requests(), policies, minutes)
def test_the_answer_holds_until_the_next_change_and_changes_there(
    known: RequestSnapshot, under: str, now: datetime
) -> None:
    """`next_change_at` is the first instant at which time alone changes what people see."""
    calm = without_events(known, now)
    assessment = assess(calm, POLICIES[under], now)
    then = assessment.next_change_at
    if then is None:
        assert shown(
            assess(calm, POLICIES[under], now + timedelta(days=300))
        ) == shown(assessment)
        return
    assert then > now
    assert shown(
        assess(calm, POLICIES[under], max(now, then - MILLISECOND))
    ) == shown(assessment)
    at_change = assess(calm, POLICIES[under], then)
    assert (
        shown(at_change) != shown(assessment)
        or at_change.next_change_at != then
    )


@settings(max_examples=300)
@given(requests(), policies, minutes)
def test_every_answer_is_of_one_piece(
    known: RequestSnapshot, under: str, now: datetime
) -> None:
    """Status, due time, rungs and acknowledgement never contradict each other."""
    one = assess(known, POLICIES[under], now)
    late = (
        one.acknowledged_at is not None
        and one.due is not None
        and one.acknowledged_at > one.due
    )
    assert (one.status is SlaStatus.MET_LATE) is late
    assert (one.status in {SlaStatus.MET, SlaStatus.MET_LATE}) is (
        one.acknowledged_at is not None
    )
    assert (one.owed is None) is (
        one.status in {SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED}
    )
    assert all(
        one.due is not None and rung.at <= one.due for rung in one.rungs
    )
    assert [rung.name for rung in one.rungs][: len(one.rungs_reached)] == list(
        one.rungs_reached
    )
    if one.status is SlaStatus.BREACHED:
        assert one.due is not None
        assert one.due < now


@given(requests(), minutes)
@example(RequestSnapshot("SUP-1", REPORTED), REPORTED)
def test_calling_never_makes_a_deadline_later(
    known: RequestSnapshot, called: datetime
) -> None:
    """D2, whatever else happened: a call more never hurts."""
    quiet = replace(
        known,
        history=tuple(
            one for one in known.history if one.what is not Deed.CALLED
        ),
    )
    loud = replace(
        quiet,
        history=(
            *quiet.history,
            HistoryEntry(called, Role.AGENT, Deed.CALLED, None, called),
        ),
    )
    now = REPORTED + timedelta(days=20)
    before, after = (
        assess(quiet, POLICY, now).due,
        assess(loud, POLICY, now).due,
    )
    assert (before is None) == (after is None)
    assert before is None or after is None or after <= before
