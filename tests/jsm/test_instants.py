from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.instants import epoch_milliseconds, instant, wire

MOMENT = datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)
MILLIS = datetime(2026, 1, 2, 1, 4, 5, 678000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(
            "2026-01-02T03:04:05.000+0200",
            MOMENT,
            id="Jira's own, without a colon",
        ),
        pytest.param(
            "2026-01-02T03:04:05.678+0200", MILLIS, id="milliseconds"
        ),
        pytest.param(
            "2026-01-02T03:04:05.678912+02:00",
            MILLIS,
            id="microseconds are cut",
        ),
        pytest.param("2026-01-02T01:04:05Z", MOMENT, id="Zulu"),
        pytest.param(
            "2026-01-01T15:04:05-1000", MOMENT, id="west, the day before"
        ),
        pytest.param("2026-01-02T06:34:05+05:30", MOMENT, id="half an hour"),
        pytest.param("2026-01-02T03:04:05+02", MOMENT, id="hours only"),
        pytest.param(1767315845678, MILLIS, id="epoch milliseconds"),
        pytest.param("1767315845678", MILLIS, id="epoch milliseconds as text"),
        pytest.param(1767315845, MOMENT, id="epoch seconds"),
        pytest.param(
            1492070429,
            datetime(2017, 4, 13, 8, 0, 29, tzinfo=UTC),
            id="the API's own example",
        ),
    ],
)
def test_every_way_of_writing_an_instant(
    written: Any, meant: datetime
) -> None:
    """Jira's four ways of writing an instant come to the same aware UTC."""
    assert instant(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("2026-01-02T03:04:05.000", id="naive"),
        pytest.param("2026-01-02", id="a day"),
        pytest.param("2026-02-30T03:04:05+0100", id="no such day"),
        pytest.param("02/Jan/26 3:04 AM", id="for people"),
        pytest.param(10**30, id="a number beyond all time"),
        pytest.param("9" * 5000, id="digits beyond all reading"),
        pytest.param(10**400, id="a number beyond all floats"),
        pytest.param(float("inf"), id="for ever"),
        pytest.param(
            "9999-12-31T23:59:59.999+0000", id="a year without all zones"
        ),
        pytest.param("0001-01-01T00:00:00+1400", id="before the first year"),
        pytest.param(
            "1969-12-31T23:59:59+0000", id="before there was any Jira"
        ),
        pytest.param(-(10**12), id="a number before that"),
        pytest.param(float("nan"), id="not a number"),
        pytest.param(None, id="nothing"),
        pytest.param(True, id="yes"),
        pytest.param({"epochMillis": 1}, id="an object"),
    ],
)
def test_what_is_no_instant_is_refused(written: Any) -> None:
    """An instant is never guessed, and the refusal names the field but not its content."""
    with pytest.raises(UnreadableError, match=r"^created: ") as refusal:
        instant(written, "created")
    assert "Jan" not in str(refusal.value)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_writing_and_reading_agree(naive: datetime, minutes: int) -> None:
    """What is written as Jira wants it is read back as the same instant, to the millisecond."""
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert abs(instant(wire(moment)) - moment) < timedelta(milliseconds=1)
    assert (
        instant(epoch_milliseconds(moment)) <= moment
        or epoch_milliseconds(moment) < 10**11
    )
