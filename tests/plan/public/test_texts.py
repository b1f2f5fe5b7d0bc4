"""What customers read: each kind by an example, without an internal word, with links that can be followed (R14)."""

import re

import pytest

from jsm_sla_bot.jsm.decode import adf
from jsm_sla_bot.plan.blocks import Link, Paragraph
from jsm_sla_bot.plan.public.facts import FACTS, example
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.texts import (
    SHIPPED,
    Texts,
    named_in,
    paragraphs_of,
)

MEANING = "production is stopped"
CHANGE = "The severity was raised from S3 to S1 at Mon 2026-03-02 10:30 CET."
EXAMPLES = {
    NoteKind.REGISTERED: (
        "Your request SUP-12 is registered with severity S1.",
        "A first response is owed within 8 h, business hours. The first response is due Tue 2026-03-03 10:00 CET.",
    ),
    NoteKind.CALL_US: (
        (
            "Please call the support phone number shown in the portal for the faster response time. Once you call, "
            "a first response is owed within 2 h, round the clock, counted from your call. If you do not call, it "
            "is due Tue 2026-03-03 10:00 CET (8 h, business hours)."
        ),
    ),
    NoteKind.ETA: (
        "We expect to solve your request SUP-12 by Thu 2026-03-05 17:00 CET.",
        "Until now we expected to solve it by Wed 2026-03-04 17:00 CET.",
    ),
    NoteKind.RESOLVED: (
        "Your request SUP-12 is closed.",
        "Is something left to be done? You can have a closed request reopened at any time: write a comment here.",
    ),
    NoteKind.REMINDER: (
        (
            "Your request SUP-12 is still open. We wait for your answer. Our support team last wrote to you on "
            "Mon 2026-03-02 14:00 CET."
        ),
        (
            "We will remind you again on Tue 10 March 2026. Without an answer the request is closed on "
            "Fri 13 March 2026. Write a comment here to keep it open."
        ),
        "You can have a closed request reopened at any time: write a comment here.",
    ),
    NoteKind.CLOSING: (
        "We have had no answer from you, so we close your request SUP-12.",
        "A comment here until Fri 2026-03-27 09:00 CET reopens it at once. A later comment here asks us to reopen it.",
    ),
}
INTERNAL = re.compile(
    r"\b(sla|ledger|marker|rung|breach(ed)?|escalat\w+|tier|polic(y|ies)|dorman\w+|agents?|bot|automation|internal|[RD]\d+)\b",
    re.IGNORECASE,
)
"""Words of the house that no customer needs."""


@pytest.mark.parametrize("kind", NoteKind)
def test_each_kind_by_an_example(kind: NoteKind) -> None:
    """What the customer reads, word by word."""
    assert SHIPPED.paragraphs(kind, example(kind)) == EXAMPLES[kind]


@pytest.mark.parametrize("kind", NoteKind)
def test_no_internal_word(kind: NoteKind) -> None:
    """D18: the shipped texts, and the facts in them, use the customer's words only."""
    said = " ".join(SHIPPED.paragraphs(kind, example(kind)))
    assert not INTERNAL.search(said)


@pytest.mark.parametrize("kind", NoteKind)
def test_shipped_texts_name_facts_that_exist(kind: NoteKind) -> None:
    """Every name in braces is a fact of the kind, and every mandatory fact is named."""
    known = {fact.name for fact in FACTS[kind]}
    mandatory = {fact.name for fact in FACTS[kind] if fact.is_mandatory}
    named = set(named_in(SHIPPED.templates[kind]))
    assert mandatory <= named <= known


def test_what_a_severity_means_and_that_it_was_changed() -> None:
    """Both stand in the first paragraph where there is something to say, and leave no trace where there is not."""
    facts = example(NoteKind.REGISTERED)
    facts |= {"meaning": MEANING, "severity_change": CHANGE}
    first, _ = SHIPPED.paragraphs(NoteKind.REGISTERED, facts)
    assert first == (
        "Your request SUP-12 is registered with severity S1. "
        f"Severity S1 means: {MEANING}. {CHANGE}"
    )


@pytest.mark.parametrize(
    ("kind", "empty", "left"),
    [
        (NoteKind.ETA, "old_eta", 1),
        (NoteKind.REGISTERED, "due", 2),
        (NoteKind.REMINDER, "reminded_on", 3),
    ],
)
def test_a_line_without_its_fact_is_left_out(
    kind: NoteKind, empty: str, left: int
) -> None:
    """Nothing is said of what there is not; the other lines of the paragraph stay."""
    whole = SHIPPED.paragraphs(kind, example(kind))
    said = SHIPPED.paragraphs(kind, example(kind) | {empty: ""})
    assert len(said) == left
    assert set(" ".join(said)) <= set(" ".join(whole))
    assert "  " not in " ".join(said)


def test_a_fact_is_never_left_out_silently() -> None:
    """A fact that the note does not bring is an error, never a hole in a sentence."""
    with pytest.raises(KeyError):
        SHIPPED.paragraphs(NoteKind.ETA, {"key": "SUP-1"})


def test_paragraphs_and_lines() -> None:
    """Blank lines part paragraphs, lines within one are joined by a space."""
    assert paragraphs_of("\n one\ntwo \n\n \n three\n") == [
        ["one", "two"],
        ["three"],
    ]


def test_links_can_be_followed() -> None:
    """An address of the text is a link in the note; the full stop after it is not; one in a fact stays text."""
    text = "Read https://example.com/help?q=a. See {key}."
    texts = Texts({NoteKind.RESOLVED: text})
    [block] = texts.blocks(NoteKind.RESOLVED, {"key": "http://evil.test"})
    link = Link("https://example.com/help?q=a")
    assert block == Paragraph(("Read ", link, ". See http://evil.test."))
    [paragraph] = adf.document([block])["content"]
    before, linked, after = paragraph["content"]
    assert (before["text"], after["text"]) == (
        "Read ",
        ". See http://evil.test.",
    )
    assert linked["text"] == link.address
    assert linked["marks"] == [
        {"type": "link", "attrs": {"href": link.address}}
    ]
    assert (
        adf.plain(adf.document([block]))
        == "Read https://example.com/help?q=a. See http://evil.test."
    )
