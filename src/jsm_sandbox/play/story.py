"""The domain's own words for a day at the desk: who raises, phones, answers, and what the desk then shows.

    desk = Desk(tracker, wait=clock_and_bot)
    request = desk.customer("Acme").raises(severity=1, product="Outscan NX")
    desk.wait(hours=2)
    request.phones()
    desk.agent("Mia").comments_publicly(request)
    desk.shows(request, response_sla="Met")

How time passes is the caller's: a test moves a clock and lets the bot work, the command line really waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Unpack

from jsm_sandbox.play import board
from jsm_sandbox.play.tracker import Report, Tracker
from jsm_sandbox.state import instants
from jsm_sandbox.state.json_types import Json
from jsm_sandbox.state.people import Account
from jsm_sandbox.state.setup import Organization

SAME = timedelta(seconds=30)


class Disagreement(AssertionError):  # noqa: N818 - what a desk shows, not a fault of anybody's
    """The desk shows something else than the story says."""


def _silent(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of a story. ``checks`` off: what it should show is told and not insisted on."""

    tracker: Tracker
    pass_time: Callable[[timedelta], None]
    tell: Callable[[str], None] = _silent
    checks: bool = True
    cues: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """What the office does on a cue, which the story can't do itself: edit the policy, say."""

    def customer(
        self, organization: str, person: str | None = None
    ) -> Customer:
        """Name a customer by the beginning of the organization's name; without a person, its first one."""
        site = self.tracker.site
        found = next(
            (
                each
                for each in site.organizations
                if each.name.startswith(organization)
            ),
            None,
        )
        if found is None:
            raise LookupError(
                f"the sandbox has no organization called {organization!r}"
            )
        people = [
            each
            for each in site.accounts.values()
            if found.id in each.organizations
        ]
        who = people[0] if person is None else self.tracker.account(person)
        return Customer(self, who, found)

    def agent(self, name: str) -> Agent:
        """Name an agent by the beginning of the name."""
        for each in self.tracker.agents():
            if each.name.startswith(name):
                return Agent(self, each)
        raise LookupError(f"the sandbox has no agent called {name!r}")

    def wait(self, **span: float) -> None:
        """Let time pass: ``wait(hours=2)``."""
        self.pass_time(timedelta(**span))

    def until(self, text: str) -> None:
        """Let time pass until an instant, written like ``2026-03-06T22:10+01:00``."""
        left = datetime.fromisoformat(text) - self.tracker.now()
        if left < timedelta(0):
            raise ValueError(f"it is past {text} already")
        self.pass_time(left)

    def cue(self, name: str, text: str) -> None:
        """Let the office do something that no story can: ``cues`` says how, else it is only told."""
        self.note(text)
        self.cues.get(name, lambda: None)()

    def away(self, **span: float) -> None:
        """Let the whole site answer 503 for a while."""
        length = timedelta(**span)
        self.note(f"Jira is away for {length}")
        self.tracker.faults.place(
            {
                "kind": "503",
                "match": "",
                "lasts": length.total_seconds(),
            }
        )

    def note(self, text: str) -> None:
        """Tell what happens, under the site's time."""
        self.tell(
            f"{self.tracker.now().astimezone(self.tracker.site.zone):%a %d %b %H:%M}  {text}"
        )

    def shows(self, request: Request, **expected: Json) -> None:
        """Insist on what agents see: ``response_sla="Met"``, ``status=...``, ``notes=1`` by the bot.

        Instants are the same to the minute. Raises Disagreement with everything that differs.
        """
        seen = self._seen(request)
        wanted = {
            name.replace("_", " "): value for name, value in expected.items()
        }
        wrong = [
            f"{n} is {seen.get(n)!r} and not {v!r}"
            for n, v in wanted.items()
            if not _alike(seen.get(n), v)
        ]
        if self.checks and wrong:
            raise Disagreement(
                f"{request.key} at {self.tracker.now().isoformat()}: {'; '.join(wrong)}"
            )
        verb = "shows" if self.checks else "should show"
        self.note(
            f"{request.key} {verb} {', '.join(f'{n}: {v}' for n, v in wanted.items())}"
        )

    def _seen(self, request: Request) -> dict[str, Any]:
        with self.tracker.lock:
            told = board.request(self.tracker, self.tracker.issue(request.key))
        own = [each for each in told["comments"] if each["role"] == "bot"]
        counted = {
            "notes": len(own),
            "public notes": sum(each["public"] for each in own),
            "status": told["status"],
        }
        return {
            name.casefold(): value for name, value in told["fields"].items()
        } | counted


def _alike(seen: Json, wanted: Json) -> bool:
    ours = instants.lenient(seen)
    theirs = instants.lenient(wanted)
    if isinstance(seen, str) and ours and theirs:
        return abs(ours - theirs) < SAME
    return bool(seen == wanted)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody of an organization."""

    desk: Desk
    who: Account
    organization: Organization

    def raises(
        self, summary: str = "It does not work", **report: Unpack[Report]
    ) -> Request:
        """Raise a request: ``severity``, ``product``, ``request_type`` and what else the portal asks."""
        report.setdefault("organization", self.organization.id)
        report["as_"] = self.who.account_id
        key = self.desk.tracker.raise_request(summary, **report)
        told = ("severity", "product", "request_type")
        said = ", ".join(
            f"{name} {value}" for name, value in report.items() if name in told
        )
        self.desk.note(
            f"{self.who.name} ({self.organization.name}) raises {key}: {summary}, {said}"
        )
        return Request(self.desk, key, self.who)


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the hands of whoever raised it."""

    desk: Desk
    key: str
    by: Account

    def phones(self) -> None:
        """Call the support phone about it."""
        self.desk.note(f"{self.by.name} phones about {self.key}")
        self._tracker.phone(self.key)

    def comments(self, text: str = "Any news?") -> None:
        """Write about it."""
        self.desk.note(f"{self.by.name} on {self.key}: {text}")
        self._tracker.comment(self.key, text, as_=self._account_id)

    def closes(self) -> None:
        """Close it."""
        self._go("Close")

    def reopens(self) -> None:
        """Have it reopened."""
        self._go("Reopen")

    def _go(self, way: str) -> None:
        self.desk.note(f"{self.by.name}: {way} {self.key}")
        self._tracker.transition(self.key, way, as_=self._account_id)

    @property
    def _tracker(self) -> Tracker:
        return self.desk.tracker

    @property
    def _account_id(self) -> str:
        return self.by.account_id


@dataclass(frozen=True, slots=True)
class Agent:
    """A product expert at work."""

    desk: Desk
    who: Account

    def comments_publicly(
        self,
        request: Request,
        text: str = "Thank you, we are looking into it.",
    ) -> None:
        """Answer where the customer can read it."""
        self._note(f"answers on {request.key}: {text}")
        self._tracker.comment(request.key, text, as_=self._account_id)

    def notes(self, request: Request, text: str = "See the runbook.") -> None:
        """Leave an internal note."""
        self._note(f"notes on {request.key}: {text}")
        self._tracker.note(request.key, text, as_=self._account_id)

    def sets_severity(self, request: Request, severity: int) -> None:
        """Correct the severity."""
        self._sets(request, "Severity", severity)

    def expects(self, request: Request, eta: str | None) -> None:
        """Say in the field ETA when it will be solved; None takes that back."""
        self._sets(request, "ETA", eta)

    def puts_under(self, request: Request, organization: str) -> None:
        """Share the request with the organization that it belongs to."""
        self._sets(
            request,
            "Organizations",
            [self.desk.customer(organization).organization.id],
        )

    def takes(self, request: Request) -> None:
        """Begin to work on it."""
        self._go(request, "In progress")

    def asks(self, request: Request) -> None:
        """Wait for the customer."""
        self._go(request, "Waiting for customer")

    def resolves(self, request: Request) -> None:
        """Say that it is done."""
        self._go(request, "Resolve")

    def declines(self, request: Request) -> None:
        """Say that it is not ours to solve."""
        self._go(request, "Decline")

    def _sets(self, request: Request, name: str, value: Json) -> None:
        self._note(f"sets {name} of {request.key} to {value}")
        self._tracker.set_field(request.key, name, value, as_=self._account_id)

    def _go(self, request: Request, way: str) -> None:
        self._note(f"{way}: {request.key}")
        self._tracker.transition(request.key, way, as_=self._account_id)

    @property
    def _tracker(self) -> Tracker:
        return self.desk.tracker

    @property
    def _account_id(self) -> str:
        return self.who.account_id

    def _note(self, deed: str) -> None:
        self.desk.note(f"{self.who.name} {deed}")
