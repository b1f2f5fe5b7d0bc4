"""Middle of a pass: what was fetched is planned, and sorted into what differs, what is well and what is set aside."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from jsm_sla_bot.passes.account import log_fault
from jsm_sla_bot.passes.desk_states import DeskStates
from jsm_sla_bot.passes.one_pass import Chunk, Tally
from jsm_sla_bot.passes.planner import (
    Planned,
    entry,
    without_edits,
    worked_through,
)
from jsm_sla_bot.passes.put_aside import unread
from jsm_sla_bot.passes.unjudged import answer_unjudged
from jsm_sla_bot.passes.writer import Writer
from jsm_sla_bot.plan.corrections import announced, without_announcing
from jsm_sla_bot.ports.journal import Agenda, Entry, Failure, SeenRequests
from jsm_sla_bot.ports.site import Fetched, SetAside
from jsm_sla_bot.sla.contract import ExclusionBy

BY_HAND = 10
"""So many requests of a chunk may have a field changed by hand; more than that no person has done."""

log = structlog.get_logger()


class Sorter:
    """Sorts the requests of one chunk. Safe to use from several passes at once."""

    def __init__(
        self, agenda: Agenda, seen: SeenRequests, writer: Writer
    ) -> None:
        self._agenda = agenda
        self._seen = seen
        self._writer = writer
        self.states = DeskStates()
        """How the requests stand that passes have seen."""

    def to_write(
        self, tally: Tally, fetched: Fetched, chunk: Chunk, now: datetime
    ) -> Sequence[Planned]:
        """Plan what was fetched; what needs no writing is done with, what can't be understood is set aside."""
        differing: list[Planned] = []
        quiet: list[Entry] = []
        failed: list[SetAside] = []
        known = self._writer.remembered(fetched)
        for found in worked_through(known, chunk.edition.rules, now):
            one = unless_frozen(found, chunk)
            if isinstance(one, SetAside):
                log_fault(one)
                failed.append(one)
                continue
            _log_insisted(one)
            self.states.note(one, chunk.edition.policy, now)
            tally.unmapped.update(_unmapped(one, chunk))
            if one.plan or self._writer.has_to_look(one):
                differing.append(one)
            else:
                frozen_in = chunk.frozen_in(one)
                quiet.append(
                    entry(one, chunk.edition.policy, frozen_in=frozen_in)
                )
        tally.differing += sum(bool(one.plan) for one in differing)
        self.set_aside(unread(failed, chunk, self._seen, now), tally)
        writer = self._writer
        tally.writes += answer_unjudged(
            failed, chunk, writer.locks, lambda: writer.is_halted
        )
        self._seen.record(quiet)
        return self._hushed(differing, tally)

    def _hushed(
        self, plans: Sequence[Planned], tally: Tally
    ) -> Sequence[Planned]:
        """Say nothing of fields that show something else on many requests at once: no person has done that."""
        counts = Counter(
            field for one in plans for field in announced(one.plan)
        )
        many = {
            field: count for field, count in counts.items() if count > BY_HAND
        }
        if not many:
            return plans
        tally.strange = (
            f"on {max(many.values())} requests at once {', '.join(sorted(many))} shows what the bot never wrote: was "
            f"an option renamed or a field emptied, or does another app write to it?"
        )
        log.error(
            "fields_changed_at_once",
            fields=sorted(many),
            requests=max(many.values()),
        )
        return [
            replace(one, plan=without_announcing(one.plan, many.keys()))
            for one in plans
        ]

    def failures(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how often each of these requests has failed before."""
        return {
            one.id: one.failures
            for one in self._agenda.failures_of(ids).values()
        }

    def set_aside(self, failures: Sequence[Failure], tally: Tally) -> None:
        """Keep these failures, and log each."""
        for one in failures:
            log.warning(
                "request_set_aside",
                key=one.key,
                reason=one.reason,
                failures=one.failures,
            )
        self._agenda.set_aside(failures)
        tally.set_aside += len(failures)


def _unmapped(one: Planned, chunk: Chunk) -> Sequence[str]:
    """Return the organizations of an open request that the policy does not name."""
    request = one.sighting.snapshot
    if request.status.is_done:
        return ()
    policy = chunk.edition.rules.policy
    left_out = {
        each.value
        for each in policy.exclusions
        if each.by is ExclusionBy.ORGANIZATION
    }
    known = policy.organizations.keys() | left_out
    return [each for each in request.organizations if each not in known]


def _log_insisted(one: Planned) -> None:
    insisted = list(one.plan.insisted)
    if insisted:
        log.warning("people_insist", key=one.sighting.key, fields=insisted)


def unless_frozen(one: Planned | SetAside, chunk: Chunk) -> Planned | SetAside:
    """Plan nothing for a request that was given up and has not moved since."""
    if isinstance(one, Planned) and chunk.frozen_in(one):
        return without_edits(one)
    return one
