"""Which rules are in force: new ones by a sweep that lets them through, until then those before them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event, Lock

import structlog

from jsm_sla_bot.passes.admission import Admission, Sight
from jsm_sla_bot.passes.planner import Planned, Regime
from jsm_sla_bot.passes.selection import Selection
from jsm_sla_bot.ports.journal import Failure
from jsm_sla_bot.ports.site import Fetched, IdentityError, TerminalError, TransientError

CHUNK = 1000
"""So many requests are read before the first of them is written: as many as one call for histories takes."""

log = structlog.get_logger()


class RefusedError(Exception):
    """The policy may not be written; it was weighed over so many requests, of which so many differ."""

    def __init__(self, why: str, policy: str, read: int, differing: int) -> None:
        super().__init__(why)
        self.policy, self.read, self.differing = policy, read, differing


@dataclass(slots=True)
class Ruled:
    """What a pass goes by, with what was read of the desk while it was let through and need not be read again."""

    regime: Regime
    ids: Sequence[str] | None = None
    fetched: Fetched | None = None


class Regency:
    """Keeps the rules in force and those that are to follow them. Safe to use from several threads."""

    def __init__(
        self, first: Regime, admission: Admission, selection: Selection, stop: Event
    ) -> None:
        self.candidate = first
        """The rules that are to be in force, let through or not."""
        self.in_force: Regime | None = None
        self._admission, self._selection, self._stop = admission, selection, stop
        self._admitting = Lock()

    @property
    def current(self) -> Regime:
        """The rules in force; where there are none yet, those that are to be."""
        return self.in_force or self.candidate

    def ruled(self, *, sweeping: bool) -> Ruled:
        """Return what a pass goes by; raises RefusedError, and what the source raises.

        A policy that is refused makes way again for the one in force: it must not reach the desk request by request.
        """
        candidate, in_force = self.candidate, self.in_force
        if in_force is not None and not sweeping:
            same = candidate.rules.policy.hash == in_force.rules.policy.hash
            return Ruled(candidate if same else in_force)
        with self._admitting:
            candidate, in_force = self.candidate, self.in_force
            found = Ruled(candidate)
            if (
                in_force is None
                or in_force.rules.policy.hash != candidate.rules.policy.hash
            ):
                self._let_through(candidate, found, keep=sweeping)
            self.in_force = candidate
            return found

    def swept(self) -> None:
        """Keep in the journal what is in force, now that the whole desk shows it."""
        if self.in_force:
            self._admission.keep(self.in_force)

    def preview(self) -> Iterator[Planned | Failure]:
        """Yield what a sweep under the candidate would write, weighing it on the way."""
        found = Ruled(self.candidate)
        yield from self._admission.weighed(
            self.candidate, self.in_force, self._sights(found, keep=False)
        )

    def verdict(self) -> str | None:
        """Return why what was previewed would be held back; None where it would be written."""
        admitted = self._admission.is_known(self.candidate)
        return None if admitted else self._admission.judged(self.candidate)

    def _let_through(self, candidate: Regime, found: Ruled, *, keep: bool) -> None:
        if self._admission.is_admitted(candidate):
            return
        why = self._admission.refusal(
            candidate, self.in_force, self._sights(found, keep=keep)
        )
        if why is None:
            return
        if self.candidate is not candidate:
            self._admission.withdrawn()
        elif self.in_force:
            self.candidate = self.in_force
            log.error(
                "policy_taken_back",
                refused=candidate.rules.policy.hash,
                kept=self.in_force.rules.policy.hash,
            )
        count = self._admission.count
        raise RefusedError(
            why, candidate.rules.policy.hash, count.read, count.differing
        )

    def _sights(self, found: Ruled, *, keep: bool) -> Iterator[Sight]:
        """Read the whole desk to be weighed; a sweep over a small one need not read it twice."""
        regime, before = found.regime, self.in_force
        ids = self._selection.all_open(regime)
        if keep:
            found.ids = ids
        for chunk in chunks(ids):
            if self._stop.is_set():
                message = "stopped before the policy was let through"
                raise TransientError(message)
            new = regime.source.fetch(chunk)
            if keep and len(ids) <= CHUNK:
                found.fetched = new
            yield Sight(new, _as_before(before, regime, chunk))


def _as_before(
    before: Regime | None, regime: Regime, ids: Sequence[str]
) -> Fetched | None:
    """Read requests as the policy in force does, if that is another way and one that still fits the site."""
    if before is None or before.source is regime.source:
        return None
    try:
        return before.source.fetch(ids)
    except IdentityError:
        raise
    except TerminalError as error:
        log.warning("old_reading_does_not_fit", why=str(error))
        return None


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut ids into what is read at once."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
