"""The picture of an answer: rows of days, marks at their instants, a well-formed SVG without a foreign word."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from jsm_sla_bot.cli import svg, timeline
from jsm_sla_bot.cli.timeline import Day, Shade
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.calendar import BusinessCalendar
from jsm_sla_bot.sla.request import RequestSnapshot
from jsm_sla_bot.sla.target import ALWAYS_OPEN
from tests.sla.contract import POLICY, STOCKHOLM, SWEDEN, call, local, request


def answered(request_: RequestSnapshot) -> Assessment:
    """Ask the engine a month after the report."""
    return assess(request_, POLICY, request_.reported + timedelta(days=30))


def laid_out(raised: RequestSnapshot, calendar: BusinessCalendar) -> list[Day]:
    """Lay the answer out by days of Stockholm."""
    assessment = answered(raised)
    assert assessment.owed is not None
    happened = timeline.happened(assessment, raised.reported)
    return timeline.days(assessment.owed, calendar, happened, STOCKHOLM)


def test_each_day_is_a_row_with_its_name_when_it_was_skipped() -> None:
    """From the report before Easter to the due time after it every day stands there, closed ones by name."""
    raised = request("2026-04-02 15:00", severity=1)
    rows = laid_out(raised, SWEDEN)
    assert [row.closed for row in rows] == [
        None,
        "Good Friday",
        "Saturday",
        "Easter Sunday",
        "Easter Monday",
        None,
    ]
    counted = [
        stretch
        for row in rows
        for stretch in row.stretches
        if stretch.shade is Shade.COUNTED
    ]
    assert [(stretch.start * 24, stretch.end * 24) for stretch in counted] == [
        pytest.approx((15, 17)),
        pytest.approx((9, 15)),
    ]


def test_marks_stand_at_their_instants() -> None:
    """Report, call, rung and due time each stand where they happened."""
    raised = request(
        "2026-03-02 20:00",
        call("2026-03-02 20:30"),
        severity=1,
        organizations=("11",),
    )
    rows = laid_out(raised, ALWAYS_OPEN)
    assert [
        (mark.what, round(mark.at * 24, 2))
        for row in rows
        for mark in row.marks
    ] == [
        ("reported", 20.0),
        ("called", 20.5),
        ("at risk", 22.0),
        ("due", 22.5),
    ]


def test_a_day_of_23_hours_is_a_whole_row() -> None:
    """On the day on which the clocks go forward, noon is 11 of 23 hours from midnight."""
    raised = request(
        "2026-03-29 12:00",
        call("2026-03-29 12:00"),
        severity=1,
        organizations=("11",),
    )
    rows = laid_out(raised, ALWAYS_OPEN)
    assert rows[0].marks[0].at == pytest.approx(11 / 23)


@pytest.mark.parametrize(
    "for_customer", [False, True], ids=["agents", "customer"]
)
def test_the_picture_is_well_formed_and_says_what_may_be_said(
    for_customer: bool,
) -> None:
    """The SVG parses; the customer's has neither an organization's name nor a rule number."""
    raised = request("2026-04-02 15:00", severity=1)
    drawn = svg.drawn(
        answered(raised),
        POLICY,
        STOCKHOLM,
        raised.reported,
        for_customer=for_customer,
    )
    texts = " ".join(
        text.text or ""
        for text in ET.fromstring(drawn).iter(  # noqa: S314 - our own drawing
            "{http://www.w3.org/2000/svg}text"
        )
    )
    assert "Good Friday" in texts
    assert ("Acme Industries" in texts) is not for_customer
    assert ("R6" in texts) is not for_customer


def test_an_answer_without_a_clock_has_a_picture_too() -> None:
    """Who is not entitled gets the reasons and no rows."""
    raised = request("2026-09-02 15:00", severity=1, organizations=("14",))
    drawn = svg.drawn(answered(raised), POLICY, STOCKHOLM, raised.reported)
    assert "Not entitled" in drawn
    assert local("2026-09-02 15:00") == raised.reported
