"""The history in any order, and the past as it was seen then."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, permutations

import pytest

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.history import as_of, held, in_order
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role
from tests.sla.contract import (
    CLOSED,
    IN_PROGRESS,
    OPEN,
    POLICY,
    answer,
    call,
    entry,
    local,
    moved,
    request,
    seen,
    severity,
)

REPORT = "2026-03-02 10:00"
AT = "2026-03-02 11:00"
LABEL = frozenset({"outside-the-service"})

STORIES = [
    ("two of one instant", [severity(AT, 3, 2), severity(AT, 2, 1)], {}),
    ("there and back", [severity(AT, 1, 3), severity(AT, 3, 1)], {}),
    (
        "three of one instant",
        [severity(AT, 4, 3), severity(AT, 3, 2), severity(AT, 2, 1)],
        {},
    ),
    (
        "of one edit",
        [
            severity(AT, 3, 1),
            moved(AT, IN_PROGRESS),
            answer(AT),
            entry(AT, Deed.PRODUCT, "Outscan NX", "EASM"),
        ],
        {"status": IN_PROGRESS},
    ),
    (
        "two calls of one instant",
        [call("2026-03-02 10:30", AT), call("2026-03-02 10:40", AT)],
        {},
    ),
    (
        "closed, reopened and answered at once",
        [
            moved(AT, CLOSED, role=Role.CUSTOMER),
            moved(AT, OPEN, CLOSED, Role.CUSTOMER),
            answer(AT),
        ],
        {},
    ),
    (
        "labels",
        [
            entry(AT, Deed.LABELS, LABEL, frozenset()),
            entry(AT, Deed.LABELS, frozenset(), LABEL),
        ],
        {},
    ),
    (
        "all apart",
        [
            severity("2026-03-02 10:10", 3, 2),
            call("2026-03-02 10:20"),
            severity("2026-03-02 10:30", 2, 1),
            entry("2026-03-02 10:40", Deed.ORGANIZATIONS, ("11",), ("12",)),
        ],
        {"organizations": ("11",)},
    ),
]


@pytest.mark.parametrize(
    ("history", "present"),
    [story[1:] for story in STORIES],
    ids=[story[0] for story in STORIES],
)
def test_the_order_in_which_a_history_comes_does_not_matter(
    history: list[HistoryEntry], present: dict[str, object]
) -> None:
    """Neither of entries apart nor of those of one instant."""
    answers = {
        repr(
            seen(
                request(
                    REPORT, *order, **{"organizations": ("11",), **present}
                ),
                "2026-03-02 12:00",
            )
        )
        for order in permutations(history)
    }
    assert len(answers) == 1


def test_changes_of_one_instant_follow_from_each_other() -> None:
    """Each begins where the one before ended, and the last ends at what is shown now."""
    changes = [severity(AT, 2, 1), severity(AT, 1, 4), severity(AT, 3, 2)]
    ordered = in_order(request(REPORT, *changes, severity=4))
    assert [(one.before, one.after) for one in ordered.history] == [
        (3, 2),
        (2, 1),
        (1, 4),
    ]
    assert all(
        one.after == other.before for one, other in pairwise(ordered.history)
    )


def test_a_snapshot_in_order_is_left_alone() -> None:
    """Nothing is copied that need not be."""
    raised = request(
        REPORT, severity("2026-03-02 10:10", 3, 2), call("2026-03-02 10:20")
    )
    assert in_order(raised) is raised
    assert as_of(raised, local("2026-03-02 10:20")) is raised


def test_every_field_is_as_it_was() -> None:
    """Later entries are undone, one by one, and nothing else is touched."""
    history = [
        severity("2026-03-02 11:00", 3, 1),
        moved("2026-03-02 11:01", IN_PROGRESS),
        entry("2026-03-02 11:02", Deed.ORGANIZATIONS, ("11",), None),
        entry("2026-03-02 11:03", Deed.PRODUCT, "EASM", None),
        entry("2026-03-02 11:04", Deed.LABELS, LABEL, None),
        entry("2026-03-02 11:05", Deed.STATUS, CLOSED, None),
    ]
    last = request(
        REPORT,
        *history,
        severity=1,
        status=CLOSED,
        organizations=("11",),
        product="EASM",
        labels=LABEL,
    )
    first = as_of(last, local("2026-03-02 10:59"))
    assert first == request(
        REPORT,
        severity=3,
        status=OPEN,
        organizations=(),
        product=None,
        labels=frozenset(),
    )
    fourth = as_of(last, local("2026-03-02 11:04"))
    assert fourth == replace(
        last, status=replace(OPEN, name="Open"), history=tuple(history[:5])
    )


def test_the_values_that_a_field_has_held() -> None:
    """From the report on, each with the entry that began it."""
    changes = [
        severity("2026-03-02 11:00", None, 3),
        severity("2026-03-02 12:00", 3, 1),
    ]
    values = held(request(REPORT, *changes, severity=1), Deed.SEVERITY)
    assert [(one.since, one.value) for one in values] == [
        (local(REPORT), None),
        (local("2026-03-02 11:00"), 3),
        (local("2026-03-02 12:00"), 1),
    ]
    assert [one.entry for one in values] == [None, *changes]


def life() -> RequestSnapshot:
    """Return a request to which about everything happened."""
    return request(
        REPORT,
        severity("2026-03-02 11:00", 3, 2),
        entry("2026-03-02 12:00", Deed.ORGANIZATIONS, ("11",), ()),
        call("2026-03-02 13:00", "2026-03-02 13:05"),
        severity("2026-03-02 14:00", 2, 1),
        entry("2026-03-02 15:00", Deed.PRODUCT, "Outscan NX", "EASM"),
        moved("2026-03-02 16:00", CLOSED, role=Role.CUSTOMER),
        moved("2026-03-02 18:00", OPEN, CLOSED, Role.CUSTOMER),
        answer("2026-03-02 19:00"),
        entry("2026-03-02 20:00", Deed.LABELS, LABEL, frozenset()),
        severity=1,
        organizations=("11",),
        labels=LABEL,
    )


@pytest.mark.parametrize("hour", range(10, 22))
def test_the_answer_at_an_earlier_now_is_what_was_seen_then(hour: int) -> None:
    """Whatever came later: the request as it stood then gives the same answer, word for word."""
    now = local(f"2026-03-02 {hour}:30")
    assert assess(life(), POLICY, now) == assess(
        as_of(life(), now), POLICY, now
    )
    assert as_of(life(), now).history == tuple(
        one for one in life().history if one.at <= now
    )


LONG = 20_000
FIRST = local("2026-03-02 10:00")


def long_history(kind: str) -> tuple[HistoryEntry, ...]:
    """Return a history of one kind that is as long as a loop of two rules makes it within days."""
    entries: list[HistoryEntry] = []
    for number in range(LONG):
        at = (
            FIRST
            if kind == "at one instant"
            else FIRST + timedelta(seconds=number + 1)
        )
        odd = number % 2
        if kind == "calls" and odd:
            entries.append(
                HistoryEntry(at, Role.AGENT, Deed.CALLED, None, FIRST)
            )
        elif kind == "corrections":
            before, after = (("11",), ("12",)) if odd else (("12",), ("11",))
            entries.append(
                HistoryEntry(at, Role.AGENT, Deed.ORGANIZATIONS, before, after)
            )
        elif kind == "comments":
            entries.append(
                HistoryEntry(at, Role.CUSTOMER, Deed.PUBLIC_COMMENT)
            )
        else:
            entries.append(
                HistoryEntry(at, Role.AGENT, Deed.SEVERITY, 2 + odd, 3 - odd)
            )
    return tuple(entries)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "kind",
    ["severities", "corrections", "comments", "calls", "at one instant"],
)
def test_a_history_of_any_length_is_read_once(kind: str) -> None:
    """Twenty thousand changes by rules that fight each other: seconds, not hours."""
    known = RequestSnapshot(
        "SUP-1",
        FIRST,
        severity=2,
        organizations=("12", "11"),
        history=long_history(kind),
    )
    assert seen(known, "2026-04-20 10:00").due is not None
