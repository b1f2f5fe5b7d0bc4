"""The small words of the YAML: shares, hours, days, years, and what was probably meant."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.calendars.snapshot_text import hours_text
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.sla.calendar import Window


@pytest.mark.parametrize(
    ("value", "share"),
    [
        ("75 %", 0.75),
        ("75%", 0.75),
        ("12.5 %", 0.125),
        (0.75, 0.75),
        (1, 1.0),
        ("100 %", 1.0),
    ],
)
def test_a_share(value: object, share: float) -> None:
    """A share is a percentage or a fraction, up to the whole."""
    assert literals.share(value) == share


@pytest.mark.parametrize(
    "value",
    [
        0,
        -0.1,
        1.5,
        "0 %",
        "101 %",
        float("nan"),
        float("inf"),
        True,
        "half",
        None,
        "75",
    ],
)
def test_what_is_no_share(value: object) -> None:
    """Nothing, more than the whole and what is no number at all are refused."""
    with pytest.raises(WordError):
        literals.share(value)


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("09:00-17:00", 540, 1020),
        ("00:00-24:00", 0, 1440),
        ("22:00-06:00", 1320, 1800),
        ("12:00-00:00", 720, 1440),
    ],
)
def test_opening_hours(text: str, opens: int, closes: int) -> None:
    """Hours that close before they open run into the next day."""
    assert literals.window(text) == Window(
        timedelta(minutes=opens), timedelta(minutes=closes)
    )


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_opening_hours_are_written_as_they_are_read(
    opens: int, length: int
) -> None:
    """Every window of whole minutes can be written, and reads as the same."""
    window = Window(
        timedelta(minutes=opens), timedelta(minutes=opens + length)
    )
    if length == 24 * 60 and opens:
        return
    assert literals.window(hours_text(window)) == window


@pytest.mark.parametrize(
    "value",
    [
        "9-17",
        "09:00",
        "25:00-26:00",
        "09:60-10:00",
        "24:00-06:00",
        900,
        None,
        "",
    ],
)
def test_what_are_no_opening_hours(value: object) -> None:
    """Anything else is refused."""
    with pytest.raises(WordError):
        literals.window(value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09.00-17.00", "09:00-17:00"),
        ("9:00 - 17:00", "09:00-17:00"),
        ("09:00\u201317:00", "09:00-17:00"),
    ],
)
def test_opening_hours_that_were_meant(text: str, meant: str) -> None:
    """Points, spaces and long dashes are corrected in the suggestion, not silently."""
    with pytest.raises(WordError) as caught:
        literals.window(text)
    assert caught.value.suggestion == meant


def test_a_day() -> None:
    """A date is written year first."""
    assert literals.day("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("2027-02-29", "2027-02-28"),
        ("2027-2-3", "2027-02-03"),
        ("2027-02-03T10:00:00Z", "2027-02-03"),
        ("2027-00-03", None),
        ("0000-01-01", None),
        ("3.2.2027", None),
        (20270203, None),
        (None, None),
    ],
)
def test_what_is_no_day(value: object, meant: str | None) -> None:
    """A day that does not exist is refused, never moved."""
    with pytest.raises(WordError) as caught:
        literals.day(value)
    assert caught.value.suggestion == meant


@pytest.mark.parametrize(
    ("value", "years"),
    [
        ("2024-2030", (2024, 2030)),
        (2026, (2026, 2026)),
        ("2024 - 2030", (2024, 2030)),
    ],
)
def test_years(value: object, years: tuple[int, int]) -> None:
    """Years are a range with both ends, or one year."""
    assert literals.years(value) == years


@pytest.mark.parametrize(
    "value", ["2030-2024", "24-30", "1800-1801", "2024-9999", None, True]
)
def test_what_are_no_years(value: object) -> None:
    """Backwards, too far away, or no years at all."""
    with pytest.raises(WordError):
        literals.years(value)
