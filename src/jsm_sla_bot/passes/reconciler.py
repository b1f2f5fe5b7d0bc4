"""One pass: read what may have changed, work out what it should show, write the difference.

Three kinds feed the same way. *changed*: updated since the watermark. *due*: those whose status changes by the
mere passing of time. *sweep*: every open request. A pass works chunk by chunk, so that what is written was read
moments ago; passes overlap, and two of them never write to one request at once (`turns`). One request that goes
wrong is set aside and never stops the others; a site that is down stops the pass (`breaker`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

import structlog

from jsm_sla_bot.passes.admission import Admission, FirstContact
from jsm_sla_bot.passes.breaker import Breaker
from jsm_sla_bot.passes.planner import (
    Planned,
    Regime,
    Rules,
    aside_until,
    entry,
    worked_through,
)
from jsm_sla_bot.passes.policy_in_force import RefusedError, Regency, chunks
from jsm_sla_bot.passes.selection import Selection
from jsm_sla_bot.passes.site_clock import SiteClock
from jsm_sla_bot.passes.writer import Chunk, Watch, Writer
from jsm_sla_bot.plan.corrections import fields_told_of, without_a_word
from jsm_sla_bot.ports.journal import Entry, Failure, Journal, PassReport
from jsm_sla_bot.ports.site import (
    ChangeSink,
    Clock,
    Fetched,
    RequestSource,
    TerminalError,
    TransientError,
)

__all__ = ["Planned", "Reconciler", "Rules", "World"]

BY_HAND = 10
"""So many requests of a chunk may have a field changed by hand; more than that no person has done."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class World:
    """What a pass works with."""

    source: RequestSource
    sink: ChangeSink
    journal: Journal
    clock: Clock


@dataclass(slots=True)
class _Tally:
    kind: str
    started: datetime
    seen: int = 0
    read: int = 0
    differing: int = 0
    writes: int = 0
    set_aside: int = 0
    gone: list[str] = field(default_factory=list)
    fetched: Fetched | None = None
    refused: str | None = None
    unfinished: bool = False
    strange: str | None = None
    policy: str = ""


class Reconciler:
    """Runs passes. Safe to call from several threads: passes overlap, writes to one request do not."""

    def __init__(
        self,
        world: World,
        rules: Rules,
        *,
        workers: int = 8,
        watch: Watch | None = None,
        first_contact: FirstContact = "allow",
    ) -> None:
        self._journal, self._machine = world.journal, world.clock
        self._clock = clock = SiteClock(world.clock)
        self._at_due = Lock()
        self._due: set[str] = set()
        self._selection = Selection(world.journal, clock)
        self.breaker = Breaker(world.clock)
        self.identity = ""
        self.strange: str | None = None
        """What many requests show at once that nobody has written, until a sweep finds nothing of it."""
        self._writer = Writer(world.journal, clock, self.breaker, workers, watch)
        admission = Admission(world.journal, clock, first_contact)
        first = Regime(rules, world.source, world.sink)
        self._regency = Regency(first, admission, self._selection, self._writer.stop)

    @property
    def offered(self) -> str:
        """The hash of the policy that is to be in force, let through or not."""
        return self._regency.candidate.rules.policy.hash

    @property
    def in_force(self) -> str | None:
        """The hash of the policy in force."""
        regime = self._regency.in_force
        return regime.rules.policy.hash if regime else None

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

    def adopt(self, rules: Rules, source: RequestSource, sink: ChangeSink) -> None:
        """Go by other rules, as a connection for them reads the site, once a sweep has let them through."""
        self._regency.candidate = Regime(rules, source, sink)

    def resume(self, rules: Rules, source: RequestSource, sink: ChangeSink) -> None:
        """Take the rules that were in force before a restart to be in force still."""
        self._regency.in_force = Regime(rules, source, sink)

    def changed(self) -> PassReport:
        """Work through what was updated since the watermark (a lower bound only, with an overlap)."""
        return self._pass("changed", self._selection.changed)

    def due(self) -> PassReport:
        """Work through what changes by the mere passing of time, and what is to be retried.

        What another *due* pass has in hand at the moment is left to it.
        """
        with self._at_due:
            mine = [
                one
                for one in self._journal.agenda(self._clock.now())
                if one not in self._due
            ]
            self._due.update(mine)
        try:
            return self._pass("due", lambda _: mine) if mine else self._nothing_due()
        finally:
            with self._at_due:
                self._due.difference_update(mine)

    def _nothing_due(self) -> PassReport:
        now = self._machine.now()
        return _report(_Tally("due", now), now)

    def sweep(self) -> PassReport:
        """Work through every open request, and what was updated since the watermark."""
        return self._pass("sweep", self._selection.all_open)

    def preview(self) -> Iterator[Planned | Failure]:
        """Yield what a sweep would write, writing nothing; raises what the source raises."""
        self._regency.candidate.source.check_identity()
        yield from self._regency.preview()

    def verdict(self) -> str | None:
        """Return why what was previewed to its end would be held back; None where it would be written."""
        return self._regency.verdict()

    def one(self, request_id: str) -> Planned | Failure:
        """Work one request through by id or key, writing nothing."""
        regime = self._regency.candidate
        regime.source.check_identity()
        fetched = regime.source.fetch([request_id])
        found = list(worked_through(fetched, regime.rules, self._clock.now()))
        if not found:
            why = (
                "in a project that is not served"
                if fetched.left
                else "not found, or not visible to this account"
            )
            message = f"{request_id}: {why}"
            raise TerminalError(message)
        return found[0]

    def _pass(self, kind: str, ids: Callable[[Regime], Sequence[str]]) -> PassReport:
        tally = _Tally(kind, self._machine.now())
        failed: str | None = None
        try:
            self._journal.ensure()
            self._work(tally, ids)
        except RefusedError as error:
            tally.refused, tally.policy = str(error), error.policy
            tally.read, tally.differing = error.read, error.differing
        except (TransientError, TerminalError) as error:
            failed = str(error)
        finally:
            if kind == "sweep":
                self._selection.sweep_began = None
        return self._reported(tally, failed)

    def _work(self, tally: _Tally, ids: Callable[[Regime], Sequence[str]]) -> None:
        self.breaker.check()
        source = self._regency.current.source
        self.identity = source.check_identity()
        begun = source.server_time()
        self._clock.measured(begun)
        with self._writer.turns.reading() as mark:
            ruled = self._regency.ruled(sweeping=tally.kind == "sweep")
            regime, tally.fetched, tally.policy = (
                ruled.regime,
                ruled.fetched,
                ruled.regime.rules.policy.hash,
            )
            advance = tally.kind == "sweep" or (
                tally.kind == "changed" and self._selection.covers_all()
            )
            if tally.kind == "sweep":
                self._selection.sweep_began = begun
            for chunk in chunks(ids(regime) if ruled.ids is None else ruled.ids):
                tally.seen += len(chunk)
                self._chunk(tally, chunk, regime, mark)
        self._selection.let_go(tally.gone)
        if not tally.unfinished:
            self._completed(tally.kind, regime, begun if advance else None)
            self.strange = tally.strange if tally.kind == "sweep" else self.strange
            if advance:
                self._selection.completed(regime)

    def _completed(self, kind: str, regime: Regime, watermark: datetime | None) -> None:
        if watermark is not None:
            self._journal.advance(watermark)
        if kind == "sweep":
            self._regency.swept()
            self._journal.swept(regime.rules.policy.hash)

    def _chunk(
        self, tally: _Tally, ids: Sequence[str], regime: Regime, began: int
    ) -> None:
        if self._writer.stop.is_set():
            tally.unfinished = True
            return
        with self._writer.turns.reading() as mark:
            now, fetched, tally.fetched = self._clock.now(), tally.fetched, None
            chunk = Chunk(
                mark if fetched is None else began, regime, self._failures(ids)
            )
            fetched = fetched or regime.source.fetch(ids)
            tally.gone += fetched.gone
            self._journal.forget(fetched.left)
            self._journal.pardon(fetched.ignored)
            tally.read += len(ids)
            written = self._writer.write(
                self._to_write(tally, fetched, chunk, now), chunk
            )
        tally.writes += written.writes
        tally.unfinished |= written.left
        self._set_aside(written.set_aside, tally)

    def _to_write(
        self, tally: _Tally, fetched: Fetched, chunk: Chunk, now: datetime
    ) -> Sequence[Planned]:
        """Plan what was fetched; what needs no writing is done with, what can't be understood is set aside."""
        differing: list[Planned] = []
        quiet: list[Entry] = []
        failed: list[Failure] = []
        for one in worked_through(fetched, chunk.regime.rules, now):
            if isinstance(one, Planned) and one.plan.insisted:
                log.warning(
                    "people_insist",
                    key=one.sighting.key,
                    fields=list(one.plan.insisted),
                )
            if isinstance(one, Failure):
                failed.append(aside_until(one, chunk.failures.get(one.id, 0) + 1, now))
            elif one.plan or self._writer.is_untidy(one):
                differing.append(one)
            else:
                quiet.append(entry(one, chunk.regime.rules.policy.hash))
        tally.differing += sum(bool(one.plan) for one in differing)
        self._set_aside(failed, tally)
        self._journal.record(quiet)
        return self._hushed(differing, tally)

    def _hushed(self, plans: Sequence[Planned], tally: _Tally) -> Sequence[Planned]:
        """Say nothing of fields that show something else on many requests at once: no person has done that."""
        counts = Counter(field for one in plans for field in fields_told_of(one.plan))
        many = {field: count for field, count in counts.items() if count > BY_HAND}
        if not many:
            return plans
        self.strange = tally.strange = (
            f"on {max(many.values())} requests at once {', '.join(sorted(many))} shows what the bot never wrote: was "
            f"an option renamed or a field emptied, or does another app write to it?"
        )
        log.error(
            "fields_changed_at_once", fields=sorted(many), requests=max(many.values())
        )
        return [
            replace(one, plan=without_a_word(one.plan, many.keys())) for one in plans
        ]

    def _failures(self, ids: Sequence[str]) -> dict[str, int]:
        return {one.id: one.failures for one in self._journal.failures_of(ids).values()}

    def _set_aside(self, failures: Sequence[Failure], tally: _Tally) -> None:
        for one in failures:
            log.warning(
                "request_set_aside",
                key=one.key,
                reason=one.reason,
                failures=one.failures,
            )
        self._journal.set_aside(failures)
        tally.set_aside += len(failures)

    def _reported(self, tally: _Tally, failed: str | None) -> PassReport:
        report = _report(tally, self._machine.now(), failed)
        self._journal.completed(report)
        return report


def _report(tally: _Tally, ended: datetime, failed: str | None = None) -> PassReport:
    return PassReport(
        kind=tally.kind,
        started=tally.started,
        ended=ended,
        seen=tally.seen,
        read=tally.read,
        differing=tally.differing,
        writes=tally.writes,
        set_aside=tally.set_aside,
        refused=tally.refused,
        failed=failed,
        policy=tally.policy,
    )
