"""The shape of a file in `calendars`: a reviewed snapshot of opening hours (D15, D16)."""

from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from jsm_sla_bot.config.schema.base import (
    Day,
    Hours,
    Shape,
    Text,
    Years,
    worded,
    wrong,
)
from jsm_sla_bot.config.yearly import Yearly, yearly
from jsm_sla_bot.sla.calendar import Window
from jsm_sla_bot.text.nearest import nearest

WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
DAYS = ("days", "early_closings", "own_days")
"""The parts that name dates."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(
            "a time zone such as Europe/Stockholm",
            suggestion=nearest(name, _places()),
        ) from None
    return name


def _places() -> list[str]:
    """Return the zones that are called after a place: letters such as `EST` keep no summer time."""
    zones = available_timezones()
    return [
        zone for zone in zones if "/" in zone and not zone.startswith("Etc/")
    ]


Windows = list[Hours]
YearlyDay = Annotated[
    Yearly, PlainValidator(worded(yearly)), WithJsonSchema({"type": "string"})
]
Zone = Annotated[Text, AfterValidator(_known_zone)]


class Week(Shape):
    """An ordinary week; a day left out is closed, overnight hours belong to the day they start on."""

    Monday: Windows = Field(default_factory=list)
    """Hours such as `[09:00-12:00, 13:00-17:00]`; `00:00-24:00` is the whole day."""
    Tuesday: Windows = Field(default_factory=list)
    """As Monday."""
    Wednesday: Windows = Field(default_factory=list)
    """As Monday."""
    Thursday: Windows = Field(default_factory=list)
    """As Monday."""
    Friday: Windows = Field(default_factory=list)
    """As Monday."""
    Saturday: Windows = Field(default_factory=list)
    """As Monday."""
    Sunday: Windows = Field(default_factory=list)
    """As Monday."""

    def windows(self) -> tuple[tuple[Window, ...], ...]:
        """Return the hours from Monday to Sunday."""
        return tuple(tuple(getattr(self, day)) for day in WEEKDAYS)


class OtherHours(Shape):
    """A date whose hours are not the week's."""

    name: Text
    """What the day is called."""
    hours: Windows = Field(default_factory=list)
    """Its hours; none: closed all day."""


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


AnyDay = Annotated[
    OtherHours,
    BeforeValidator(_named, json_schema_input_type=str | OtherHours),
]


class Generated(Shape):
    """How the snapshot was made: what `calendars refresh` and `calendars diff` work from."""

    country: Text | None = None
    """The country's code in the holidays library."""
    market: Text | None = None
    """In place of a country: the code of a market or bank in the holidays library, such as XFED."""
    subdivision: Text | None = None
    """The part of the country: a state, nation or province."""
    categories: list[Text]
    """The library's categories of days that are closed all day."""
    closed: dict[YearlyDay, Text] = Field(default_factory=dict)
    """More days on which banks are closed: `12-24`, `easter+40` or a date, with their names."""
    open: list[YearlyDay] = Field(default_factory=list)
    """Days that the library names although banks are open; written as in `closed`, which wins."""
    early_categories: list[Text] = Field(default_factory=list)
    """The library's categories that also name days on which banks close early."""
    early_hours: Windows = Field(default_factory=list)
    """The hours that early closings were given; none: they count in full (D15)."""
    library: Text
    """The library and its version."""

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if (self.country is None) == (self.market is None):
            raise wrong("either a country or a market", at=("country",))
        return self


class CalendarShape(Shape):
    """Opening hours in a time zone of their own, date by date."""

    rule: Text | None = None
    """Which days count as days on which banks are open: what was reviewed, in a sentence."""
    sources: list[Text] = Field(default_factory=list)
    """Where the rule can be looked up."""
    name: Text
    """The calendar's name: that of the file."""
    zone: Zone
    """The IANA time zone in which the hours are read from the wall clock."""
    years: Years
    """The years that the snapshot covers, both included; a clock that runs past them is an error (D16)."""
    week: Week
    """The hours of an ordinary week."""
    days: dict[Day, AnyDay] = Field(default_factory=dict)
    """Closed days and days with other hours, as generated and reviewed."""
    early_closings: dict[Day, AnyDay] = Field(default_factory=dict)
    """Days on which banks close early: they count in full unless they have hours here (D15)."""
    own_days: dict[Day, AnyDay] = Field(default_factory=dict)
    """Days put in by hand; they win over the others, and `calendars refresh` keeps them."""
    generated: Generated | None = None
    """How the snapshot was made."""
