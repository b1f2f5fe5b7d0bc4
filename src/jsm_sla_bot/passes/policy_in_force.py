"""Which rules are in force: new ones by a sweep that lets them through, until then those before them.

A pass begins here and is bound to one edition of the rules to its end. States: a *candidate* (what the configuration
holds), and the edition *in force* (none before the first has been let through). A sweep moves the candidate into
force once it has been weighed over the whole desk; one that is refused makes way for the edition in force. Any pass
may begin next to any other; only one weighs at a time. After a restart the composition root says what was in force.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock

import structlog

from jsm_sla_bot.passes.admission import Admission, Sight
from jsm_sla_bot.passes.one_pass import CHUNK, Pass, Selected, Tally, chunks
from jsm_sla_bot.passes.planner import Edition, Planned
from jsm_sla_bot.passes.selection import Selection
from jsm_sla_bot.ports.journal import PassKind
from jsm_sla_bot.ports.site import (
    Fetched,
    IdentityError,
    SetAside,
    TerminalError,
    TransientError,
)

log = structlog.get_logger()


class RefusedError(Exception):
    """The policy may not be written; it was weighed over so many requests, of which so many differ."""

    def __init__(self, why: str, policy: str, read: int, differing: int) -> None:
        super().__init__(why)
        self.policy, self.read, self.differing = policy, read, differing


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a pass before it has selected anything: `began` is the site's time, aware UTC."""

    kind: PassKind
    began: datetime
    version: int
    tally: Tally
    select: Callable[[Edition], Selected]


@dataclass(slots=True)
class _Look:
    """What was read of the desk while a policy was weighed, and need not be read again by a sweep."""

    selected: Selected | None = None
    first_read: Fetched | None = None


class Regency:
    """Keeps the rules in force and those that are to follow them. Safe to use from several threads."""

    def __init__(
        self, first: Edition, admission: Admission, selection: Selection, stop: Event
    ) -> None:
        self.candidate = first
        """The rules that are to be in force, let through or not."""
        self.in_force: Edition | None = None
        self._admission, self._selection, self._stop = admission, selection, stop
        self._admitting = Lock()

    @property
    def current(self) -> Edition:
        """The rules in force; where there are none yet, those that are to be."""
        return self.in_force or self.candidate

    def begin(self, beginning: Beginning) -> Pass:
        """Begin a pass under the edition that it goes by; raises RefusedError, and what the source raises.

        A policy that is refused makes way again for the one in force: it must not reach the desk request by request.
        """
        look = _Look()
        edition = self._edition(look, is_sweep=beginning.kind is PassKind.SWEEP)
        return Pass(
            kind=beginning.kind,
            edition=edition,
            began=beginning.began,
            version=beginning.version,
            selected=look.selected or beginning.select(edition),
            tally=beginning.tally,
            first_read=look.first_read,
        )

    def _edition(self, look: _Look, *, is_sweep: bool) -> Edition:
        candidate, in_force = self.candidate, self.in_force
        if in_force is not None and not is_sweep:
            return candidate if _is_same(candidate, in_force) else in_force
        with self._admitting:
            candidate, in_force = self.candidate, self.in_force
            if in_force is None or not _is_same(candidate, in_force):
                self._let_through(candidate, look, keep=is_sweep)
            self.in_force = candidate
            return candidate

    def swept(self) -> None:
        """Keep in the journal what is in force, now that the whole desk shows it."""
        if self.in_force:
            self._admission.keep(self.in_force)

    def preview(self) -> Iterator[Planned | SetAside]:
        """Yield what a sweep under the candidate would write, weighing it on the way."""
        candidate = self.candidate
        sights = self._sights(candidate, _Look(), keep=False)
        yield from self._admission.weighed(candidate, self.in_force, sights)

    def verdict(self) -> str | None:
        """Return why what was previewed would be held back; None where it would be written."""
        admitted = self._admission.is_known(self.candidate)
        return None if admitted else self._admission.judged(self.candidate)

    def _let_through(self, candidate: Edition, look: _Look, *, keep: bool) -> None:
        if self._admission.is_admitted(candidate):
            return
        sights = self._sights(candidate, look, keep=keep)
        why = self._admission.refusal(candidate, self.in_force, sights)
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

    def _sights(self, edition: Edition, look: _Look, *, keep: bool) -> Iterator[Sight]:
        """Read the whole desk to be weighed; a sweep over a small one need not read it twice."""
        before = self.in_force
        selected = self._selection.all_open(edition)
        if keep:
            look.selected = selected
        for ids in chunks(selected.ids):
            if self._stop.is_set():
                message = "stopped before the policy was let through"
                raise TransientError(message)
            new = edition.source.fetch(ids)
            if keep and len(selected.ids) <= CHUNK:
                look.first_read = new
            yield Sight(new, _as_before(before, edition, ids))


def _is_same(one: Edition, other: Edition) -> bool:
    return one.rules.policy.hash == other.rules.policy.hash


def _as_before(
    before: Edition | None, edition: Edition, ids: Sequence[str]
) -> Fetched | None:
    """Read requests as the policy in force does, if that is another way and one that still fits the site."""
    if before is None or before.source is edition.source:
        return None
    try:
        return before.source.fetch(ids)
    except IdentityError:
        raise
    except TerminalError as error:
        log.warning("old_reading_does_not_fit", why=str(error))
        return None
