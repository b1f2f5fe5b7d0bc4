"""Opening hours that lose a minute a day."""

import pytest
from tests.config.samples import ConfigFolder


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("00:00-23:59", "'00:00-23:59' leave out their last minute; did you mean '00:00-24:00'?"),
        ("09:00-16:59", "'09:00-16:59' leave out their last minute; did you mean '09:00-17:00'?"),
        ("22:00-05:59", "'22:00-05:59' leave out their last minute; did you mean '22:00-06:00'?"),
    ],
)  # fmt: skip
def test_hours_that_end_a_minute_early_are_a_warning(
    folder: ConfigFolder, hours: str, told: str
) -> None:
    """They are counted as they stand, but nobody means to lose a minute a day."""
    folder.edit(
        "calendars/office.yaml",
        "Tuesday: [09:00-17:00]",
        f"Wednesday: [{hours}]",
    )
    (warning,) = folder.load().warnings
    assert warning.endswith(f"calendars/office.yaml:6:15: the hours {told}")


def test_the_same_hours_are_told_once(folder: ConfigFolder) -> None:
    """A week of such hours is one warning that counts them; hours that end at another minute are nobody's slip."""
    text = (folder.root / "calendars/office.yaml").read_text()
    text = text.replace("09:00-12:00, 13:00-17:00", "09:00-16:59")
    text = text.replace("[09:00-17:00]", "[09:00-16:59]").replace(
        "-12:00", "-11:45"
    )
    folder.write("calendars/office.yaml", text)
    (warning,) = folder.load().warnings
    assert "office.yaml:5:12: the hours '09:00-16:59'" in warning
    assert "leave out their last minute, in 2 places of this file;" in warning
