"""Before the first write under a policy: neither a slip in it nor a first contact may rewrite a desk unasked.

Counted once for a policy, over every open request, with the plans dropped as soon as they are counted; a policy
that was let through needs no counting any more, so passes can write as they read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from jsm_sla_bot.plan.budget import refusal
from jsm_sla_bot.planner import Planned, Regime, worked_through
from jsm_sla_bot.ports import Clock, Fetched, Journal, Mark

AGAIN = timedelta(hours=1)
"""After so long a policy that is held back is counted anew: the desk may have moved on."""

FirstContact = Literal["allow", "ask"]

log = structlog.get_logger()


@dataclass(slots=True)
class Count:
    """What a policy would do to the desk. `known` are the requests that carry a ledger of ours."""

    read: int = 0
    open: int = 0
    known: int = 0
    differing: int = 0
    rewritten: int = 0

    def add(self, one: Planned) -> None:
        """Count one request."""
        self.read += 1
        self.open += not one.sighting.snapshot.status.is_done
        self.known += one.sighting.shown.ledger is not None
        self.differing += bool(one.plan)
        self.rewritten += one.plan.rewrites


@dataclass(frozen=True, slots=True)
class _Refused:
    regime: Regime
    at: datetime
    why: str


class Admission:
    """Lets a policy through to the desk, or holds it back. Ask from one thread at a time."""

    def __init__(self, journal: Journal, clock: Clock, first_contact: FirstContact) -> None:
        self._journal, self._clock, self._first_contact = journal, clock, first_contact
        self._refused: _Refused | None = None
        self.count = Count()

    def is_admitted(self, regime: Regime) -> bool:
        """Tell whether that policy was let through before: by its count, or by a person, once."""
        policy = regime.rules.policy.hash
        if self._journal.recall(Mark.ADMITTED) == policy:
            return True
        if self._journal.recall(Mark.ALLOWED) != policy:
            return False
        log.warning("policy_allowed_by_a_person", policy=policy)
        self._admit(policy)
        return True

    def refusal(self, regime: Regime, fetches: Iterable[Fetched]) -> str | None:
        """Return why that policy may not be written, or let it through.

        `fetches` go over the whole desk and are only asked for where the answer is not known yet; raises what they
        raise.
        """
        known, now = self._refused, self._clock.now()
        if known and known.regime is regime and now - known.at < AGAIN:
            return known.why
        self.count = Count()
        for fetched in fetches:
            self._count(regime, fetched)
        why = self._judged(regime)
        if why is None:
            self._admit(regime.rules.policy.hash)
            return None
        self._refused = _Refused(regime, now, why)
        self._journal.remember(Mark.REFUSED, f"{regime.rules.policy.hash} {why}")
        return why

    def _count(self, regime: Regime, fetched: Fetched) -> None:
        for one in worked_through(fetched, regime.rules, self._clock.now()):
            if isinstance(one, Planned):
                self.count.add(one)

    def _judged(self, regime: Regime) -> str | None:
        count = self.count
        if self._first_contact == "ask" and count.differing and not count.known:
            return (
                f"first contact: no request of this desk carries a ledger of the bot's, and {count.differing} of "
                f"{count.read} would be written to; look at `jsm-sla-bot plan`, then let it through with "
                f"`jsm-sla-bot allow`"
            )
        return refusal(count.rewritten, count.open, regime.rules.budget)

    def _admit(self, policy: str) -> None:
        self._refused = None
        self._journal.remember(Mark.ADMITTED, policy)
        self._journal.remember(Mark.REFUSED, "")
        if self._journal.recall(Mark.ALLOWED) == policy:
            self._journal.remember(Mark.ALLOWED, "")
