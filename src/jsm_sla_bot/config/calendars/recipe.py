"""What a calendar snapshot is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jsm_sla_bot.config.schema.calendar import OtherHours
from jsm_sla_bot.config.yearly import Yearly
from jsm_sla_bot.sla.calendar import Window


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a snapshot is made from. `week` runs from Monday; years are whole and inclusive.

    `categories` are the library's kinds of days that are closed all day, `early_categories` those that also
    name days on which banks close early; these count in full unless they are given `early_hours` (D15).
    `closed` and `open` are where banks differ from the library, `rule` and `sources` why; all these are kept.
    `own_days` were put in by hand and are kept too.
    """

    name: str
    zone: str
    week: tuple[tuple[Window, ...], ...]
    years: tuple[int, int]
    country: str | None
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)
    early_categories: tuple[str, ...] = ()
    early_hours: tuple[Window, ...] = ()
    closed: Mapping[Yearly, str] = field(default_factory=dict)
    open: tuple[Yearly, ...] = ()
    rule: str | None = None
    sources: tuple[str, ...] = ()
    own_days: Mapping[date, OtherHours] = field(default_factory=dict)
    market: str | None = None
