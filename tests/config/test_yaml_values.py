"""YAML as values with places: what YAML 1.2 says a word means, and what the configuration allows nobody."""

import pytest
from yaml.error import YAMLError

from jsm_sla_bot.config.document import Place, parse
from jsm_sla_bot.config.yaml_values import DEEPEST, Reading, TooLarge


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("", None),
        ("~", None),
        ("null", None),
        ("nULL", "nULL"),
        ("09:00", "09:00"),
        ("09:00-17:00", "09:00-17:00"),
        ("12:30:45", "12:30:45"),
        ("190:20:30", "190:20:30"),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("012", "012"),
        ("0o14", "0o14"),
        ("0x1F", "0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("0.75", 0.75),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("-", [None]),
        ("75 %", "75 %"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
        ("=", "="),
        ("9" * 50, "9" * 50),
        ('"12"', "12"),
        ("'true'", "true"),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("!!str 5", "5"),
        ("!!int 5", 5),
        ("!!int x", "x"),
        ("! 5", "5"),
        ("[a, 1, no]", ["a", 1, "no"]),
        ("{a: {b: 1}, 2: c}", {"a": {"b": 1}, "2": "c"}),
        ("a: &x [1, 2]\nb: *x", {"a": [1, 2], "b": [1, 2]}),
        ("# nothing", None),
        ("%YAML 1.2\n---\na: 1", {"a": 1}),
    ],
)
def test_a_word_means_what_yaml_1_2_says(text: str, value: object) -> None:
    """Words stay words, times stay times, and only what is a number for certain is one."""
    reading = Reading(text)
    assert reading.document()[0] == value
    assert reading.misuses == []


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), Place(2, 1)),
        (("first",), Place(2, 8)),
        (("list",), Place(4, 3)),
        (("list", 0, "key"), Place(4, 10)),
        (("list", 1), Place(5, 5)),
        (("flow", "b"), Place(6, 17)),
    ],
)
def test_every_value_has_its_place(
    path: tuple[str | int, ...], place: Place
) -> None:
    """Lines and columns count characters from 1, whatever the letters before them are."""
    text = "# \u00e5\nfirst: 1\nlist:\n  - key: x\n  - y\nflow: {\u00e5: 1, b: 2}\n"
    document, _ = parse("x.yaml", "x.yaml", text)
    assert document.place(path) == place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\na: 2", ["the key 'a' twice"]),
        ("{[a]: b, c: d}", ["a key that is not text"]),
        ("a: &x 1\n*x : 2", ["a key that is not text"]),
        ("a: !secret b", ["the tag '!secret'"]),
        ("a: !!set {b}", ["the tag 'set'"]),
        ("a: {<<: {b: 1}}", ["the merge key '<<'"]),
    ],
)
def test_what_the_configuration_allows_nobody(
    text: str, found: list[str]
) -> None:
    """YAML's rarer ways to say something are misuses, and the values around them are still there."""
    reading = Reading(text)
    reading.document()
    assert [misuse.found for misuse in reading.misuses] == found


@pytest.mark.parametrize(
    "text",
    ["&a [*a]", "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "[" * 5000],
    ids=["in a circle", "deep", "deeper than libyaml goes"],
)
def test_values_without_end_are_refused(text: str) -> None:
    """A circle, or brackets within brackets, never becomes a value."""
    with pytest.raises(TooLarge):
        Reading(text).document()


@pytest.mark.parametrize(
    "text", ["a: *b", "a: 1\n---\nb: 2", "a: [", "a: b: c"]
)
def test_what_is_no_yaml_is_refused(text: str) -> None:
    """An alias of nothing, a second document and broken syntax are errors with a place."""
    with pytest.raises(YAMLError):
        Reading(text).document()
