"""Why a request shows what it shows: the outcome first, then the reasons, in the room that there is.

The field *SLA basis* is for agents: it names organizations, overrides and who answered. What other fields show
(tier, severity, target) is not repeated. Where room is short whole sentences go, the least important first; the
outcome stays. Nothing here depends on the present instant: the same answer gives the same text.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta, tzinfo

from jsm_sla_bot.plan.wording import elapsed_text, minute_text, says
from jsm_sla_bot.sla.assessment import Measurement, SlaStatus
from jsm_sla_bot.sla.reason import Because, Fact, Reason

BASIS_LIMIT = 255
"""Jira's limit for a single-line text field, in UTF-16 units, as Jira counts."""

SHORTEST_SENTENCE = 8
"""No sentence is shorter, so no more of them need be written out than fit; a request may have thousands of reasons."""

_OUTCOMES = frozenset(
    {
        Because.NOT_ENTITLED,
        Because.NOT_MEASURED,
        Because.WITHDRAWN,
        Because.CLOSED_UNTOLD,
        Because.DECLINED,
    }
)
_IN_OTHER_FIELDS = frozenset(
    {
        Because.DUE,
        Because.TARGET,
        Because.TIER_BOUGHT,
        Because.SEVERITY,
        Because.ACKNOWLEDGED,
        Because.OTHER_REPORTER,
    }
)
"""What other fields show; and who reported a request, which says nothing of its due time."""
_FIRST_TO_GO = (
    Because.CLOCK_STARTS,
    Because.CALL_NOT_COUNTED,
    Because.CALLED_AGAIN,
    Because.CLOCK_STARTS_AT_OPENING,
    Because.HISTORY_DISAGREES,
    Because.ORGANIZATION_UNMAPPED,
    Because.ORGANIZATION_EXCLUDED,
    Because.ORGANIZATION_LAPSED,
    Because.CALL_AHEAD,
    Because.CALL_BEFORE_REPORT,
    Because.PRODUCT_CHANGED,
    Because.ORGANIZATIONS_CHANGED,
    Because.PAUSED,
    Because.SEVERAL_ORGANIZATIONS,
)
"""The reasons that give way where room is short; of all others the last one goes first."""


def basis(measured: Measurement, zone: tzinfo) -> str:
    """Return the field *SLA basis*: the outcome, then why, at most 255 characters."""
    outcome = verdict(measured, zone)
    room = BASIS_LIMIT - _length(outcome) - 1
    why = reasons_within(room, measured, zone)
    return _cut(f"{outcome} {why}".rstrip(), BASIS_LIMIT)


def verdict(measured: Measurement, zone: tzinfo) -> str:
    """Return the outcome in one sentence: answered by whom, missed, running until when, or why no clock runs."""
    by_cause = {reason.because: reason for reason in measured.because}
    if measured.owed is None:
        outcomes = [
            one for one in measured.because if one.because in _OUTCOMES
        ]
        return " ".join(says(reason, zone) for reason in outcomes)
    if stopped := by_cause.get(Because.ACKNOWLEDGED):
        return _answered(stopped, zone)
    pause = by_cause.get(Because.PAUSE_LASTS)
    if pause and measured.status is SlaStatus.PAUSED:
        return says(pause, zone)
    due = minute_text(measured.owed.due, zone)
    if measured.status is SlaStatus.BREACHED:
        return f"No answer by {due}."
    return f"Answer by {due}."


def reasons_within(room: int, measured: Measurement, zone: tzinfo) -> str:
    """Return as many of the reasons as fit into so many characters, in their order."""
    calls = {
        one.fact("at")
        for one in measured.because
        if one.because is Because.CALLED
    }
    kept = [
        one
        for one in measured.because
        if _is_worth_saying(one) and not _starts_with_a_call(one, calls)
    ]
    if measured.status is SlaStatus.PAUSED:
        kept = [one for one in kept if one.because is not Because.PAUSE_LASTS]
    most = max(room, 0) // SHORTEST_SENTENCE + 1
    giving_way = _least_important_first(kept)[-most:]
    sentences = {
        place: says(kept[place], zone) for place in sorted(giving_way)
    }
    size = sum(_length(sentence) + 1 for sentence in sentences.values()) - 1
    for place in giving_way:
        if size <= room:
            break
        size -= _length(sentences.pop(place)) + 1
    return " ".join(sentences.values())


def _answered(stopped: Reason, zone: tzinfo) -> str:
    """Return who answered and when, and how late that was; the due time itself is another field's."""
    said = says(stopped, zone).partition("; due ")
    at, due = stopped.fact("at"), stopped.fact("due")
    late = ""
    if isinstance(at, datetime) and isinstance(due, datetime) and at > due:
        span = _elapsed(at - due)
        late = f", {span} after it was due ({said[2].rstrip('.')})"
    return f"{said[0]}{late}."


def _elapsed(span: timedelta) -> str:
    return elapsed_text(span) or "less than a minute"


def _is_worth_saying(reason: Reason) -> bool:
    return reason.because not in _IN_OTHER_FIELDS | _OUTCOMES


def _starts_with_a_call(reason: Reason, calls: AbstractSet[Fact]) -> bool:
    """Tell whether a reason says that the clock started where the call has been named already."""
    return (
        reason.because is Because.CLOCK_STARTS
        and reason.fact("start") in calls
    )


def _least_important_first(kept: Sequence[Reason]) -> list[int]:
    """Return the places of the reasons in the order in which they give way."""
    rank = {because: place for place, because in enumerate(_FIRST_TO_GO)}
    last = len(rank)
    return sorted(
        range(len(kept)),
        key=lambda place: (rank.get(kept[place].because, last), -place),
    )


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, limit: int) -> str:
    """Cut what is too long by itself: an outcome that quotes long names."""
    if len(text) > 2 * limit:
        text = text[: 2 * limit]
    while _length(text) > limit:
        text = f"{text[:-2].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return text
