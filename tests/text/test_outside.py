"""Text from outside: what reaches a terminal, a log or a journal of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.text.outside import lines_from_outside, outside


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Nordbank AB", "Nordbank AB"),
        ("[/bold]", "[/bold]"),
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b]0;title\x07text", "text"),
        ("\x9b31mred", "red"),
        ("\x9d0;title\x9ctext", "text"),
        ("\x1bcreset", "reset"),
        ("a\nb\r\nc\td", "a b  c d"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("a\u2028b", "a b"),
        ("\x00\x07\x08\x7f", ""),
        ("\ud800", ""),
        ("\ufeffmark", "mark"),
        ("\u00e5\u00e4\u00f6 \u65e5\u672c", "\u00e5\u00e4\u00f6 \u65e5\u672c"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        (42, "42"),
    ],
)
def test_what_is_left_of_a_text(given: object, shown: str) -> None:
    """Letters stay, whatever the script; what a terminal would obey, or a log take for a new line, goes."""
    assert outside(given) == shown


def test_a_long_text_is_cut() -> None:
    """A text of megabytes fills no screen and no journal."""
    assert outside("x" * 5_000_000, 10) == "xxxxxxxxx\u2026"
    assert len(outside("\x1b" * 5_000_000 + "x")) <= 300


@given(st.text())
def test_nothing_unprintable_leaves(text: str) -> None:
    """Whatever comes in, one line of printable signs goes out, and going twice changes nothing."""
    shown = outside(text)
    assert all(sign.isprintable() or sign in "\u200c\u200d" for sign in shown)
    assert outside(shown) == shown


def test_the_lines_of_our_own_stay() -> None:
    """A message of several lines keeps them, with their indents."""
    assert lines_from_outside("  a\n\x1b[1mb\x1b[0m\n") == "  a\nb\n"
