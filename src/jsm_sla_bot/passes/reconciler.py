"""One pass: read what may have changed, work out what it should show, write the difference.

Three kinds feed the same way. *changed*: updated since the watermark. *due*: those whose status changes by the
mere passing of time. *sweep*: every open request. A pass works chunk by chunk, so that what is written was read
moments ago; passes overlap, and two of them never write to one request at once (`write_locks`). One request that goes
wrong is set aside and never stops the others; a site that is down stops the pass (`breaker`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from jsm_sla_bot.passes.admission import FirstContact
from jsm_sla_bot.passes.breaker import Breaker
from jsm_sla_bot.passes.desk_states import DeskStates
from jsm_sla_bot.passes.in_hand import InHand
from jsm_sla_bot.passes.offer import OnHold, PolicyOnHoldError
from jsm_sla_bot.passes.one_pass import (
    Chunk,
    Ending,
    Pass,
    Selected,
    Tally,
    report,
)
from jsm_sla_bot.passes.planner import Edition, Planned, Rules
from jsm_sla_bot.passes.policy_in_force import Beginning, Offer, PolicyInForce
from jsm_sla_bot.passes.preview import Preview
from jsm_sla_bot.passes.selection import Selection
from jsm_sla_bot.passes.site_clock import SiteClock
from jsm_sla_bot.passes.sorter import Sorter
from jsm_sla_bot.passes.writer import Watch, Writer
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.journal import Journal, PassKind, PassReport
from jsm_sla_bot.ports.site import (
    ChangeSink,
    Clock,
    Fetched,
    RequestSource,
    SetAside,
)

__all__ = ["Edition", "Planned", "Reconciler", "Rules"]

log = structlog.get_logger()


class Reconciler:
    """Runs passes. Safe to call from several threads: passes overlap, writes to one request do not."""

    def __init__(  # noqa: PLR0913 - the composition root names each part
        self,
        first: Edition,
        journal: Journal,
        clock: Clock,
        *,
        workers: int = 8,
        watch: Watch | None = None,
        first_contact: FirstContact = "allow",
    ) -> None:
        self._journal = journal
        self._machine = clock
        self._clock = site_clock = SiteClock(clock)
        self._in_hand = InHand()
        self._selection = Selection(journal, site_clock)
        self.breaker = Breaker(clock)
        self.identity = ""
        self._bound = False
        self.strange: str | None = None
        """What many requests show at once that nobody has written, until a sweep finds nothing of it."""
        self.unmapped: Mapping[str, int] = {}
        """Open requests by the id of an organization that the policy does not name, as of the last sweep."""
        self._writer = Writer(
            journal, site_clock, self.breaker, workers, watch
        )
        self._sorter = Sorter(journal, journal, self._writer)
        self._policy = PolicyInForce(
            first,
            journal,
            site_clock,
            self._selection,
            first_contact,
            self._writer.stop,
        )
        self._preview = Preview(self._policy, journal, site_clock)

    @property
    def states(self) -> DeskStates:
        """How the requests stand that passes have seen, for figures."""
        return self._sorter.states

    @property
    def offer(self) -> Offer:
        """What the configuration offers, and whether it may be written."""
        return self._policy.offer

    @property
    def in_force(self) -> str | None:
        """The hash of the policy in force."""
        edition = self._policy.in_force
        return edition.policy if edition else None

    @property
    def held_back(self) -> str | None:
        """Why the policy that the configuration offers may not be written; None where that is not known or it may."""
        offer = self._policy.offer
        return offer.why if isinstance(offer, OnHold) else None

    @property
    def moved(self) -> int | None:
        """How many requests the policy that was weighed last changes; None where none was since the start."""
        return self._policy.moved

    @property
    def skew(self) -> timedelta:
        """How far the site's clock is ahead of ours."""
        return self._clock.skew

    def next_due(self) -> datetime | None:
        """Return when the agenda has something to do, by our own clock."""
        upcoming = self._journal.next_change_at()
        return upcoming - self._clock.correction if upcoming else None

    def stop(self) -> None:
        """Let the writes under way finish; leave the rest for the next pass."""
        self._writer.stop.set()

    def adopt(
        self, rules: Rules, source: RequestSource, sink: ChangeSink
    ) -> None:
        """Go by other rules, as a connection for them reads the site, once a sweep has let them through."""
        self._policy.adopt(Edition(rules, source, sink))

    def resume(
        self, rules: Rules, source: RequestSource, sink: ChangeSink
    ) -> None:
        """Take the rules that were in force before a restart to be in force still."""
        self._policy.resume(Edition(rules, source, sink))

    def reconsider(self) -> bool:
        """Offer the policy on hold again, where a person allows it now; tell whether. Raises JournalError."""
        return self._policy.reconsider()

    def is_shown(self) -> bool:
        """Tell whether a sweep has shown the whole desk the policy that is to be shown now; raises JournalError."""
        return self._policy.is_shown()

    def changed(self) -> PassReport:
        """Work through what was updated since the watermark (a lower bound only, with an overlap)."""
        return self._pass(PassKind.CHANGED, self._selection.changed)

    def due(self) -> PassReport:
        """Work through what changes by the mere passing of time, and what is to be retried.

        What another *due* pass has in hand at the moment is left to it.
        """
        with self._in_hand.taken(self._agenda) as mine:
            return self._due_pass(mine) if mine else self._nothing_due()

    def _agenda(self) -> Iterable[str]:
        return self._journal.agenda(self._clock.now())

    def _due_pass(self, mine: Sequence[str]) -> PassReport:
        return self._pass(PassKind.DUE, lambda _: Selected(mine))

    def _nothing_due(self) -> PassReport:
        now = self._machine.now()
        return report(PassKind.DUE, (now, now), Tally(), Ending())

    def sweep(self) -> PassReport:
        """Work through every open request, and what was updated since the watermark."""
        return self._pass(PassKind.SWEEP, self._selection.all_open)

    def preview(self) -> Iterator[Planned | SetAside]:
        """Yield what a sweep would write, writing nothing; raises what the source raises."""
        return self._preview.all()

    def verdict(self) -> str | None:
        """Return why what was previewed to its end would be held back; None where it would be written."""
        return self._policy.verdict()

    def one(self, request_id: str) -> Planned | SetAside:
        """Work one request through by id or key, writing nothing."""
        return self._preview.one(request_id)

    def _pass(
        self, kind: PassKind, select: Callable[[Edition], Selected]
    ) -> PassReport:
        started = self._machine.now()
        tally = Tally()
        ending = self._ended(kind, select, tally)
        done = report(kind, (started, self._machine.now()), tally, ending)
        self._journal.completed(done)
        return done

    def _ended(
        self,
        kind: PassKind,
        select: Callable[[Edition], Selected],
        tally: Tally,
    ) -> Ending:
        policy = ""
        try:
            self._journal.ensure()
            with self._writer.locks.reading() as version:
                work = self._begun(kind, select, tally, version)
                policy = work.policy
                self._work(work)
            self._finish(work)
        except PolicyOnHoldError as error:
            held = error.held
            tally.read = held.count.read
            tally.differing = held.count.differing
            return Ending(held.edition.policy, refused=held.why)
        except (TransientError, TerminalError) as error:
            return Ending(policy, failed=str(error))
        return Ending(policy)

    def _begun(
        self,
        kind: PassKind,
        select: Callable[[Edition], Selected],
        tally: Tally,
        version: int,
    ) -> Pass:
        """Begin a pass: the site is asked who we are and what time it is, then what is to be looked at."""
        self.breaker.check()
        current = self._policy.current
        self.identity = current.source.check_identity()
        began = current.source.server_time()
        self._bind(current.source)
        self._clock.measured(began)
        if kind is PassKind.SWEEP:
            self._selection.first_sweep_begins(current, began)
        return self._policy.begin(
            Beginning(kind, began, version, tally, select)
        )

    def _bind(self, source: RequestSource) -> None:
        """Make sure, once, that the journal is about the site that has just answered."""
        if not self._bound:
            self._journal.bind(source.site())
            self._bound = True

    def _work(self, work: Pass) -> None:
        for ids, read in work.chunks():
            work.tally.seen += len(ids)
            self._chunk(work, ids, read)

    def _finish(self, work: Pass) -> None:
        """Keep what a pass has covered, now that all of it is applied; nothing of one that was stopped."""
        tally = work.tally
        self._selection.let_go(tally.gone)
        if tally.unfinished:
            return
        self._selection.completed(work.selected, work.began, work.kind)
        if work.kind is PassKind.SWEEP:
            self._policy.swept()
            self._journal.swept(work.policy)
            self.strange = tally.strange
            self.unmapped = dict(tally.unmapped)

    def _let_go(self, fetched: Fetched) -> None:
        """Forget what is no longer ours, and what need not be understood."""
        self._journal.forget(fetched.left)
        self.states.forget((*fetched.left, *fetched.ignored))
        self._journal.pardon(fetched.ignored)

    def _chunk(
        self, work: Pass, ids: Sequence[str], read: Fetched | None
    ) -> None:
        tally = work.tally
        if self._writer.stop.is_set():
            tally.unfinished = True
            return
        with self._writer.locks.reading() as version:
            now = self._clock.now()
            failures = self._sorter.failures(ids)
            frozen = self._journal.frozen_in(ids)
            if read is None:
                chunk = Chunk(version, now, work.edition, failures, frozen)
                fetched = work.edition.source.fetch(ids)
            else:
                chunk = Chunk(
                    work.version, work.began, work.edition, failures, frozen
                )
                fetched = read
            tally.read += len(ids)
            tally.gone += fetched.gone
            self.states.forget(fetched.gone)
            self._let_go(fetched)
            plans = self._sorter.to_write(tally, fetched, chunk, now)
            self.strange = tally.strange or self.strange
            written = self._writer.write(plans, chunk)
        tally.writes += written.writes
        tally.unfinished |= written.left
        self._sorter.set_aside(written.set_aside, tally)
