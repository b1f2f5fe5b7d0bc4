"""Before the first write under a policy: neither a slip in it nor a first contact may rewrite a desk unasked.

Counted once for a policy, over every open request, with the plans dropped as soon as they are counted; a policy
that was let through needs no counting any more, so passes can write as they read. What counts is what the policy
alone would change: each request is planned under it and under the one in force.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import structlog

from jsm_sla_bot.passes.account import log_fault
from jsm_sla_bot.passes.planner import Edition, Planned, worked_through
from jsm_sla_bot.plan.budget import refusal
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    AllowedPolicy,
    HeldBack,
    Marks,
)
from jsm_sla_bot.ports.site import Clock, Fetched, SetAside

AGAIN = timedelta(hours=1)
"""After so long a policy that is held back is counted anew: the desk may have moved on."""

FirstContact = Literal["allow", "ask"]

log = structlog.get_logger()


class Sight(NamedTuple):
    """Some requests as the new policy reads them, and as the one in force does, if there is one."""

    new: Fetched
    old: Fetched | None = None


@dataclass(slots=True)
class Count:
    """What a policy would do to the desk. `known` are the requests that carry a ledger of ours."""

    read: int = 0
    open: int = 0
    known: int = 0
    differing: int = 0
    changed: int = 0

    def add(self, one: Planned | SetAside, was: Planned | SetAside | None) -> None:
        """Count one request, as the policy in force would leave it too."""
        self.read += 1
        self.changed += _changes(one, was)
        reading = was if isinstance(was, Planned) else one
        self.open += (
            isinstance(reading, Planned)
            and not reading.sighting.snapshot.status.is_done
        )
        if isinstance(one, Planned):
            self.known += one.sighting.shown.ledger is not None
            self.differing += bool(one.plan)

    def dropped(self, served: Iterable[Planned | SetAside]) -> None:
        """Count requests that are served under the policy in force, and would not be any more."""
        lost = sum(isinstance(one, Planned) and _is_served(one) for one in served)
        self.changed, self.open = self.changed + lost, self.open + lost


@dataclass(frozen=True, slots=True)
class _Refused:
    edition: Edition
    at: datetime
    why: str


class Admission:
    """Lets a policy through to the desk, or holds it back. Ask from one thread at a time."""

    def __init__(self, marks: Marks, clock: Clock, first_contact: FirstContact) -> None:
        self._marks = marks
        self._clock = clock
        self._first_contact = first_contact
        self._refused: _Refused | None = None
        self.count = Count()

    def is_known(self, edition: Edition) -> bool:
        """Tell whether that policy was let through before, or a person has let it through."""
        return self._was_admitted(edition) or self._is_allowed(edition)

    def _was_admitted(self, edition: Edition) -> bool:
        admitted = self._marks.recall(AdmittedPolicy)
        return admitted is not None and admitted.policy == edition.rules.policy.hash

    def _is_allowed(self, edition: Edition) -> bool:
        return self._marks.recall(AllowedPolicy) == _allowed(edition)

    def is_admitted(self, edition: Edition) -> bool:
        """Tell whether that policy was let through before: by its count, or by a person, whose word is used up."""
        if self._was_admitted(edition):
            self._marks.clear(HeldBack)
            return True
        if not self._is_allowed(edition):
            # A person's word is for one policy, not for a later day.
            self._marks.clear(AllowedPolicy)
            return False
        log.warning("policy_allowed_by_a_person", policy=edition.rules.policy.hash)
        self._admit(edition)
        return True

    def refusal(
        self, edition: Edition, before: Edition | None, sights: Iterable[Sight]
    ) -> str | None:
        """Return why that policy may not be written, or let it through.

        `before` is the one in force. `sights` go over the whole desk and are only asked for where the answer is not
        known yet; raises what they raise.
        """
        known, now = self._refused, self._clock.now()
        if known and known.edition is edition and now - known.at < AGAIN:
            return known.why
        for _ in self.weighed(edition, before, sights):
            pass
        why = self.judged(edition)
        if why is None:
            self._admit(edition)
            return None
        self._refused = _Refused(edition, now, why)
        self._marks.remember(HeldBack(edition.rules.policy.hash, why))
        return why

    def weighed(
        self, edition: Edition, before: Edition | None, sights: Iterable[Sight]
    ) -> Iterator[Planned | SetAside]:
        """Yield what the policy would make of each request, counting it on the way."""
        self.count = count = Count()
        for new, old in sights:
            now = self._clock.now()
            told = (
                {}
                if before is None
                else {
                    _id(one): one
                    for one in worked_through(old or new, before.rules, now)
                }
            )
            for one in worked_through(new, edition.rules, now):
                if isinstance(one, SetAside):
                    log_fault(one)
                count.add(one, told.pop(_id(one), None))
                yield one
            count.dropped(told.values())

    def judged(self, edition: Edition) -> str | None:
        """Return why a policy that was weighed may not be written; None when it may."""
        count = self.count
        if self._first_contact == "ask" and count.differing and not count.known:
            return (
                f"first contact: no request of this desk carries a ledger of the bot's, and {count.differing} of "
                f"{count.read} would be written to; look at `jsm-sla-bot plan`, then let it through with "
                f"`jsm-sla-bot allow`"
            )
        return refusal(count.changed, count.open, edition.rules.budget)

    def keep(self, edition: Edition) -> None:
        """Make sure that the journal knows the policy in force: it may have been lost meanwhile."""
        if self._marks.recall(AdmittedPolicy) != _admitted(edition):
            self._marks.remember(_admitted(edition))

    def withdrawn(self) -> None:
        """Forget the refusal of a policy that is not asked for any more."""
        self._marks.clear(HeldBack)

    def _admit(self, edition: Edition) -> None:
        self._refused = None
        self._marks.remember(_admitted(edition))
        self._marks.clear(HeldBack, AllowedPolicy)


def _admitted(edition: Edition) -> AdmittedPolicy:
    return AdmittedPolicy(edition.rules.policy.hash, edition.rules.files)


def _allowed(edition: Edition) -> AllowedPolicy:
    return AllowedPolicy(edition.rules.policy.hash)


def _changes(one: Planned | SetAside, was: Planned | SetAside | None) -> bool:
    """Tell whether the policy changes what a request that we know is told, or stops it from being understood."""
    if was is None:
        return isinstance(one, Planned) and one.plan.rewrites
    if isinstance(was, SetAside) or isinstance(one, SetAside):
        return isinstance(was, Planned)
    if one.sighting.shown.ignored and not was.sighting.shown.ignored:
        return True
    first_seen = one.sighting.shown.ledger is None and was.plan
    return not first_seen and _written(one.plan) != _written(was.plan)


def _is_served(one: Planned) -> bool:
    return not (one.sighting.snapshot.status.is_done or one.sighting.shown.ignored)


def _written(plan: Plan) -> object:
    fields = {change.field: change.new for change in plan.fields}
    return fields, plan.note and plan.note.markers, plan.transition_to, plan.priority


def _id(one: Planned | SetAside) -> str:
    return one.id if isinstance(one, SetAside) else one.sighting.id
