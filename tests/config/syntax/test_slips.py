"""Text that is no YAML: what is told about it is ours, shows the line and can be acted on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.config.document import parse

PARSERS_WORDS = re.compile(
    r"block (end|mapping)|<[a-z]+|stream|token|simple key|mapping values|could not find|but (got|found)"
)

CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> x\n"
SLIPS = [
    pytest.param("a:\n  b: 1\n" + CONFLICT.format("  c: 2\n", "  c: 3\n"), "3:1", "merge conflict", id="among keys"),
    pytest.param("a:\n- b\n" + CONFLICT.format("- c\n", "- d\n"), "3:1", "merge conflict", id="conflict in a list"),
    pytest.param(CONFLICT.format("a: 1\n", "a: 2\n"), "1:1", "merge conflict", id="conflict at the top"),
    pytest.param("a:\n  name: Acme: Nordic\n  b: 1\n", "2:9", "a text with a colon", id="unquoted colon"),
    pytest.param("- id: 1\n  name: Acme: Nordic # x\n", "2:9", "a text with a colon", id="colon before a comment"),
    pytest.param("a: b:\n", "1:4", "a text with a colon", id="colon at the end"),
    pytest.param("a: @home\n", "1:4", "begins with '@'", id="at sign"),
    pytest.param("a: %75\n", "1:4", "begins with '%'", id="percent sign"),
    pytest.param("a: {b: %75, c: 1}\n", "1:8", "begins with '%'", id="percent sign in braces"),
    pytest.param("a: [@b, c]\n", "1:5", "begins with '@'", id="at sign in brackets"),
    pytest.param("a: [b,, c]\n", "1:7", "a comma without an entry", id="two commas"),
    pytest.param('a: "b\nc: "d"\n', "1:4", 'a quote " without an end', id="quote before another"),
    pytest.param("a\n  b: 1\n", "1:1", "a line without a colon", id="no colon before keys"),
    pytest.param("- a: 1\n b: 2\n", "2:2", "indented below '- a: 1'", id="key not under its entry"),
    pytest.param("a: `x`\n", "1:4", "begins with '`'", id="backtick"),
    pytest.param("a: *web\n", "1:4", "the alias '*web'", id="alias"),
    pytest.param("a: & b\n", "1:4", "'&' at the start", id="ampersand"),
    pytest.param("a: > 3\n", "1:4", "'>' at the start", id="more than"),
    pytest.param("a: >b\n", "1:4", "begins with '>'", id="text behind more than"),
    pytest.param("a: |b # c\n", "1:4", "begins with '|'", id="text behind a bar"),
    pytest.param("a:\n\u00a0 b: 1\n  c: 2\n", "2:1", "a no-break space (U+00A0)", id="no-break space as indent"),
    pytest.param("a: 1\nb:\u00a02\nc: 3\n", "2:3", "a no-break space (U+00A0)", id="no-break space behind a colon"),
    pytest.param("a:\n\u3000b: 1\n c: 2\n", "2:1", "an ideographic space (U+3000)", id="wide space"),
    pytest.param("a:\n  - x: 1\n  #\n  y: 2 # or: 3\n", "4:3", "a key among the entries", id="colon in a comment"),
    pytest.param("a: - b\n", "1:4", "'-' at the start", id="list beside its key"),
    pytest.param("a: [x, y\nb: 1\n", "1:4", "a '[' that is not closed", id="bracket"),
    pytest.param("a: {x: 1\nb: 1\n", "1:4", "a '{' that is not closed", id="brace"),
    pytest.param("a: [x]]\n", "1:7", "a ']' that closes nothing", id="bracket too many"),
    pytest.param("a: 'x\nb: 1\n", "1:4", "a quote ' without an end", id="quote"),
    pytest.param('a: "x\nb: 1\n', "1:4", 'a quote " without an end', id="double quote"),
    pytest.param("a: 'Land's End'\n", "1:10", "text after the end of the quotes", id="apostrophe in quotes"),
    pytest.param('a: "C:\\new\\q"\n', "1:11", "the escape '\\q'", id="backslash"),
    pytest.param("a:\n  - x: 1\n  y: 2\n", "3:3", "a key among the entries", id="key in a list"),
    pytest.param("a:\n  y: 2\n  - x: 1\n", "3:3", "an entry of a list among keys", id="entry among keys"),
    pytest.param("a:\n  b: 1\n   c: 2\n", "3:4", "indented below 'b: 1'", id="one space too many"),
    pytest.param("a:\n    b: 1\n  c: 2\n", "3:3", "an indent of 2 spaces", id="indent of nobody"),
    pytest.param("a: 1\nb 2\nc: 3\n", "2:1", "a line without a colon", id="no colon"),
    pytest.param("a: 1\nb:2\nc: 3\n", "2:2", "a colon without a space", id="no space"),
    pytest.param("a:\n-x\n-y\n", "3:1", "a dash without a space", id="dash without space"),
    pytest.param("a:\n\tb: 1\n", "2:1", "a tab", id="tab"),
    pytest.param("a: 1\n---\nb: 2\n", "2:1", "a second document", id="two documents"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "found"), SLIPS)
def test_a_slip_is_told_in_words_of_our_own(
    text: str, place: str, found: str
) -> None:
    """The message stands at the slip, names it, shows the line and passes on no word of the parser."""
    _, problems = parse("x.yaml", "x.yaml", text)
    (told,) = [str(problem) for problem in problems]
    line = text.splitlines()[int(place.partition(":")[0]) - 1].strip()
    assert told.startswith(f"x.yaml:{place}: found ")
    assert found in told
    assert line.replace("\t", "\\t").replace("\xa0", "\\xa0") in told
    assert PARSERS_WORDS.search(told.replace(line, "")) is None


@pytest.mark.parametrize(("text", "place", "found"), SLIPS)
def test_the_line_that_was_meant_can_be_taken(
    text: str, place: str, found: str
) -> None:
    """Where a line is suggested, it is read without a problem in the place of the one that was found."""
    assert place, found
    _, (problem,) = parse("x.yaml", "x.yaml", text)
    if problem.suggestion is None:
        return
    lines = text.splitlines()
    old = lines[problem.line - 1]
    lines[problem.line - 1] = (
        f"{old[: len(old) - len(old.lstrip())]}{problem.suggestion}"
    )
    _, left = parse("x.yaml", "x.yaml", "\n".join(lines))
    assert [each for each in left if each.line == problem.line] == []


def test_every_conflict_is_told() -> None:
    """Two conflicts in a file are two problems, each at its first mark."""
    one = "<<<<<<< HEAD\nb: 1\n||||||| base\nb: 0\n=======\nb: 2\n>>>>>>> x\n"
    _, problems = parse("x.yaml", "x.yaml", f"a: 1\n{one}c: 1\n{one}")
    assert [problem.line for problem in problems] == [2, 10]


def test_a_merge_key_is_told() -> None:
    """`<<` is no key of ours: what it would bring is to be written out."""
    _, problems = parse(
        "x.yaml", "x.yaml", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n"
    )
    assert [str(problem) for problem in problems] == [
        "x.yaml:3:3: c.<<: found the merge key '<<', expected its keys and values written out"
    ]


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#?,~< \n\t0", max_size=60))
def test_no_word_of_the_parser_comes_through(text: str) -> None:
    """Whatever the text, what is wrong with it is said in words of our own, within the text."""
    _, problems = parse("x.yaml", "x.yaml", text)
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 2
        assert PARSERS_WORDS.search(problem.expected) is None
