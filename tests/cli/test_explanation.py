"""What people read of an answer: tables that add up, events that happened, and what is the customer's."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from jsm_sla_bot.cli import counted as tables
from jsm_sla_bot.cli import picture, svg, timeline
from jsm_sla_bot.cli.counted import counted
from jsm_sla_bot.cli.timeline import Shade
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)
from tests.sla.contract import (
    CLOSED,
    OPEN,
    POLICY,
    STOCKHOLM,
    answer,
    business,
    call,
    clock_of,
    local,
    moved,
    only,
    request,
    seen,
    severity,
)
from tests.sla.test_dated import changed
from tests.sla.test_reasons import STORIES

REPORT = "2026-03-02 10:00"
WAITING = Status("Waiting for customer")
PAUSING = only(pauses_in=frozenset({"waiting for customer"}))
AMOUNT = re.compile(r"(?:(\d+) h)? ?(?:(\d+) min)? ?(?:(\d+) s)?(?: left)?")


def drawn(
    assessment: Assessment, under: Policy, *, for_customer: bool = False
) -> str:
    """Return the table of what was counted as it looks on a terminal."""
    owed = assessment.owed
    assert owed is not None
    table = counted(
        owed, clock_of(owed, under), STOCKHOLM, for_customer=for_customer
    )
    console = Console(width=200)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def amounts(text: str) -> Iterator[timedelta]:
    """Yield what the last column of a table counts."""
    for line in text.splitlines()[2:]:
        last = re.split(r"  +", line.strip())[-1]
        found = AMOUNT.fullmatch(last)
        if found and last:
            hours, minutes, seconds = (
                int(part or 0) for part in found.groups()
            )
            yield timedelta(hours=hours, minutes=minutes, seconds=seconds)


def happened(
    assessment: Assessment,
    known: RequestSnapshot,
    *,
    for_customer: bool = False,
) -> list[tuple[str, datetime]]:
    """Return what the time line marks."""
    found = timeline.happened(
        assessment, known.reported, for_customer=for_customer
    )
    return [(one.what, one.at) for one in sorted(found)]


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize(
    "for_customer", [False, True], ids=["agents", "customer"]
)
def test_every_table_adds_up(name: str, *, for_customer: bool) -> None:
    """As it is read: the last column comes to the target of the title."""
    known, now, under = STORIES[name]
    assessment = seen(known, now, under)
    if assessment.owed:
        text = drawn(assessment, under, for_customer=for_customer)
        assert sum(amounts(text), timedelta()) == assessment.owed.goal


def test_a_table_too_long_adds_up_with_what_it_leaves_out() -> None:
    """The rows that are not shown are one row with their sum, and the end is shown."""
    under = only(targets={1: business(800)})
    assessment = seen(request(REPORT, organizations=("1",)), REPORT, under)
    text = drawn(assessment, under)
    assert "more rows" in text
    assert len(text.splitlines()) <= tables.MOST_ROWS + 2
    assert sum(amounts(text), timedelta()) == timedelta(hours=800)


def test_an_answer_in_time_leaves_nothing_to_happen() -> None:
    """Answered within the hour: no rung and no due time follow, nor is anything counted after it."""
    known = request(REPORT, answer("2026-03-02 10:49"))
    assessment = seen(known, "2026-03-05 10:00")
    assert [what for what, _ in happened(assessment, known)] == [
        "reported",
        "acknowledged",
    ]
    owed = assessment.owed
    assert owed is not None
    events = timeline.happened(assessment, known.reported)
    (day,) = timeline.days(owed, clock_of(owed, POLICY), events, STOCKHOLM)
    shaded = [
        one.end * 24 for one in day.stretches if one.shade is Shade.COUNTED
    ]
    assert shaded == [pytest.approx(10 + 49 / 60)]


@pytest.mark.parametrize("organization", ["11", "12"])
def test_no_call_is_marked_after_the_answer(organization: str) -> None:
    """One that was entered ahead of its time did not happen, whether it would have counted or not."""
    known = request(
        REPORT,
        call("2026-03-02 10:30"),
        call("2026-03-02 15:00", "2026-03-02 11:00"),
        answer("2026-03-02 11:30"),
        organizations=(organization,),
    )
    marks = happened(seen(known, "2026-03-05 10:00"), known)
    *_, (what, at) = sorted(marks, key=lambda mark: mark[1])
    assert (what, at) == ("acknowledged", local("2026-03-02 11:30"))


def test_no_call_is_marked_before_it_is_made() -> None:
    """Entered ahead of its time by a customer whose calls do not count: there is nothing to mark until then."""
    ahead = call("2026-03-02 15:00", "2026-03-02 11:00")
    known = request(REPORT, ahead, organizations=("12",))
    for until, marked in (("14:59", 0), ("15:00", 1)):
        marks = happened(seen(known, f"2026-03-02 {until}"), known)
        names = [what for what, _ in marks]
        assert names.count("called (does not count)") == marked


def test_a_late_answer_came_after_its_rung_and_its_due_time() -> None:
    """What had happened by then stays."""
    known = request(REPORT, answer("2026-03-03 10:30"))
    marks = happened(seen(known, "2026-03-05 10:00"), known)
    assert [what for what, _ in marks] == [
        "reported",
        "at risk",
        "due",
        "acknowledged",
    ]


def test_a_clock_that_stands_still_has_nothing_ahead() -> None:
    """In a pause there is no due time to come; before it, what happened; in it, the clock's own stop."""
    stands = moved("2026-03-02 16:30", WAITING)
    known = request(REPORT, stands, organizations=("1",), status=WAITING)
    marks = happened(seen(known, "2026-03-10 10:00", PAUSING), known)
    assert [what for what, _ in marks] == [
        "reported",
        "at risk",
        "clock stops",
    ]


def test_a_pause_is_drawn_as_one() -> None:
    """The time line shades what stood still, and counts on from where the clock goes on."""
    history = [
        moved("2026-03-02 11:00", WAITING),
        moved("2026-03-02 13:00", OPEN, WAITING),
    ]
    known = request(REPORT, *history, organizations=("1",))
    assessment = seen(known, "2026-03-02 14:00", PAUSING)
    owed = assessment.owed
    assert owed is not None
    events = timeline.happened(assessment, known.reported)
    first, *_ = timeline.days(owed, clock_of(owed, PAUSING), events, STOCKHOLM)
    shades = [
        (one.shade, round(one.start * 24), round(one.end * 24))
        for one in first.stretches
        if one.shade is not Shade.OPEN
    ]
    assert shades == [
        (Shade.COUNTED, 10, 11),
        (Shade.STOOD_STILL, 11, 13),
        (Shade.COUNTED, 13, 17),
    ]


def test_a_probable_answer_is_followed_by_no_rung() -> None:
    """D35: what was withheld did not happen."""
    known = request(
        REPORT, answer("2026-03-02 11:00", role=Role.PROBABLE_AGENT)
    )
    marks = happened(seen(known, "2026-03-10 10:00"), known)
    assert [what for what, _ in marks] == [
        "reported",
        "probable answer",
        "due",
    ]


def test_a_rung_is_reached_when_its_target_comes_to_be_owed() -> None:
    """Lowered after the breach to a target that runs out within the hour: at risk from then on, not since before."""
    lowered = severity("2026-03-04 09:30", 1, 2)
    known = request(REPORT, lowered, severity=2)
    marks = dict(happened(seen(known, "2026-03-04 16:00"), known))
    assert marks["at risk"] == local("2026-03-04 09:30")
    assert marks["due"] == local("2026-03-04 10:00")


def test_a_rung_of_another_clock_is_not_marked_where_the_due_time_is_the_same() -> (
    None
):
    """Corrected at the very due time to an organization with a shorter target: its rung was never reached before."""
    corrected = HistoryEntry(
        at=local("2026-03-02 17:00"),
        role=Role.AGENT,
        what=Deed.ORGANIZATIONS,
        before=("12",),
        after=("11",),
    )
    known = request(
        "2026-03-02 09:00",
        call("2026-03-02 09:01"),
        corrected,
        organizations=("11",),
        product="Outscan NX",
    )
    marks = dict(happened(seen(known, "2026-03-02 17:00"), known))
    assert marks["due (dated)"] == local("2026-03-02 17:00")
    assert "at risk" not in marks


@settings(max_examples=200)
@given(changed(late_calls=False), st.integers(0, 9_000), st.booleans())
def test_what_is_marked_has_happened(
    known: RequestSnapshot, minutes: int, is_answered: bool
) -> None:
    """A rung that is marked as past was reached just then, a due time that is past was missed, none after an answer."""
    now = known.reported + timedelta(minutes=minutes)
    if is_answered:
        reply = answer("2026-03-04 11:00")
        kept = [one for one in known.history if one.at <= reply.at]
        later = [one for one in known.history if one.at > reply.at]
        known = RequestSnapshot(
            **{
                **{name: getattr(known, name) for name in known.__slots__},
                "history": (*kept, reply, *later),
            }
        )
    assessment = assess(known, POLICY, now)
    answered_at = assessment.acknowledged_at
    for what, at in happened(assessment, known):
        if what not in {"at risk", "due", "due (dated)"} or at > now:
            continue
        assert answered_at is None or at < answered_at
        then = assess(known, POLICY, at + timedelta(milliseconds=1))
        expected = "at risk" if what == "at risk" else "breach"
        assert expected in then.rungs_reached


FORBIDDEN = (
    "at risk",
    "At risk",
    "sweden",
    "breach ",
    "organization",
    "yaml",
    "R6",
)
CUSTOMERS: dict[str, tuple[RequestSnapshot, str, Policy]] = {
    **STORIES,
    "at risk": (request(REPORT), "2026-03-03 09:30", POLICY),
    "settled, never called": (
        request(REPORT, answer("2026-03-02 11:00"), organizations=("11",)),
        "2026-03-05 10:00",
        POLICY,
    ),
}


def to_customer(
    story: tuple[RequestSnapshot, str, Policy],
    capsys: pytest.CaptureFixture[str],
) -> tuple[str, str, Assessment]:
    """Return what `explain --for-customer` prints and what it draws."""
    known, now, under = story
    assessment = seen(known, now, under)
    raised = known.reported, known.product
    picture.explanation(
        assessment, under, STOCKHOLM, raised, for_customer=True
    )
    image = svg.drawn(
        assessment, under, STOCKHOLM, known.reported, for_customer=True
    )
    return capsys.readouterr().out, image, assessment


@pytest.mark.parametrize("name", CUSTOMERS)
def test_a_customer_reads_nothing_internal(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rung, calendar file, other customer or rule; no call to phone once it would gain nothing."""
    printed, image, assessment = to_customer(CUSTOMERS[name], capsys)
    for text in (printed, image):
        words = re.sub(r"support for your organization", "", text.casefold())
        assert not [one for one in FORBIDDEN if one.casefold() in words]
        if assessment.status not in {SlaStatus.RUNNING, SlaStatus.AT_RISK}:
            assert "please call" not in words


def test_a_customer_who_has_not_called_is_asked_to_while_it_helps(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Running and not called: the number in the portal."""
    story = request(REPORT, organizations=("11",)), REPORT, POLICY
    printed, _, _ = to_customer(story, capsys)
    assert "Please call the support phone number" in printed


def test_a_suspended_customer_is_told_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """R7: an agreement is in force, but its support is suspended; nothing is drawn that has no hours."""
    printed, image, _ = to_customer(CUSTOMERS["suspended"], capsys)
    for text in (printed, image):
        assert "suspended" in text
        assert "agreement" not in text
    hours = re.findall(r">(\d\d)</text>", image)
    assert hours == []
    assert "None" not in image


def test_a_settled_request_speaks_of_the_past(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Was owed, was due, acknowledged."""
    printed, _, _ = to_customer(CUSTOMERS["settled, never called"], capsys)
    assert "A first response was owed within 8 h" in printed
    assert "The first response was due Tue 2026-03-03 10:00 CET." in printed
    assert "is due" not in printed


def test_a_withdrawn_request_has_no_grid() -> None:
    """Closed by the customer before any answer: reasons, and no empty days."""
    closed = moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER)
    known = request(REPORT, closed, status=CLOSED)
    image = svg.drawn(
        seen(known, REPORT.replace("10:", "12:")),
        POLICY,
        STOCKHOLM,
        known.reported,
    )
    assert re.findall(r">(\d\d)</text>", image) == []


def test_a_pausing_contract_names_no_status_to_its_customer() -> None:
    """What a status is called is ours to know; that the clock stood still is theirs."""
    history: list[HistoryEntry] = [
        moved("2026-03-02 11:00", WAITING),
        call("2026-03-02 12:00"),
    ]
    known = request(REPORT, *history, organizations=("1",), status=WAITING)
    assessment = seen(known, "2026-03-10 10:00", PAUSING)
    for_agents = drawn(assessment, PAUSING)
    for_customer = drawn(assessment, PAUSING, for_customer=True)
    assert "stands still (Waiting for customer)" in for_agents
    assert "stands still" in for_customer
    assert "Waiting" not in for_customer
