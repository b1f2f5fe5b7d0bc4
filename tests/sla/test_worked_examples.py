"""The eighteen worked examples of the rule book, to the second."""

from datetime import timedelta

import pytest

from jsm_sla_bot.sla.assess import assess
from tests.sla.contract import BY_TIER, POLICY, call, local, request, utc

EXAMPLES = [
    (
        "Knowledge",
        1,
        "Outscan NX",
        "2026-03-02 10:00",
        None,
        "2026-03-03 09:00",
    ),
    (
        "Knowledge",
        1,
        "Outscan NX",
        "2026-03-06 16:00",
        None,
        "2026-03-09 15:00",
    ),
    (
        "Knowledge",
        1,
        "Outscan NX",
        "2026-03-07 12:00",
        None,
        "2026-03-09 16:00",
    ),
    (
        "Knowledge",
        2,
        "Outscan NX",
        "2026-03-05 15:30",
        None,
        "2026-03-09 14:30",
    ),
    (
        "Knowledge",
        4,
        "Outscan NX",
        "2026-04-01 11:00",
        None,
        "2026-04-10 09:00",
    ),
    ("Expert", 1, "Outscan NX", "2026-03-06 22:10", None, "2026-03-09 16:00"),
    (
        "Expert",
        1,
        "Outscan NX",
        "2026-03-06 22:10",
        "2026-03-06 22:20",
        "2026-03-06 23:20",
    ),
    (
        "Expert",
        1,
        "EASM",
        "2026-03-06 22:10",
        "2026-03-06 22:20",
        "2026-03-09 10:00",
    ),
    (
        "Expert",
        2,
        "Outscan NX",
        "2026-03-28 20:00",
        "2026-03-28 20:05",
        "2026-03-29 03:05",
    ),
    (
        "Expert",
        2,
        "Outscan NX",
        "2026-10-24 20:00",
        "2026-10-24 20:05",
        "2026-10-25 02:05",
    ),
    (
        "Expert",
        1,
        "Outscan NX",
        "2026-03-02 09:00",
        "2026-03-02 16:30",
        "2026-03-02 16:00",
    ),
    ("Expert", 3, "Outscan NX", "2026-12-23 15:00", None, "2026-12-29 14:00"),
    (
        "Expert Partner",
        4,
        "Outscan NX",
        "2026-06-17 09:00",
        None,
        "2026-06-22 15:00",
    ),
    (
        "Expert",
        2,
        "Outscan NX",
        "2026-03-02 10:00",
        "2026-03-04 11:30",
        "2026-03-04 09:00",
    ),
    (
        "Expert",
        1,
        "Outscan NX",
        "2026-03-02 10:00",
        "2026-03-02 09:50",
        "2026-03-03 09:00",
    ),
    (
        "Knowledge",
        1,
        "Outscan NX",
        "2026-03-02 09:00",
        None,
        "2026-03-02 16:00",
    ),
    ("Knowledge", 3, "EASM", "2026-03-04 17:00", None, "2026-03-09 16:00"),
    ("Expert", 3, "Outscan NX", "2026-03-29 01:30", None, "2026-03-31 15:00"),
]


@pytest.mark.parametrize(
    ("tier", "severity", "product", "reported", "called", "due"),
    EXAMPLES,
    ids=[f"row {number}" for number in range(1, len(EXAMPLES) + 1)],
)
def test_a_worked_example_is_due_to_the_second(
    tier: str,
    severity: int,
    product: str,
    reported: str,
    called: str | None,
    due: str,
) -> None:
    """Each row of the rule book's table gives exactly its due time."""
    history = [call(called)] if called else []
    raised = request(
        reported,
        *history,
        severity=severity,
        product=product,
        organizations=(BY_TIER[tier],),
    )
    now = max(
        local(reported), local(called) if called else local(reported)
    ) + timedelta(minutes=1)
    assert assess(raised, POLICY, now).due == utc(due)
