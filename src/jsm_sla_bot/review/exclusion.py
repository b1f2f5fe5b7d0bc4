"""Who decided that a request is not counted, when and on which ground (R7, R8, D17, D30)."""

from datetime import datetime, tzinfo

from jsm_sla_bot.plan import for_customer, wording
from jsm_sla_bot.review.row import Exclusion, Ground
from jsm_sla_bot.sla.acknowledgement import closing
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import ExclusionBy
from jsm_sla_bot.sla.history import held
from jsm_sla_bot.sla.reason import Because, Reason
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
)

GROUNDS = {
    Because.NOT_MEASURED: Ground.NOT_MEASURED,
    Because.DECLINED: Ground.DECLINED,
    Because.NOT_ENTITLED: Ground.NOT_ENTITLED,
    Because.WITHDRAWN: Ground.WITHDRAWN,
    Because.CLOSED_UNTOLD: Ground.WITHDRAWN,
}
THE_POLICY = "the support policy"
THE_AGREEMENT = "the support agreement"
UNKNOWN = "not shown by the history"
_ROLES = {
    Role.AGENT: "an agent",
    Role.PROBABLE_AGENT: "a former agent, perhaps",
    Role.CUSTOMER: "the customer",
    Role.AUTOMATION: "an automation",
    Role.BOT: "an automation",
}


def exclusion(
    request: RequestSnapshot, answer: Assessment, zone: tzinfo
) -> Exclusion:
    """Return why a request is not counted; `request` is as known at the review's instant, its history in order.

    The answer must be one without a clock: not entitled, or not applicable.
    """
    why = answer.because[-1]
    entry = _decision(request, why)
    return Exclusion(
        ground=GROUNDS[why.because],
        rule=why.rule,
        reason=_reason(why, answer, zone),
        by=name_of(entry) if entry else _decided_by(why),
        at=entry.at if entry else None,
    )


def name_of(entry: HistoryEntry) -> str:
    """Return who did something: a colleague by name, the customer's people and programs by what they are."""
    if entry.role not in (Role.AGENT, Role.PROBABLE_AGENT):
        return _ROLES[entry.role]
    return wording.plain_name(entry.name or entry.by) or _ROLES[entry.role]


def _reason(why: Reason, answer: Assessment, zone: tzinfo) -> str:
    """Return the reason as the customer may read it: what the policy excludes in the policy's own words."""
    if why.because is Because.NOT_MEASURED:
        return wording.filled("{reason}", why, zone)
    return for_customer.sentence(why, answer, zone) or ""


def _decided_by(why: Reason) -> str:
    match why.because:
        case Because.NOT_MEASURED:
            return THE_POLICY
        case Because.NOT_ENTITLED:
            return THE_AGREEMENT
        case _:
            return UNKNOWN


def _decision(request: RequestSnapshot, why: Reason) -> HistoryEntry | None:
    """Return the entry by which somebody decided it; None where the policy did, or where nobody knows."""
    match why.because:
        case Because.NOT_MEASURED if why.fact("by") == ExclusionBy.LABEL:
            return _labelled(request, str(why.fact("value")))
        case Because.DECLINED:
            return _declined(request)
        case Because.WITHDRAWN:
            return _closed(request)
        case _:
            return None


def _labelled(request: RequestSnapshot, label: str) -> HistoryEntry | None:
    """Return the entry since which the request carries a label; None where it always did."""
    wanted = label.casefold()
    found: HistoryEntry | None = None
    carried = False
    for one in held(request, Deed.LABELS):
        labels = one.value if isinstance(one.value, frozenset) else ()
        carries = wanted in {name.casefold() for name in labels}
        if carries and not carried:
            found = one.entry
        carried = carries
    return found


def _declined(request: RequestSnapshot) -> HistoryEntry | None:
    """Return the transition by which the request was declined."""
    for entry in reversed(request.history):
        status = entry.after
        if isinstance(status, Status) and status.phase is Phase.DECLINED:
            return entry
    return None


def _closed(request: RequestSnapshot) -> HistoryEntry | None:
    found = closing(request)
    return _transition(request, found.at) if found else None


def _transition(
    request: RequestSnapshot, at: datetime | None
) -> HistoryEntry | None:
    for entry in request.history:
        if entry.at == at and entry.what is Deed.STATUS:
            return entry
    return None
