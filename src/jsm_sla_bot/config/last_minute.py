"""Opening hours that end at 23:59 or at another :59: they are read as they stand, and lose a minute a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.calendars.ordering import hour_lists
from jsm_sla_bot.config.calendars.snapshot_text import hours_text
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.word import read_or_none
from jsm_sla_bot.sla.calendar import Window

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class _Wording:
    """Hours as they are written, where they stand first, and in how many places."""

    text: str
    first: Path
    window: Window
    times: int = 0


def last_minutes(calendar: Document) -> Iterator[str]:
    """Yield a warning for each such wording of a calendar, at the first place where it stands."""
    wordings: dict[str, _Wording] = {}
    for wording in _ending_early(calendar):
        wordings.setdefault(wording.text, wording).times += 1
    for wording in wordings.values():
        yield _warning(calendar, wording)


def _warning(calendar: Document, wording: _Wording) -> str:
    where = calendar.written(wording.first)
    window = wording.window
    meant = hours_text(Window(window.opens, window.closes + MINUTE))
    also = (
        f", in {wording.times} places of this file"
        if wording.times > 1
        else ""
    )
    return f"{where}: the hours '{wording.text}' leave out their last minute{also}; did you mean '{meant}'?"


def _ending_early(calendar: Document) -> Iterator[_Wording]:
    for path in hour_lists(calendar):
        for index, text in enumerate(calendar.entries(path)):
            window = read_or_none(literals.window, text)
            if window and _lacks_a_minute(window):
                yield _Wording(str(text), (*path, index), window)


def _lacks_a_minute(window: Window) -> bool:
    return (window.closes + MINUTE) % HOUR == timedelta()
