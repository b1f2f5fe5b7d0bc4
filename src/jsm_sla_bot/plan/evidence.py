"""The ledger is evidence, not truth: whoever may edit a request may write its property, and apps clone it.

Believed is what the request itself shows too: an acknowledgement that its history has, a note that stands and that our
own account wrote, an escalation that the history tells of. What is in doubt is judged by the history alone, and
whatever would be said or done once more is looked for first.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.change import Evidence, Plan, Shown, Step
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.plan.ledger import Ledger, Settled
from jsm_sla_bot.sla.assessment import Assessment, RungAt, SlaStatus

AHEAD = timedelta(days=1)
"""Clocks differ; what was seen later than this has not happened."""
SLACK = timedelta(seconds=5)
"""Our clock may be a little ahead of the one that stamps the history."""
_ANSWERED = {SlaStatus.MET, SlaStatus.MET_LATE}
_UNANSWERED = {SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED}


class Doubt(StrEnum):
    """What of a ledger was not believed."""

    UNREADABLE = "unreadable"
    OTHER_REQUEST = "other_request"
    SETTLED = "settled"
    NOTES = "notes"
    ESCALATED = "escalated"


WHY = {
    Doubt.UNREADABLE: "it is not one of this version",
    Doubt.OTHER_REQUEST: "it is another request's",
    Doubt.SETTLED: "it claims an outcome that the history does not show",
    Doubt.NOTES: "it claims notes of ours that do not stand",
    Doubt.ESCALATED: "it claims an escalation that the history does not show",
}


@dataclass(frozen=True, slots=True)
class Belief:
    """The ledger to go by, and what of the one shown was not believed.

    `was_there` tells that the request has been in the status of an escalation since the rung that calls for it.
    """

    ledger: Ledger | None
    doubts: tuple[Doubt, ...] = ()
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What a ledger is held against: the request's id, what the contract says of it, the policy's hash, and when."""

    identity: str
    reported: datetime
    assessment: Assessment
    policy: str
    now: datetime


def believed(shown: Shown, case: Case, escalation_status: str | None) -> Belief:
    """Return what of the ledger shown is borne out; all of it where nobody has gathered evidence."""
    evidence = shown.evidence
    if evidence is None:
        return Belief(shown.ledger)
    doubts: list[Doubt] = [Doubt.UNREADABLE] if evidence.is_ledger_unreadable else []
    ledger = shown.ledger or Ledger()
    if ledger.request not in {"", case.identity}:
        doubts.append(Doubt.OTHER_REQUEST)
        ledger = Ledger()
    if ledger.settled and not _is_borne_out(ledger.settled, shown, evidence, case):
        if _is_contradicted(ledger.settled, evidence, case):
            doubts.append(Doubt.SETTLED)
        ledger = replace(ledger, settled=None)
    if ledger.promised and ledger.promised.due < case.reported:
        ledger = replace(ledger, promised=None)
    if ledger.settled and case.assessment.settled:
        return Belief(ledger, tuple(doubts))
    ledger = _with_standing_notes(ledger, shown, evidence, case, doubts)
    ledger, was_there = _with_escalation(
        ledger, shown, evidence, case, escalation_status, doubts
    )
    known = None if ledger == Ledger() else ledger
    return Belief(known, tuple(doubts), was_there)


def with_old_outcome(ledger: Ledger, shown: Shown) -> Ledger:
    """Return the ledger with the settlement shown where a new one says the same: it was seen earlier."""
    old = shown.ledger.settled if shown.ledger else None
    new = ledger.settled
    if old is None or new is None or replace(old, at=new.at, policy=new.policy) != new:
        return ledger
    return replace(ledger, settled=old)


def signed(plan: Plan, identity: str, belief: Belief) -> Plan:
    """Return the plan with the request's id in the ledger that it writes, and with what was not believed."""
    if plan.ledger is None:
        return plan
    known = (*plan.ledger.doubted, *map(str, belief.doubts))
    kinds = tuple(dict.fromkeys(kind for kind in known if kind in set(Doubt)))
    return replace(plan, ledger=replace(plan.ledger, request=identity, doubted=kinds))


def doubted(ledger: Ledger | None) -> list[str]:
    """Say what of a request's ledgers was not believed, for ops."""
    kinds = ledger.doubted if ledger else ()
    why = ", ".join(WHY[Doubt(kind)] for kind in kinds if kind in set(Doubt))
    return [f"its ledger was not believed, its history was: {why}"] if why else []


def claims(shown: Shown) -> dict[str, str]:
    """Return the comment by marker that the ledger claims, where only the comments' properties can tell.

    The comment is empty where it does not stand, but one of ours that the ledger does not know may carry the marker.
    """
    if shown.ledger is None or shown.evidence is None:
        return {}
    return {
        marker: one if one in shown.comments else ""
        for marker, one in _may_stand(shown.ledger, shown).items()
    }


def _may_stand(ledger: Ledger, shown: Shown) -> dict[str, str]:
    """Return the notes whose comments stand; all of them where ours stand that the ledger does not know."""
    strangers = shown.comments.keys() - set(ledger.notes.values())
    return {
        marker: one
        for marker, one in ledger.notes.items()
        if strangers or one in shown.comments
    }


def _is_borne_out(
    settled: Settled, shown: Shown, evidence: Evidence, case: Case
) -> bool:
    if _is_contradicted(settled, evidence, case):
        return False
    is_shown = SlaField.RESPONSE_SLA in shown.fields
    return evidence.told == settled.status or not is_shown


def _is_contradicted(settled: Settled, evidence: Evidence, case: Case) -> bool:
    """Tell whether a settlement can't be one of ours: its answer was never given, or we have said something else."""
    if settled.at - case.now > AHEAD:
        return True
    if evidence.told not in {None, settled.status}:
        return True
    answered = settled.acknowledged_at
    if answered is None:
        return settled.status not in _UNANSWERED
    if settled.status not in _ANSWERED or settled.due is None:
        return True
    is_met = answered <= settled.due
    if is_met is not (settled.status == SlaStatus.MET):
        return True
    return answered > case.now or answered not in evidence.answers


def _with_standing_notes(
    ledger: Ledger, shown: Shown, evidence: Evidence, case: Case, doubts: list[Doubt]
) -> Ledger:
    """Leave out notes that do not stand, and rungs of which no standing note tells."""
    standing = _may_stand(ledger, shown)
    if evidence.markers is not None:
        carried = evidence.markers
        standing = {m: one for m, one in standing.items() if m in carried}
        left_out = {
            m: one
            for m, one in carried.items()
            if m not in ledger.notes
            and one in shown.comments
            and markers.corrected_field(m) is None
        }
        standing |= left_out
    due = case.assessment.due
    is_rearmed = due is None or ledger.due is None or due > ledger.due
    told = {
        rung
        for rung in ledger.rungs
        if due is None or any(_tells(marker, rung, due) for marker in standing)
    }
    is_lacking = not ledger.notes.keys() <= standing.keys()
    is_untold = len(told) < len(set(ledger.rungs)) and not is_rearmed
    if is_lacking or is_untold:
        doubts.append(Doubt.NOTES)
    rungs = tuple(rung for rung in ledger.rungs if rung in told)
    return replace(ledger, notes=standing, rungs=rungs)


def _tells(marker: str, rung: str, due: datetime) -> bool:
    """Tell whether a marker is that of a rung's note, for this due time or a later one."""
    told = markers.rung_of(marker)
    return told is not None and told.rung == rung and told.due >= due


def _with_escalation(  # noqa: PLR0913, PLR0917 - what an escalation is held against
    ledger: Ledger,
    shown: Shown,
    evidence: Evidence,
    case: Case,
    escalation_status: str | None,
    doubts: list[Doubt],
) -> tuple[Ledger, bool]:
    """Keep an escalation that the history bears out, and let none be made that the history shows already."""
    rung = _escalating(case.assessment)
    if rung is None:
        return ledger, False
    since = rung.at - SLACK
    moves, priorities = (
        _held(evidence.statuses, since),
        _held(evidence.priorities, since),
    )
    was_there = bool(escalation_status) and _names(moves, escalation_status)
    raised_by_us = any(step.ours and step.at >= since for step in evidence.priorities)
    was_highest = _names(priorities, shown.highest_priority)
    is_raised = raised_by_us or was_highest
    is_told = rung.name in ledger.rungs
    needs_none = is_raised or shown.highest_priority is None or ledger.owes_priority
    borne_out = needs_none and (was_there or raised_by_us or is_told)
    due = case.assessment.due
    is_rearmed = due is None or ledger.due is None or due > ledger.due
    if ledger.escalated and not borne_out and not is_rearmed:
        doubts.append(Doubt.ESCALATED)
    is_escalated = ledger.escalated and borne_out
    ledger = replace(
        ledger,
        escalated=is_escalated,
        raised=ledger.raised if is_escalated else is_raised,
        owes_priority=ledger.owes_priority and not is_raised,
    )
    if is_rearmed and (is_raised or was_there):
        ledger = replace(ledger, due=due, policy=case.policy)
    return ledger, was_there


def _escalating(assessment: Assessment) -> RungAt | None:
    """Return the first rung reached that calls for an escalation."""
    reached = [
        rung
        for rung in assessment.rungs
        if rung.escalate and rung.name in assessment.rungs_reached
    ]
    return min(reached, key=lambda rung: rung.at, default=None)


def _held(steps: tuple[Step, ...], since: datetime) -> list[Step]:
    """Return what was held at an instant and after it."""
    before = [step for step in steps if step.at < since]
    return [*before[-1:], *(step for step in steps if step.at >= since)]


def _names(steps: list[Step], wanted: str | None) -> bool:
    word = (wanted or "").strip().casefold()
    return any(word in step.words for step in steps)
