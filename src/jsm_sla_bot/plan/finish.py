"""From what the contract says of a request to the finished plan: everything that can be decided from one request alone.

Believe what is borne out, desire, compare, correct, sign, and be careful where a note may stand already. One step more
needs all requests of a chunk and belongs to the pass: nothing is said of fields that changed on many requests at once.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.borne_out import Case
from jsm_sla_bot.plan.change import Move, Note, Part, Plan, Shown
from jsm_sla_bot.plan.corrections import corrected
from jsm_sla_bot.plan.desired import Desired, desire
from jsm_sla_bot.plan.diff import diff
from jsm_sla_bot.plan.doubt import Doubt
from jsm_sla_bot.plan.evidence import believed, signed, with_old_outcome
from jsm_sla_bot.plan.explanation.answer import (
    Answer,
    answer,
    answer_without_judgement,
    forgetting,
)
from jsm_sla_bot.plan.ledger import Ledger, ToldEta
from jsm_sla_bot.plan.markers import Audience, audience_of
from jsm_sla_bot.plan.public.owed import NOTHING_DUE, Due, due
from jsm_sla_bot.plan.public.promised_eta import etas_read
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.request import RequestSnapshot


@dataclass(frozen=True, slots=True)
class Subject:
    """The request that a plan is for: its id and key, and when it was reported (aware UTC).

    Without its `request` nothing is said to the customer.
    """

    id: str
    key: str
    reported: datetime
    request: RequestSnapshot | None = None
    updated: datetime | None = None
    """When it was last changed, as it was read (aware UTC)."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A plan with nothing left to be decided, and what of the request's ledger was not believed."""

    plan: Plan
    doubts: tuple[Doubt, ...] = ()
    spoken: Due = NOTHING_DUE
    """What the customer is to read."""


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
    spoken = _due(subject, assessment, borne_out, under)
    desired = replace(
        desired,
        ledger=_with_read_etas(
            with_old_outcome(desired.ledger, shown), under.now
        ),
        note=spoken.internal(desired.note),
        public=spoken.public(under.texts),
        move=_move(subject, spoken, borne_out),
    )
    reply = _answer(subject, assessment, borne_out, under)
    desired = _with_answer(desired, reply)
    if belief.was_there:
        under = replace(under, escalation_status=None)
    plan = diff((subject.id, subject.key), desired, shown, under)
    plan = corrected(plan, borne_out, under.now)
    if reply:
        plan = replace(plan, clearing=reply.clearing)
    plan = signed(plan, subject.id, belief)
    plan = _careful(plan, shown, belief.doubts)
    return Finished(plan, belief.doubts, spoken)


def _answer(
    subject: Subject,
    assessment: Assessment,
    shown: Shown,
    under: Circumstances,
) -> Answer | None:
    """Answer an agent who asks why; not where a person took the request out."""
    asking = under.asking
    if subject.request is None or asking is None or shown.ignored:
        return None
    return answer(
        subject.request, assessment, shown.ledger, asking, under.zone
    )


def _with_answer(desired: Desired, reply: Answer | None) -> Desired:
    if reply is None or reply.part is None:
        return desired
    before = desired.note.parts if desired.note else ()
    return replace(
        desired,
        note=Note(reply.with_part(before)),
        ledger=forgetting(desired.ledger),
    )


def _due(
    subject: Subject,
    assessment: Assessment,
    shown: Shown,
    under: Circumstances,
) -> Due:
    """Say what the customer is to read; nothing where a person took the request out (D18)."""
    if subject.request is None or shown.ignored:
        return NOTHING_DUE
    return due(
        subject.request,
        assessment,
        shown.ledger,
        under.now,
        shown.assignee,
        under.ways,
    )


def _move(subject: Subject, spoken: Due, shown: Shown) -> Move | None:
    """Return the transition of R11 to be made, with what agents read where it is not offered, unless they have."""
    owed = spoken.move
    if owed is None or subject.updated is None:
        return None
    flag = owed.otherwise
    said = shown.ledger.notes if shown.ledger else {}
    otherwise = Note((Part((flag.marker,), flag.blocks),))
    return Move(
        owed.to,
        at=shown.status,
        decided_on=subject.updated,
        awaits=owed.awaits,
        otherwise=None if flag.marker in said else otherwise,
    )


def _with_read_etas(ledger: Ledger, now: datetime) -> Ledger:
    """Return the ledger with the ETAs whose notes stand and that it does not hold, as of now: they were lost (D21)."""
    held = Counter(eta.value for eta in ledger.etas)
    read = Counter(etas_read(ledger.notes))
    lost = (read - held).elements()
    return ledger.with_etas(ToldEta(value, now) for value in lost)


def answered_unjudged(
    subject: Subject, why: str, shown: Shown, under: Circumstances
) -> Plan | None:
    """Return what tells an agent who asks that a request can't be judged, and why; None where nobody asks."""
    asking = under.asking
    if subject.request is None or asking is None or shown.ignored:
        return None
    known = _known_notes(shown)
    standing = {
        marker for marker, one in known.items() if one in shown.comments
    }
    reply = answer_without_judgement(
        subject.request, why, standing, asking.label, under.zone
    )
    if reply is None:
        return None
    ledger = replace(shown.ledger or Ledger(), request=subject.id)
    plan = Plan(
        subject.id,
        subject.key,
        note=Note(reply.with_part(())) if reply.part else None,
        ledger=ledger,
        had=shown.ledger,
        clearing=reply.clearing,
    )
    if shown.is_ledger_newer:
        plan = plan.without_ledger()
    return _careful(plan, shown, ())


def unaccounted(shown: Shown) -> frozenset[str]:
    """Return the ids of our own comments that the ledger does not know, or that a customer was not meant to read.

    Where the ledger can't be read, those are known that were seen to carry markers.
    """
    carried: dict[str, set[str]] = {}
    for marker, comment in _known_notes(shown).items():
        carried.setdefault(comment, set()).add(marker)
    return frozenset(
        comment
        for comment, is_public in shown.comments.items()
        if not _is_accounted(carried.get(comment, set()), is_public=is_public)
    )


def _known_notes(shown: Shown) -> Mapping[str, str]:
    """Return the comment by marker, as the ledger knows it or as it was seen."""
    notes = shown.ledger.notes if shown.ledger else {}
    if shown.evidence and shown.is_ledger_newer:
        return {**notes, **(shown.evidence.markers or {})}
    return notes


def _is_accounted(known: Collection[str], *, is_public: bool) -> bool:
    """Tell whether a comment with these markers is one of ours, read by nobody but those whom it was meant for."""
    if is_public:
        return audience_of(known) is Audience.PUBLIC
    return bool(known)


def _careful(plan: Plan, shown: Shown, doubts: Sequence[Doubt]) -> Plan:
    """Ask to look before posting where the note may stand already.

    It may where the ledger is in doubt or can't be read at all, where a comment of ours is not in the ledger, and where
    a correction is announced: its ledger is written after its note.
    """
    if not plan.notes and plan.move is None:
        return plan
    is_in_doubt = bool(doubts) and bool(shown.comments)
    is_newer = Doubt.NEWER in doubts
    is_correction = plan.note is not None and any(
        markers.corrected_field(one) for one in plan.note.markers
    )
    look_first = (
        is_newer or is_in_doubt or is_correction or bool(unaccounted(shown))
    )
    return replace(
        plan,
        note=_looking(plan.note, look_first=look_first),
        public=_looking(plan.public, look_first=look_first),
        move=_moving(plan.move, look_first=look_first),
    )


def _moving(move: Move | None, *, look_first: bool) -> Move | None:
    if move is None:
        return None
    otherwise = _looking(move.otherwise, look_first=look_first)
    return replace(move, otherwise=otherwise)


def _looking(note: Note | None, *, look_first: bool) -> Note | None:
    return replace(note, look_first=look_first) if note else None
