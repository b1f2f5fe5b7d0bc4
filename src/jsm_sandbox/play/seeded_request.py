"""One request of a seeded desk: who raised it, what was done with it, as chance has it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from jsm_sandbox.play import phrases
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.blueprint import LONER, ORGANIZATIONS

WISH = 5


NO_PRODUCT = 7


EMPLOYED = 3
"""Which of every 12, 15 and 20 is a wish, names no product, and is raised by an employee."""


@dataclass(slots=True)
class SeededRequest:
    """One request from its report to wherever it has come by now."""

    tracker: Tracker
    chance: random.Random
    start: datetime
    now: datetime
    key: str = ""
    at: datetime | None = None

    def tell(self, number: int) -> None:
        """Let it happen."""
        self.at = self.start
        organizations = self._organizations(number)
        self._report(number, organizations)
        self._early(organizations)
        if self.chance.random() < self._answered_share():
            self._acknowledge()
            self._ending()
        elif self.chance.random() < 0.1:  # noqa: PLR2004 - a share
            self._by(self._customer, "withdraw")

    def _answered_share(self) -> float:
        old = self.now - self.start > timedelta(days=2)
        return 0.9 if old else 0.5

    def _organizations(self, number: int) -> list[int]:
        known = list(ORGANIZATIONS)
        kind = self.chance.random()
        none = 0.06
        several = 0.12
        if kind < none:
            return []
        if kind < several:
            return self.chance.sample(known, 2)
        return [known[number % len(known)]]

    def _report(self, number: int, organizations: list[int]) -> None:
        wish = number % 12 == WISH
        product, summary, text = self.chance.choice(phrases.REPORTS)
        if wish:
            summary, text = self.chance.choice(phrases.WISHES)
        kind = (
            "Feature request"
            if wish
            else self.chance.choice(
                ("Report a problem", "Report a problem", "Ask a question")
            )
        )
        chat = product == "EASM" and self.chance.random() < 0.5  # noqa: PLR2004 - a coin
        self.key = self.tracker.raise_request(
            summary,
            description=text,
            organization=organizations,
            severity=self.chance.choice((1, 2, 2, 3, 3, 3, 4, None)),
            product=None if number % 15 == NO_PRODUCT else product,
            request_type=kind,
            channel="chat"
            if chat
            else self.chance.choice(("portal", "portal", "portal", "email")),
            participants=self._participants(number, organizations),
            at=self.start,
            as_=self._reporter(number, organizations),
        )

    @staticmethod
    def _reporter(number: int, organizations: list[int]) -> str:
        if number % 20 == EMPLOYED:
            return "Nina Ek"
        return (
            ORGANIZATIONS[organizations[0]][1][number % 2]
            if organizations
            else LONER
        )

    @staticmethod
    def _participants(
        number: int, organizations: list[int]
    ) -> list[str] | None:
        if not organizations or number % 3:
            return None
        return [ORGANIZATIONS[organizations[0]][1][1 - number % 2]]

    @property
    def _customer(self) -> str:
        reporter = self.tracker.issue(self.key).fields["reporter"]
        return str(reporter["displayName"])

    @property
    def _agent(self) -> str:
        return self.chance.choice(self.tracker.agents()).name

    def _later(self, least: float, most: float) -> bool:
        """Let some minutes pass; tell whether that is still in the past."""
        ahead = (self.at or self.start) + timedelta(
            minutes=self.chance.uniform(least, most)
        )
        if ahead >= self.now:
            return False
        self.at = ahead
        return True

    def _by(self, who: str, deed: str) -> None:
        """Let somebody do one thing, if there is time left for it."""
        if not self._later(2, 90):
            return
        tracker = self.tracker
        pick = self.chance.choice
        match deed:
            case "note":
                tracker.note(
                    self.key, pick(phrases.NOTES), as_=who, at=self.at
                )
            case "follow up":
                tracker.comment(
                    self.key, pick(phrases.FOLLOW_UPS), as_=who, at=self.at
                )
            case "raise severity":
                tracker.set_field(
                    self.key, "Severity", pick((1, 2)), as_=who, at=self.at
                )
            case "lower severity":
                tracker.set_field(
                    self.key, "Severity", pick((3, 4)), as_=who, at=self.at
                )
            case "withdraw":
                tracker.transition(self.key, "Close", as_=who, at=self.at)
            case _:
                tracker.phone(self.key, at=self.at)

    def _early(self, organizations: list[int]) -> None:
        """What happens before anyone answers."""
        roll = self.chance.random
        if roll() < 0.4:  # noqa: PLR2004 - a share
            robot = self.tracker.site.automation.name
            self.tracker.comment(
                self.key,
                phrases.AUTOMATIC,
                as_=robot,
                at=self.start + timedelta(seconds=1),
            )
        shares = (
            (0.25, "call", self._agent),
            (0.25, "note", self._agent),
            (0.2, "follow up", self._customer),
            (0.1, "raise severity", self._agent),
            (0.08, "lower severity", self._agent),
        )
        for share, deed, who in shares:
            if roll() < share:
                self._by(who, deed)
        fellows = ORGANIZATIONS[organizations[0]][1] if organizations else ()
        if fellows and roll() < 0.12:  # noqa: PLR2004 - a share
            self._by(fellows[1], "follow up")

    def _acknowledge(self) -> None:
        """An agent answers, soon or late, in words or by taking the request on."""
        late = self.chance.random() < 0.3  # noqa: PLR2004 - a share
        if not self._later(*((1500, 6000) if late else (5, 100))):
            return
        agent = self._agent
        self.tracker.set_field(
            self.key, "assignee", agent, as_=agent, at=self.at
        )
        if self.chance.random() < 0.7:  # noqa: PLR2004 - a share
            self.tracker.comment(
                self.key,
                self.chance.choice(phrases.ANSWERS),
                as_=agent,
                at=self.at,
            )
            if self.chance.random() < 0.5:  # noqa: PLR2004 - a coin
                return
        self.tracker.transition(self.key, "In progress", as_=agent, at=self.at)

    def _ending(self) -> None:
        """How it went on: waiting, escalated, resolved, closed, declined, reopened."""
        roll = self.chance.random()
        agent = self._agent
        endings = (
            (0.2, ""),
            (0.35, "Waiting for customer"),
            (0.42, "Escalated"),
            (0.5, "Declined"),
            (1.0, "Resolved"),
        )
        ending = next(name for share, name in endings if roll < share)
        if not ending or not self._later(30, 1400):
            return
        known = [
            t.target
            for t in self.tracker.transitions_from(
                self.tracker.issue(self.key)
            )
        ]
        if ending not in known:
            return
        self.tracker.transition(self.key, ending, as_=agent, at=self.at)
        if ending in ("Resolved", "Declined"):
            text = (
                phrases.RESOLVED if ending == "Resolved" else phrases.DECLINED
            )
            self.tracker.comment(self.key, text, as_=agent, at=self.at)
            self._afterwards()

    def _afterwards(self) -> None:
        """The customer closes it, or it comes back."""
        roll = self.chance.random()
        back = 0.15
        closed = 0.55
        if roll > closed or not self._later(60, 1500):
            return
        if roll < back:
            self.tracker.transition(
                self.key, "Reopen", as_=self._customer, at=self.at
            )
            self.tracker.comment(
                self.key, phrases.REOPENED, as_=self._customer, at=self.at
            )
        elif "Closed" in [
            t.target
            for t in self.tracker.transitions_from(
                self.tracker.issue(self.key)
            )
        ]:
            self.tracker.comment(
                self.key,
                self.chance.choice(phrases.THANKS),
                as_=self._customer,
                at=self.at,
            )
            self.tracker.transition(
                self.key, "Close", as_=self._customer, at=self.at
            )
