"""When a request that waits for its customer is taken up with them, and closed (R11, D23-D27)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from jsm_sla_bot.sla.dormancy_state import (
    Announced,
    DormantState,
    StepSaid,
    Why,
    step_said,
    step_text,
)
from jsm_sla_bot.sla.errors import CalendarError
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role, Value
from tests.sla.contract import (
    CLOSED,
    IN_PROGRESS,
    OPEN,
    RESOLVED,
    SWEDEN,
    answer,
    entry,
    local,
    moved,
    seen,
    utc,
)
from tests.sla.dormant import (
    PENDING,
    WAITING,
    customers,
    due,
    found,
    ours,
    stands,
    under,
    waiting,
    whys,
)

TABLE = [
    ("2026-03-02 14:00", 3, "2026-03-05 08:00"),
    ("2026-03-05 16:59", 3, "2026-03-10 08:00"),
    ("2026-03-07 12:00", 3, "2026-03-11 08:00"),
    ("2026-03-06 23:30", 1, "2026-03-09 08:00"),
    ("2026-04-01 10:00", 3, "2026-04-08 07:00"),
    ("2026-05-13 09:00", 2, "2026-05-18 07:00"),
    ("2026-12-22 08:00", 3, "2026-12-29 08:00"),
]


@pytest.mark.parametrize(("word", "days", "falls_due"), TABLE)
def test_the_table_of_the_rule_book(
    word: str, days: int, falls_due: str
) -> None:
    """The first step falls due at the first opening so many business days after the agents' last word (D25)."""
    policy = under(reminders=(days, 3))
    dormant = stands(waiting(answer(word)), word, policy)
    assert due(dormant) == ("reminder 1", utc(falls_due))
    assert dormant.state is DormantState.DORMANT
    assert dormant.since == local(word)


def test_each_further_step_counts_from_the_note_before() -> None:
    """A reminder that is written late moves the steps after it: nobody gets less time than it promised (D25)."""
    asked = waiting(answer("2026-03-02 14:00"))
    first = stands(asked, "2026-03-02 15:00")
    assert [step.step for step in first.steps] == [
        "reminder 1",
        "reminder 2",
        "closing",
    ]
    assert first.closes == local("2026-03-13 09:00")
    late = waiting(
        answer("2026-03-02 14:00"), ours("2026-03-09 11:00", "reminder 1")
    )
    assert due(stands(late, "2026-03-09 12:00")) == (
        "reminder 2",
        local("2026-03-12 09:00"),
    )
    twice = waiting(*late.history[2:], ours("2026-03-12 09:00", "reminder 2"))
    closing = stands(twice, "2026-03-17 09:00")
    assert due(closing) == ("closing", local("2026-03-17 09:00"))
    assert closing.closes == local("2026-03-17 09:00")


def test_on_the_first_day_only_a_first_reminder_is_due() -> None:
    """However old a request is, the first reminder comes first, and the closing six business days later (D13, D25)."""
    dormant = stands(waiting(), "2026-06-01 12:00")
    assert due(dormant) == ("reminder 1", local("2026-02-05 09:00"))
    assert dormant.steps[1].at == local("2026-06-04 09:00")
    assert dormant.closes == local("2026-06-09 09:00")
    assert dormant.next_at == local("2026-06-04 09:00")


@pytest.mark.parametrize(
    ("deed", "since"),
    [
        (answer("2026-03-03 10:00"), "2026-03-03 10:00"),
        (answer("2026-03-03 10:00", role=Role.BOT), None),
        (answer("2026-03-03 10:00", role=Role.AUTOMATION), None),
        (answer("2026-03-03 10:00", role=Role.PROBABLE_AGENT), None),
        (answer("2026-03-03 10:00", Deed.INTERNAL_NOTE), None),
        (entry("2026-03-03 10:00", Deed.LABELS, frozenset({"x"})), None),
    ],
    ids=["agent", "bot", "automation", "probable", "internal", "field"],
)
def test_what_dormancy_counts_from(
    deed: HistoryEntry, since: str | None
) -> None:
    """An agent's public comment moves it; the bot's and automations' deeds, notes and fields do not (D24)."""
    dormant = stands(waiting(deed), "2026-03-03 11:00")
    assert dormant.since == local(since or "2026-02-02 10:00")
    assert whys(dormant)[0] is Why.WAITING


@pytest.mark.parametrize(
    ("role", "since"),
    [
        (Role.AGENT, "2026-03-03 10:00"),
        (Role.CUSTOMER, None),
        (Role.AUTOMATION, "2026-02-02 10:00"),
        (Role.BOT, "2026-02-02 10:00"),
    ],
)
def test_entering_the_waiting_status(role: Role, since: str | None) -> None:
    """It counts from the entry, unless an automation or the bot made it; a customer's own is their act (D24)."""
    away = moved("2026-03-02 10:00", IN_PROGRESS, WAITING)
    back = moved("2026-03-03 10:00", WAITING, IN_PROGRESS, role)
    dormant = stands(waiting(away, back), "2026-03-03 11:00")
    is_ours = since is None
    assert (dormant.state is DormantState.WAITS_FOR_US) is is_ours
    assert dormant.since == local(since or "2026-03-03 10:00")


def test_from_one_waiting_status_to_another_counts() -> None:
    """It counts from the entry into the status that it has, also from another one that waits."""
    moves = moved("2026-03-03 10:00", PENDING, WAITING)
    dormant = stands(waiting(moves, status=PENDING), "2026-03-03 11:00")
    assert dormant.since == local("2026-03-03 10:00")


@pytest.mark.parametrize(
    "deed",
    [
        Deed.PUBLIC_COMMENT,
        Deed.SEVERITY,
        Deed.LABELS,
        Deed.PRODUCT,
        Deed.ORGANIZATIONS,
    ],
)
def test_a_customer_who_has_acted_is_not_reminded(deed: Deed) -> None:
    """A comment or a change of the customer's side is the last word: agents are flagged 15 minutes later (D24)."""
    values: dict[Deed, tuple[Value, str]] = {
        Deed.SEVERITY: (3, "severity"),
        Deed.LABELS: (frozenset({"new"}), "labels"),
        Deed.PRODUCT: ("EASM", "product"),
        Deed.ORGANIZATIONS: (("1",), "organizations"),
    }
    after, name = values.get(deed, (None, ""))
    act = replace(
        customers("2026-03-03 10:00", deed), before=after, after=after
    )
    given = {name: after} if name else {}
    dormant = stands(
        waiting(answer("2026-03-02 14:00"), act, **given), "2026-03-09 10:00"
    )
    assert dormant.state is DormantState.WAITS_FOR_US
    assert due(dormant) == (None, None)
    assert dormant.flag_at == local("2026-03-03 10:15")
    assert whys(dormant)[-1] is Why.CUSTOMER_ACTED


def test_of_two_deeds_at_one_instant_the_customers_is_the_last() -> None:
    """Where an agent and the customer act at once nobody is reminded."""
    both = (answer("2026-03-03 10:00"), customers("2026-03-03 10:00"))
    dormant = stands(waiting(*both), "2026-03-03 10:05")
    assert dormant.state is DormantState.WAITS_FOR_US
    assert dormant.next_at == local("2026-03-03 10:15")


def test_an_internal_note_of_the_customers_side_is_no_act() -> None:
    """What the customer's side can't have said in public changes nothing."""
    note = customers("2026-03-03 10:00", Deed.INTERNAL_NOTE)
    dormant = stands(waiting(note), "2026-03-03 11:00")
    assert dormant.state is DormantState.DORMANT


def test_an_answer_ends_the_sequence_and_a_new_one_begins() -> None:
    """After the customer's act and our next word it is the first reminder again (D26)."""
    asked = waiting(
        answer("2026-03-02 14:00"),
        ours("2026-03-05 09:00", "reminder 1"),
        ours("2026-03-10 09:00", "reminder 2"),
        customers("2026-03-12 16:00"),
        answer("2026-03-16 10:00"),
    )
    assert due(stands(asked, "2026-03-16 11:00")) == (
        "reminder 1",
        local("2026-03-19 09:00"),
    )


def test_a_further_word_of_an_agent_begins_it_again() -> None:
    """Dormancy counts from the last word, so the customer has the whole time for it (D24)."""
    asked = waiting(
        answer("2026-03-02 14:00"),
        ours("2026-03-05 09:00", "reminder 1"),
        answer("2026-03-06 10:00"),
    )
    assert due(stands(asked, "2026-03-06 11:00")) == (
        "reminder 1",
        local("2026-03-11 09:00"),
    )


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"labels": frozenset({"Keep-Open"})}, DormantState.KEPT_OPEN),
        ({"eta": date(2026, 3, 31)}, DormantState.ETA_AHEAD),
        ({"eta": date(2026, 3, 3)}, DormantState.ETA_AHEAD),
        ({"eta": local("2026-03-03 17:00")}, DormantState.ETA_AHEAD),
    ],
    ids=["label", "date ahead", "end of today's hours", "instant"],
)
def test_what_keeps_it_from_going_dormant(
    values: dict[str, object], state: DormantState
) -> None:
    """The label, and an ETA that lies ahead (D23)."""
    dormant = stands(waiting(**values), "2026-03-03 16:59")
    assert dormant.state is state
    assert due(dormant) == (None, None)


def test_an_eta_that_is_reached_keeps_nothing_open() -> None:
    """It is looked at again when the ETA's business hours end, and goes dormant then."""
    asked = waiting(eta=date(2026, 3, 3))
    ends = local("2026-03-03 17:00")
    assert stands(asked, "2026-03-03 16:59").next_at == ends
    reached = stands(asked, "2026-03-03 17:00")
    assert due(reached) == ("reminder 1", local("2026-02-05 09:00"))


def test_it_goes_dormant_only_once_it_is_acknowledged() -> None:
    """A request that nobody has answered owes us nothing yet."""
    asked = replace(
        waiting(),
        history=(
            moved(
                "2026-02-02 10:00",
                PENDING,
                OPEN,
            ),
        ),
        status=PENDING,
    )
    dormant = stands(asked, "2026-02-02 12:00")
    assert dormant.state is DormantState.NOT_ACKNOWLEDGED


@pytest.mark.parametrize(
    "values",
    [
        {"severity": 2},
        {"severity": 1},
        {"status": IN_PROGRESS},
        {"status": RESOLVED},
        {"labels": frozenset({"SLA-bot-ignore"})},
        {"labels": frozenset({"outside-the-service"})},
        {"request_type": "Feature request"},
        {"organizations": ("18",)},
    ],
    ids=[
        *("S2", "S1", "in progress", "resolved", "ignored"),
        *("declined", "feature request", "excluded"),
    ],
)
def test_of_which_requests_nothing_is_said(values: dict[str, object]) -> None:
    """Of other severities and statuses, of what is not measured and what a person has taken out (D18, D23)."""
    assert found(waiting(**values), "2026-06-01 12:00") is None


def test_without_a_rule_nothing_is_said() -> None:
    """As shipped no request goes dormant, and time brings nothing about."""
    asked = waiting(answer("2026-03-02 14:00"))
    assert found(asked, "2026-03-20 12:00", under(None)) is None
    plain = seen(asked, "2026-03-02 15:00", under(None))
    assert plain.next_change_at is None
    ahead = seen(asked, "2026-03-02 15:00", under())
    assert ahead.next_change_at == local("2026-03-05 09:00")


def test_a_rule_of_its_own_is_named() -> None:
    """The explanation says that the organization's own contract has the rule (R12)."""
    assert Why.OVERRIDE in whys(stands(waiting(), "2026-03-02 15:00"))


def test_nothing_to_count_from() -> None:
    """Where only an automation has set it to wait and no agent has said anything, nobody is reminded."""
    acted = moved("2026-02-02 10:00", IN_PROGRESS)
    waits = moved(
        "2026-02-02 11:00", WAITING, IN_PROGRESS, role=Role.AUTOMATION
    )
    asked = replace(waiting(), history=(acted, waits))
    dormant = stands(asked, "2026-03-02 10:00")
    assert dormant.state is DormantState.UNDATED


@pytest.mark.parametrize(
    ("told", "rule", "step", "falls_due"),
    [
        ("reminder 1", {}, "reminder 2", "2026-03-10 09:00"),
        (
            "reminder 1, then reminder 2 after 5",
            {},
            "reminder 2",
            "2026-03-12 09:00",
        ),
        (
            "reminder 1, then reminder 2 after 3",
            {"reminders": (3,), "close_after": 1},
            "reminder 2",
            "2026-03-10 09:00",
        ),
        (
            "reminder 1, then closing after 3",
            {"reminders": (3,), "close_after": 1},
            "closing",
            "2026-03-10 09:00",
        ),
        (
            "reminder 1, then closing after 3",
            {},
            "reminder 2",
            "2026-03-10 09:00",
        ),
    ],
    ids=["plain", "shorter", "fewer", "closes earlier", "more"],
)
def test_nobody_gets_less_than_a_note_announced(
    told: str, rule: dict[str, Any], step: str, falls_due: str
) -> None:
    """A policy that changes after a reminder makes no step come earlier or harder than that one said (D25)."""
    asked = waiting(answer("2026-03-02 14:00"), ours("2026-03-05 09:00", told))
    dormant = stands(asked, "2026-03-05 10:00", under(**rule))
    assert due(dormant) == (step, local(falls_due))


def test_the_closing_that_was_announced_first_holds_as_well() -> None:
    """A closing moved earlier after the first reminder comes no earlier after the second than the first said."""
    first = "reminder 1, then reminder 2 after 3, then closing after 3"
    asked = waiting(
        answer("2026-03-02 14:00"), ours("2026-03-05 09:00", first)
    )
    dormant = stands(asked, "2026-03-05 10:00", under(close_after=1))
    assert dormant.closes == local("2026-03-13 09:00")
    assert dormant.steps[1].days == 3


CLOSED_BY_US = (
    answer("2026-03-02 14:00"),
    ours("2026-03-05 09:00", "reminder 1"),
    ours("2026-03-10 09:00", "reminder 2"),
    ours("2026-03-13 09:00", "closing"),
    moved("2026-03-13 09:01", CLOSED, WAITING, Role.BOT),
)


def test_once_the_closing_is_said_the_transition_is_left() -> None:
    """A crash between the note and the transition: the note is not due again, the transition is (D26)."""
    dormant = stands(waiting(*CLOSED_BY_US[:-1]), "2026-03-13 10:00")
    assert dormant.step == "closing"
    assert dormant.is_closing_said


def test_a_customer_who_answers_before_the_transition_keeps_it_open() -> None:
    """What the closing note said is overtaken by their act."""
    asked = waiting(*CLOSED_BY_US[:-1], customers("2026-03-13 09:01"))
    state = stands(asked, "2026-03-13 10:00").state
    assert state is DormantState.WAITS_FOR_US


def test_it_is_closed_once_for_one_silence() -> None:
    """An automation that opens it again is not quarrelled with; an agent's deed begins a new sequence."""
    for role, state in (
        (Role.AUTOMATION, DormantState.OVER),
        (Role.AGENT, DormantState.DORMANT),
    ):
        back = moved("2026-03-16 10:00", WAITING, CLOSED, role)
        dormant = stands(waiting(*CLOSED_BY_US, back), "2026-03-30 10:00")
        assert dormant.state is state
        is_new = role is Role.AGENT
        assert dormant.step == ("reminder 1" if is_new else None)


@pytest.mark.parametrize(
    ("later", "act", "may_reopen"),
    [
        ((), None, False),
        ((customers("2026-03-13 12:00"),), "2026-03-13 12:00", True),
        ((customers("2026-03-27 09:00"),), "2026-03-27 09:00", True),
        ((customers("2026-03-27 09:01"),), "2026-03-27 09:01", False),
        ((customers("2026-03-13 08:59"),), "2026-03-13 08:59", True),
        (
            (customers("2026-03-14 10:00"), answer("2026-03-16 10:00")),
            None,
            False,
        ),
        (
            (customers("2026-03-14 10:00"), customers("2026-05-16 10:00")),
            "2026-03-14 10:00",
            True,
        ),
        ((customers("2026-03-14 10:00", Deed.LABELS),), None, False),
        ((customers("2026-03-14 10:00", role=Role.AUTOMATION),), None, False),
    ],
    ids=[
        *("silent", "at once", "last instant", "too late", "just before"),
        *("answered", "twice", "no comment", "automation"),
    ],
)
def test_a_comment_on_what_was_closed(
    later: tuple[HistoryEntry, ...], act: str | None, *, may_reopen: bool
) -> None:
    """A customer's public comment within ten business days reopens it, a later one is flagged (D27)."""
    asked = waiting(*CLOSED_BY_US, *later, status=CLOSED)
    asked = replace(
        asked, labels=frozenset(), history=tuple(_plain(asked.history))
    )
    dormant = stands(asked, "2026-06-01 10:00")
    assert dormant.state is DormantState.CLOSED
    assert dormant.act == (local(act) if act else None)
    assert dormant.may_reopen is may_reopen


def _plain(history: tuple[HistoryEntry, ...]) -> list[HistoryEntry]:
    """Return a history whose changes of labels change nothing."""
    return [
        replace(each, before=frozenset(), after=frozenset())
        if each.what is Deed.LABELS
        else each
        for each in history
    ]


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUTOMATION, Role.CUSTOMER])
def test_what_others_have_closed_is_theirs(role: Role) -> None:
    """Only a request that R11 closed is reopened by it."""
    closes = moved("2026-03-13 09:01", CLOSED, WAITING, role)
    asked = waiting(*CLOSED_BY_US[:-1], closes, status=CLOSED)
    assert found(asked, "2026-03-16 10:00") is None


def test_a_closing_of_the_bot_without_its_note_is_not_r11s() -> None:
    """The bot may close a request for another reason: that one is not reopened."""
    closes = moved("2026-03-13 09:01", CLOSED, WAITING, Role.BOT)
    asked = waiting(*CLOSED_BY_US[:-2], closes, status=CLOSED)
    assert found(asked, "2026-03-16 10:00") is None


def test_a_calendar_that_ends_is_named() -> None:
    """Past the snapshot nothing is guessed, and the response time of the request is still answered (D16)."""
    asked = waiting(answer("2027-12-29 10:00"))
    answered = seen(asked, "2027-12-30 10:00", under())
    dormant = answered.dormancy
    assert dormant is not None
    assert dormant.state is DormantState.UNKNOWN
    (why,) = dormant.because
    assert "calendar 'sweden' covers 2025-2027 only" in str(
        why.fact("message")
    )


@pytest.mark.parametrize("days", [1, 2, 3, 10])
def test_an_opening_after_is_later_and_an_opening(days: int) -> None:
    """So many later dates with hours, counted one by one."""
    start = local("2026-04-01 10:00")
    opens = SWEDEN.opening_after(start, days)
    dates = {each.opens.date() for each in SWEDEN.spans(start, opens)}
    assert len(dates - {start.date()}) == days - 1
    assert SWEDEN.next_open(opens) == opens


def test_an_opening_past_the_snapshot_is_an_error() -> None:
    """The error names the calendar and the span (D16)."""
    with pytest.raises(CalendarError, match="3 business days from 2027-12-30"):
        SWEDEN.opening_after(utc("2027-12-30 10:00"), 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reminder 1", StepSaid(1)),
        ("closing", StepSaid(0)),
        (
            "reminder 2, then closing after 3",
            StepSaid(2, (Announced("closing", 3),)),
        ),
        (
            "reminder 1, then reminder 2 after 12, then closing after 3",
            StepSaid(
                1, (Announced("reminder 2", 12), Announced("closing", 3))
            ),
        ),
        ("reminder 0", None),
        ("reminder", None),
        ("Reminder 1", None),
        ("registered", None),
        ("", None),
        (None, None),
        (datetime(2026, 3, 2), None),
    ],
)
def test_a_step_as_history_carries_it(
    text: object, said: StepSaid | None
) -> None:
    """It is read with what it announced or without; anything else is no step."""
    assert step_said(text) == said
    if said and said.number:
        name = f"reminder {said.number}"
        assert step_text(name, said.announced) == text
