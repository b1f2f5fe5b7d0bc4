"""The note on an ETA: its words, its marker, what agents read, and what is known where a ledger was lost (D21)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.blocks import Mention, Paragraph
from jsm_sla_bot.plan.change import Evidence, Plan, Shown
from jsm_sla_bot.plan.fields import BY_NAME
from jsm_sla_bot.plan.finish import Subject, finished
from jsm_sla_bot.plan.ledger import Ledger, ToldEta
from jsm_sla_bot.plan.markers import Audience
from jsm_sla_bot.plan.public.owed import Due, due
from jsm_sla_bot.plan.public.texts import SHIPPED
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import PublicNoteRule
from jsm_sla_bot.sla.eta import Eta
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot
from tests.sla.contract import (
    STOCKHOLM,
    answer,
    entry,
    local,
    only,
    request,
)

SETTLES = timedelta(minutes=10)
NOON = local("2026-03-03 12:00")
FRIDAY = date(2026, 3, 6)
MIA = Mention("712020:mia", "Mia Lindqvist")
ON = {"eta": PublicNoteRule(frozenset({1, 2, 3, 4}), SETTLES, SETTLES)}
FIRST = "public:eta:2026-03-03T11:00:00+00:00@2026-03-02T10:00:00+00:00"
SECOND = "public:eta:2026-03-06@2026-03-02T12:00:00+00:00"


def sets(when: str, before: Eta | None, after: Eta | None) -> HistoryEntry:
    """Return a change of the ETA at a local time."""
    return entry(when, Deed.ETA, after, before)


SET = sets("2026-03-02 11:00", None, NOON)
MOVED = sets("2026-03-02 13:00", NOON, FRIDAY)
EMPTIED = sets("2026-03-02 15:00", NOON, None)


def raised(*history: HistoryEntry, **values: object) -> RequestSnapshot:
    """Return an answered request of organization "1" with the ETA that was set last."""
    given = {"organizations": ("1",), "eta": history[-1].after, **values}
    answered = answer("2026-03-02 10:20")
    return request("2026-03-02 10:00", answered, *history, **given)


def seen(
    asked: RequestSnapshot,
    when: str,
    said: Collection[str] = (),
    notes: Mapping[str, PublicNoteRule] = ON,
) -> Due:
    """Return what is owed at a local time where the notes with these markers stand."""
    now = local(when)
    ledger = Ledger(notes=dict.fromkeys(said, "1"))
    assessment = assess(asked, only("Expert", notes=notes), now)
    return due(asked, assessment, ledger, now, MIA)


def test_the_first_one() -> None:
    """It names the request and the ETA, in the zone of the customer's calendar."""
    found = seen(raised(SET), "2026-03-02 11:10")
    note = found.public(SHIPPED)
    assert note
    assert note.markers == (FIRST,)
    assert note.audience is Audience.PUBLIC
    assert note.paragraphs == (
        "We expect to solve your request SUP-1 by Tue 2026-03-03 12:00 CET.",
    )
    assert found.until == NOON
    assert found.next_at == NOON


def test_a_change_names_old_and_new() -> None:
    """A date means the end of that day's business hours."""
    note = seen(raised(SET, MOVED), "2026-03-02 13:10", [FIRST]).public(
        SHIPPED
    )
    assert note
    assert note.markers == (SECOND,)
    assert note.paragraphs == (
        "We expect to solve your request SUP-1 by Fri 2026-03-06 17:00 CET.",
        "Until now we expected to solve it by Tue 2026-03-03 12:00 CET.",
    )


def test_a_date_without_business_hours() -> None:
    """A Saturday has no hours to name: the customer reads the date."""
    saturday = sets("2026-03-02 11:00", None, date(2026, 3, 7))
    note = seen(raised(saturday), "2026-03-02 11:10").public(SHIPPED)
    assert note
    assert "by Sat 2026-03-07." in note.paragraphs[0]


@pytest.mark.parametrize(
    ("asked", "when", "said"),
    [
        pytest.param(raised(SET), "2026-03-02 11:30", [FIRST], id="read already"),
        pytest.param(raised(SET), "2026-03-02 11:09", [], id="not settled yet"),
        pytest.param(raised(SET, labels=frozenset({"outside-the-service"})), "2026-03-02 11:30", [], id="not measured"),
    ],
)  # fmt: skip
def test_nothing_to_say(
    asked: RequestSnapshot, when: str, said: list[str]
) -> None:
    """Neither the customer nor the agents read anything."""
    found = seen(asked, when, said)
    assert (found.notes, found.flags) == ((), ())


def test_off_as_shipped() -> None:
    """D12: nothing is said, and time brings nothing about, where the kind is not on for the severity."""
    lesser = {"eta": PublicNoteRule(frozenset({3, 4}), SETTLES, SETTLES)}
    other = {"resolved": ON["eta"]}
    for notes in ({}, lesser, other):
        assert seen(raised(SET), "2026-03-02 11:30", notes=notes) == Due()


FLAGS = [
    pytest.param(
        raised(SET, EMPTIED), "2026-03-02 15:10", [FIRST],
        "D21:eta_emptied:2026-03-02T14:00:00+00:00",
        "Tue 2026-03-03 12:00 CET is what the customer has read last",
        id="emptied",
    ),
    pytest.param(
        raised(sets("2026-03-02 11:00", None, local("2026-03-02 10:00"))), "2026-03-02 11:10", [],
        "D21:eta_past:2026-03-02T09:00:00+00:00@2026-03-02T10:00:00+00:00",
        "Mon 2026-03-02 10:00 CET was past already when it was set",
        id="past",
    ),
    pytest.param(
        raised(SET), "2026-03-03 12:00", [FIRST],
        "D21:eta_reached:2026-03-03T11:00:00+00:00",
        "the ETA that the customer has read, Tue 2026-03-03 12:00 CET, is reached",
        id="reached",
    ),
    pytest.param(
        raised(SET), "2026-03-03 12:00", [],
        "D21:eta_reached:2026-03-03T11:00:00+00:00",
        "the ETA, Tue 2026-03-03 12:00 CET, is reached",
        id="reached, and nobody has read it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "when", "said", "marker", "words"), FLAGS)
def test_what_agents_read(
    asked: RequestSnapshot, when: str, said: list[str], marker: str, words: str
) -> None:
    """Emptied, past, reached: one internal note each, and nothing public."""
    found = seen(asked, when, said)
    assert found.public(SHIPPED) is None
    note = found.internal(None)
    assert note
    assert note.audience is Audience.INTERNAL
    assert note.markers == (marker,)
    assert words in " ".join(note.paragraphs)
    again = seen(asked, when, [*said, marker])
    assert again.internal(None) is None


def test_who_works_on_it_is_mentioned() -> None:
    """D21: the assignee is notified of an ETA that is reached, of nothing else."""
    reached = seen(raised(SET), "2026-03-03 12:00", [FIRST])
    [flag] = reached.flags
    [said] = flag.blocks
    assert isinstance(said, Paragraph)
    assert said.spans[0] == MIA
    emptied = seen(raised(SET, EMPTIED), "2026-03-02 15:10", [FIRST])
    [flag] = emptied.flags
    assert all(isinstance(block, str) for block in flag.blocks)


def test_once_for_the_value_that_is_reached() -> None:
    """Written again with the same value, an ETA that is over is not reached a second time."""
    again = sets("2026-03-03 13:00", FRIDAY, NOON)
    asked = raised(SET, sets("2026-03-03 12:30", NOON, FRIDAY), again)
    found = seen(asked, "2026-03-03 13:30", [FIRST])
    assert [flag.marker.split(":")[1] for flag in found.flags] == ["eta_past"]


def finish(asked: RequestSnapshot, when: str, shown: Shown) -> Plan:
    """Return the whole plan for a request that shows this."""
    now = local(when)
    policy = only("Expert", notes=ON)
    assessment = assess(asked, policy, now)
    subject = Subject("10001", "SUP-1", asked.reported, asked)
    under = Circumstances(policy.hash, STOCKHOLM, now, None, BY_NAME)
    return finished(subject, assessment, shown, under).plan


def settled(asked: RequestSnapshot, when: str) -> Shown:
    """Return what a request shows once its outcome is in the ledger, without any note."""
    evidence = Evidence(answers=frozenset({local("2026-03-02 10:20")}))
    plan = finish(asked, when, Shown({}, evidence=evidence))
    assert plan.ledger
    return Shown({}, ledger=plan.ledger, evidence=evidence)


def test_every_eta_read_is_in_the_ledger() -> None:
    """It is kept once its note stands, not before."""
    asked = raised(SET)
    plan = finish(
        asked, "2026-03-02 11:10", settled(asked, "2026-03-02 11:00")
    )
    assert plan.public
    unread = plan.confirmed_ledger({}, is_escalated=True)
    read = plan.confirmed_ledger({FIRST: "7"}, is_escalated=True)
    assert unread
    assert unread.etas == ()
    assert read
    kept = ToldEta("2026-03-03T11:00:00+00:00", local("2026-03-02 11:10"))
    assert read.etas == (kept,)


def test_a_note_whose_ledger_was_lost() -> None:
    """The comment tells what the customer has read: the change names it, and the ledger gets it back."""
    asked = raised(SET, MOVED)
    before = settled(asked, "2026-03-02 11:00")
    assert before.evidence
    shown = replace(
        before,
        comments={"7": True},
        evidence=replace(before.evidence, markers={FIRST: "7"}),
    )
    plan = finish(asked, "2026-03-02 13:10", shown)
    assert plan.public
    assert plan.public.markers == (SECOND,)
    assert "Until now" in plan.public.paragraphs[1]
    kept = plan.confirmed_ledger({SECOND: "8"}, is_escalated=True)
    assert kept
    values = [eta.value for eta in kept.etas]
    assert values == ["2026-03-03T11:00:00+00:00", "2026-03-06"]
    assert kept.notes.keys() == {FIRST, SECOND}
