"""Last step of a pass: the plans of one chunk are written, by several threads, each request by one at a time.

What time or another pass has overtaken since it was planned is planned anew just before it is written. The
journal is told in batches; intents, which must be on disk first, are the sink's affair.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from threading import Event
from uuid import uuid4

import structlog

from jsm_sla_bot.passes.account import log_fault, written_and_why
from jsm_sla_bot.passes.breaker import Breaker
from jsm_sla_bot.passes.planner import (
    Edition,
    Planned,
    entry,
    failure_of,
    is_overtaken,
    planned,
    without_edits,
    worked_through,
)
from jsm_sla_bot.passes.recent import Read, Recent
from jsm_sla_bot.passes.write_locks import Turns
from jsm_sla_bot.plan.change import Evidence, Plan
from jsm_sla_bot.plan.doubt import WHY
from jsm_sla_bot.plan.evidence import claims
from jsm_sla_bot.plan.finish import unaccounted
from jsm_sla_bot.ports.journal import Entry, Failure, JournalError, SeenRequests
from jsm_sla_bot.ports.site import (
    Clock,
    IdentityError,
    Receipt,
    SetAside,
    TerminalError,
    TransientError,
)

BATCH = 50
"""So many outcomes share one transaction of the journal."""

Watch = Callable[[Plan, Receipt], None]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some requests read together at an instant (aware UTC), and how often each of them has failed before.

    `mark` is the version of the write locks before they were read.
    """

    mark: int
    at: datetime
    edition: Edition
    failures: Mapping[str, int]
    frozen: Mapping[str, str] = field(default_factory=dict)
    """The status in which the site took no edit, of requests that were given up."""

    def frozen_in(self, one: Planned) -> str | None:
        """Return the done status in which a request was given up, if it still has it."""
        sighting = one.sighting
        was = self.frozen.get(sighting.id)
        is_same = sighting.snapshot.status.is_done and was == sighting.shown.status
        return was if is_same else None


@dataclass(slots=True)
class Written:
    """What came of writing: `left` tells that some plans were not tried."""

    writes: int = 0
    set_aside: list[Failure] = field(default_factory=list)
    left: bool = False


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one request. `suspect`: it was well before, so the site may be to blame."""

    entry: Entry | None = None
    planned: Planned | None = None
    receipt: Receipt | None = None
    failure: Failure | None = None
    suspect: bool = False
    stops: IdentityError | None = None


_LEFT = _Outcome()


class Writer:
    """Writes plans. Safe to use from several passes at once."""

    def __init__(
        self,
        seen: SeenRequests,
        clock: Clock,
        breaker: Breaker,
        workers: int,
        watch: Watch | None,
    ) -> None:
        self.turns = Turns()
        self.stop = Event()
        self._seen = seen
        self._clock = clock
        self._breaker = breaker
        self._workers, self._watch = workers, watch
        self._name = uuid4().hex
        self._tidy: dict[str, frozenset[str]] = {}
        self._proven: dict[str, Mapping[str, str]] = {}

    def write(self, plans: Sequence[Planned], chunk: Chunk) -> Written:
        """Write these plans, the most urgent first.

        Raises IdentityError and OutageError once what was under way is done.
        """
        written, entries, suspects, halt = (
            Written(),
            list[Entry](),
            list[Failure](),
            Event(),
        )
        stops: IdentityError | None = None
        ordered = sorted(plans, key=self._order)
        reads = [(one.sighting.id, Read(one, chunk.mark, chunk.at)) for one in ordered]
        recent = Recent(reads, chunk.edition, self.turns)
        with ThreadPoolExecutor(self._workers, thread_name_prefix="write") as pool:
            for done in as_completed(
                [pool.submit(self._one, one, chunk, recent, halt) for one in ordered]
            ):
                outcome = done.result()
                stops = stops or outcome.stops
                self._count(outcome, written, entries, suspects)
                if len(entries) >= BATCH:
                    self._seen.record(entries)
                    entries = []
        self._seen.record(entries)
        if stops:
            raise stops
        self._breaker.check()
        written.set_aside += suspects
        return written

    def _order(self, one: Planned) -> tuple[int, str]:
        """Return the most urgent first; two daemons by mistake begin at different ends of what is left."""
        said = f"{self._name}{one.sighting.id}"
        return one.plan.urgency, blake2s(said.encode(), digest_size=8).hexdigest()

    def has_to_look(self, one: Planned) -> bool:
        """Tell whether something on a request is to be looked at, whether or not its plan is empty."""
        return self.is_untidy(one) or self.is_unproven(one)

    def is_unproven(self, one: Planned) -> bool:
        """Tell whether a request's ledger claims notes that nobody has seen to carry their markers."""
        claimed = claims(one.sighting.shown)
        is_at_rest = one.assessment.settled or one.sighting.shown.ignored
        known = self._proven.get(one.sighting.id, {})
        note = one.plan.note
        is_told = note is not None and not known.keys().isdisjoint(note.markers)
        return not is_at_rest and (is_told or not claimed.items() <= known.items())

    def is_untidy(self, one: Planned) -> bool:
        """Tell whether a request carries comments of ours that nobody has accounted for yet."""
        strange = unaccounted(one.sighting.shown)
        return bool(strange) and self._tidy.get(one.sighting.id) != strange

    def _count(
        self,
        outcome: _Outcome,
        written: Written,
        entries: list[Entry],
        suspects: list[Failure],
    ) -> None:
        written.left |= outcome is _LEFT
        if outcome.entry:
            entries.append(outcome.entry)
        if outcome.failure:
            (suspects if outcome.suspect else written.set_aside).append(outcome.failure)
        if outcome.planned is not None and outcome.receipt:
            written.writes += outcome.receipt.writes
            if outcome.receipt.writes:
                self._tell(outcome.planned, outcome.receipt)

    def _one(self, one: Planned, chunk: Chunk, recent: Recent, halt: Event) -> _Outcome:
        if self.stop.is_set() or halt.is_set() or self._breaker.open_because():
            return _LEFT
        try:
            read = recent.take(one.sighting.id, self._clock)
            with self.turns.writing(one.sighting.id, read.version) as fresh:
                found = read.found if fresh else self._read_again(one, chunk)
                if isinstance(found, Planned) and self.is_unproven(found):
                    found = self._held_against_notes(found, chunk)
                return self._apply(found, chunk)
        except IdentityError as error:
            halt.set()
            return _Outcome(stops=error)
        except TransientError as error:
            return _LEFT if self.stop.is_set() else self._failed(one, error, chunk)
        except TerminalError as error:
            return _Outcome(failure=self._unwritten(one, str(error), chunk))
        except Exception as error:  # noqa: BLE001 - a fault of ours on one request must not stop the others
            log.error(
                "request_not_written",
                key=one.sighting.key,
                error=type(error).__name__,
                exc_info=False,
            )
            return _Outcome(
                failure=self._unwritten(
                    one, f"unexpected {type(error).__name__}", chunk
                )
            )

    def _apply(self, one: Planned | SetAside | None, chunk: Chunk) -> _Outcome:
        if isinstance(one, Planned) and is_overtaken(one, self._clock.now()):
            one = planned(one.sighting, chunk.edition.rules, self._clock.now())
        match one:
            case None:
                return _Outcome()
            case SetAside():
                return _Outcome(failure=self._unread(one, chunk))
            case Planned():
                one = without_edits(one) if chunk.frozen_in(one) else one
                if one.doubts:
                    why = [WHY[doubt] for doubt in one.doubts]
                    log.warning("ledger_not_believed", key=one.sighting.key, why=why)
                receipt = (
                    chunk.edition.sink.apply(one.plan)
                    if one.plan
                    else Receipt(one.plan.key, 0, {})
                )
                self._breaker.succeeded()
                if receipt.notes:
                    known = self._proven.get(one.sighting.id, {})
                    self._proven[one.sighting.id] = {**known, **receipt.notes}
                return self._tidied(one, chunk, receipt)

    def _unread(self, one: SetAside, chunk: Chunk) -> Failure:
        """Set aside what was readable a moment ago, by what the journal knows of it."""
        log_fault(one)
        now = self._clock.now()
        failures = chunk.failures.get(one.id, 0) + 1
        upcoming = self._seen.changes_of([one.id], now).get(one.id)
        return failure_of(one, failures, now, upcoming=upcoming)

    def _tidied(self, one: Planned, chunk: Chunk, receipt: Receipt) -> _Outcome:
        """Delete notes that stand twice, or that a customer can read, looking once for the same comments.

        Where that may not be done, the request is none the worse for it.
        """
        refused = receipt.refused
        if self.is_untidy(one):
            try:
                deleted = chunk.edition.sink.tidy(one.sighting.id)
                receipt = replace(receipt, writes=receipt.writes + deleted)
            except IdentityError:
                raise
            except TransientError as error:
                error.wrote = error.wrote or receipt.writes
                raise
            except TerminalError as error:
                refused = (*refused, f"tidying: {error}")
            self._tidy[one.sighting.id] = unaccounted(one.sighting.shown)
        is_frozen = receipt.is_frozen
        frozen_in = one.sighting.shown.status if is_frozen else chunk.frozen_in(one)
        policy = chunk.edition.rules.policy.hash
        return _Outcome(entry(one, policy, refused, frozen_in), one, receipt)

    def _held_against_notes(self, one: Planned, chunk: Chunk) -> Planned | SetAside:
        """Plan once more by what our comments really carry: their markers are not read with the request."""
        sighting, shown = one.sighting, one.sighting.shown
        claimed = claims(shown)
        found = chunk.edition.sink.standing(sighting.id, claimed)
        proven = {marker: one for marker, one in claimed.items() if marker in found}
        self._proven[sighting.id] = {**found, **proven}
        seen = replace(shown.evidence or Evidence(), markers=found)
        looked = replace(sighting, shown=replace(shown, evidence=seen))
        return planned(looked, chunk.edition.rules, self._clock.now())

    def _read_again(self, one: Planned, chunk: Chunk) -> Planned | SetAside | None:
        """Read and plan a request anew that another pass has written to since it was read."""
        fetched = chunk.edition.source.fetch([one.sighting.id])
        return next(
            worked_through(fetched, chunk.edition.rules, self._clock.now()), None
        )

    def _failed(self, one: Planned, error: TransientError, chunk: Chunk) -> _Outcome:
        known = one.sighting.id in chunk.failures or isinstance(error, JournalError)
        suspect = not known and not error.wrote
        if suspect:
            self._breaker.failed(str(error))
        advice = timedelta(seconds=error.retry_after or 0)
        failure = self._unwritten(one, str(error), chunk, advice)
        return _Outcome(
            planned=one,
            receipt=Receipt(one.plan.key, error.wrote, {}),
            failure=failure,
            suspect=suspect,
        )

    def _unwritten(
        self, one: Planned, reason: str, chunk: Chunk, advice: timedelta = timedelta(0)
    ) -> Failure:
        """Set aside what could be read: it is looked at again by the time its status changes by itself."""
        now, sighting = self._clock.now(), one.sighting
        aside = SetAside(sighting.id, sighting.key, reason, sighting.updated)
        failures = chunk.failures.get(sighting.id, 0) + 1
        upcoming = one.assessment.next_change_at
        return failure_of(aside, failures, now, advice, upcoming)

    def _tell(self, one: Planned, receipt: Receipt) -> None:
        log.info("request_written", **written_and_why(one, receipt))
        if self._watch:
            self._watch(one.plan, receipt)
