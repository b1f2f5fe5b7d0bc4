"""A review told naively, to check the real one by: the story of each request, and counting on one's fingers.

Shares nothing with the review but the shapes of its input. What is due comes from the engine's own naive double.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
)
from tests.sla import naive
from tests.sla.contract import CLOSED, DECLINED, OPEN, RESOLVED

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Story:
    """What happened to one request, each instant aware UTC or None."""

    key: str
    organization: str
    reported: datetime
    severity: int
    product: str
    request_type: str | None
    called: datetime | None
    raised: datetime | None
    answered: datetime | None
    closed: datetime | None
    closed_by: Role
    declined: datetime | None

    def request(self) -> RequestSnapshot:
        """Return the request with its whole history."""
        history: list[HistoryEntry] = []
        if self.called:
            history.append(
                HistoryEntry(
                    self.called, Role.AGENT, Deed.CALLED, None, self.called
                )
            )
        present = self.severity
        if self.raised:
            present = 1
            history.append(
                HistoryEntry(
                    self.raised, Role.AGENT, Deed.SEVERITY, self.severity, 1
                )
            )
        if self.answered:
            history.append(
                HistoryEntry(
                    self.answered, Role.AGENT, Deed.PUBLIC_COMMENT, name="Mia"
                )
            )
        status = OPEN
        if self.closed:
            status = CLOSED if self.closed_by is Role.CUSTOMER else RESOLVED
            history.append(
                HistoryEntry(
                    self.closed, self.closed_by, Deed.STATUS, OPEN, status
                )
            )
        if self.declined:
            status = DECLINED
            history.append(
                HistoryEntry(
                    self.declined, Role.AGENT, Deed.STATUS, OPEN, status
                )
            )
        return RequestSnapshot(
            key=self.key,
            reported=self.reported,
            severity=present,
            organizations=(self.organization,),
            product=self.product,
            request_type=self.request_type,
            status=status,
            history=tuple(history),
        )

    def kind(self, as_of: datetime) -> str:
        """Return the class in which it is, as known then."""
        if self.request_type or _has_happened(self.declined, as_of):
            return "excluded"
        answer = self.answer(as_of)
        if self.is_withdrawn(answer, as_of):
            return "excluded"
        due = self.due(answer or as_of)
        if answer is None:
            return "breached" if as_of > due else "running"
        return "met" if answer <= due else "met_late"

    def is_withdrawn(self, answer: datetime | None, as_of: datetime) -> bool:
        """Return whether the customer had closed it before anybody answered (D17)."""
        if self.closed is None or self.closed > as_of:
            return False
        if self.closed_by is Role.AGENT:
            return False
        return answer is None or answer > self.closed

    def answer(self, as_of: datetime) -> datetime | None:
        """Return when an agent answered, or closed it, whichever came first."""
        answers = [self.answered]
        if self.closed_by is Role.AGENT:
            answers.append(self.closed)
        known = [
            each for each in answers if each is not None and each <= as_of
        ]
        return min(known, default=None)

    def due(self, known_at: datetime) -> datetime:
        """Return what was owed, of all that was known at an instant."""
        whole = self.request()
        history = tuple(
            entry
            for entry in whole.history
            if entry.at <= known_at
            and entry.what in {Deed.CALLED, Deed.SEVERITY}
        )
        has_raised = any(one.what is Deed.SEVERITY for one in history)
        severity = 1 if has_raised else self.severity
        return naive.due(replace(whole, history=history, severity=severity))


def _has_happened(instant: datetime | None, as_of: datetime) -> bool:
    return instant is not None and instant <= as_of


def stories(seed: int) -> list[Story]:
    """Return the stories of one desk."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    return [_story(chance, number) for number in range(chance.randint(0, 60))]


def _story(chance: random.Random, number: int) -> Story:
    reported = BEGIN + HOUR * chance.uniform(0, 24 * 150)

    def later(likely: float, hours: float) -> datetime | None:
        if chance.random() > likely:
            return None
        return reported + HOUR * chance.uniform(0.01, hours)

    called = later(0.4, 10)
    raised = later(0.2, 40)
    answered = later(0.7, 100)
    ended = later(0.3, 200)
    declined = None
    if chance.random() < 0.1 and ended is None:
        declined = later(1, 200)
    return Story(
        key=f"SUP-{number + 1}",
        organization=chance.choice(["11", "12"]),
        reported=reported,
        severity=chance.choice([2, 3, 4]),
        product=chance.choice(["Outscan NX", "EASM"]),
        request_type="Feature request" if chance.random() < 0.1 else None,
        called=called,
        raised=raised,
        answered=answered,
        closed=ended,
        closed_by=chance.choice([Role.AGENT, Role.CUSTOMER]),
        declined=declined,
    )
