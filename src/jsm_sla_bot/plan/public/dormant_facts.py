"""The facts of the notes to a customer who does not answer: the reminder and the closing (R11, D26)."""

from datetime import datetime, tzinfo

from jsm_sla_bot.plan import customer_sentences, dormancy_wording, wording
from jsm_sla_bot.sla.dormancy_state import CLOSING, Dormancy, Why

_SINCE = frozenset({Why.COUNTED_FROM_COMMENT, Why.COUNTED_FROM_ENTRY})


def reminder_facts(
    key: str, dormancy: Dormancy, zone: tzinfo
) -> dict[str, str] | None:
    """Return the facts of the reminder that is the next step; None where the next step is none, or undated.

    What it announces is what follows if it is written as of now: `Dormancy.steps` says so.
    """
    closes = dormancy.closes
    if closes is None or dormancy.step in {None, CLOSING}:
        return None
    following = dormancy.steps[1]
    is_again = following.step != CLOSING
    reminded = wording.day_text(following.at, zone) if is_again else ""
    return {
        "key": key,
        "awaited": f"{customer_sentences.WAITING} {_since(dormancy, zone)}".rstrip(),
        "reminded_on": reminded,
        "closes": wording.day_text(closes, zone),
        "keep_open": customer_sentences.KEEP_OPEN,
        "reopen": customer_sentences.REOPEN,
    }


def closing_facts(
    key: str, dormancy: Dormancy, reopens_until: datetime, zone: tzinfo
) -> dict[str, str]:
    """Return the facts of the closing note; `reopens_until` (aware UTC) is D27's last instant, counted from now."""
    return {
        "key": key,
        "awaited": _since(dormancy, zone),
        "reopens_until": wording.minute_text(reopens_until, zone),
    }


def _since(dormancy: Dormancy, zone: tzinfo) -> str:
    """Return since when we wait, as `explain` says it to the customer."""
    said = [
        dormancy_wording.says_to_customer(ground, zone)
        for ground in dormancy.because
        if ground.why in _SINCE
    ]
    return " ".join(each for each in said if each)
