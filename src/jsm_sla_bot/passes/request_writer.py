"""One request is written: in its turn, by what it shows then, and whatever goes wrong is an outcome.

Safe to use from several threads at once, for one request by one at a time (`write_locks`). What time or another pass
has overtaken since it was planned is planned again just before it is written.
"""

from dataclasses import replace
from datetime import timedelta
from threading import Event

import structlog

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
)
from jsm_sla_bot.passes.planner import (
    Planned,
    entry,
    is_overtaken,
    planned,
    without_edits,
    worked_through,
)
from jsm_sla_bot.passes.put_aside import NO_ADVICE, overtaken, unwritten
from jsm_sla_bot.passes.recent import Recent
from jsm_sla_bot.passes.write_locks import WriteLocks
from jsm_sla_bot.plan.doubt import WHY, Doubt
from jsm_sla_bot.ports.errors import (
    IdentityError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.ports.journal import Failure, JournalError, SeenRequests
from jsm_sla_bot.ports.site import Clock, Receipt, SetAside

log = structlog.get_logger()


class RequestWriter:
    """Writes one request at a time for each thread that asks; `stop` lets it begin no other."""

    def __init__(
        self, seen: SeenRequests, clock: Clock, breaker: Breaker
    ) -> None:
        self.locks = WriteLocks()
        self.stop = Event()
        self.notes = KnownNotes()
        self._seen = seen
        self._clock = clock
        self._breaker = breaker

    @property
    def is_halted(self) -> bool:
        """Whether nothing is written any more for now."""
        return self.stop.is_set() or self._breaker.open_because() is not None

    def write(
        self, one: Planned, chunk: Chunk, recent: Recent, halt: Event
    ) -> Outcome:
        """Write one request; `halt` is set where nothing else of this chunk may be written."""
        if halt.is_set() or self.is_halted:
            return Left()
        try:
            return self._in_turn(one, chunk, recent)
        except IdentityError as error:
            halt.set()
            return Halted(error)
        except TransientError as error:
            return self._interrupted(one, error, chunk)
        except TerminalError as error:
            return Failed(self._unwritten(one, str(error), chunk), one)
        except Exception as error:  # noqa: BLE001 - a fault of ours on one request must not stop the others
            return self._broken(one, error, chunk)

    def _in_turn(self, one: Planned, chunk: Chunk, recent: Recent) -> Outcome:
        """Write one request when nobody else does, by what it shows then."""
        read = recent.take(one.sighting.id, self._clock)
        with self.locks.writing(one.sighting.id, read.version) as is_fresh:
            found = read.found if is_fresh else self._read_again(one, chunk)
            match self._up_to_date(found, chunk):
                case None:
                    return Nothing()
                case SetAside() as aside:
                    failure = overtaken(aside, chunk, self._seen, self._clock)
                    return Failed(failure, one)
                case Planned() as latest:
                    return self._apply(latest, chunk)

    def _read_again(
        self, one: Planned, chunk: Chunk
    ) -> Planned | SetAside | None:
        """Read and plan a request again that another pass has written to since it was read."""
        fetched = chunk.edition.source.fetch([one.sighting.id])
        found = worked_through(fetched, chunk.edition.rules, self._clock.now())
        return next(found, None)

    def _up_to_date(
        self, found: Planned | SetAside | None, chunk: Chunk
    ) -> Planned | SetAside | None:
        """Plan again by our own comments, where they are not known yet, and by the time, where that went on."""
        rules = chunk.edition.rules
        if isinstance(found, Planned) and self.notes.is_unproven(found):
            looked = self.notes.looked_up(found, chunk.edition.sink)
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
        self.notes.written(one, receipt.notes)
        if self.notes.is_untidy(one):
            receipt = self._tidied(one, chunk, receipt)
        return _done(one, chunk, receipt)

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
        self.notes.tidied(one)
        return tidied

    def _interrupted(
        self, one: Planned, error: TransientError, chunk: Chunk
    ) -> Outcome:
        """Put aside what may go better later; leave it for the next pass where this one was stopped."""
        if self.stop.is_set():
            return Left()
        is_suspect = _is_suspect(one, error, chunk)
        if is_suspect:
            self._breaker.failed(str(error))
        advice = timedelta(seconds=error.retry_after or 0)
        failure = self._unwritten(one, str(error), chunk, advice)
        receipt = Receipt(one.plan.key, error.wrote, {})
        return Failed(failure, one, receipt, suspect=is_suspect)

    def _broken(self, one: Planned, error: Exception, chunk: Chunk) -> Outcome:
        fault = type(error).__name__
        log.error("request_not_written", key=one.sighting.key, error=fault)
        reason = f"unexpected {fault}"
        return Failed(self._unwritten(one, reason, chunk), one)

    def _unwritten(
        self,
        one: Planned,
        reason: str,
        chunk: Chunk,
        advice: timedelta = NO_ADVICE,
    ) -> Failure:
        return unwritten(one, reason, chunk, self._clock.now(), advice)


def _done(one: Planned, chunk: Chunk, receipt: Receipt) -> Done:
    frozen_in = (
        one.sighting.shown.status
        if receipt.is_frozen
        else chunk.frozen_in(one)
    )
    kept = entry(one, chunk.edition.policy, receipt.refused, frozen_in)
    return Done(kept, one, receipt)


def _is_suspect(one: Planned, error: TransientError, chunk: Chunk) -> bool:
    """Return whether the site may be to blame for a failure, not the request or the journal."""
    is_known = one.sighting.id in chunk.failures
    is_by_journal = isinstance(error, JournalError)
    return not (is_known or is_by_journal or error.wrote)


def _log_doubts(one: Planned) -> None:
    """Log what of a ledger was not believed; one of a newer version is logged where it is read."""
    why = [WHY[doubt] for doubt in one.doubts if doubt is not Doubt.NEWER]
    if why:
        log.warning("ledger_not_believed", key=one.sighting.key, why=why)
