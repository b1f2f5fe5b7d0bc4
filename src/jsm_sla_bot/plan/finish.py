"""From what the contract says of a request to the finished plan: everything that can be decided from one request alone.

Believe what is borne out, desire, compare, correct, sign, and be careful where a note may stand already. One step more
needs all requests of a chunk and belongs to the pass: nothing is said of fields that changed on many requests at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.borne_out import Case
from jsm_sla_bot.plan.change import Plan, Shown
from jsm_sla_bot.plan.corrections import corrected
from jsm_sla_bot.plan.desired import desire
from jsm_sla_bot.plan.diff import diff
from jsm_sla_bot.plan.doubt import Doubt
from jsm_sla_bot.plan.evidence import believed, signed, with_old_outcome
from jsm_sla_bot.sla.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Subject:
    """The request that a plan is for: its id and key, and when it was reported (aware UTC)."""

    id: str
    key: str
    reported: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """A plan with nothing left to be decided, and what of the request's ledger was not believed."""

    plan: Plan
    doubts: tuple[Doubt, ...] = ()


def finished(
    subject: Subject,
    assessment: Assessment,
    shown: Shown,
    under: Circumstances,
) -> Finished:
    """Return what is to be written to one request."""
    case = Case(
        subject.id, subject.reported, assessment, under.policy, under.now
    )
    belief = believed(shown, case, under.escalation_status)
    borne_out = replace(shown, ledger=belief.ledger)
    desired = desire(assessment, borne_out, under)
    desired = replace(desired, ledger=with_old_outcome(desired.ledger, shown))
    if belief.was_there:
        under = replace(under, escalation_status=None)
    plan = diff((subject.id, subject.key), desired, shown, under)
    plan = corrected(plan, borne_out, under.now)
    plan = signed(plan, subject.id, belief)
    plan = _careful(plan, shown, belief.doubts)
    return Finished(plan, belief.doubts)


def unaccounted(shown: Shown) -> frozenset[str]:
    """Return the ids of our own comments that the ledger does not know, or that a customer can read.

    Where the ledger can't be read, those are known that were seen to carry markers.
    """
    known = set(shown.ledger.notes.values()) if shown.ledger else set()
    if shown.evidence and shown.is_ledger_newer:
        known |= set((shown.evidence.markers or {}).values())
    return frozenset(
        comment
        for comment, is_public in shown.comments.items()
        if is_public or comment not in known
    )


def _careful(plan: Plan, shown: Shown, doubts: Sequence[Doubt]) -> Plan:
    """Ask to look before posting where the note may stand already.

    It may where the ledger is in doubt or can't be read at all, where a comment of ours is not in the ledger, and where
    a correction is announced: its ledger is written after its note.
    """
    if plan.note is None:
        return plan
    is_in_doubt = bool(doubts) and bool(shown.comments)
    is_newer = Doubt.NEWER in doubts
    is_correction = any(
        markers.corrected_field(one) for one in plan.note.markers
    )
    look_first = (
        is_newer or is_in_doubt or is_correction or bool(unaccounted(shown))
    )
    return replace(plan, note=replace(plan.note, look_first=look_first))
