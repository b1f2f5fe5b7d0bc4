"""Calendars laid out over their years, and how long they last."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.config.samples import NIGHT, ConfigFolder

from jsm_sla_bot.config.calendars.layout import expiring


def test_nights_and_whole_days_are_laid_out(folder: ConfigFolder) -> None:
    """Overnight hours belong to the day they start on; 00:00-24:00 is the whole day."""
    night = folder.load().policy.calendars["night"]
    spans = night.spans(
        datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    )
    assert [(span.opens, span.closes) for span in spans] == [
        (
            datetime(2026, 3, 2, 22, tzinfo=UTC),
            datetime(2026, 3, 3, 6, tzinfo=UTC),
        ),
        (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)),
    ]


def test_own_days_win_over_early_closings_and_these_over_days(
    folder: ConfigFolder,
) -> None:
    """D15: an early closing without hours counts in full, with hours it has these; by hand wins over all."""
    folder.edit(
        "calendars/office.yaml",
        "days:\n",
        "early_closings:\n  2026-01-12: Full\n  2026-01-13: {name: Half, hours: [09:00-13:00]}\n"
        "own_days:\n  2026-01-06: {name: Open, hours: [10:00-11:00]}\ndays:\n",
    )
    exceptions = folder.load().policy.calendars["office"].spec.exceptions
    named = {
        day: (other.name, len(other.windows))
        for day, other in exceptions.items()
        if day.month == 1
    }
    assert named == {
        date(2026, 1, 5): ("Eve", 1),
        date(2026, 1, 6): ("Open", 1),
        date(2026, 1, 13): ("Half", 1),
    }


@pytest.mark.parametrize(
    ("today", "told"),
    [
        pytest.param(date(2026, 11, 25), [], id="401 days before"),
        pytest.param(
            date(2026, 11, 27), ["in 399 days"], id="399 days before"
        ),
        pytest.param(date(2027, 12, 31), ["in 0 days"], id="its last day"),
        pytest.param(
            date(2028, 1, 1), ["ended on 2027-12-31"], id="the day after"
        ),
    ],
)
def test_a_snapshot_that_ends_is_told(
    folder: ConfigFolder, today: date, told: list[str]
) -> None:
    """D16: within 400 days of its end each snapshot is a warning that says what to do."""
    (folder.root / "calendars/night.yaml").unlink()
    folder.edit("organizations.yaml", "      calendar: night\n", "")
    warnings = expiring(folder.load().policy, today)
    assert len(warnings) == len(told)
    for warning, words in zip(warnings, told, strict=True):
        assert words in warning
        assert "calendars refresh office" in warning


def test_a_calendar_is_laid_out_again_only_when_it_says_something_else(
    folder: ConfigFolder,
) -> None:
    """A configuration that is read again keeps the calendars that mean the same; a changed one is never stale."""
    before = folder.load().policy.calendars
    folder.write("calendars/night.yaml", f"# reviewed\n{NIGHT}")
    folder.edit("calendars/office.yaml", "Tuesday: [09:00", "Tuesday: [10:00")
    after = folder.load().policy.calendars
    assert after["night"] is before["night"]
    tuesday = datetime(2026, 3, 3, 8, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert before["office"].next_open(tuesday) == tuesday
    assert after["office"].next_open(tuesday) == tuesday + hour
