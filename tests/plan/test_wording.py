"""Every sentence a person reads: agents see all of it, customers nobody else and nothing internal."""

import string
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.sentences import FOR_AGENTS, FOR_CUSTOMERS
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import ClockKind, Reopening
from jsm_sla_bot.sla.reason import Because, Fact, Reason, reason
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)
from jsm_sla_bot.text.spans import duration_text
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    OPEN,
    RESOLVED,
    STOCKHOLM,
    answer,
    call,
    entry,
    moved,
    only,
    organization,
    policy,
    request,
    seen,
    severity,
    terms,
    utc,
)

REPORT = "2026-03-02 10:00"
WAITING = Status("Waiting for customer")
PAUSING = only("Expert", pauses_in=frozenset({"waiting for customer"}))
NOT_YET = policy(
    organizations={
        "12": organization(
            "12", "Acme Industries", "Expert", valid_from=date(2026, 4, 1)
        )
    }
)


def story(
    *history: HistoryEntry, at: str = "2026-03-20 12:00", **given: object
) -> Assessment:
    """Return the answer to a request with that history."""
    return seen(request(REPORT, *history, **given), at)


EVERYTHING: list[Assessment] = [
    story(
        call("2026-03-02 10:10"),
        organizations=("11", "12", "14", "15", "18", "99"),
    ),
    story(call("2026-03-05 10:10"), organizations=("11",)),
    story(
        call("2026-03-02 10:10"),
        call("2026-03-02 10:20"),
        organizations=("11",),
    ),
    story(call("2026-03-02 10:10"), organizations=("11",), product="EASM"),
    story(call("2026-03-02 10:10"), organizations=("11",), product="Abacus"),
    story(call("2026-03-02 09:10"), organizations=("11",)),
    story(call("2026-03-30 10:10", "2026-03-02 11:00"), organizations=("11",)),
    story(call("2026-03-02 10:10")),
    story(organizations=()),
    story(organizations=("99",)),
    story(organizations=("14",), at=REPORT),
    seen(
        request("2026-07-02 10:00", organizations=("14",)), "2026-07-02 11:00"
    ),
    seen(request(REPORT), REPORT, NOT_YET),
    story(organizations=("15",)),
    story(request_type="Feature request"),
    story(organizations=("18",)),
    story(
        moved("2026-03-02 11:00", CLOSED, role=Role.CUSTOMER), status=CLOSED
    ),
    story(status=CLOSED),
    story(moved("2026-03-02 11:00", DECLINED), status=DECLINED),
    story(severity("2026-03-05 11:00", 3, 1)),
    story(severity("2026-03-05 11:00", 1, 2), severity=2),
    story(severity=None),
    story(entry("2026-03-02 12:00", Deed.ORGANIZATIONS, ("12",), ())),
    story(entry("2026-03-02 12:00", Deed.PRODUCT, "Outscan NX", None)),
    story(severity("2026-03-05 11:00", 3, 2)),
    story(answer("2026-03-02 11:00")),
    story(answer("2026-03-02 11:00", role=Role.PROBABLE_AGENT)),
    story(
        entry("2026-03-04 12:00", Deed.ORGANIZATIONS, ("11",), ("12",)),
        severity("2026-03-04 12:10", 3, 2),
        organizations=("11",),
        severity=2,
    ),
    seen(request("2026-03-07 12:00"), "2026-03-07 12:00"),
    seen(
        request(REPORT, organizations=("1",)),
        REPORT,
        only(reopen=Reopening.KEEP),
    ),
    seen(
        request(
            REPORT,
            moved("2026-03-02 11:00", WAITING),
            organizations=("1",),
            status=WAITING,
        ),
        "2026-03-20 12:00",
        PAUSING,
    ),
    seen(
        request(
            REPORT,
            moved("2026-03-02 11:00", WAITING),
            moved("2026-03-02 12:00", OPEN, WAITING),
            organizations=("1",),
        ),
        "2026-03-20 12:00",
        PAUSING,
    ),
    seen(
        request(
            REPORT,
            moved("2026-03-02 11:00", RESOLVED),
            moved("2026-03-05 11:00", OPEN, RESOLVED),
            organizations=("1",),
        ),
        "2026-03-05 12:00",
        only(reopen=Reopening.RESTART),
    ),
]
ASKING = policy(
    organizations={
        "12": organization(
            "12",
            "Acme Industries",
            "Knowledge",
            terms=replace(terms("Knowledge"), flag_other_reporters=True),
            representatives=("anna",),
        )
    }
)
EVERYTHING.append(
    seen(
        request(REPORT, reporter="bob", reporter_name="somebody"),
        REPORT,
        ASKING,
    )
)
REASONS = [one for assessment in EVERYTHING for one in assessment.because]
INTERNAL = (
    "Nordbank",
    "Acme",
    "Fjord",
    "Helios",
    "Kestrel",
    "Specops",
    "organization",
    "history",
    "yaml",
    "somebody",
)


def test_every_reason_can_be_given_and_said() -> None:
    """The answers above give all reasons there are, and each has a sentence for agents."""
    assert {one.because for one in REASONS} == set(Because) == set(FOR_AGENTS)
    assert set(FOR_CUSTOMERS) < set(FOR_AGENTS)


@pytest.mark.parametrize("because", FOR_AGENTS)
def test_every_sentence_is_filled_completely(because: Because) -> None:
    """No brace is left, and every fact that a sentence names is given."""
    for one in (one for one in REASONS if one.because is because):
        names = {
            name
            for _, name, _, _ in string.Formatter().parse(FOR_AGENTS[because])
            if name
        }
        derived = wording.derived(one, STOCKHOLM)
        assert names <= {name for name, _ in one.facts} | derived.keys()
        assert all(derived[name] for name in names & derived.keys())
        for text in (
            wording.says(one, STOCKHOLM),
            wording.says_to_customer(one, STOCKHOLM) or "x.",
        ):
            assert "{" not in text
            assert text.endswith(".")


def test_a_customer_reads_no_other_customer_and_no_internal_name() -> None:
    """R12, R14: not even of one's own organization, whose name may be what the desk calls it."""
    for one in REASONS:
        text = wording.says_to_customer(one, STOCKHOLM) or ""
        assert not [
            word for word in INTERNAL if word.casefold() in text.casefold()
        ], text


def test_what_is_not_the_customers_to_read_is_not_said() -> None:
    """Other organizations, overrides and quarrels in the history are the desk's."""
    silent = {
        Because.SEVERAL_ORGANIZATIONS,
        Because.ORGANIZATION_UNMAPPED,
        Because.ORGANIZATION_EXCLUDED,
        Because.ORGANIZATION_LAPSED,
        Because.OVERRIDE,
        Because.HISTORY_DISAGREES,
    }
    assert all(
        wording.says_to_customer(one, STOCKHOLM) is None
        for one in REASONS
        if one.because in silent
    )


SENTENCES = [
    (
        reason(
            Because.NOT_ENTITLED,
            "R7",
            name="Acme",
            organization="12",
            lapse="expired",
            day="2026-06-30",
        ),
        "Acme (organization 12) was not entitled at the report: support ended on 2026-06-30.",
    ),
    (
        reason(
            Because.NOT_ENTITLED,
            "R7",
            name="Acme",
            organization="12",
            lapse="not_yet",
            day="2026-04-01",
        ),
        "Acme (organization 12) was not entitled at the report: support begins on 2026-04-01.",
    ),
    (
        reason(
            Because.CALLED,
            "R3",
            at=utc("2026-03-06 21:20"),
            clock_starts="call",
        ),
        "The customer called Fri 2026-03-06 22:20 CET; the target runs from the call.",
    ),
    (
        reason(
            Because.TARGET,
            "R1",
            tier="Expert",
            severity=1,
            goal=timedelta(hours=2),
            clock=ClockKind.ROUND_THE_CLOCK,
        ),
        "Expert owes a first response to S1 within 2 h, round the clock.",
    ),
    (
        reason(
            Because.ORGANIZATIONS_CHANGED,
            "R6",
            organizations=(),
            at=utc("2026-03-06 21:20"),
        ),
        "Organizations corrected to none at Fri 2026-03-06 22:20 CET.",
    ),
    (
        reason(Because.PRODUCT_UNKNOWN, "D1", product=None),
        "No product is set, so business hours count.",
    ),
    (
        reason(Because.DUE, "R4", due=utc("2026-03-06 21:20")),
        "Due Fri 2026-03-06 22:20 CET (unknown).",
    ),
]


@pytest.mark.parametrize(
    ("one", "text"), SENTENCES, ids=[one.because for one, _ in SENTENCES]
)
def test_a_sentence_as_agents_read_it(one: Reason, text: str) -> None:
    """Instants on the wall clock that agents have, durations in hours, lists as lists."""
    assert wording.says(one, STOCKHOLM) == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (utc("2026-03-06 21:20"), "Fri 2026-03-06 22:20 CET"),
        (utc("2026-03-29 01:00"), "Sun 2026-03-29 03:00 CEST"),
        (utc("2026-03-06 21:20:05"), "Fri 2026-03-06 22:20:05 CET"),
        (utc("2026-03-06 21:20:00.500"), "Fri 2026-03-06 22:20:00 CET"),
    ],
)
def test_an_instant_is_told_with_its_zone(
    instant: datetime, text: str
) -> None:
    """Seconds only where there are any."""
    assert wording.instant_text(instant, STOCKHOLM) == text
    assert wording.instant_text(instant, ZoneInfo("UTC")).endswith(" UTC")


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    """In the night when the clock is put back, half past two is two instants, told as such each time."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM)
    second = first.replace(fold=1)
    texts = [
        wording.instant_text(each, STOCKHOLM)
        for each in (first, second, first, second)
    ]
    summer = "Sun 2026-10-25 02:30 CEST"
    winter = "Sun 2026-10-25 02:30 CET"
    assert texts == [summer, winter, summer, winter]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(hours=2), "2 h"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=40, seconds=1), "40 h 1 s"),
        (timedelta(0), "0 h"),
    ],
)
def test_a_duration_is_told_in_hours(span: timedelta, text: str) -> None:
    """Business hours have no days: 40 h is 40 h."""
    assert duration_text(span) == text


def test_the_target_is_told_with_its_clock() -> None:
    """And is a dash where nothing is owed."""
    assert (
        wording.target_text(timedelta(hours=2), ClockKind.ROUND_THE_CLOCK)
        == "2 h, round the clock"
    )
    assert wording.owed_text(None) == "-"


def crowded() -> RequestSnapshot:
    """Return a request about which there is much to say."""
    return request(
        REPORT,
        call("2026-03-02 10:10"),
        organizations=("11", "12", "13", "14", "15", "18", "99"),
    )


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "targets.1",
            "4 h, business hours",
            "the target of S1 is 4 h, business hours",
        ),
        (
            "calendar",
            "netherlands",
            "business hours are those of the calendar netherlands",
        ),
        (
            "severity_change",
            "lowered from change",
            "how a changed severity counts is lowered from change",
        ),
        (
            "pauses_in",
            ("Waiting", "On hold"),
            "the clock stands still in Waiting, On hold",
        ),
    ],
)
def test_an_override_is_told_by_what_people_call_it(
    path: str, value: Fact, said: str
) -> None:
    """R12: a place in the policy is named in words, not as a path, and with its value."""
    one = reason(Because.OVERRIDE, "R12", what=path, value=value)
    assert wording.says(one, STOCKHOLM) == f"Its own contract says: {said}."


def test_seconds_are_shown_where_they_decide() -> None:
    """Two instants within one minute are told apart; any others are told to the minute."""
    facts: dict[str, Any] = {
        "deed": Deed.PUBLIC_COMMENT,
        "due": utc("2026-03-06 21:20:10"),
    }
    near = reason(
        Because.ACKNOWLEDGED, "D4", at=utc("2026-03-06 21:20:20"), **facts
    )
    far = reason(
        Because.ACKNOWLEDGED, "D4", at=utc("2026-03-06 21:18:20"), **facts
    )
    assert wording.says(near, STOCKHOLM) == (
        "Acknowledged Fri 2026-03-06 22:20:20 CET by an agent, public comment; due Fri 2026-03-06 22:20:10 CET."
    )
    assert wording.says(far, STOCKHOLM) == (
        "Acknowledged Fri 2026-03-06 22:18 CET by an agent, public comment; due Fri 2026-03-06 22:20 CET."
    )


WHO = [
    (
        Deed.PUBLIC_COMMENT,
        None,
        "Mia Lindqvist",
        "Mia Lindqvist, public comment",
    ),
    (Deed.PUBLIC_COMMENT, None, "", "an agent, public comment"),
    (Deed.STATUS, "In progress", "Mia", "Mia, status In progress"),
    (Deed.SEVERITY, 2, "Mia", "Mia, severity set to S2"),
    (
        Deed.PUBLIC_COMMENT,
        None,
        "Mia\u202e\n\x1b[31m Li",
        "Mia Li, public comment",
    ),
    (Deed.PUBLIC_COMMENT, None, "x" * 99, f"{'x' * 59}…, public comment"),
]


@pytest.mark.parametrize(("deed", "to", "name", "said"), WHO)
def test_who_answered_is_told_with_the_deed(
    deed: Deed, to: Fact, name: str, said: str
) -> None:
    """Agents read a colleague's name, on one line and of bounded length, and what was done."""
    at = utc("2026-03-06 21:20")
    one = reason(
        Because.ACKNOWLEDGED, "D4", at=at, deed=deed, name=name, to=to, due=at
    )
    assert f" by {said}; due " in wording.says(one, STOCKHOLM)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (
            Deed.PUBLIC_COMMENT,
            "Acknowledged Fri 2026-03-06 22:20 CET by Mia Lindqvist.",
        ),
        (Deed.STATUS, "Acknowledged Fri 2026-03-06 22:20 CET."),
        (Deed.SEVERITY, "Acknowledged Fri 2026-03-06 22:20 CET."),
    ],
)
def test_a_customer_reads_an_agents_name_only_where_the_agent_wrote_to_them(
    deed: Deed, said: str
) -> None:
    """A public comment shows its author; who set a status or a severity is the desk's to know."""
    facts: dict[str, Any] = {
        "deed": deed,
        "name": "Mia Lindqvist",
        "by": "a:1",
        "due": utc("2026-03-07"),
    }
    one = reason(
        Because.ACKNOWLEDGED, "D4", at=utc("2026-03-06 21:20"), **facts
    )
    assert wording.says_to_customer(one, STOCKHOLM) == said


@pytest.mark.parametrize(
    ("organizations", "product", "history", "shown"),
    [
        (
            "11",
            "Outscan NX",
            [],
            "8 h, business hours (2 h round the clock once the customer calls)",
        ),
        (
            "11",
            "EASM",
            [],
            "8 h, business hours (2 h business hours once the customer calls)",
        ),
        ("12", "Outscan NX", [], "8 h, business hours"),
        (
            "11",
            "Outscan NX",
            [call("2026-03-02 10:10")],
            "2 h, round the clock",
        ),
        (
            "11",
            "Outscan NX",
            [call("2026-03-03 09:50")],
            "8 h, business hours",
        ),
        (
            "11",
            "Outscan NX",
            [answer("2026-03-02 11:00")],
            "8 h, business hours",
        ),
    ],
    ids=[
        "not called",
        "another product",
        "no phone support",
        "called",
        "called too late",
        "answered",
    ],
)
def test_the_target_says_what_a_call_gains(
    organizations: str, product: str, history: list[HistoryEntry], shown: str
) -> None:
    """R3: while nobody has called or answered, the field shows both targets; afterwards the one that counts."""
    raised = story(*history, organizations=(organizations,), product=product)
    assert wording.target_field(raised.first_response) == shown


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=59), ""),
        (timedelta(minutes=10, seconds=59), "10 min"),
        (timedelta(hours=3, minutes=10), "3 h 10 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=14, minutes=30), "2 days 14 h"),
    ],
)
def test_real_time_is_told_in_days(span: timedelta, text: str) -> None:
    """To the minute on the first day, afterwards to the hour; below a minute nothing is said."""
    assert wording.elapsed_text(span) == text
