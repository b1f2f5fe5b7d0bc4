"""The due time told naively, to check the replay by: a list of what was known, walked from event to event.

Shares nothing with the engine but the shapes of its input. Knows the shipped countings (raised: from the change,
lowered: from the report), several organizations by the earliest due time, one call that is written down when it is
made, and no pauses.
"""

from datetime import datetime, timedelta
from typing import Any

from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot
from tests.sla.contract import SWEDEN
from tests.sla.oracle import Oracle

BUSINESS = Oracle(SWEDEN.spec)
KNOWLEDGE = {1: 8, 2: 16, 3: 24, 4: 40}
EXPERT = {3: 16, 4: 24}
NIGHT = {1: 2, 2: 8}
TIERS = {"11": "Expert", "12": "Knowledge"}


def due(request: RequestSnapshot) -> datetime:
    """Return until when a first response is owed, once the whole history is known."""
    changes = [one for one in request.history if one.what is not Deed.CALLED]
    calls = [one.at for one in request.history if one.what is Deed.CALLED]
    call = min(calls, default=None)
    stands = _bare(request, changes, 0, call)
    for number, change in enumerate(changes, 1):
        bare = _bare(request, changes, number, call)
        stands = max(bare, min(stands, change.at))
    return stands


def _bare(
    request: RequestSnapshot,
    changes: list[HistoryEntry],
    known: int,
    call: datetime | None,
) -> datetime:
    """Return what would be owed if the organizations and the product had been known from the report."""
    organizations = _value(request, changes, known, Deed.ORGANIZATIONS)
    product = _value(request, changes, known, Deed.PRODUCT)
    severities = [one for one in changes[:known] if one.what is Deed.SEVERITY]
    answers = []
    for one in organizations or ("12",):
        severity = _value(request, changes, 0, Deed.SEVERITY)
        answer = _target(TIERS[one], severity, product, request.reported, call)
        for change in severities:
            after: Any = change.after
            if after < severity:
                new = _target(TIERS[one], after, product, change.at, call)
                answer = min(answer, new)
            elif after > severity:
                new = _target(
                    TIERS[one], after, product, request.reported, call
                )
                answer = (
                    new if new >= change.at or new == answer else change.at
                )
            severity = after
        answers.append(answer)
    return min(answers)


def _value(
    request: RequestSnapshot,
    changes: list[HistoryEntry],
    known: int,
    what: Deed,
) -> Any:
    """Return what a field held after the first `known` changes."""
    earlier = [one for one in changes[:known] if one.what is what]
    if earlier:
        return earlier[-1].after
    later = [one for one in changes[known:] if one.what is what]
    if later:
        return later[0].before
    return getattr(request, str(what))


def _target(
    tier: str,
    severity: int,
    product: str,
    start: datetime,
    call: datetime | None,
) -> datetime:
    if tier == "Expert" and severity in EXPERT:
        return BUSINESS.due(start, timedelta(hours=EXPERT[severity]))
    fallback = BUSINESS.due(start, timedelta(hours=KNOWLEDGE[severity]))
    if tier == "Knowledge" or call is None:
        return fallback
    begins, goal = max(call, start), timedelta(hours=NIGHT[severity])
    at_night = product == "Outscan NX"
    return min(
        fallback, begins + goal if at_night else BUSINESS.due(begins, goal)
    )
