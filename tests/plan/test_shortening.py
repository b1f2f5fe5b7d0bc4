"""A note that is too long is shortened, the reasons first; what it is about stays."""

import pytest

from jsm_sla_bot.plan.shortening import shortened


def size(paragraphs: tuple[str, ...]) -> int:
    """Count as Jira does, with the breaks between paragraphs."""
    return sum(len(each.encode("utf-16-le")) // 2 + 2 for each in paragraphs)


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
