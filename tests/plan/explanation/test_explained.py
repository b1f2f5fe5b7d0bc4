"""The explanation in full, as values: every step, everything that was counted, and what it rests on."""

import pytest

from jsm_sla_bot.plan.explanation.explained import Explanation, explained
from jsm_sla_bot.plan.wording import says
from jsm_sla_bot.sla.tally import Kind
from tests.sla.contract import POLICY, STOCKHOLM, request, seen
from tests.sla.test_reasons import STORIES


def of(name: str) -> Explanation:
    """Explain one of the stories."""
    known, now, under = STORIES[name]
    return explained(seen(known, now, under), under, STOCKHOLM, known.product)


@pytest.mark.parametrize("name", STORIES)
def test_every_reason_is_a_step(name: str) -> None:
    """In their order, each with its rule; instants of the history are not repeated as its source."""
    known, now, under = STORIES[name]
    assessment = seen(known, now, under)
    steps = of(name).steps
    assert [(step.rule, step.why) for step in steps] == [
        (reason.rule, says(reason, STOCKHOLM)) for reason in assessment.because
    ]
    assert not any(step.source.startswith("history ") for step in steps)


@pytest.mark.parametrize("name", STORIES)
def test_something_would_change_every_answer(name: str) -> None:
    """Whoever asks why is never left without what to do, or that nothing can be done."""
    assert of(name).changes


@pytest.mark.parametrize("name", STORIES)
def test_what_was_counted_is_there_where_a_clock_runs(name: str) -> None:
    """And only there."""
    known, now, under = STORIES[name]
    owed = seen(known, now, under).owed
    assert (of(name).counted is None) is (owed is None)


def test_the_facts_name_what_the_answer_rests_on() -> None:
    """At a glance, in the order in which a person would ask."""
    known = request("2026-03-06 22:10", organizations=("11",))
    assessment = seen(known, "2026-03-06 22:20")
    found = explained(assessment, POLICY, STOCKHOLM, known.product)
    assert dict(found.facts) == {
        "organization": f"{POLICY.organizations['11'].name} (11)",
        "tier": "Expert",
        "severity": "S1",
        "product": "Outscan NX, supported round the clock where the target is",
        "phone": "the customer has not called",
        "calendar": "sweden, business hours",
    }


def test_days_that_were_skipped_are_named() -> None:
    """A holiday by its name, and kept apart from what was counted."""
    known = request("2026-04-01 11:00", severity=4)
    found = explained(
        seen(known, "2026-04-01 12:00"), POLICY, STOCKHOLM, known.product
    )
    assert found.counted
    skipped = [
        row.cells for row in found.counted.rows if row.kind is Kind.SKIPPED
    ]
    assert ("2026-04-03", "Good Friday", "skipped") in skipped
