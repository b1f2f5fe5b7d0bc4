"""Whatever stands in the files: a configuration, or problems. Never a traceback."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.config.samples import (
    JIRA,
    NIGHT,
    OFFICE,
    ORGANIZATIONS,
    POLICY,
    make,
)

from jsm_sla_bot.config.document import parse
from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.config.problem import ConfigurationProblems

FILES = {
    "policy.yaml": POLICY,
    "organizations.yaml": ORGANIZATIONS,
    "jira.yaml": JIRA,
    "calendars/office.yaml": OFFICE,
    "calendars/night.yaml": NIGHT,
}
ODD = [
    *(
        "",
        "~",
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        ".nan",
        ".inf",
        "0x" + "f" * 4000,
        "9" * 5000,
        "*b",
        "'",
        "S1",
    ),
    *(
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "00:00-24:00",
        "24:00-24:00",
        "1990-2199",
        "100 %",
        "|\n",
        "%TAG",
    ),
    *(
        "[]",
        "{}",
        "[[]]",
        "{a: {b: c}}",
        "{[a]: b}",
        "- - -",
        "? ",
        "!!set {a}",
        "!x y",
        "!!int x",
        "&a [*a]",
    ),
    *(
        "<<: {a: 1}",
        '"\\ud800"',
        '"\\0"',
        "\u2028",
        "\ufeff",
        "a: b: c",
        "99999 h round the clock",
        "office",
        "night",
    ),
]
ANYTHING = (
    st.sampled_from(ODD)
    | st.text(max_size=30)
    | st.floats().map(str)
    | st.integers().map(str)
)


def outcome(root: Path) -> Configuration | list[str]:
    """Load the folder; problems are read out, as a command would."""
    try:
        return load(root)
    except ConfigurationProblems as error:
        return [str(problem) for problem in error.problems]


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a file in which one stretch has been replaced by something odd."""
    file = draw(st.sampled_from(sorted(FILES)))
    text = FILES[file]
    starts = [
        index for index, letter in enumerate(text) if letter in " \n[{:,"
    ]
    start = draw(st.sampled_from(starts)) + 1
    length = draw(st.integers(0, 12))
    return file, f"{text[:start]}{draw(ANYTHING)}{text[start + length :]}"


@given(spoiled())
def test_an_odd_stretch_anywhere_is_no_traceback(
    case: tuple[str, str],
) -> None:
    """Any stretch of any file may be replaced by anything; every problem can be printed on one line."""
    file, text = case
    with TemporaryDirectory() as name:
        folder = make(Path(name))
        folder.write(file, text.encode(errors="replace"))
        result = outcome(folder.root)
    if not isinstance(result, Configuration):
        assert result
        assert all(
            "\n" not in problem and problem.encode() for problem in result
        )


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200))
def test_any_bytes_are_no_traceback(file: str, content: bytes) -> None:
    """A file may hold anything at all."""
    with TemporaryDirectory() as name:
        folder = make(Path(name))
        folder.write(file, content)
        assert outcome(folder.root)


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#?,~<\n \t0", max_size=60))
def test_any_yaml_is_parsed_or_told(text: str) -> None:
    """The reader of YAML ends with values or with problems that stand within the text."""
    _, problems = parse("x.yaml", "x.yaml", text)
    assert all(
        1 <= problem.line <= text.count("\n") + 2 for problem in problems
    )


@pytest.mark.parametrize("levels", [30])
def test_aliases_that_blow_up_are_refused(tmp_path: Path, levels: int) -> None:
    """A file that would unfold to billions of values is refused in the time of a small one."""
    lines = ["a0: &a0 [x, x]"] + [
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, levels)
    ]
    _, problems = parse("x.yaml", "x.yaml", "\n".join(lines))
    assert len(problems) == 1
