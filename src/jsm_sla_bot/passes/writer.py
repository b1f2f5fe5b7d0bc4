"""Last step of a pass: the plans of one chunk are written, by several threads, each request by one at a time.

Needs the write locks, the breaker and the sink, which writes one plan and is safe to repeat after any outcome. What
time or another pass has overtaken since it was planned is planned again just before it is written.

Promises that one request that goes wrong stops no other, and that nothing is written once Jira does not know us, the
site takes no writes or the process ends: what is left is for the next pass. Any pass may call `write` from its own
thread next to any other. The journal keeps outcomes in batches: after a crash up to a batch of requests is looked at
again, and nothing is written twice, since Jira shows what was written; intents are on disk before a note is posted.
Accepted race: a person, or a second daemon, writes between our reading and our write; the next pass sees it.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2s
from threading import Event
from uuid import uuid4

import structlog

from jsm_sla_bot.passes.account import log_fault, written_and_why
from jsm_sla_bot.passes.breaker import Breaker
from jsm_sla_bot.passes.known_notes import KnownNotes
from jsm_sla_bot.passes.one_pass import Chunk
from jsm_sla_bot.passes.outcome import (
    Done,
    Failed,
    Halted,
    Left,
    Nothing,
    Outcome,
    Written,
)
from jsm_sla_bot.passes.planner import (
    Planned,
    entry,
    failure_of,
    is_overtaken,
    planned,
    without_edits,
    worked_through,
)
from jsm_sla_bot.passes.recent import Read, Recent
from jsm_sla_bot.passes.results import Result
from jsm_sla_bot.passes.write_locks import WriteLocks
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.doubt import WHY, Doubt
from jsm_sla_bot.ports.journal import (
    Failure,
    JournalError,
    SeenRequests,
)
from jsm_sla_bot.ports.site import (
    Clock,
    Fetched,
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
        self.locks = WriteLocks()
        self.stop = Event()
        self._seen = seen
        self._clock = clock
        self._breaker = breaker
        self._workers = workers
        self._watch = watch
        self._name = uuid4().hex
        self._notes = KnownNotes()

    def write(self, plans: Sequence[Planned], chunk: Chunk) -> Written:
        """Write these plans, the most urgent first.

        Raises IdentityError and OutageError once what was under way is done.
        """
        result = Result()
        with closing(self._outcomes(plans, chunk)) as outcomes:
            for outcome in outcomes:
                result.add(outcome)
                self._report(outcome)
                if len(result.entries) >= BATCH:
                    self._keep(result)
        self._keep(result)
        if result.stopped_by:
            raise result.stopped_by
        self._breaker.check()
        result.written.set_aside += result.suspects
        return result.written

    @property
    def is_halted(self) -> bool:
        """Whether nothing is written any more for now."""
        return self.stop.is_set() or self._breaker.open_because() is not None

    def has_to_look(self, one: Planned) -> bool:
        """Tell whether something on a request is to be looked at, whether or not its plan is empty."""
        return self._notes.has_to_look(one)

    def remembered(self, fetched: Fetched) -> Fetched:
        """Return what was fetched with what is known of our comments, where a ledger can't be read."""
        sightings = [
            self._notes.remembered(each) for each in fetched.sightings
        ]
        return replace(fetched, sightings=sightings)

    def _outcomes(
        self, plans: Sequence[Planned], chunk: Chunk
    ) -> Generator[Outcome, None, None]:
        """Yield outcomes as they come; once closed, what was under way is done."""
        ordered = sorted(plans, key=self._order)
        reads = [
            (one.sighting.id, Read(one, chunk.version, chunk.at))
            for one in ordered
        ]
        recent = Recent(reads, chunk.edition, self.locks)
        halt = Event()
        with ThreadPoolExecutor(
            self._workers, thread_name_prefix="write"
        ) as pool:
            tasks: list[Future[Outcome]] = [
                pool.submit(self._one, one, chunk, recent, halt)
                for one in ordered
            ]
            for task in as_completed(tasks):
                yield task.result()

    def _keep(self, result: Result) -> None:
        self._seen.record(result.entries)
        result.entries = []

    def _order(self, one: Planned) -> tuple[int, str]:
        """Return the most urgent first; two daemons by mistake begin at different ends of what is left."""
        mixed = f"{self._name}{one.sighting.id}"
        chance = blake2s(mixed.encode(), digest_size=8)
        return one.plan.urgency, chance.hexdigest()

    def _report(self, outcome: Outcome) -> None:
        """Log what was really written, and let who watches see it."""
        match outcome:
            case Done(_, one, receipt) | Failed(
                _, one, Receipt() as receipt, _
            ):
                if receipt.writes:
                    log.info(
                        "request_written", **written_and_why(one, receipt)
                    )
                    if self._watch:
                        self._watch(one.plan, receipt)
            case _:
                pass

    def _one(
        self, one: Planned, chunk: Chunk, recent: Recent, halt: Event
    ) -> Outcome:
        """Write one request; whatever goes wrong is an outcome."""
        if self.stop.is_set() or halt.is_set() or self._breaker.open_because():
            return Left()
        try:
            return self._in_turn(one, chunk, recent)
        except IdentityError as error:
            halt.set()
            return Halted(error)
        except TransientError as error:
            return (
                Left()
                if self.stop.is_set()
                else self._failed(one, error, chunk)
            )
        except TerminalError as error:
            return Failed(self._unwritten(one, str(error), chunk), one)
        except Exception as error:  # noqa: BLE001 - a fault of ours on one request must not stop the others
            fault = type(error).__name__
            log.error("request_not_written", key=one.sighting.key, error=fault)
            return Failed(
                self._unwritten(one, f"unexpected {fault}", chunk), one
            )

    def _in_turn(self, one: Planned, chunk: Chunk, recent: Recent) -> Outcome:
        """Write one request when nobody else does, by what it shows then."""
        read = recent.take(one.sighting.id, self._clock)
        with self.locks.writing(one.sighting.id, read.version) as is_fresh:
            found = read.found if is_fresh else self._read_again(one, chunk)
            match self._up_to_date(found, chunk):
                case None:
                    return Nothing()
                case SetAside() as aside:
                    return Failed(self._unread(aside, chunk), one)
                case Planned() as latest:
                    return self._apply(latest, chunk)

    def _up_to_date(
        self, found: Planned | SetAside | None, chunk: Chunk
    ) -> Planned | SetAside | None:
        """Plan again by our own comments, where they are not known yet, and by the time, where that went on."""
        rules = chunk.edition.rules
        if isinstance(found, Planned) and self._notes.is_unproven(found):
            looked = self._notes.looked_up(found, chunk.edition.sink)
            found = planned(looked, rules, self._clock.now())
        if isinstance(found, Planned) and is_overtaken(
            found, self._clock.now()
        ):
            return planned(found.sighting, rules, self._clock.now())
        return found

    def _apply(self, latest: Planned, chunk: Chunk) -> Outcome:
        one = without_edits(latest) if chunk.frozen_in(latest) else latest
        _log_doubts(one)
        receipt = Receipt(one.plan.key, 0, {})
        if one.plan:
            receipt = chunk.edition.sink.apply(one.plan)
        self._breaker.succeeded()
        self._notes.written(one, receipt.notes)
        if self._notes.is_untidy(one):
            receipt = self._tidied(one, chunk, receipt)
        is_frozen = receipt.is_frozen
        frozen_in = (
            one.sighting.shown.status if is_frozen else chunk.frozen_in(one)
        )
        kept = entry(one, chunk.edition.policy, receipt.refused, frozen_in)
        return Done(kept, one, receipt)

    def _unread(self, one: SetAside, chunk: Chunk) -> Failure:
        """Set aside what was readable a moment ago, by what the journal knows of it."""
        log_fault(one)
        now = self._clock.now()
        failures = chunk.failures.get(one.id, 0) + 1
        upcoming = self._seen.changes_of([one.id], now).get(one.id)
        return failure_of(one, failures, now, upcoming=upcoming)

    def _tidied(self, one: Planned, chunk: Chunk, receipt: Receipt) -> Receipt:
        """Delete notes that stand twice, or that a customer can read, looking once for the same comments.

        Where that may not be done, the request is none the worse for it.
        """
        try:
            deleted = chunk.edition.sink.tidy(one.sighting.id)
            tidied = replace(receipt, writes=receipt.writes + deleted)
        except IdentityError:
            raise
        except TransientError as error:
            error.wrote = error.wrote or receipt.writes
            raise
        except TerminalError as error:
            refused = (*receipt.refused, f"tidying: {error}")
            tidied = replace(receipt, refused=refused)
        self._notes.tidied(one)
        return tidied

    def _read_again(
        self, one: Planned, chunk: Chunk
    ) -> Planned | SetAside | None:
        """Read and plan a request again that another pass has written to since it was read."""
        fetched = chunk.edition.source.fetch([one.sighting.id])
        found = worked_through(fetched, chunk.edition.rules, self._clock.now())
        return next(found, None)

    def _failed(
        self, one: Planned, error: TransientError, chunk: Chunk
    ) -> Outcome:
        is_known = one.sighting.id in chunk.failures
        is_by_journal = isinstance(error, JournalError)
        is_suspect = not (is_known or is_by_journal or error.wrote)
        if is_suspect:
            self._breaker.failed(str(error))
        advice = timedelta(seconds=error.retry_after or 0)
        failure = self._unwritten(one, str(error), chunk, advice)
        receipt = Receipt(one.plan.key, error.wrote, {})
        return Failed(failure, one, receipt, suspect=is_suspect)

    def _unwritten(
        self,
        one: Planned,
        reason: str,
        chunk: Chunk,
        advice: timedelta = timedelta(0),
    ) -> Failure:
        """Set aside what could be read: it is looked at again by the time its status changes by itself."""
        now = self._clock.now()
        sighting = one.sighting
        aside = SetAside(sighting.id, sighting.key, reason, sighting.updated)
        failures = chunk.failures.get(sighting.id, 0) + 1
        upcoming = one.changes_at
        return failure_of(aside, failures, now, advice, upcoming)


def _log_doubts(one: Planned) -> None:
    """Log what of a ledger was not believed; one of a newer version is logged where it is read."""
    why = [WHY[doubt] for doubt in one.doubts if doubt is not Doubt.NEWER]
    if why:
        log.warning("ledger_not_believed", key=one.sighting.key, why=why)
