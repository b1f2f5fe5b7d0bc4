"""What a policy would do to the desk, before its first write: neither a slip in it nor a first contact may rewrite one.

Counted over every open request, with the plans dropped as soon as they are counted. What counts is what the policy
alone would change: each request is planned under it and under the one in force.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from jsm_sla_bot.passes.account import log_fault
from jsm_sla_bot.passes.planner import (
    Edition,
    Planned,
    identity,
    worked_through,
)
from jsm_sla_bot.plan.budget import refusal
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import Clock, Fetched, SetAside

FirstContact = Literal["allow", "ask"]


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

    def add(
        self, one: Planned | SetAside, was: Planned | SetAside | None
    ) -> None:
        """Count one request, as the policy in force would leave it too."""
        self.read += 1
        self.changed += _changes(one, was)
        self.open += _is_open(was if isinstance(was, Planned) else one)
        if isinstance(one, Planned):
            self.known += one.sighting.shown.ledger is not None
            self.differing += bool(one.plan)

    def dropped(self, served: Iterable[Planned | SetAside]) -> None:
        """Count requests that are served under the policy in force, and would not be any more."""
        lost = sum(_is_served(one) for one in served)
        self.changed += lost
        self.open += lost


class Weighing:
    """Counts what an edition would change, while its plans go by. `before` is the edition in force, if there is one."""

    def __init__(
        self, edition: Edition, before: Edition | None, clock: Clock
    ) -> None:
        self.count = Count()
        self._edition = edition
        self._before = before
        self._clock = clock

    def over(self, sights: Iterable[Sight]) -> Iterator[Planned | SetAside]:
        """Yield what the edition makes of each request, counting it; raises what the sights raise."""
        for sight in sights:
            yield from self._over_one(sight)

    def objection(self, first_contact: FirstContact) -> str | None:
        """Return why a policy that was weighed to the end may not be written; None when it may."""
        count = self.count
        is_first_contact = bool(count.differing) and not count.known
        if first_contact == "ask" and is_first_contact:
            return (
                f"first contact: no request of this desk carries a ledger of the bot's, and {count.differing} of "
                f"{count.read} would be written to; look at `jsm-sla-bot plan`, then let it through with "
                f"`jsm-sla-bot allow`"
            )
        return refusal(count.changed, count.open, self._edition.rules.budget)

    def _over_one(self, sight: Sight) -> Iterator[Planned | SetAside]:
        now = self._clock.now()
        left = dict(self._under_the_one_before(sight))
        for one in worked_through(sight.new, self._edition.rules, now):
            if isinstance(one, SetAside):
                log_fault(one)
            was = left.pop(identity(one), None)
            self.count.add(one, was)
            yield one
        self.count.dropped(left.values())

    def _under_the_one_before(
        self, sight: Sight
    ) -> Mapping[str, Planned | SetAside]:
        """Return by id what the edition in force makes of the same requests."""
        if self._before is None:
            return {}
        fetched = sight.old or sight.new
        found = worked_through(fetched, self._before.rules, self._clock.now())
        return {identity(one): one for one in found}


def _changes(one: Planned | SetAside, was: Planned | SetAside | None) -> bool:
    """Tell whether the policy changes what a request that we know shows, or stops it from being understood."""
    if was is None:
        return isinstance(one, Planned) and one.plan.rewrites
    if isinstance(was, SetAside) or isinstance(one, SetAside):
        return isinstance(was, Planned)
    is_newly_ignored = (
        one.sighting.shown.ignored and not was.sighting.shown.ignored
    )
    if is_newly_ignored:
        return True
    is_first_seen = one.sighting.shown.ledger is None and bool(was.plan)
    return not is_first_seen and _written(one.plan) != _written(was.plan)


def _is_open(one: Planned | SetAside) -> bool:
    return (
        isinstance(one, Planned) and not one.sighting.snapshot.status.is_done
    )


def _is_served(one: Planned | SetAside) -> bool:
    return (
        isinstance(one, Planned)
        and _is_open(one)
        and not one.sighting.shown.ignored
    )


def _written(plan: Plan) -> object:
    fields = {change.field: change.new for change in plan.fields}
    markers = [note.markers for note in (plan.note, plan.public) if note]
    move = plan.move.to if plan.move else None
    return fields, markers, plan.transition_to, plan.priority, move
