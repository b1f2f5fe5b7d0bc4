"""Numbers of business days as the YAML writes them: `3 business days` (D25)."""

import re

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
    text = " ".join(value.split()) if isinstance(value, str) else ""
    found = _WRITTEN.fullmatch(text)
    if found:
        return int(found[1])
    raise WordError(BUSINESS_DAYS, suggestion=_meant(value))


def _meant(value: object) -> str | None:
    """Return the number that a bare number or other words for days mean."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    found = _MEANT.fullmatch(" ".join(str(value).lower().split()))
    if found is None:
        return None
    number = int(found[1])
    return f"{number} business {'day' if number == 1 else 'days'}"
