"""What was asked of the sandbox: every API call, and what each write changed."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice

from jsm_sandbox.state.json_types import JsonObject
from jsm_sandbox.state.requests import Change

KEPT = 20_000
WRITING = ("POST", "PUT", "DELETE")
READING_POSTS = ("/search/", "bulkfetch", "/comment/list", "/jql/")


@dataclass(slots=True)
class Entry:
    """One call and its outcome. ``status`` 0: the caller never got an answer."""

    at: str
    method: str
    path: str
    query: str
    account: str
    status: int = 0
    ms: float = 0.0
    fault: str | None = None
    applied: bool = False
    changed: list[Change] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Return whether the call meant to write."""
        return self.method in WRITING and not any(
            part in self.path for part in READING_POSTS
        )

    def call(self) -> JsonObject:
        """Show the call."""
        shown = {
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
        }
        return shown | {
            "status": self.status,
            "account": self.account,
            "ms": round(self.ms, 2),
            "fault": self.fault,
        }

    def write(self) -> JsonObject:
        """Show what was written; a write that changed nothing says so."""
        changed = [asdict(each) for each in self.changed]
        key = self.changed[0].key if self.changed else None
        return self.call() | {
            "key": key,
            "changed": changed,
            "changed_nothing": self.applied and not changed,
        }


class Journal:
    """The calls, newest last."""

    def __init__(self) -> None:
        """Start empty."""
        self.entries: deque[Entry] = deque(maxlen=KEPT)

    def open(
        self, now: datetime, method: str, path: str, query: str, account: str
    ) -> Entry:
        """Enter a call as it comes in."""
        entry = Entry(now.isoformat(), method, path, query, account)
        self.entries.append(entry)
        return entry

    def calls(self) -> list[JsonObject]:
        """Show every call."""
        return [each.call() for each in self.entries]

    def writes(self, latest: int = KEPT) -> list[JsonObject]:
        """Show the latest calls that meant to write, oldest first."""
        meant = (each for each in reversed(self.entries) if each.writes)
        return [each.write() for each in islice(meant, latest)][::-1]
