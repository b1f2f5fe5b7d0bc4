"""Raises the requests for service reviews and health checks that are owed, each exactly once (D29).

One round looks at all requests of that kind and raises what is owed. Promises: state decides, so a round that was
killed anywhere, whose answer was lost, or that runs next to another daemon's comes to one open request each: before
anything is raised, the youngest requests are looked through in the database, which the late index may not know, and of
two the younger is closed. Needs: the journal of intents, which may be lost. One round at a time (one lock).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import structlog

from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.ports.errors import (
    IdentityError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.ports.journal import Intents
from jsm_sla_bot.ports.review_desk import ReviewDesk
from jsm_sla_bot.ports.review_names import DUPLICATE, ReviewNames
from jsm_sla_bot.ports.site import Clock, Sighting
from jsm_sla_bot.review.due import Plan
from jsm_sla_bot.review.raising import Owed, owed, twins

MARKER = "raise"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reviews:
    """The rounds. `intents` keeps what was about to be raised."""

    intents: Intents
    clock: Clock
    _lock: Lock = field(default_factory=Lock)

    def round(self, configuration: Configuration, desk: ReviewDesk) -> int:
        """Raise what is owed and close what stands twice; return how many were raised.

        Raises TransientError, TerminalError; what failed is owed still.
        """
        names = configuration.desk.reviews
        rules = configuration.reviews
        is_on = any(each.raises_requests for each in rules.values())
        if names is None or not is_on:
            return 0
        plan = Plan(configuration.policy, rules, names.labels)
        with self._lock:
            return _Round(self, plan, names, desk).made()


@dataclass(slots=True)
class _Round:
    reviews: Reviews
    plan: Plan
    names: ReviewNames
    desk: ReviewDesk
    known: dict[str, Sighting] = field(default_factory=dict)

    def made(self) -> int:
        labels = list(self.names.labels.values())
        half = [label + DUPLICATE for label in labels]
        found = self.desk.labelled([*labels, *half])
        self._read([each.id for each in found])
        if self._owed():
            self._look_closer()
        raised = self._raise(self._owed())
        self._retire()
        return raised

    def _owed(self) -> Sequence[Owed]:
        now = self.reviews.clock.now()
        return owed(self.known.values(), self.plan, self.names, now)

    def _read(self, ids: Sequence[str]) -> None:
        if ids:
            fetched = self.desk.fetch(ids)
            for each in fetched.sightings:
                self.known[each.id] = each

    def _look_closer(self) -> None:
        """Read what the index may not know yet: what we have raised, and the youngest requests of the project."""
        ours = [
            self.reviews.intents.resolved(each.name).get(MARKER)
            for each in self._owed()
        ]
        self._read([each for each in ours if each])
        self._read(self.desk.youngest_keys(self.names.project))

    def _raise(self, wanted: Sequence[Owed]) -> int:
        """Raise each for itself; the first failure follows after all."""
        raised = 0
        failure: TransientError | TerminalError | None = None
        for each in wanted:
            try:
                raised += self._raise_one(each)
            except IdentityError:
                raise
            except (TransientError, TerminalError) as error:
                failure = failure or error
        if failure:
            raise failure
        return raised

    def _raise_one(self, each: Owed) -> bool:
        intents = self.reviews.intents
        intents.intend(each.name, MARKER)
        identity = self.desk.raise_request(each.draft)
        if identity is None:
            self._read(self.desk.youngest_keys(self.names.project))
            return False
        intents.resolve(each.name, MARKER, identity)
        log.info("review_raised", issue=identity, what=each.name)
        self._read([identity])
        return True

    def _retire(self) -> None:
        for each in list(twins(self.known.values(), self.names.labels)):
            if self.desk.retire(each.id, each.label, each.of):
                log.warning("review_stood_twice", issue=each.id, older=each.of)
