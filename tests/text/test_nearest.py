"""Which word somebody probably meant."""

import pytest

from jsm_sla_bot.text.nearest import LONGEST_WORD, nearest

TIERS = ["Knowledge", "Expert Partner", "Expert"]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        pytest.param("Expret", "Expert", id="letters swapped"),
        pytest.param("expert", "Expert", id="another case"),
        pytest.param(
            "  Knowlege ", "Knowledge", id="a letter left out, and spaces"
        ),
        pytest.param("EXPERT PARTNR", "Expert Partner", id="two words"),
        pytest.param("gold", None, id="nothing like it"),
        pytest.param("", None, id="nothing"),
        pytest.param(3, None, id="no word"),
        pytest.param(None, None, id="no value"),
        pytest.param(
            "Expert" * LONGEST_WORD, None, id="too long to be a slip"
        ),
    ],
)
def test_the_nearest_word(wrong: object, meant: str | None) -> None:
    """A slip has its word, spelled as it is right; what is like no word has none."""
    assert nearest(wrong, TIERS) == meant


def test_no_words_no_guess() -> None:
    """Where nothing is known, nothing was meant."""
    assert nearest("Expert", []) is None
