"""A sandbox on a socket, as its callers see it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from jsm_sandbox.play.tracker import Tracker

SHARED = Path(__file__).parents[3] / "shared"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""The sandbox speaks plain HTTP: without this every client reads all the certificates of the machine."""

API = "/rest/api/3"
DESK = "/rest/servicedeskapi"


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    instant: datetime = field(default=datetime(2026, 3, 4, 12, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.instant

    def forward(self, **length: float) -> None:
        """Let time pass."""
        self.instant += timedelta(**length)


class Site:
    """A sandbox on a socket, as a caller sees it."""

    def __init__(self, url: str, tracker: Tracker, clock: Clock) -> None:
        self.url, self.tracker, self.clock = url, tracker, clock
        self.bot = self.caller(("bot@example.com", "sandbox"))

    def caller(
        self, auth: tuple[str, str] | None = None, **options: Any
    ) -> httpx.Client:
        """Call as somebody."""
        return httpx.Client(
            base_url=self.url, auth=auth, timeout=5, verify=NO_TLS, **options
        )

    def search(self, jql: str, **asked: Any) -> dict[str, Any]:
        """Search as the bot; Jira's answer has to be 200."""
        answer = self.bot.post(f"{API}/search/jql", json={"jql": jql, **asked})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def keys(self, jql: str, **asked: Any) -> list[str]:
        """Search as the bot for keys."""
        return [
            each["key"]
            for each in self.search(jql, fields=["key"], **asked)["issues"]
        ]

    def issue(self, key: str, **query: str) -> dict[str, Any]:
        """Read one request as the bot."""
        found: dict[str, Any] = self.bot.get(
            f"{API}/issue/{key}", params=query
        ).json()
        return found

    def edit(
        self, key: str, body: dict[str, Any], **query: str
    ) -> httpx.Response:
        """Edit one request as the bot."""
        return self.bot.put(f"{API}/issue/{key}", json=body, params=query)

    def field_id(self, name: str) -> str:
        """Look up a field by name."""
        return self.tracker.site.field_id(name)


def document(text: str) -> dict[str, Any]:
    """Write a text as a comment's body."""
    paragraph = {
        "type": "paragraph",
        "content": [{"type": "text", "text": text}],
    }
    return {"type": "doc", "version": 1, "content": [paragraph]}
