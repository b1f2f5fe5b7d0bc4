"""What a sweep would write, and how one request stands, without writing anything."""

from collections.abc import Iterator

from jsm_sla_bot.passes.account import log_fault
from jsm_sla_bot.passes.one_pass import Chunk
from jsm_sla_bot.passes.planner import Planned, identity, worked_through
from jsm_sla_bot.passes.policy_in_force import PolicyInForce
from jsm_sla_bot.passes.sorter import unless_frozen
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import SeenRequests
from jsm_sla_bot.ports.site import Clock, Fetched, SetAside


class Preview:
    """Goes by the policy that the configuration offers, be it in force or not."""

    def __init__(
        self, policy: PolicyInForce, seen: SeenRequests, clock: Clock
    ) -> None:
        self._policy = policy
        self._seen = seen
        self._clock = clock

    def all(self) -> Iterator[Planned | SetAside]:
        """Yield what a sweep would write; raises what the source raises."""
        edition = self._policy.offered
        edition.source.check_identity()
        for one in self._policy.preview():
            frozen = self._seen.frozen_in([identity(one)])
            now = self._clock.now()
            yield unless_frozen(one, Chunk(0, now, edition, {}, frozen))

    def one(self, request_id: str) -> Planned | SetAside:
        """Work one request through by id or key. Raises TerminalError where there is none."""
        edition = self._policy.offered
        edition.source.check_identity()
        fetched = edition.source.fetch([request_id])
        now = self._clock.now()
        found = next(worked_through(fetched, edition.rules, now), None)
        if found is None:
            raise TerminalError(f"{request_id}: {_why_none(fetched)}")
        if isinstance(found, SetAside):
            log_fault(found)
        return found


def _why_none(fetched: Fetched) -> str:
    if fetched.left:
        return "in a project that is not served"
    return "not found, or not visible to this account"
