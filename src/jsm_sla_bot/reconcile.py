"""One pass: read what may have changed, work out what it should show, write the difference.

Three kinds feed the same way. *changed*: updated since the watermark. *due*: those whose status changes by the
mere passing of time. *sweep*: every open request. Everything is planned before anything is written; one request
that goes wrong is set aside and never stops the others; one pass runs at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from threading import Event, Lock

import structlog

from jsm_sla_bot.plan.budget import Budget, refusal
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.desired import desire
from jsm_sla_bot.plan.diff import diff
from jsm_sla_bot.ports import (
    ChangeSink,
    Clock,
    Entry,
    Failure,
    IdentityError,
    Journal,
    PassReport,
    Receipt,
    RequestSource,
    Seen,
    Sighting,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.errors import ContractError
from jsm_sla_bot.sla.request import Deed, Role

OVERLAP = timedelta(minutes=5)
"""How far a *changed* pass looks back behind the watermark: the search index lags."""

CHUNK = 1000
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(minutes=30)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rules:
    """What a pass goes by; replaced as a whole when the configuration changes."""

    policy: Policy
    budget: Budget
    zone: tzinfo
    escalation_status: str | None
    lookback: timedelta


@dataclass(frozen=True, slots=True)
class World:
    """What a pass works with."""

    source: RequestSource
    sink: ChangeSink
    journal: Journal
    clock: Clock


@dataclass(frozen=True, slots=True)
class Planned:
    """One request worked through: as it was seen, what the contract says, what is to be written."""

    sighting: Sighting
    assessment: Assessment
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Due:
    """What is kept of a request between planning and writing: little, since a sweep may hold a whole desk."""

    plan: Plan
    entry: Entry


@dataclass(slots=True)
class _Tally:
    kind: str
    started: datetime
    seen: int = 0
    read: int = 0
    differing: int = 0
    writes: int = 0
    failures: list[Failure] = field(default_factory=list)
    refused: str | None = None
    unfinished: bool = False


class Reconciler:
    """Runs passes. Safe to call from several threads: passes wait for each other."""

    def __init__(
        self, world: World, rules: Rules, *, workers: int = 8, watch: Callable[[Plan, Receipt], None] | None = None
    ) -> None:
        self.rules = rules
        self._source, self._sink, self._journal, self._clock = world.source, world.sink, world.journal, world.clock
        self._workers, self._watch = workers, watch
        self._lock = Lock()
        self._stop = Event()

    def stop(self) -> None:
        """Let the writes under way finish; leave the rest for the next pass."""
        self._stop.set()

    def adopt(self, rules: Rules, source: RequestSource | None = None, sink: ChangeSink | None = None) -> None:
        """Go by other rules from the next pass on, and by another connection where one is given."""
        with self._lock:
            self.rules = rules
            self._source, self._sink = source or self._source, sink or self._sink

    def changed(self) -> PassReport:
        """Work through what was updated since the watermark (a lower bound only, with an overlap)."""
        return self._pass("changed", self._changed_ids, advance=True)

    def due(self) -> PassReport:
        """Work through what changes by the mere passing of time, and what is to be retried."""
        return self._pass("due", lambda: self._journal.agenda(self._clock.now()))

    def sweep(self) -> PassReport:
        """Work through every open request, and what was updated since the watermark."""
        policy = self.rules.policy.hash
        report = self._pass("sweep", self._sweep_ids, advance=True)
        if report.failed is None and report.refused is None:
            self._journal.swept(policy)
        return report

    def preview(self) -> Iterator[Planned | Failure]:
        """Yield what a sweep would write, writing nothing; raises what the source raises."""
        self._source.check_identity()
        for chunk in _chunks(self._sweep_ids()):
            yield from self._worked_through(chunk)

    def one(self, request_id: str) -> Planned | Failure:
        """Work one request through by id or key, writing nothing."""
        self._source.check_identity()
        found = list(self._worked_through([request_id]))
        if not found:
            message = f"{request_id}: not found, or not visible to this account"
            raise TerminalError(message)
        return found[0]

    def _pass(self, kind: str, ids: Callable[[], Sequence[str]], *, advance: bool = False) -> PassReport:
        with self._lock:
            tally = _Tally(kind, self._clock.now())
            failed: str | None = None
            try:
                self._source.check_identity()
                begun = self._source.server_time()
                self._work(tally, ids())
                if advance and not tally.unfinished and tally.refused is None:
                    self._journal.advance(begun)
            except (TransientError, TerminalError) as error:
                failed = str(error)
            return self._reported(tally, failed)

    def _work(self, tally: _Tally, ids: Sequence[str]) -> None:
        tally.seen = len(ids)
        differing: list[_Due] = []
        for chunk in _chunks(ids):
            worked = list(self._worked_through(chunk))
            tally.read += len(chunk)
            tally.failures += [one for one in worked if isinstance(one, Failure)]
            planned = [one for one in worked if isinstance(one, Planned)]
            differing += [_Due(one.plan, self._entry(one)) for one in planned if one.plan]
            self._journal.record([self._entry(one) for one in planned if not one.plan])
        tally.differing = len(differing)
        open_requests = max(tally.read, len(self._journal.open_ids()))
        tally.refused = refusal((one.plan for one in differing), open_requests, self.rules.budget)
        if tally.refused is None:
            self._write(tally, differing)
        self._journal.set_aside(tally.failures)

    def _worked_through(self, ids: Sequence[str]) -> Iterator[Planned | Failure]:
        fetched = self._source.fetch(ids)
        self._journal.forget(fetched.gone)
        for aside in fetched.set_aside:
            yield self._failure(aside.id, aside.key, aside.reason)
        for sighting in fetched.sightings:
            yield self._planned(sighting)

    def _planned(self, sighting: Sighting) -> Planned | Failure:
        now, rules = self._clock.now(), self.rules
        try:
            assessment = assess(sighting.snapshot, rules.policy, now)
            desired = desire(assessment, sighting.shown, rules.policy.hash, rules.zone, now)
        except ContractError as error:
            return self._failure(sighting.id, sighting.key, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours on one request must not stop the others
            log.error("request_not_understood", key=sighting.key, error=type(error).__name__, exc_info=False)
            return self._failure(sighting.id, sighting.key, f"unexpected {type(error).__name__}")
        plan = diff((sighting.id, sighting.key), desired, sighting.shown, rules.escalation_status)
        return Planned(sighting, assessment, _careful(plan, sighting))

    def _write(self, tally: _Tally, differing: Sequence[_Due]) -> None:
        with ThreadPoolExecutor(self._workers, thread_name_prefix="write") as pool:
            for one, outcome in zip(differing, pool.map(self._apply, differing), strict=True):
                match outcome:
                    case Receipt():
                        tally.writes += outcome.writes
                        self._journal.record([one.entry])
                        self._tell(one.plan, outcome)
                    case Failure():
                        tally.failures.append(outcome)
                    case IdentityError():
                        raise outcome
                    case None:
                        tally.unfinished = True

    def _apply(self, one: _Due) -> Receipt | Failure | IdentityError | None:
        plan = one.plan
        if self._stop.is_set():
            return None
        try:
            return self._sink.apply(plan)
        except IdentityError as error:
            return error
        except (TransientError, TerminalError) as error:
            return self._failure(plan.id, plan.key, str(error), _advice(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours on one request must not stop the others
            log.error("request_not_written", key=plan.key, error=type(error).__name__, exc_info=False)
            return self._failure(plan.id, plan.key, f"unexpected {type(error).__name__}")

    def _changed_ids(self) -> Sequence[str]:
        seen = list(self._source.changed_since(self._since()))
        return self._unknown(seen)

    def _sweep_ids(self) -> Sequence[str]:
        """Take in those that were open when last seen, too: absence from a search proves nothing."""
        found = [seen.id for seen in self._source.open_or_changed_since(self._since())]
        return list(dict.fromkeys([*found, *self._journal.open_ids()]))

    def _since(self) -> datetime:
        watermark = self._journal.watermark()
        return (watermark - OVERLAP) if watermark else self._clock.now() - self.rules.lookback

    def _unknown(self, seen: Iterable[Seen]) -> Sequence[str]:
        """Leave out what was worked through with this very `updated` already."""
        by_id = {one.id: one.updated for one in seen}
        known = self._journal.updated_of(list(by_id))
        return [
            one for one, updated in by_id.items() if updated is None or known.get(one) is None or known[one] < updated
        ]

    def _entry(self, one: Planned) -> Entry:
        sighting, assessment = one.sighting, one.assessment
        return Entry(
            id=sighting.id,
            key=sighting.key,
            updated=sighting.updated,
            status=str(assessment.status),
            due=assessment.due,
            next_change_at=assessment.next_change_at,
            is_open=not sighting.snapshot.status.is_done,
            policy=self.rules.policy.hash,
        )

    def _failure(self, request_id: str, key: str, reason: str, advice: float | None = None) -> Failure:
        known = {failure.id: failure.failures for failure in self._journal.set_aside_requests()}
        failures = known.get(request_id, 0) + 1
        wait = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
        wait = max(wait, timedelta(seconds=advice or 0))
        log.warning("request_set_aside", key=key, reason=reason, failures=failures)
        return Failure(request_id, key, reason, failures, self._clock.now() + wait)

    def _tell(self, plan: Plan, receipt: Receipt) -> None:
        log.info("request_written", key=plan.key, writes=receipt.writes, refused=list(receipt.refused))
        if self._watch:
            self._watch(plan, receipt)

    def _reported(self, tally: _Tally, failed: str | None) -> PassReport:
        report = PassReport(
            kind=tally.kind,
            started=tally.started,
            ended=self._clock.now(),
            seen=tally.seen,
            read=tally.read,
            differing=tally.differing,
            writes=tally.writes,
            set_aside=len(tally.failures),
            refused=tally.refused,
            failed=failed,
        )
        self._journal.completed(report)
        return report


def _careful(plan: Plan, sighting: Sighting) -> Plan:
    """Ask to look before posting where the request carries a comment of ours that its ledger does not know."""
    if plan.note is None:
        return plan
    comments = (Deed.INTERNAL_NOTE, Deed.PUBLIC_COMMENT)
    ours = sum(entry.role is Role.BOT and entry.what in comments for entry in sighting.snapshot.history)
    known = set(sighting.shown.ledger.notes.values()) if sighting.shown.ledger else set()
    return replace(plan, note=replace(plan.note, look_first=ours > len(known)))


def _advice(error: TransientError | TerminalError) -> float | None:
    return error.retry_after if isinstance(error, TransientError) else None


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
