"""Hours of a day in which a channel is left in peace. Pure."""

from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple


class QuietHours(NamedTuple):
    """From one time of the day to another, by the clock on the wall; past midnight where the end is the earlier."""

    begins: time
    ends: time

    def over_at(self, now: datetime, zone: tzinfo) -> datetime | None:
        """Return when the quiet hours that `now` (aware UTC) lies in are over, aware UTC; None outside of them."""
        local = now.astimezone(zone)
        today = local.date()
        for day in (today - timedelta(days=1), today):
            begins = datetime.combine(day, self.begins, zone)
            last = day + timedelta(days=self.ends <= self.begins)
            ends = datetime.combine(last, self.ends, zone)
            if begins.timestamp() <= now.timestamp() < ends.timestamp():
                return datetime.fromtimestamp(ends.timestamp(), now.tzinfo)
        return None
