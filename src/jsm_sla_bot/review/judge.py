"""In which class a request is, and on what that rests: its history, the policy, and what was settled before (D30)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from jsm_sla_bot.plan import for_customer, settlement, wording
from jsm_sla_bot.plan.ledger import MetricLedger, Settled
from jsm_sla_bot.review.dormant import dormant_closing
from jsm_sla_bot.review.etas import EtaOutcome, eta_outcome
from jsm_sla_bot.review.exclusion import exclusion, name_of
from jsm_sla_bot.review.row import (
    Class,
    Difference,
    Exclusion,
    Ground,
    Record,
    Row,
)
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment, Owed, SlaStatus
from jsm_sla_bot.sla.calendar import NOTHING, BusinessCalendar
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.history import as_of, in_order, standing_calls
from jsm_sla_bot.sla.request import RequestSnapshot, Role
from jsm_sla_bot.sla.target import ALWAYS_OPEN, calendar_of

CLASSES = {
    SlaStatus.MET: Class.MET,
    SlaStatus.MET_LATE: Class.MET_LATE,
    SlaStatus.BREACHED: Class.BREACHED,
    SlaStatus.RUNNING: Class.RUNNING,
    SlaStatus.AT_RISK: Class.RUNNING,
    SlaStatus.PAUSED: Class.RUNNING,
    SlaStatus.NOT_APPLICABLE: Class.EXCLUDED,
    SlaStatus.NOT_ENTITLED: Class.EXCLUDED,
}
NONE = "none"
UNDER_ANOTHER_POLICY = "It was settled so under the policy of its time."


@dataclass(frozen=True, slots=True)
class View:
    """From where requests are judged: a policy, the zone in which people read, and the review's instant (aware UTC)."""

    policy: Policy
    zone: tzinfo
    as_of: datetime


@dataclass(frozen=True, slots=True)
class _Judged:
    """A request with its answer; `settled` is how it was settled before, where that still stands."""

    view: View
    request: RequestSnapshot
    kept: MetricLedger
    answer: Assessment
    settled: Settled | None
    is_as_read: bool
    """Whether nothing has happened since the review's instant: what the ledger keeps is what it kept then."""

    @property
    def status(self) -> SlaStatus:
        """The status that counts: what was settled is not judged again (D9)."""
        if self.settled:
            return SlaStatus(self.settled.status)
        return self.answer.status

    @property
    def due(self) -> datetime | None:
        """The due time that counts."""
        return self.settled.due if self.settled else self.answer.due

    @property
    def answered_at(self) -> datetime | None:
        """When the request was answered."""
        if self.settled:
            return self.settled.acknowledged_at
        return self.answer.acknowledged_at

    @property
    def tier(self) -> str:
        """The tier that counts."""
        if self.settled and self.settled.tier:
            return self.settled.tier
        return self.answer.tier or ""

    @property
    def target(self) -> str:
        """The target that counts, in words; empty where there is none."""
        if self.settled:
            return wording.promised_target(self.settled.target)
        return wording.owed_text(self.answer.owed) if self.answer.owed else ""

    @property
    def kind(self) -> Class:
        """The one class that the request is in."""
        return CLASSES[self.status]


def judged(record: Record, view: View) -> Row:
    """Judge one request as it was known at the review's instant. Raises ContractError as the engine does."""
    whole = in_order(record.snapshot)
    request = as_of(whole, view.as_of)
    answer = assess(request, view.policy, view.as_of)
    kept = record.ledger.first_response if record.ledger else MetricLedger()
    measured = answer.first_response
    policy = view.policy.hash
    settled = settlement.standing(kept.settled, measured, policy, view.as_of)
    is_as_read = request.history == whole.history
    found = _Judged(view, request, kept, answer, settled, is_as_read)
    return _row(found, record)


def _row(found: _Judged, record: Record) -> Row:
    answer, request = found.answer, found.request
    promise = found.kept.promised
    local = request.reported.astimezone(found.view.zone)
    told = _etas(record, found.view)
    return Row(
        key=request.key,
        kind=found.kind,
        because=_because(found),
        reported=request.reported,
        month=f"{local:%Y-%m}",
        severity=answer.severity,
        tier=found.tier,
        product=wording.plain_name(request.product),
        request_type=wording.plain_name(request.request_type),
        called=bool(standing_calls(request)),
        is_open=not request.status.is_done,
        due=found.due,
        promised_due=promise.due if promise else answer.promised_due,
        recomputed_due=answer.due,
        answered_at=found.answered_at,
        answered_by=_answered_by(found),
        target=found.target,
        response=_response(found),
        late=_late(found),
        exclusion=_exclusion(found),
        differences=tuple(_differences(found)),
        reasons=tuple(for_customer.sentences(answer, found.view.zone)),
        etas=told,
        eta_outcome=_eta_outcome(found, told),
        dormant_closed_at=dormant_closing(request),
    )


def _because(found: _Judged) -> str:
    """Return in one sentence why the request is in its class."""
    excluded = _exclusion(found)
    if excluded:
        return excluded.reason
    zone = found.view.zone
    due = _instant(found.due, zone)
    match found.kind:
        case Class.MET | Class.MET_LATE:
            answered = _instant(found.answered_at, zone)
            return f"Answered {answered}, due {due}."
        case Class.BREACHED:
            return f"Due {due}, not answered by {_instant(found.view.as_of, zone)}."
        case _ if found.status is SlaStatus.PAUSED:
            return "Not answered yet; the clock stands still."
        case _:
            return f"Not answered yet, due {due}."


def _exclusion(found: _Judged) -> Exclusion | None:
    if found.kind is not Class.EXCLUDED:
        return None
    if found.answer.owed is None:
        return exclusion(found.request, found.answer, found.view.zone)
    ground = Ground.NOT_MEASURED
    if found.status is SlaStatus.NOT_ENTITLED:
        ground = Ground.NOT_ENTITLED
    return Exclusion(ground, "D9", UNDER_ANOTHER_POLICY, "the ledger")


def _answered_by(found: _Judged) -> str:
    for entry in found.request.history:
        if entry.at == found.answered_at and entry.role is Role.AGENT:
            return name_of(entry)
    return ""


def _response(found: _Judged) -> timedelta | None:
    """Return the time to the answer on the target's own clock; nothing for an answer before the clock started."""
    owed, answered = found.answer.owed, found.answered_at
    if owed is None or answered is None:
        return None
    terms = found.answer.first_response.terms
    calendar = calendar_of(terms, owed.clock) if terms else ALWAYS_OPEN
    counted = _running(calendar, owed, answered)
    return max(counted, NOTHING)


def _running(
    calendar: BusinessCalendar, owed: Owed, until: datetime
) -> timedelta:
    """Return the open time since the clock started, without that in which it stood still."""
    counted = calendar.elapsed(owed.start, until)
    for pause in owed.pauses:
        ends = min(pause.ends or until, until)
        if pause.begins < ends:
            counted -= calendar.elapsed(pause.begins, ends)
    return counted


def _late(found: _Judged) -> timedelta | None:
    """Return how long after the due time the answer came, or has not come yet."""
    if found.due is None:
        return None
    match found.kind:
        case Class.MET_LATE if found.answered_at:
            return found.answered_at - found.due
        case Class.BREACHED:
            return found.view.as_of - found.due
        case _:
            return None


def _differences(found: _Judged) -> Iterator[Difference]:
    """Yield what was promised, shown or settled otherwise than it comes out now."""
    zone, answer = found.view.zone, found.answer
    promise = found.kept.promised
    is_of_other_policy = promise and promise.policy != found.view.policy.hash
    if promise and is_of_other_policy and promise.due != answer.promised_due:
        yield Difference(
            "first promise",
            _instant(promise.due, zone),
            _instant(answer.promised_due, zone),
        )
    if found.settled and found.settled.status != answer.status:
        yield Difference("status", found.settled.status, str(answer.status))
    shown = _shown_due(found)
    if shown and shown != answer.due:
        yield Difference(
            "due time", _instant(shown, zone), _instant(answer.due, zone)
        )


def _shown_due(found: _Judged) -> datetime | None:
    """Return the due time that the request shows; None where it shows none, or showed another one at that instant."""
    if found.settled:
        return found.settled.due
    return found.kept.due if found.is_as_read else None


def _etas(record: Record, view: View) -> tuple[str, ...]:
    """Return the ETAs that the customer had read by then, in order (D21)."""
    if record.ledger is None:
        return ()
    return tuple(
        eta.value for eta in record.ledger.etas if eta.at <= view.as_of
    )


def _eta_outcome(found: _Judged, told: tuple[str, ...]) -> EtaOutcome | None:
    """Return what came of the ETAs; None where there are none."""
    policy = found.view.policy
    terms = found.answer.first_response.terms or policy.default_terms
    return eta_outcome(found.request, told, terms.calendar, found.view.as_of)


def _instant(instant: datetime | None, zone: tzinfo) -> str:
    return wording.minute_text(instant, zone) if instant else NONE
