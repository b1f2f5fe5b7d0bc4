"""Numbers of business days as the YAML writes them: `3 business days` (D25)."""

import re

from jsm_sla_bot.config.counts import meant_count, written_count
from jsm_sla_bot.config.word import WordError, proven

BUSINESS_DAYS = "a number of business days such as '3 business days'"
_WRITTEN = re.compile(r"([1-9]\d{0,2})\s+business\s+days?", re.ASCII)
_MEANT = re.compile(
    r"0*([1-9]\d{0,2})\s*(?:business|working|bank|work)?\s*-?(?:days?|d)?",
    re.ASCII,
)


@proven
def business_days(value: object) -> int:
    """Read `1 business day`, `3 business days`; raises WordError for anything else."""
    number = written_count(value, _WRITTEN)
    if number is None:
        raise WordError(BUSINESS_DAYS, suggestion=_meant(value))
    return number


def _meant(value: object) -> str | None:
    """Return the number that a bare number or other words for days mean."""
    found = meant_count(value, _MEANT)
    if found is None:
        return None
    number = int(found[1])
    return f"{number} business {'day' if number == 1 else 'days'}"
