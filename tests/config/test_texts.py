"""`texts.yaml`: the words of public notes, checked before a customer reads them; optional, shipped words else (R14)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from tests.config.samples import ConfigFolder

from jsm_sla_bot.config.load import Configuration, load_texts
from jsm_sla_bot.config.public_texts import LONGEST
from jsm_sla_bot.plan.public.facts import FACTS, example
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.texts import SHIPPED, paragraphs_of

SHIPPED_FILE = Path(__file__).parents[2] / "config" / "texts.yaml"
ETA = "eta: |\n  Solved by {eta}.\n  Before that: {old_eta}.\n"


def test_without_the_file_the_shipped_words_hold(
    folder: ConfigFolder,
) -> None:
    """A folder without it, an empty one and one with comments only mean the same, down to the hash."""
    before = folder.load()
    assert before.public_texts == SHIPPED
    for text in ("", "# nothing\n", SHIPPED_FILE.read_text("utf-8")):
        folder.write("texts.yaml", text)
        after = folder.load()
        assert after.public_texts == SHIPPED
        assert after.hash == before.hash
        assert after.warnings == before.warnings


def test_the_shipped_file_shows_the_shipped_words(
    folder: ConfigFolder, shipped: Configuration
) -> None:
    """With the comment signs taken off it says, kind by kind, what holds without it."""
    assert shipped.public_texts == SHIPPED
    lines = SHIPPED_FILE.read_text("utf-8").splitlines()
    first = lines.index("# registered: |")
    plain = [line.removeprefix("#").removeprefix(" ") for line in lines]
    folder.write("texts.yaml", "\n".join(plain[first:]))
    templates = folder.load().public_texts.templates
    for kind in NoteKind:
        said = paragraphs_of(templates[kind])
        assert said == paragraphs_of(SHIPPED.templates[kind])


def test_a_kind_in_other_words(folder: ConfigFolder) -> None:
    """What is named is said in these words, the other kinds in the shipped ones."""
    folder.write("texts.yaml", ETA)
    texts = folder.load().public_texts
    facts = example(NoteKind.ETA)
    assert texts.paragraphs(NoteKind.ETA, facts) == (
        f"Solved by {facts['eta']}. Before that: {facts['old_eta']}.",
    )
    for kind in set(NoteKind) - {NoteKind.ETA}:
        assert texts.templates[kind] == SHIPPED.templates[kind]


def test_other_words_are_another_configuration_but_no_other_policy(
    folder: ConfigFolder,
) -> None:
    """The daemon takes them over; no promise changes, so nothing is weighed and no ledger names another policy."""
    before = folder.load()
    folder.write("texts.yaml", ETA)
    after = folder.load()
    assert after.hash != before.hash
    assert after.policy.hash == before.policy.hash


def test_the_journal_keeps_the_words(folder: ConfigFolder) -> None:
    """What was in force before a restart is read from memory with its texts."""
    folder.write("texts.yaml", ETA)
    loaded = folder.load()
    assert load_texts(loaded.texts).public_texts == loaded.public_texts


MISTAKES = Path(__file__).with_name("text_mistakes.txt")


def mistakes() -> Iterator[ParameterSet]:
    """Yield the table: the file's text, and what is said of it."""
    for block in MISTAKES.read_text("utf-8").strip().split("\n\n"):
        name, *lines = block.splitlines()
        text = [line[2:] for line in lines if line.startswith(">")]
        said = [line for line in lines if not line.startswith(">")]
        name = name.removeprefix("# ")
        yield pytest.param("\n".join(text), said, id=name)


@pytest.mark.parametrize(("written", "said"), list(mistakes()))
def test_a_mistake_is_named_with_its_place(
    folder: ConfigFolder, written: str, said: list[str]
) -> None:
    """The file, the line and the column of the very word, what was found, what is right, and the nearest name."""
    folder.write("texts.yaml", written)
    assert folder.problems() == [f"config/texts.yaml:{one}" for one in said]


def test_a_text_that_is_too_long(folder: ConfigFolder) -> None:
    """A customer reads no more; with one character less it is a text."""
    fits = "x" * (LONGEST - len("{reopen}"))
    folder.write("texts.yaml", f"resolved: '{fits}{{reopen}}'")
    assert folder.problems() == []
    folder.write("texts.yaml", f"resolved: '{fits}x{{reopen}}'")
    assert folder.problems() == [
        "config/texts.yaml:1:1: resolved: found 2,001 characters, expected a text of at most 2,000"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Use {{braces}} & <3, a < b > c. {reopen}",
        "See https://a.example/{key}?a=1&b=2. {reopen}",
        "[not a link] (https://a.example) {reopen}",
        "{reopen}\r\n\r\nZażółć gęślą jaźń \N{PARTY POPPER}",
    ],
)
def test_plain_text_is_plain_text(folder: ConfigFolder, text: str) -> None:
    """Signs that only look like markup are taken as they are."""
    folder.write(
        "texts.yaml",
        f"resolved: |\n  {text.replace(chr(10), chr(10) + '  ')}\n",
    )
    assert folder.problems() == []


def test_an_unreadable_file_is_a_problem(folder: ConfigFolder) -> None:
    """Optional does not mean that what is wrong with it passes."""
    folder.write("texts.yaml", b"resolved: \xff")
    [problem] = folder.problems()
    assert problem.startswith("config/texts.yaml:1:11: found the byte 0xff")


def test_a_name_nearly_right_is_warned_of(folder: ConfigFolder) -> None:
    """A file that nobody reads is named, with the files that are read."""
    folder.write("text.yaml", ETA)
    [warning] = folder.load().warnings
    assert "text.yaml is not read" in warning
    assert "texts.yaml" in warning


def test_another_customers_name_is_warned_of(folder: ConfigFolder) -> None:
    """D18: what every customer reads names none of them."""
    folder.write("texts.yaml", "resolved: |\n  As for NORTH.\n  {reopen}\n")
    [warning] = folder.load().warnings
    assert warning.endswith(
        "texts.yaml:1: the text resolved names the organization 'North', and every customer reads it"
    )


@pytest.mark.parametrize("kind", NoteKind)
def test_every_mandatory_fact_is_asked_for(
    folder: ConfigFolder, kind: NoteKind
) -> None:
    """What the contract wants said can't be left out of any text."""
    folder.write("texts.yaml", f"{kind}: Nothing.\n")
    missing = [fact.name for fact in FACTS[kind] if fact.is_mandatory]
    problems = folder.problems()
    assert len(problems) == len(missing) > 0
    for name in missing:
        assert any(f"found no {{{name}}}" in each for each in problems)
