"""Last step of a pass: the plans of one chunk are written, by several threads, each request by one at a time.

Needs `request_writer`, which writes one of them, the breaker and the sink, which is safe to repeat after any outcome.

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
from hashlib import blake2s
from threading import Event
from uuid import uuid4

import structlog

from jsm_sla_bot.passes.account import written_and_why
from jsm_sla_bot.passes.breaker import Breaker
from jsm_sla_bot.passes.one_pass import Chunk
from jsm_sla_bot.passes.outcome import (
    Done,
    Failed,
    Outcome,
    Written,
)
from jsm_sla_bot.passes.planner import (
    Planned,
)
from jsm_sla_bot.passes.recent import Read, Recent
from jsm_sla_bot.passes.request_writer import RequestWriter
from jsm_sla_bot.passes.results import Result
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.journal import (
    SeenRequests,
)
from jsm_sla_bot.ports.site import (
    Clock,
    Fetched,
    Receipt,
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
        self._request = request = RequestWriter(seen, clock, breaker)
        self.locks = request.locks
        self.stop = request.stop
        self._seen = seen
        self._breaker = breaker
        self._workers = workers
        self._watch = watch
        self._name = uuid4().hex

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
        return self._request.is_halted

    def has_to_look(self, one: Planned) -> bool:
        """Tell whether something on a request is to be looked at, whether or not its plan is empty."""
        return self._request.notes.has_to_look(one)

    def remembered(self, fetched: Fetched) -> Fetched:
        """Return what was fetched with what is known of our comments, where a ledger can't be read."""
        notes = self._request.notes
        sightings = [notes.remembered(each) for each in fetched.sightings]
        return replace(fetched, sightings=sightings)

    def _outcomes(
        self, plans: Sequence[Planned], chunk: Chunk
    ) -> Generator[Outcome, None, None]:
        """Yield outcomes as they come; once closed, what was under way is done."""
        ordered = sorted(plans, key=self._order)
        recent = self._recent(ordered, chunk)
        halt = Event()
        with ThreadPoolExecutor(
            self._workers, thread_name_prefix="write"
        ) as pool:
            tasks: list[Future[Outcome]] = [
                pool.submit(self._request.write, one, chunk, recent, halt)
                for one in ordered
            ]
            for task in as_completed(tasks):
                yield task.result()

    def _recent(self, ordered: Sequence[Planned], chunk: Chunk) -> Recent:
        reads = [
            (one.sighting.id, Read(one, chunk.version, chunk.at))
            for one in ordered
        ]
        return Recent(reads, chunk.edition, self.locks)

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
                self._report_written(one, receipt)
            case _:
                pass

    def _report_written(self, one: Planned, receipt: Receipt) -> None:
        if not receipt.writes:
            return
        log.info("request_written", **written_and_why(one, receipt))
        if self._watch:
            self._watch(one.plan, receipt)
