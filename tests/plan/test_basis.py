"""The field *SLA basis*: the outcome first, then why, never cut where the outcome stands."""

from dataclasses import replace

import pytest

from jsm_sla_bot.plan.basis import BASIS_LIMIT, basis, verdict
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.request import HistoryEntry, Role
from tests.plan.test_wording import EVERYTHING, REPORT, crowded, story
from tests.sla.contract import (
    CLOSED,
    STOCKHOLM,
    answer,
    business,
    call,
    moved,
    only,
    request,
    seen,
)


def by(name: str, done: HistoryEntry) -> HistoryEntry:
    """Return a deed of a person with that name."""
    return replace(done, name=name)


OUTCOMES = [
    (
        seen(request(REPORT), "2026-03-02 11:00"),
        "Answer by Tue 2026-03-03 10:00 CET. ",
    ),
    (story(), "No answer by Tue 2026-03-03 10:00 CET. "),
    (
        story(by("Mia Lindqvist", answer("2026-03-02 11:00"))),
        "Acknowledged Mon 2026-03-02 11:00 CET by Mia Lindqvist, public comment. ",
    ),
    (
        story(by("Mia Lindqvist", answer("2026-03-03 13:10"))),
        (
            "Acknowledged Tue 2026-03-03 13:10 CET by Mia Lindqvist, public comment, 3 h 10 min after it was due "
            "(Tue 2026-03-03 10:00 CET). "
        ),
    ),
    (
        story(by("Mia Lindqvist", answer("2026-03-03 10:00:20"))),
        (
            "Acknowledged Tue 2026-03-03 10:00:20 CET by Mia Lindqvist, public comment, less than a minute "
            "after it was due (Tue 2026-03-03 10:00 CET). "
        ),
    ),
    (
        story(organizations=("15",)),
        "Kestrel Retail (organization 15) was not entitled at the report: support is suspended.",
    ),
    (
        story(organizations=("18",), organization_names=(("18", "Specops"),)),
        "Not measured: has its own SLA (organization Specops, 18).",
    ),
    (
        story(
            moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER),
            status=CLOSED,
        ),
        "Withdrawn: closed Mon 2026-03-02 11:00 CET by the customer, before anybody answered.",
    ),
]


@pytest.mark.parametrize(("answered", "outcome"), OUTCOMES)
def test_the_outcome_comes_first(answered: Assessment, outcome: str) -> None:
    """What happened, until when, by whom and how late: then the reasons."""
    assert f"{basis(answered.first_response, STOCKHOLM)} ".startswith(outcome)


def test_other_fields_are_not_repeated() -> None:
    """Tier, severity and target stand in fields of their own."""
    assert basis(story().first_response, STOCKHOLM) == (
        "No answer by Tue 2026-03-03 10:00 CET. The clock started Mon 2026-03-02 10:00 CET."
    )


def test_an_instant_is_named_once() -> None:
    """Where the clock starts with the call, the call says so."""
    called = story(call("2026-03-02 10:10"), organizations=("11",))
    assert basis(called.first_response, STOCKHOLM) == (
        "No answer by Mon 2026-03-02 12:10 CET. The customer called Mon 2026-03-02 10:10 CET; the target runs from the "
        "call."
    )


@pytest.mark.parametrize("answered", EVERYTHING)
def test_it_fits_into_its_field_in_whole_sentences(
    answered: Assessment,
) -> None:
    """Jira refuses 256 characters: whole reasons go, the outcome stays as it is."""
    text = basis(answered.first_response, STOCKHOLM)
    assert len(text) <= BASIS_LIMIT
    assert text.startswith(verdict(answered.first_response, STOCKHOLM))
    assert text.endswith(".")


def test_what_decides_is_kept_where_room_is_short() -> None:
    """Where the clock started goes before whose target counts and that the customer called."""
    history = by(
        "Mia Lindqvist of the night shift in Karlskrona",
        answer("2026-03-09 13:10"),
    )
    late = seen(
        replace(crowded(), history=(*crowded().history, history)),
        "2026-03-20 12:00",
    )
    text = basis(late.first_response, STOCKHOLM)
    assert "Karlskrona" in text
    assert "4 days" not in text
    assert "7 days 1 h after it was due" in text
    assert "The clock started" not in text


def test_an_outcome_that_is_too_long_by_itself_is_cut_at_its_end() -> None:
    """Jira counts in UTF-16 units: a name of letters that take two is cut in time."""
    raised = request(
        REPORT,
        organizations=("18",),
        organization_names=(("18", "\U0001f600" * 200),),
    )
    excluded = seen(raised, REPORT).first_response
    named = excluded._replace(
        because=tuple(
            one._replace(facts=(*one.facts, ("reason", "r" * 300)))
            for one in excluded.because
        ),
    )
    text = basis(named, STOCKHOLM)
    assert text.endswith("…")
    assert len(text.encode("utf-16-le")) // 2 <= BASIS_LIMIT


def test_an_override_is_named_with_its_value() -> None:
    """R12: only the one that decides."""
    own = only("Knowledge", targets={1: business(4), 2: business(5)})
    raised = seen(
        request(REPORT, organizations=("1",)), "2026-03-02 11:00", own
    )
    text = basis(raised.first_response, STOCKHOLM)
    assert (
        "Its own contract says: the target of S1 is 4 h, business hours."
        in text
    )
    assert "S2" not in text
