"""The site with its people's verbs: what agents, customers and automation do to requests."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from jsm_sandbox.faults.orders import Faults
from jsm_sandbox.play.lookups import Lookups
from jsm_sandbox.state import adf, instants
from jsm_sandbox.state.call_limits import Bursts, WriteLimit
from jsm_sandbox.state.custom_fields import Shape
from jsm_sandbox.state.field_values import Place, accept
from jsm_sandbox.state.inbox import Inbox
from jsm_sandbox.state.json_types import Json
from jsm_sandbox.state.page_tokens import Cursors
from jsm_sandbox.state.people import Account
from jsm_sandbox.state.requests import Comment, Issue
from jsm_sandbox.state.setup import Project, Site
from jsm_sandbox.state.spoken_values import from_words
from jsm_sandbox.state.virtual_clock import VirtualClock

_FIELD_OF = {
    "organization": "Organizations",
    "severity": "Severity",
    "product": "Product",
    "request_type": "Request Type",
    "participants": "Request participants",
    "priority": "priority",
    "labels": "labels",
    "called_at": "Customer called at",
}


class Report(TypedDict, total=False):
    """What a customer may say when raising a request, in words."""

    as_: str | None
    organization: int | list[int] | None
    severity: int | str | None
    product: str | None
    request_type: str | None
    participants: list[str] | None
    priority: str | None
    labels: list[str] | None
    called_at: datetime | str | None


class Tracker(Lookups):
    """One fake site. Every verb takes the lock, works at ``at`` (default now) and speaks people's words."""

    def __init__(
        self,
        site: Site | None = None,
        *,
        now: Callable[[], datetime] = instants.machine_utc,
        clock: VirtualClock | None = None,
        seed: int = 7,
    ) -> None:
        """Start an empty site; ``seed`` settles whatever is left to chance. A ``clock`` can be set from outside."""
        super().__init__(site, now=clock or now)
        self.clock = clock
        self._tokens: dict[str, datetime] = {}
        self.chance = random.Random(seed)  # noqa: S311 - chance that repeats is the point
        self.seed = seed
        self.faults = Faults(self.now)
        self.inbox = Inbox(self.now)
        self.cursors = Cursors(self.now)
        self.write_limit = WriteLimit(self.now)
        self.bursts = Bursts(self.now)
        self.last_rows: dict[str, Json] = {}
        self.answers: dict[tuple[Json, ...], tuple[Json, list[Issue]]] = {}

    def give_token(self, seconds: int) -> str:
        """Give the service account a token that lasts for so long."""
        token = f"sandbox-oauth-{self.next_id()}"
        self._tokens[token] = self.now() + timedelta(seconds=seconds)
        return token

    def good_tokens(self) -> list[str]:
        """Give the service account's tokens that have not ended."""
        now = self.now()
        return [token for token, ends in self._tokens.items() if now < ends]

    def end_tokens(self) -> None:
        """Withdraw every token of the service account."""
        self._tokens.clear()

    def next_field_number(self) -> int:
        """Give the number of a custom field that is made now; those in the trash keep theirs."""
        every = (*self.site.fields, *self.layout.trash)
        return 1 + max(
            int(each.number) for each in every if each.number.isdecimal()
        )

    def make_noise(self) -> None:
        """Move ``updated`` of every open request every ``sla_noise`` minutes, as native SLA timers do."""
        every = timedelta(minutes=self.switches.sla_noise)
        if not every:
            return
        now = self.now()
        for issue in self.issues.values():
            last = issue.created + (now - issue.created) // every * every
            if not issue.is_done and last > issue.updated:
                self.touch(issue, last)

    def raise_request(
        self,
        summary: str = "Something is wrong",
        *,
        description: str = "",
        channel: str = "portal",
        project: str | None = None,
        at: datetime | str | None = None,
        **report: Unpack[Report],
    ) -> str:
        """Raise a request as a customer and give its key."""
        with self.lock:
            moment = self._moment(at)
            desk = self._project(project)
            by = self._reporter(
                report.pop("as_", None), report.get("organization")
            )
            report.setdefault("request_type", "Report a problem")
            issue = self._draft(desk, by, moment, summary, description)
            for word, value in report.items():
                self._fill(issue, desk, _FIELD_OF[word], value)
            issue.properties["request.channel.type"] = {"value": channel}
            self.insert(issue)
            return issue.key

    def comment(
        self,
        key: str,
        text: str,
        *,
        as_: str,
        at: datetime | str | None = None,
    ) -> Comment:
        """Comment for everyone to see."""
        return self._say(key, text, as_, at, public=True)

    def note(
        self,
        key: str,
        text: str,
        *,
        as_: str,
        at: datetime | str | None = None,
    ) -> Comment:
        """Leave an internal note."""
        return self._say(key, text, as_, at, public=False)

    def transition(
        self, key: str, to: str, *, as_: str, at: datetime | str | None = None
    ) -> None:
        """Move a request by the name of a transition or of the status it leads to."""
        with self.lock:
            issue = self.issue(key)
            way = self._way(issue, to)
            self.move(issue, way, self.account(as_), self._moment(at))

    def set_field(
        self,
        key: str,
        field: str,
        value: Json,
        *,
        as_: str,
        at: datetime | str | None = None,
    ) -> bool:
        """Set a field by its name, in a person's words; tell whether it changed."""
        with self.lock:
            issue = self.issue(key)
            place = Place(
                self.site,
                self.project_of(issue),
                issue.key,
                issue.work_type,
            )
            found = self._named_field(field)
            stored = accept(place, found, from_words(place, found, value))
            return self.assign(
                issue, [(found, stored)], self.account(as_), self._moment(at)
            )

    def phone(
        self,
        key: str,
        *,
        as_: str | None = None,
        at: datetime | str | None = None,
    ) -> None:
        """Note that the customer called the support phone, at the moment of the call."""
        with self.lock:
            moment = self._moment(at)
            self.set_field(
                key,
                "Customer called at",
                moment,
                as_=as_ or self.site.automation.name,
                at=moment,
            )

    def relocate(self, key: str, project: str) -> str:
        """Move a request to another project: same id, new key."""
        with self.lock:
            issue = self.issue(key)
            desk = self._project(project)
            self.change_project(issue, desk, desk.next_key(), self.now())
            return issue.key

    def delete(self, key: str) -> None:
        """Delete a request."""
        with self.lock:
            self.remove(self.issue(key))

    def _say(
        self,
        key: str,
        text: str,
        who: str,
        at: datetime | str | None,
        *,
        public: bool,
    ) -> Comment:
        with self.lock:
            body = adf.from_text(text)
            return self.add_comment(
                self.issue(key),
                self.account(who),
                body,
                public=public,
                at=self._moment(at),
            )

    def _draft(
        self,
        desk: Project,
        by: Account,
        at: datetime,
        summary: str,
        description: str,
    ) -> Issue:
        key = desk.next_key()
        text = adf.from_text(description) if description else None
        blank = self.blank_fields(desk, by, at)
        fields = {**blank, "summary": summary, "description": text}
        return Issue(self.next_id(), key, desk.key, at, at, fields)

    def _fill(
        self, issue: Issue, desk: Project, name: str, words: Json
    ) -> None:
        """Give a new request a value without a trace in the history, as at creation."""
        field = self.site.field(name)
        if field is None or (
            words is None and field.shape is not Shape.ORGANIZATIONS
        ):
            return
        place = Place(self.site, desk, issue.key)
        issue.fields[field.id] = accept(
            place, field, from_words(place, field, words)
        )
