"""Numbers of months as the YAML writes them: `12 months` (D28)."""

import re

from jsm_sla_bot.config.counts import meant_count, written_count
from jsm_sla_bot.config.word import WordError, proven

MONTHS = "a number of months such as '12 months'"
_WRITTEN = re.compile(r"([1-9]\d{0,2})\s+months?", re.ASCII)
_MEANT = re.compile(
    r"0*([1-9]\d{0,2})\s*(months?|m|mo|quarters?|q|years?|y)?", re.ASCII
)
_UNITS = {"q": 3, "y": 12}


@proven
def months(value: object) -> int:
    """Read `1 month`, `12 months`; raises WordError for anything else."""
    number = written_count(value, _WRITTEN)
    if number is None:
        raise WordError(MONTHS, suggestion=_meant(value))
    return number


def _meant(value: object) -> str | None:
    """Return the months that a bare number, quarters or years mean."""
    found = meant_count(value, _MEANT)
    if found is None:
        return None
    number = int(found[1]) * _UNITS.get((found[2] or "m")[0], 1)
    return f"{number} {'month' if number == 1 else 'months'}"
