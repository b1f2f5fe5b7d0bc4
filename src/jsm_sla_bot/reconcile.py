"""One pass: read what may have changed, work out what it should show, write the difference.

Three kinds feed the same way. *changed*: updated since the watermark. *due*: those whose status changes by the
mere passing of time. *sweep*: every open request. A pass works chunk by chunk, so that what is written was read
moments ago; passes overlap, and two of them never write to one request at once (`turns`). One request that goes
wrong is set aside and never stops the others; a site that is down stops the pass (`breaker`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import structlog

from jsm_sla_bot.admission import Admission, FirstContact
from jsm_sla_bot.breaker import Breaker
from jsm_sla_bot.planner import Planned, Regime, Rules, aside_until, entry, worked_through
from jsm_sla_bot.ports import (
    ChangeSink,
    Clock,
    Entry,
    Failure,
    Fetched,
    Journal,
    PassReport,
    RequestSource,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.selection import Selection
from jsm_sla_bot.writer import Chunk, Watch, Writer

__all__ = ["Planned", "Reconciler", "Rules", "World"]

CHUNK = 1000
"""So many requests are read before the first of them is written: as many as one call for histories takes."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class World:
    """What a pass works with."""

    source: RequestSource
    sink: ChangeSink
    journal: Journal
    clock: Clock


class _RefusedError(Exception):
    """The policy may not be written."""


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
    found: Sequence[str] | None = None
    fetched: Fetched | None = None
    refused: str | None = None
    unfinished: bool = False


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
        self._journal, self._clock = world.journal, world.clock
        self._candidate = Regime(rules, world.source, world.sink)
        self._in_force: Regime | None = None
        self._admission = Admission(world.journal, world.clock, first_contact)
        self._admitting = Lock()
        self._at_due = Lock()
        self._due: set[str] = set()
        self._selection = Selection(world.journal, world.clock)
        self.breaker = Breaker(world.clock)
        self.skew = timedelta(0)
        """How far the site's clock is ahead of ours."""
        self.identity = ""
        self._writer = Writer(world.journal, world.clock, self.breaker, workers, watch)

    @property
    def rules(self) -> Rules:
        """The rules to go by, let through or not."""
        return self._candidate.rules

    def stop(self) -> None:
        """Let the writes under way finish; leave the rest for the next pass."""
        self._writer.stop.set()

    def adopt(self, rules: Rules, source: RequestSource | None = None, sink: ChangeSink | None = None) -> None:
        """Go by other rules, and by another connection where one is given, once a sweep has let them through."""
        before = self._candidate
        self._candidate = Regime(rules, source or before.source, sink or before.sink)

    def changed(self) -> PassReport:
        """Work through what was updated since the watermark (a lower bound only, with an overlap)."""
        return self._pass("changed", self._selection.changed)

    def due(self) -> PassReport:
        """Work through what changes by the mere passing of time, and what is to be retried.

        What another *due* pass has in hand at the moment is left to it.
        """
        with self._at_due:
            mine = [one for one in self._journal.agenda(self._clock.now()) if one not in self._due]
            self._due.update(mine)
        try:
            return self._pass("due", lambda _: mine) if mine else self._nothing_due()
        finally:
            with self._at_due:
                self._due.difference_update(mine)

    def _nothing_due(self) -> PassReport:
        now = self._clock.now()
        return _report(_Tally("due", now), now)

    def sweep(self) -> PassReport:
        """Work through every open request, and what was updated since the watermark."""
        return self._pass("sweep", self._selection.all_open)

    def preview(self) -> Iterator[Planned | Failure]:
        """Yield what a sweep would write, writing nothing; raises what the source raises."""
        regime = self._candidate
        regime.source.check_identity()
        for ids in _chunks(self._selection.all_open(regime)):
            yield from worked_through(regime.source.fetch(ids), regime.rules, self._clock.now())

    def one(self, request_id: str) -> Planned | Failure:
        """Work one request through by id or key, writing nothing."""
        regime = self._candidate
        regime.source.check_identity()
        found = list(worked_through(regime.source.fetch([request_id]), regime.rules, self._clock.now()))
        if not found:
            message = f"{request_id}: not found, or not visible to this account"
            raise TerminalError(message)
        return found[0]

    def _pass(self, kind: str, ids: Callable[[Regime], Sequence[str]]) -> PassReport:
        tally = _Tally(kind, self._clock.now())
        failed: str | None = None
        try:
            self._work(tally, ids)
        except _RefusedError as error:
            tally.refused = str(error)
        except (TransientError, TerminalError) as error:
            failed = str(error)
        return self._reported(tally, failed)

    def _work(self, tally: _Tally, ids: Callable[[Regime], Sequence[str]]) -> None:
        self.breaker.check()
        self.identity = self._candidate.source.check_identity()
        begun = self._candidate.source.server_time()
        self.skew = begun - self._clock.now()
        with self._writer.turns.reading() as mark:
            regime = self._regime(tally)
            advance = tally.kind == "sweep" or (tally.kind == "changed" and self._selection.covers_all())
            if tally.kind == "sweep":
                self._selection.sweep_began = begun
            for chunk in _chunks(ids(regime) if tally.found is None else tally.found):
                tally.seen += len(chunk)
                self._chunk(tally, chunk, regime, mark)
        self._selection.let_go(tally.gone)
        if not tally.unfinished:
            self._completed(tally.kind, regime, begun if advance else None)

    def _completed(self, kind: str, regime: Regime, watermark: datetime | None) -> None:
        if watermark is not None:
            self._journal.advance(watermark)
        if kind == "sweep":
            self._selection.sweep_began = None
            self._journal.swept(regime.rules.policy.hash)

    def _chunk(self, tally: _Tally, ids: Sequence[str], regime: Regime, began: int) -> None:
        if self._writer.stop.is_set():
            tally.unfinished = True
            return
        with self._writer.turns.reading() as mark:
            now, fetched, tally.fetched = self._clock.now(), tally.fetched, None
            chunk = Chunk(mark if fetched is None else began, regime, self._failures(ids))
            fetched = fetched or regime.source.fetch(ids)
            tally.gone += fetched.gone
            tally.read += len(ids)
            written = self._writer.write(self._to_write(tally, fetched, chunk, now), chunk)
        tally.writes += written.writes
        tally.unfinished |= written.left
        self._set_aside(written.set_aside, tally)

    def _to_write(self, tally: _Tally, fetched: Fetched, chunk: Chunk, now: datetime) -> Sequence[Planned]:
        """Plan what was fetched; what needs no writing is done with, what can't be understood is set aside."""
        differing: list[Planned] = []
        quiet: list[Entry] = []
        failed: list[Failure] = []
        for one in worked_through(fetched, chunk.regime.rules, now):
            if isinstance(one, Planned) and one.plan.insisted:
                log.warning("people_insist", key=one.sighting.key, fields=list(one.plan.insisted))
            if isinstance(one, Failure):
                failed.append(aside_until(one, chunk.failures.get(one.id, 0) + 1, now))
            elif one.plan or self._writer.is_untidy(one):
                differing.append(one)
            else:
                quiet.append(entry(one, chunk.regime.rules.policy.hash))
        tally.differing += sum(bool(one.plan) for one in differing)
        self._set_aside(failed, tally)
        self._journal.record(quiet)
        return differing

    def _failures(self, ids: Sequence[str]) -> dict[str, int]:
        return {one.id: one.failures for one in self._journal.failures_of(ids).values()}

    def _set_aside(self, failures: Sequence[Failure], tally: _Tally) -> None:
        for one in failures:
            log.warning("request_set_aside", key=one.key, reason=one.reason, failures=one.failures)
        self._journal.set_aside(failures)
        tally.set_aside += len(failures)

    def _regime(self, tally: _Tally) -> Regime:
        """Return what to go by: a new policy comes into force by a sweep, until then the one before it."""
        with self._admitting if self._in_force is None or tally.kind == "sweep" else nullcontext():
            candidate, in_force = self._candidate, self._in_force
            if in_force is not None and in_force.rules.policy.hash != candidate.rules.policy.hash:
                if tally.kind != "sweep":
                    return in_force
                self._admit(candidate, tally)
            elif in_force is None:
                self._admit(candidate, tally)
            self._in_force = candidate
            return candidate

    def _admit(self, candidate: Regime, tally: _Tally) -> None:
        if self._admission.is_admitted(candidate):
            return
        why = self._admission.refusal(candidate, self._fetches(candidate, tally))
        if why is not None:
            tally.read, tally.differing = self._admission.count.read, self._admission.count.differing
            raise _RefusedError(why)

    def _fetches(self, candidate: Regime, tally: _Tally) -> Iterator[Fetched]:
        """Read the whole desk to be counted; a sweep over a small one need not read it twice."""
        ids = self._selection.all_open(candidate)
        if tally.kind == "sweep":
            tally.found = ids
        for chunk in _chunks(ids):
            if self._writer.stop.is_set():
                message = "stopped before the policy was let through"
                raise TransientError(message)
            fetched = candidate.source.fetch(chunk)
            if tally.kind == "sweep" and len(ids) <= CHUNK:
                tally.fetched = fetched
            yield fetched

    def _reported(self, tally: _Tally, failed: str | None) -> PassReport:
        report = _report(tally, self._clock.now(), failed)
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
    )


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
