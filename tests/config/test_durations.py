"""Durations of the YAML: what they mean, and what was probably meant."""

from datetime import timedelta

import pytest

from jsm_sla_bot.config import durations
from jsm_sla_bot.config.durations import Span
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.sla.contract import ClockKind


@pytest.mark.parametrize(
    ("text", "minutes", "clock"),
    [
        ("2 h", 120, None),
        ("2h", 120, None),
        ("90 min", 90, None),
        ("1 h 30 min", 90, None),
        ("8 business hours", 480, ClockKind.BUSINESS),
        ("1 business hour", 60, ClockKind.BUSINESS),
        ("8  business   h", 480, ClockKind.BUSINESS),
        ("90 business minutes", 90, ClockKind.BUSINESS),
        ("2 h round the clock", 120, ClockKind.ROUND_THE_CLOCK),
        ("2 hours, round the clock", 120, ClockKind.ROUND_THE_CLOCK),
    ],
)
def test_a_duration_and_its_clock(
    text: str, minutes: int, clock: ClockKind | None
) -> None:
    """Durations are read with their clock where the words say it."""
    assert durations.span(text) == Span(timedelta(minutes=minutes), clock)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("2 hrs", "2 h"),
        ("2hr", "2 h"),
        ("30 mins", "30 min"),
        ("8 buisness hours", "8 business hours"),
        ("8 Business Hours", "8 business hours"),
        ("2 h around the clock", "2 h round the clock"),
        ("2 h round teh clock", "2 h round the clock"),
        (8, "8 h"),
        ("soon", None),
        ("0 h", None),
        ("1.5 h", "1 h 30 min"),
        ("PT8H", "8 h"),
        ("PT1H30M", "1 h 30 min"),
        ("8 working hrs", "8 business hours"),
        ("2 h 24x7", "2 h round the clock"),
        ("8 business days", None),
        ("P1D", None),
        ("PT0.5H", "30 min"),
        ("PT1,5H", "1 h 30 min"),
        ("PT5400S", "1 h 30 min"),
        ("PT8H business", "8 business hours"),
        ("PT30S", None),
        ("P1M", None),
        ("P", None),
        ("90m", "1 h 30 min"),
        ("3600 seconds", "1 h"),
        ("1 min business", "1 business minute"),
        ("2 days round the clock", "48 h round the clock"),
        ("P1W, 24/7", "168 h round the clock"),
        (100000, None),
        ("-2 h", "2 h"),
        ("", None),
        ("business hours", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_what_is_no_duration(value: object, meant: str | None) -> None:
    """Anything else is refused, with the nearest duration where there is one."""
    with pytest.raises(WordError) as caught:
        durations.span(value)
    assert caught.value.suggestion == meant


@pytest.mark.parametrize(
    ("text", "length"),
    [("14 days", timedelta(days=14)), ("1 day 12 h", timedelta(hours=36))],
)
def test_a_long_duration(text: str, length: timedelta) -> None:
    """Where days are whole days they may be counted in."""
    assert durations.long_span(text) == length


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("P1W", "7 days"),
        ("P2W3D", "17 days"),
        ("P0.5D", "12 h"),
        ("PT0.5H", "30 min"),
        ("1 week", "7 days"),
        ("8 business days", None),
    ],
)
def test_what_is_no_long_duration(text: str, meant: str | None) -> None:
    """A duration of ISO 8601, or in weeks, is suggested in days or hours."""
    with pytest.raises(WordError) as caught:
        durations.long_span(text)
    assert caught.value.suggestion == meant
    if meant:
        durations.long_span(meant)


@pytest.mark.parametrize("text", ["P1W", "P1D", "P1DT2H", "8 business days"])
def test_days_of_unknown_hours_are_explained(text: str) -> None:
    """No number of hours is suggested where a calendar decides how many they are."""
    with pytest.raises(WordError, match="days are written as hours"):
        durations.counted(text)
