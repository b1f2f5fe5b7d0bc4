"""The answer to an agent's "why?": once for each setting of the label, and the same as `explain` says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsm_sla_bot.cli import picture
from jsm_sla_bot.cli.console import out
from jsm_sla_bot.plan.blocks import Block, Mention, Paragraph, Table
from jsm_sla_bot.plan.explanation.answer import (
    KEPT,
    Answer,
    answer,
    answer_without_judgement,
    forgetting,
)
from jsm_sla_bot.plan.explanation.asked import Asked, Asking, asked
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.markers import why_marker
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
)
from tests.plan.ledgers import ledger_of
from tests.sla.contract import POLICY, STOCKHOLM, entry, local, request, seen
from tests.sla.test_reasons import STORIES

REPORT = "2026-03-02 10:00"
NOW = "2026-03-02 12:00"
LABEL = "sla-why"


def labelled(
    at: str, after: str, before: str = "", role: Role = Role.AGENT
) -> HistoryEntry:
    """Return a change of labels, each side parted by spaces."""
    return replace(
        entry(
            at,
            Deed.LABELS,
            frozenset(after.split()),
            frozenset(before.split()),
            role,
        ),
        by="5b10",
        name="Mia Lindqvist",
    )


def asking(
    *history: HistoryEntry, labels: str = LABEL, **given_: object
) -> RequestSnapshot:
    """Return a request with these labels."""
    return request(
        REPORT, *history, labels=frozenset(labels.split()), **given_
    )


def answered(
    known: RequestSnapshot,
    ledger: Ledger | None = None,
    under: Policy = POLICY,
    now: str = NOW,
) -> Answer | None:
    """Answer on a request as seen at a local time."""
    assessment = seen(known, now, under)
    return answer(known, assessment, ledger, Asking(LABEL, under), STOCKHOLM)


SETTINGS = [
    ("set once", [labelled("2026-03-02 11:00", LABEL)], "11:00"),
    (
        "set next to others",
        [labelled("2026-03-02 11:00", f"x {LABEL}", "x")],
        "11:00",
    ),
    (
        "others changed since",
        [
            labelled("2026-03-02 11:00", LABEL),
            labelled("2026-03-02 11:10", f"x {LABEL}", LABEL),
        ],
        "11:00",
    ),
    (
        "set again",
        [
            labelled("2026-03-02 11:00", LABEL),
            labelled("2026-03-02 11:10", "", LABEL, Role.BOT),
            labelled("2026-03-02 11:20", LABEL),
        ],
        "11:20",
    ),
    (
        "in any order",
        [
            labelled("2026-03-02 11:20", LABEL),
            labelled("2026-03-02 11:00", LABEL),
            labelled("2026-03-02 11:10", "", LABEL),
        ],
        "11:20",
    ),
    ("there since the report", [], "10:00"),
    (
        "spelled otherwise",
        [labelled("2026-03-02 11:00", "SLA-Why")],
        "11:00",
    ),
]


@pytest.mark.parametrize(
    ("history", "since"),
    [case[1:] for case in SETTINGS],
    ids=[case[0] for case in SETTINGS],
)
def test_the_history_tells_which_setting_is_asked(
    history: list[HistoryEntry], since: str
) -> None:
    """The last time that it was set, whatever happened to other labels."""
    found = asked(asking(*history), LABEL)
    assert found is not None
    assert found.at == local(f"2026-03-02 {since}")
    assert found.marker == why_marker(found.at)


@pytest.mark.parametrize("labels", ["", "x", "sla-why-not", "not-sla-why"])
def test_without_the_label_nobody_asks(labels: str) -> None:
    """It may have been there: what is shown now counts."""
    known = asking(labelled("2026-03-02 11:00", LABEL), labels=labels)
    assert asked(known, LABEL) is None
    assert answered(known) is None


def test_the_label_is_taken_off_as_it_is_spelled() -> None:
    """Jira tells labels apart by their case, people don't."""
    known = asking(labels="SLA-Why x sla-why")
    assert asked(known, LABEL) == Asked(("SLA-Why", "sla-why"), local(REPORT))
    found = answered(known)
    assert found is not None
    assert found.clearing.labels == ("SLA-Why", "sla-why")


def test_the_label_goes_only_after_the_note() -> None:
    """Not before the note's marker stands, and of nobody else's."""
    known = asking(labelled("2026-03-02 11:00", LABEL))
    found = answered(known)
    assert found is not None
    assert found.part is not None
    (marker,) = found.part.markers
    assert found.clearing.now([]) == ()
    assert found.clearing.now([why_marker(local(NOW))]) == ()
    assert found.clearing.now([marker]) == (LABEL,)


def test_what_was_answered_is_not_answered_again() -> None:
    """The note stands, the label does not go: nothing is left but to take it off."""
    setting = labelled("2026-03-02 11:00", LABEL)
    said = {why_marker(setting.at): "10004"}
    found = answered(asking(setting), Ledger(notes=said))
    assert found is not None
    assert found.part is None
    assert found.clearing.now([]) == (LABEL,)


def test_a_label_that_is_set_again_asks_again() -> None:
    """Once for each setting."""
    first = labelled("2026-03-02 11:00", LABEL)
    again = labelled("2026-03-02 11:20", LABEL)
    said = {why_marker(first.at): "10004"}
    found = answered(asking(first, again), Ledger(notes=said))
    assert found is not None
    assert found.part is not None
    assert found.part.markers == (why_marker(again.at),)


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (
            Role.AGENT,
            Paragraph(
                (
                    Mention("5b10", "Mia Lindqvist"),
                    " asks why, with the label sla-why (Mon 2026-03-02 11:00 CET).",
                )
            ),
        ),
        (
            Role.AUTOMATION,
            "Mia Lindqvist asks why, with the label sla-why (Mon 2026-03-02 11:00 CET).",
        ),
    ],
    ids=["agent", "automation"],
)
def test_who_asks_is_notified(role: Role, says: Block) -> None:
    """An agent by a mention; nobody else is an agent of ours to be called."""
    known = asking(labelled("2026-03-02 11:00", LABEL, role=role))
    found = answered(known)
    assert found is not None
    assert found.part is not None
    assert found.part.blocks[0] == says


def test_nobody_is_known_to_have_asked() -> None:
    """The label came with the report."""
    found = answered(asking())
    assert found is not None
    assert found.part is not None
    assert found.part.blocks[0] == (
        "Asked why, with the label sla-why (Mon 2026-03-02 10:00 CET)."
    )


def words(text: str) -> str:
    """Return a text without what a terminal's layout does to it."""
    return " ".join(text.split())


def on_a_terminal(known: RequestSnapshot, now: str, under: Policy) -> str:
    """Return what `explain` prints."""
    width = out.width
    out.width = 400
    try:
        with out.capture() as captured:
            picture.explanation(
                seen(known, now, under),
                under,
                STOCKHOLM,
                (known.reported, known.product),
            )
    finally:
        out.width = width
    return words(captured.get())


@given(name=st.sampled_from(sorted(STORIES)), minutes=st.integers(0, 9_000))
@settings(deadline=None, max_examples=60)
def test_the_note_and_explain_agree(name: str, minutes: int) -> None:
    """Every fact, step, interval and change of the note stands in what `explain` prints at the same time."""
    known, now, under = STORIES[name]
    later = local(now).astimezone(STOCKHOLM)
    at = f"{later.replace(minute=minutes % 60):%Y-%m-%d %H:%M}"
    known = replace(known, labels=known.labels | {LABEL})
    found = answered(known, under=under, now=at)
    assert found is not None
    assert found.part is not None
    shown = on_a_terminal(known, at, under)
    tables = [one for one in found.part.blocks if isinstance(one, Table)]
    for table in tables:
        for row in table.rows:
            assert words(" ".join(row)) in shown
    last = found.part.blocks[-1]
    assert isinstance(last, str)
    for line in last.splitlines():
        assert words(line.lstrip("\N{BULLET} ")) in shown


@pytest.mark.parametrize("name", STORIES)
def test_every_state_of_a_request_has_an_answer(name: str) -> None:
    """Also one without an SLA: its reason is the first step, and what would start a clock is said."""
    known, now, under = STORIES[name]
    known = replace(known, labels=known.labels | {LABEL})
    found = answered(known, under=under, now=now)
    assert found is not None
    assert found.part is not None
    assert all(found.part.paragraphs)
    status = str(seen(known, now, under).status)
    assert found.part.paragraphs[1].startswith(f"{status}: ")


def test_what_was_promised_is_told() -> None:
    """As `explain` tells it, where the ledger knows."""
    due = local("2026-03-03 10:00")
    found = answered(asking(), ledger_of(due=due, policy="p1"))
    assert found is not None
    assert found.part is not None
    assert found.part.paragraphs[-1].endswith(
        "Promised now: Tue 2026-03-03 10:00 CET under policy p1."
    )


def test_a_request_that_cannot_be_judged_has_an_answer() -> None:
    """The reason is the answer, and the label goes all the same."""
    known = asking(labelled("2026-03-02 11:00", LABEL))
    found = answer_without_judgement(
        known, "the calendar sweden ends with 2027", (), LABEL, STOCKHOLM
    )
    assert found is not None
    assert found.part is not None
    assert found.part.paragraphs[1].endswith(
        "the calendar sweden ends with 2027"
    )
    again = answer_without_judgement(
        known, "anything", found.part.markers, LABEL, STOCKHOLM
    )
    assert again == Answer(None, replace(found.clearing, awaits=""))


def test_a_ledger_keeps_the_latest_answers_only() -> None:
    """It must not grow for ever; other notes stay."""
    days = [f"2026-03-{day:02} 10:00" for day in range(1, 21)]
    answers = {why_marker(local(day)): day for day in days}
    other = {"D10:no_severity": "1"}
    left = forgetting(Ledger(notes={**answers, **other}))
    assert left.notes == {
        **other,
        **{why_marker(local(day)): day for day in days[1 - KEPT :]},
    }
    assert forgetting(left) == left
