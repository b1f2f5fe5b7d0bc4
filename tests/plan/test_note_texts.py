"""What the internal notes say, read as an agent reads them at three in the morning."""

from dataclasses import replace

import pytest

from jsm_sla_bot.config.document import parse
from jsm_sla_bot.plan import note_texts
from jsm_sla_bot.plan.note_texts import Escalating
from jsm_sla_bot.sla.assessment import Assessment, Flag, Measurement
from jsm_sla_bot.sla.contract import Rung
from tests.plan.jira import UNTOUCHED, planned
from tests.plan.test_wording import REPORT, crowded, story
from tests.sla.contract import STOCKHOLM, local, policy, request, seen

LATE = "2026-03-03 13:10"
NOTHING = Escalating()
ESCALATING = Escalating(raises_priority=True, moves_to="Escalated")


def said(
    rung: str,
    answered: Assessment | Measurement,
    at: str,
    escalating: Escalating = NOTHING,
) -> tuple[str, ...]:
    """Return the paragraphs of a rung's note, written at a local time."""
    measured = (
        answered.first_response
        if isinstance(answered, Assessment)
        else answered
    )
    return note_texts.rung_note(
        rung, measured, escalating, STOCKHOLM, local(at)
    )


def test_a_breach_says_outcome_deeds_and_reason_in_that_order() -> None:
    """R10: how late, what is done about it, what to do, and last why."""
    raised = seen(request(REPORT, organizations=("11",)), LATE)
    assert said("breach", raised, LATE, ESCALATING) == (
        "Breached: the first response was due Tue 2026-03-03 10:00 CET, 3 h 10 min ago.",
        (
            "Escalated: the priority is raised to the highest, and the request goes to Escalated, where its workflow "
            "offers that."
        ),
        "Answer the customer now.",
        (
            "Why: Nordbank AB (organization 11), Expert, S1: 8 h, business hours (2 h round the clock once the "
            "customer calls). The customer has not called, so the Knowledge target counts. "
            "The clock started Mon 2026-03-02 10:00 CET."
        ),
    )


def test_before_the_due_time_it_says_until_when() -> None:
    """R10: nothing is escalated yet, and a rung's name in the policy is no word for people."""
    raised = seen(request(REPORT), "2026-03-03 09:00")
    outcome, to_do, why = said("at_risk", raised, "2026-03-03 09:00:40")
    assert (
        outcome
        == "At risk: answer by Tue 2026-03-03 10:00 CET, 59 min from now."
    )
    assert to_do == "Answer the customer now."
    assert why.startswith(
        "Why: Acme Industries (organization 12), Knowledge, S1: 8 h, business hours."
    )


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (
            "2026-03-03 10:00:20",
            "Breached: the first response was due Tue 2026-03-03 10:00 CET.",
        ),
        (
            "2026-03-05 12:30",
            "Breached: the first response was due Tue 2026-03-03 10:00 CET, 2 days 2 h ago.",
        ),
    ],
)
def test_how_late_is_told_to_the_minute(at: str, outcome: str) -> None:
    """Seconds decide nothing here."""
    assert said("breach", seen(request(REPORT), at), at)[0] == outcome


def test_without_a_clock_there_is_no_rung() -> None:
    """Nothing is owed, so nothing is late."""
    assert (
        said("breach", story().first_response._replace(owed=None), LATE) == ()
    )


def test_a_rung_names_whom_to_phone() -> None:
    """R10: where the policy says so, for that rung."""
    rungs = (
        Rung("at_risk", 0.75, escalate=False),
        Rung(
            "breach", 1.0, escalate=True, contact="the duty manager, +46 8 1"
        ),
    )
    raised = seen(request(REPORT), LATE, policy(rungs=rungs))
    assert "Answer the customer now. Phone the duty manager, +46 8 1." in said(
        "breach", raised, LATE
    )
    assert "Answer the customer now." in said("at_risk", raised, LATE)


@pytest.mark.parametrize(
    ("priority", "highest", "status", "deed"),
    [
        (
            "3",
            "1",
            "Open",
            "the priority is raised to the highest, and the request goes to Escalated",
        ),
        ("1", "1", "Open", "Escalated: the request goes to Escalated"),
        (
            "3",
            "1",
            "escalated",
            "Escalated: the priority is raised to the highest.",
        ),
        ("3", None, "Open", "Escalated: the request goes to Escalated"),
        ("1", "1", "Escalated", ""),
    ],
    ids=["both", "is the highest", "is there", "highest unknown", "neither"],
)
def test_a_note_speaks_of_what_is_done_and_of_nothing_else(
    priority: str, highest: str | None, status: str, deed: str
) -> None:
    """R10: what a person has done already is no deed of the bot's."""
    shown = replace(
        UNTOUCHED, priority=priority, highest_priority=highest, status=status
    )
    note = planned(
        request(REPORT), local(LATE), shown, escalation_status="Escalated"
    ).note
    assert note
    told = "\n".join(note.paragraphs)
    assert (deed in told) if deed else ("Escalated:" not in told)


def test_a_note_names_the_priority_as_the_site_does() -> None:
    """R10: P1 is what people look for where the highest is called so."""
    shown = replace(UNTOUCHED, highest_priority_name="P1 Blocker")
    plan = planned(request(REPORT), local(LATE), shown)
    assert plan.note
    told = "\n".join(plan.note.paragraphs)
    assert "the priority is raised to P1 Blocker." in told


def test_a_flag_says_what_to_do_first() -> None:
    """D10, D11: in the words of whoever can put it right."""
    assert note_texts.flag_note(
        Flag.NO_SEVERITY, story(severity=None).first_response
    ) == ("Set the severity: none is set, so S3 counts until then.",)
    assert note_texts.flag_note(
        Flag.NO_ORGANIZATION, story(organizations=()).first_response
    ) == (
        "Set the organization if the customer has one: none is set, so the default tier Knowledge counts.",
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Umbra Ltd", "Umbra Ltd (organization 99)"),
        ('Umbra: "x" # Ltd', 'Umbra: "x" # Ltd (organization 99)'),
        ("- {Umbra}", "- {Umbra} (organization 99)"),
        ("", "Organization 99"),
    ],
)
def test_an_organization_that_is_not_mapped_comes_with_its_lines(
    name: str, shown: str
) -> None:
    """D11: agents read the name; whoever keeps the file pastes lines that YAML reads as they are meant."""
    raised = story(organizations=("99",), organization_names=(("99", name),))
    told, paste, lines = note_texts.flag_note(
        Flag.UNMAPPED_ORGANIZATION, raised.first_response
    )
    assert told == (
        f"{shown} is not in organizations.yaml: the default tier Knowledge counts for it until it is added."
    )
    assert paste.startswith(
        "For whoever keeps organizations.yaml: add these lines"
    )
    document, problems = parse(
        "o.yaml", "o.yaml", f"organizations:\n{lines}\n"
    )
    assert problems == []
    entry = {"id": 99, "name": name or "Organization 99", "tier": "Knowledge"}
    assert document.value == {"organizations": [entry]}


def test_the_default_tier_is_proposed_whoever_decides() -> None:
    """D11: next to an Expert organization, an unmapped one still has the default tier."""
    lines = note_texts.flag_note(
        Flag.UNMAPPED_ORGANIZATION, seen(crowded(), REPORT).first_response
    )[-1]
    assert lines.endswith("    tier: Knowledge")


def test_a_note_on_the_unentitled_says_why() -> None:
    """R7: and that nothing is owed."""
    assert note_texts.not_entitled_note(
        story(organizations=("15",)).first_response, STOCKHOLM
    ) == (
        "No response time is owed. Kestrel Retail (organization 15) was not entitled at the report: support is "
        "suspended."
    )
