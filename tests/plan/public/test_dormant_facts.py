"""What the reminder and the closing note say of a request that waits for its customer (R11, D26)."""

from datetime import datetime

import pytest

from jsm_sla_bot.plan import dormancy_wording
from jsm_sla_bot.plan.public.dormant_facts import (
    closing_facts,
    reminder_facts,
)
from jsm_sla_bot.plan.public.facts import FACTS
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.texts import SHIPPED
from jsm_sla_bot.sla.dormancy_state import (
    Dormancy,
    DormantState,
    Ground,
    StepAt,
    Why,
    ground,
)
from tests.sla.contract import STOCKHOLM, local

WROTE = ground(Why.COUNTED_FROM_COMMENT, "D24", at=local("2026-03-02 14:00"))
ENTERED = ground(Why.COUNTED_FROM_ENTRY, "D24", at=local("2026-03-02 14:00"))
FIRST = StepAt("reminder 1", local("2026-03-05 09:00"), 3)
SECOND = StepAt("reminder 2", local("2026-03-10 09:00"), 3)
CLOSING = StepAt("closing", local("2026-03-13 09:00"), 3)


def waiting(*steps: StepAt, since: Ground = WROTE) -> Dormancy:
    """Return a request that waits for its customer, with these steps ahead."""
    because = (ground(Why.WAITING, "D23", status="Waiting"), since)
    return Dormancy(DormantState.DORMANT, because, steps=steps)


def reminder(dormancy: Dormancy) -> str:
    """Return what the customer reads in a reminder."""
    facts = reminder_facts("SUP-1", dormancy, STOCKHOLM)
    assert facts is not None
    assert set(facts) == {fact.name for fact in FACTS[NoteKind.REMINDER]}
    return " ".join(SHIPPED.paragraphs(NoteKind.REMINDER, facts))


def test_a_first_reminder_names_the_next_and_the_closing() -> None:
    """D26: what is awaited, the day of the next step, how to keep the request open, that it can be reopened."""
    assert reminder(waiting(FIRST, SECOND, CLOSING)) == (
        "Your request SUP-1 is still open. We wait for your answer. Our support team last wrote to you "
        "on Mon 2026-03-02 14:00 CET. "
        "We will remind you again on Tue 10 March 2026. Without an answer the request is closed on Fri 13 March 2026. "
        "Write a comment here to keep it open. "
        "You can have a closed request reopened at any time: write a comment here."
    )


def test_the_last_reminder_names_the_closing_only() -> None:
    """No further reminder is announced where none comes."""
    said = reminder(waiting(SECOND, CLOSING, since=ENTERED))
    assert "We have waited since Mon 2026-03-02 14:00 CET." in said
    assert "We remind you" not in said
    assert "closed on Fri 13 March 2026" in said


@pytest.mark.parametrize("steps", [(), (CLOSING,), (FIRST,)])
def test_no_reminder_without_a_date(steps: tuple[StepAt, ...]) -> None:
    """Where the next step is no reminder, or the closing has no date, there is nothing to announce."""
    assert reminder_facts("SUP-1", waiting(*steps), STOCKHOLM) is None


@pytest.mark.parametrize("since", [WROTE, ENTERED])
def test_the_customer_reads_the_same_in_both_places(since: Ground) -> None:
    """`explain --for-customer` after the first reminder says what that reminder said, sentence by sentence."""
    said = reminder(waiting(FIRST, SECOND, CLOSING, since=since))
    after = waiting(SECOND, CLOSING, since=since)
    for sentence in dormancy_wording.for_customer(after, STOCKHOLM):
        assert sentence in said


def closing(until: datetime) -> str:
    """Return what the customer reads in the closing note."""
    facts = closing_facts("SUP-1", waiting(CLOSING), until, STOCKHOLM)
    assert set(facts) == {fact.name for fact in FACTS[NoteKind.CLOSING]}
    return " ".join(SHIPPED.paragraphs(NoteKind.CLOSING, facts))


def test_the_closing_says_how_it_is_reopened() -> None:
    """D27: until when a comment reopens it at once, and what a later one does; as `explain` says it."""
    until = local("2026-03-27 09:00")
    said = closing(until)
    assert said == (
        "We have had no answer from you, so we close your request SUP-1. A comment here until Fri 2026-03-27 09:00 CET "
        "reopens it at once. A later comment here asks us to reopen it."
    )
    closed = ground(
        Why.CLOSED_BY_US, "D26", at=local("2026-03-13 09:00"), until=until
    )
    explained = dormancy_wording.says_to_customer(closed, STOCKHOLM)
    assert explained is not None
    assert explained.partition("CET. ")[2] in said
