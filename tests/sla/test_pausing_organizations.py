"""Several organizations, of which some let the clock stand still (D7, D34, D37)."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import Policy, SeveralOrganizations
from jsm_sla_bot.sla.reason import Because
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Status
from tests.sla.contract import (
    OPEN,
    answer,
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
    utc,
)

WAITING = Status("Waiting for Customer")
PAUSES = frozenset({"waiting for customer"})
REPORT = "2026-03-02 09:00"
STANDS = moved("2026-03-02 10:00", WAITING)
GOES_ON = moved("2026-03-03 10:00", OPEN, WAITING)


def under(**changes: object) -> Policy:
    """Return a policy with a pausing Expert (11), a pausing Knowledge (13) and a running Knowledge customer (12)."""
    own = {
        "11": terms("Expert", pauses_in=PAUSES),
        "12": terms("Knowledge"),
        "13": terms("Knowledge", pauses_in=PAUSES),
    }
    organizations = {
        one: organization(one, f"Customer {one}", bought.tier, terms=bought)
        for one, bought in own.items()
    }
    return policy(organizations=organizations, **changes)


POLICY = under()
CHOICES = list(SeveralOrganizations)


def waiting(*history: HistoryEntry, **values: object) -> RequestSnapshot:
    """Return an S3 request that waits for its customer since an hour after the report."""
    given_ = {"severity": 3, "product": "EASM", "status": WAITING, **values}
    return request(REPORT, STANDS, *history, **given_)


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize(
    "order", list(permutations(("11", "12", "13"))), ids="-".join
)
def test_who_stands_still_hides_nobody_who_runs(
    order: tuple[str, ...], choice: SeveralOrganizations
) -> None:
    """In every order and for every choice the one running clock decides, with its rungs and its breach."""
    chosen = under(several_organizations=choice)
    known = waiting(organizations=order)
    before, after = (
        seen(known, "2026-03-03 09:00", chosen),
        seen(known, "2026-03-10", chosen),
    )
    assert (before.organization, before.status) == ("12", SlaStatus.RUNNING)
    assert before.next_change_at == utc("2026-03-04 10:00")
    assert (after.status, after.due) == (
        SlaStatus.BREACHED,
        utc("2026-03-04 16:00"),
    )


@pytest.mark.parametrize("choice", CHOICES)
def test_only_if_all_stand_still_the_request_is_paused(
    choice: SeveralOrganizations,
) -> None:
    """D34: and then time alone changes nothing."""
    known = waiting(organizations=("11", "13"))
    paused = seen(known, "2026-03-10", under(several_organizations=choice))
    assert (paused.status, paused.next_change_at) == (SlaStatus.PAUSED, None)
    assert Because.PAUSE_LASTS in told(paused)


def test_a_clock_that_goes_on_decides_again_if_it_is_due_first() -> None:
    """After a day's pause the Expert clock is due no earlier than the Knowledge one, after two hours' it is."""
    known = request(
        REPORT,
        STANDS,
        GOES_ON,
        severity=3,
        product="EASM",
        organizations=("12", "11"),
    )
    assert seen(known, "2026-03-03 09:59", POLICY).organization == "12"
    again = seen(known, "2026-03-03 10:01", POLICY)
    assert (again.organization, again.due) == ("12", local("2026-03-04 17:00"))
    short = moved("2026-03-02 12:00", OPEN, WAITING)
    known = request(
        REPORT,
        STANDS,
        short,
        severity=3,
        product="EASM",
        organizations=("12", "11"),
    )
    again = seen(known, "2026-03-02 12:01", POLICY)
    assert (again.organization, again.due) == ("11", local("2026-03-04 11:00"))


@pytest.mark.parametrize("choice", CHOICES)
def test_the_answer_makes_no_other_organization_decide(
    choice: SeveralOrganizations,
) -> None:
    """Who stood still until the answer hides no breach of who ran, nor does the answer take it back."""
    known = waiting(answer("2026-03-10 10:00"), organizations=("11", "12"))
    met_late = seen(known, "2026-03-11", under(several_organizations=choice))
    assert (met_late.status, met_late.organization) == (
        SlaStatus.MET_LATE,
        "12",
    )
    assert met_late.due == utc("2026-03-04 16:00")


def test_a_severity_lowered_in_a_pause_is_nothing_past() -> None:
    """While the clock stands still nothing is dated: the target goes on when the clock does."""
    lowered = severity("2026-03-06 12:00", 1, 2)
    paused = waiting(lowered, organizations=("13",), severity=2)
    stands = seen(paused, "2026-03-06 13:00", POLICY)
    assert stands.status is SlaStatus.PAUSED
    assert Because.BREACH_DATED_AT_CHANGE not in told(stands)
    goes_on = moved("2026-03-09 09:00", OPEN, WAITING)
    running = waiting(
        lowered, goes_on, organizations=("13",), severity=2, status=OPEN
    )
    assert seen(running, "2026-03-09 10:00", POLICY).due == local(
        "2026-03-10 16:00"
    )


def test_a_correction_in_a_pause_dates_the_breach_at_itself() -> None:
    """From an organization whose clock stood still to one whose clock had run out: nobody could know before."""
    corrected = entry("2026-03-06 12:00", Deed.ORGANIZATIONS, ("12",), ("13",))
    known = waiting(corrected, organizations=("12",))
    assert seen(known, "2026-03-06 11:59", POLICY).status is SlaStatus.PAUSED
    breached = seen(known, "2026-03-06 13:00", POLICY)
    assert (breached.status, breached.due) == (
        SlaStatus.BREACHED,
        local("2026-03-06 12:00"),
    )


def test_a_correction_to_one_that_pauses_stops_the_clock_where_it_stopped() -> (
    None
):
    """D37: the due time shown is the one that its clock had when it stopped; no breach, no dating."""
    corrected = entry("2026-03-04 12:00", Deed.ORGANIZATIONS, ("13",), ("12",))
    paused = seen(
        waiting(corrected, organizations=("13",)), "2026-03-10", POLICY
    )
    assert (paused.status, paused.due) == (
        SlaStatus.PAUSED,
        local("2026-03-04 17:00"),
    )


def test_a_pause_that_began_after_the_target_had_run_out_pauses_no_dated_breach() -> (
    None
):
    """The target ran out on Wednesday, was dated on Friday by a lowered severity, and the pause came in between."""
    late = moved("2026-03-05 12:00", WAITING)
    lowered = severity("2026-03-06 12:00", 1, 2)
    known = request(
        REPORT,
        late,
        lowered,
        severity=2,
        organizations=("13",),
        status=WAITING,
    )
    breached = seen(known, "2026-03-10", POLICY)
    assert (breached.status, breached.due) == (
        SlaStatus.BREACHED,
        local("2026-03-06 12:00"),
    )


statuses = st.lists(st.sampled_from([OPEN, WAITING]), max_size=6)
mixes = st.lists(st.sampled_from(["11", "12", "13"]), min_size=1, max_size=3)


@settings(max_examples=200)
@given(statuses, mixes, st.integers(0, 240), st.sampled_from(CHOICES))
def test_paused_means_that_nobody_runs(
    moves: list[Status],
    organizations: list[str],
    hours: int,
    choice: SeveralOrganizations,
) -> None:
    """Whatever the moves: paused only where every one of them pauses alone; else there is a next change or a breach."""
    history = []
    before = OPEN
    for number, status in enumerate(moves, 1):
        history.append(
            moved(f"2026-03-0{number + 1} 1{number}:00", status, before)
        )
        before = status
    chosen = under(several_organizations=choice)
    at = local(f"2026-03-{2 + hours // 24:02} {hours % 24:02}:00")
    now = max(at, local(REPORT))

    def status_of(ids: tuple[str, ...]) -> SlaStatus:
        known = request(
            REPORT, *history, severity=3, organizations=ids, status=before
        )
        answer_ = assess(known, chosen, now)
        is_last = answer_.status in {SlaStatus.BREACHED, SlaStatus.PAUSED}
        assert is_last or answer_.next_change_at is not None
        return answer_.status

    alone = [status_of((one,)) for one in organizations]
    together = status_of(tuple(organizations))
    assert (together is SlaStatus.PAUSED) is (set(alone) == {SlaStatus.PAUSED})
