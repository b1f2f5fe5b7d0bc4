"""A note that is too long is shortened, the reasons first; what it is about stays."""

import pytest

from jsm_sla_bot.plan.blocks import (
    Block,
    Mention,
    Paragraph,
    Table,
    plain_text,
)
from jsm_sla_bot.plan.shortening import shortened


def size(blocks: tuple[Block, ...]) -> int:
    """Count as Jira does, with the breaks between paragraphs."""
    said = [plain_text(block) for block in blocks]
    return sum(len(each.encode("utf-16-le")) // 2 + 2 for each in said)


def test_a_note_that_fits_is_left_alone() -> None:
    """To the last character."""
    assert shortened(("a" * 500, "b"), 600) == ("a" * 500, "b")


@pytest.mark.parametrize(
    "letter", ["w", "\N{SNAKE}"], ids=["plain", "two halves"]
)
def test_the_reasons_are_cut_and_the_head_stays(letter: str) -> None:
    """The longest paragraph loses its end, and says so."""
    head, advice = "Breached since 10:00.", "Call the customer."
    cut = shortened((head, letter * 40_000, advice))
    assert (cut[0], cut[2], size(cut) <= 30_000) == (head, advice, True)
    assert cut[1].endswith("(shortened)")
    assert len(cut[1]) > 10_000


def test_of_too_many_paragraphs_the_last_go() -> None:
    """Once none is worth cutting."""
    many = tuple(f"{number} {'x' * 390}" for number in range(100))
    cut = shortened(many, 4_000)
    assert cut == many[: len(cut)]
    assert 3_000 < size(cut) <= 4_000


def test_of_a_long_table_the_last_rows_go() -> None:
    """The head and the first rows stay, the last one says that it was shortened, what stands around it stays."""
    rows = tuple((f"{number}", "x" * 90) for number in range(100))
    table = Table(("row", "text"), rows)
    cut = shortened(("First.", table, "Last."), 4_000)
    assert (cut[0], cut[2]) == ("First.", "Last.")
    left = cut[1]
    assert isinstance(left, Table)
    assert left.head == table.head
    assert left.rows[:-1] == rows[: len(left.rows) - 1]
    assert left.rows[-1] == ("… (shortened)", "")
    assert 3_500 < size(cut) <= 4_000


def test_a_table_with_one_endless_row_loses_it() -> None:
    """No cell is cut in its middle, and the rest of the note is written."""
    table = Table(("row", "text"), (("1", "x" * 9_000),))
    cut = shortened(("First.", table), 4_000)
    assert cut == ("First.", Table(table.head, (("… (shortened)", ""),)))


def test_who_is_mentioned_stays_mentioned() -> None:
    """Whoever is to be notified is, however long the reasons are."""
    mention = Paragraph((Mention("5b10ac8d", "Mia"), ": " + "y" * 500))
    cut = shortened((mention, "why" * 1_000), 1_000)
    assert cut[0] == mention
    assert size(cut) <= 1_000
