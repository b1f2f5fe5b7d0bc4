"""Opening hours that end at 23:59 or at another :59: they are read as they stand, and lose a minute a day."""

from collections.abc import Iterator
from datetime import timedelta

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.calendars.snapshot_text import hours_text
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.ordering import hour_lists
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.sla.calendar import Window

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def last_minutes(calendar: Document) -> Iterator[str]:
    """Yield a warning for each such wording of a calendar, at the first place where it stands."""
    first: dict[str, tuple[Path, Window, int]] = {}
    for path, text, window in _ending_early(calendar):
        before, _, times = first.get(text, (path, window, 0))
        first[text] = (before, window, times + 1)
    for text, (path, window, times) in first.items():
        place = calendar.place(path)
        where = f"{calendar.shown_as}:{place.line}:{place.column}"
        meant = hours_text(Window(window.opens, window.closes + MINUTE))
        also = f", in {times} places of this file" if times > 1 else ""
        yield f"{where}: the hours '{text}' leave out their last minute{also}; did you mean '{meant}'?"


def _ending_early(calendar: Document) -> Iterator[tuple[Path, str, Window]]:
    for path in hour_lists(calendar):
        texts = calendar.find(path)
        for index, text in enumerate(texts if isinstance(texts, list) else ()):
            window = _window(text)
            if window and (window.closes + MINUTE) % HOUR == timedelta():
                yield (*path, index), str(text), window


def _window(text: object) -> Window | None:
    try:
        return literals.window(text)
    except WordError:
        return None
