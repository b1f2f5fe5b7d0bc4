"""The desk alive: every few seconds somebody does something, drawn by seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence

from jsm_sandbox.play import phrases
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.blueprint import ORGANIZATIONS
from jsm_sandbox.state.json_types import Json, as_object
from jsm_sandbox.state.requests import Issue


class Player:
    """Plays agents and customers, with the same verbs as everybody else."""

    def __init__(self, tracker: Tracker, *, seed: int | None = None) -> None:
        """Play on this tracker."""
        self.tracker = tracker
        self.chance = random.Random(tracker.seed if seed is None else seed)  # noqa: S311 - chance that repeats

    def step(self) -> str:
        """Let one thing happen and say what."""
        deeds: list[tuple[int, Callable[[], str]]] = [
            (3, self._raise),
            (2, self._phone),
            (3, self._follow_up),
            (3, self._answer),
            (2, self._take),
            (1, self._note),
            (1, self._severity),
            (1, self._resolve),
            (1, self._reopen),
        ]
        with self.tracker.lock:
            weights = [weight for weight, _ in deeds]
            return self.chance.choices([deed for _, deed in deeds], weights)[
                0
            ]()

    def run(self, stop: threading.Event, interval: float) -> None:
        """Go on until told to stop."""
        while not stop.wait(interval * self.chance.uniform(0.5, 1.5)):
            self.step()

    def _raise(self) -> str:
        product, summary, text = self.chance.choice(phrases.REPORTS)
        organization = self.chance.choice(list(ORGANIZATIONS))
        severity = self.chance.choice((1, 1, 2, 2, 3, 4, None))
        key = self.tracker.raise_request(
            summary,
            description=text,
            organization=organization,
            severity=severity,
            product=product,
        )
        return f"{key} raised"

    def _phone(self) -> str:
        return self._on(
            self._urgent, "phoned about", lambda i: self.tracker.phone(i.key)
        )

    def _urgent(self, issue: Issue) -> bool:
        """Return whether a customer would do well to call."""
        severity = as_object(self._field(issue, "Severity")).get("value")
        called = self._field(issue, "Customer called at")
        is_grave = str(severity).startswith(("S1", "S2"))
        return is_grave and called is None and self._open(issue)

    def _field(self, issue: Issue, name: str) -> Json:
        return issue.fields.get(self.tracker.site.field_id(name))

    def _follow_up(self) -> str:
        return self._says(
            self._open, "followed up on", phrases.FOLLOW_UPS, self._customer
        )

    def _answer(self) -> str:
        return self._says(
            self._waiting, "answered", phrases.ANSWERS, lambda _: self._agent()
        )

    def _says(
        self,
        fits: Callable[[Issue], bool],
        deed: str,
        texts: Sequence[str],
        who: Callable[[Issue], str],
    ) -> str:
        """Let somebody comment on a request that fits."""
        text = self.chance.choice(texts)
        return self._on(
            fits,
            deed,
            lambda i: self.tracker.comment(i.key, text, as_=who(i)),
        )

    def _take(self) -> str:
        return self._on(
            self._waiting,
            "taken on",
            lambda i: self.tracker.transition(
                i.key, "In progress", as_=self._agent()
            ),
        )

    def _note(self) -> str:
        text = self.chance.choice(phrases.NOTES)
        return self._on(
            self._open,
            "noted on",
            lambda i: self.tracker.note(i.key, text, as_=self._agent()),
        )

    def _severity(self) -> str:
        severity = self.chance.choice((1, 2, 3))
        return self._on(
            self._waiting,
            "severity changed on",
            lambda i: self.tracker.set_field(
                i.key, "Severity", severity, as_=self._agent()
            ),
        )

    def _resolve(self) -> str:
        return self._on(
            self._busy,
            "resolved",
            lambda i: self.tracker.transition(
                i.key, "Resolve", as_=self._agent()
            ),
        )

    def _reopen(self) -> str:
        return self._on(
            self._resolved,
            "reopened",
            lambda i: self.tracker.transition(
                i.key, "Reopen", as_=self._customer(i)
            ),
        )

    def _on(
        self,
        fits: Callable[[Issue], bool],
        deed: str,
        do: Callable[[Issue], object],
    ) -> str:
        """Do something with one of the ten youngest requests that fit."""
        every = self.tracker.issues.values()
        fitting = [each for each in every if fits(each)]
        if not fitting:
            return "nothing happened"
        issue = self.chance.choice(fitting[-10:])
        do(issue)
        return f"{deed} {issue.key}"

    def _agent(self) -> str:
        return self.chance.choice(self.tracker.agents()).account_id

    def _customer(self, issue: Issue) -> str:
        reporter = as_object(issue.fields.get("reporter"))
        account = str(reporter.get("accountId", ""))
        is_known = account in self.tracker.site.accounts
        return account if is_known else "Walter Stone"

    @staticmethod
    def _open(issue: Issue) -> bool:
        return not issue.is_done

    @staticmethod
    def _waiting(issue: Issue) -> bool:
        return issue.status_name == "Waiting for support"

    @staticmethod
    def _busy(issue: Issue) -> bool:
        return issue.status_name == "In progress"

    @staticmethod
    def _resolved(issue: Issue) -> bool:
        return issue.status_name == "Resolved"
