"""What `demo` asks its own sandbox, and what it prints: how to take part, and why nothing may happen.

The control API is no part of Jira, so nothing here goes the bot's way to Jira.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

TIMEOUT = 10
"""Seconds: it is a process on this machine."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The requests of the sandbox: keys of the open ones, and when each done one changed last (aware)."""

    now: datetime
    open: Sequence[str]
    done: Sequence[tuple[str, datetime]]

    @property
    def example(self) -> str | None:
        """A request to try things on: an open one where there is any."""
        keys = [*(key for key, _ in self.done), *self.open]
        return keys[-1] if keys else None


def ask(url: str) -> Desk:
    """Ask the sandbox at that address, by no proxy. Raises OSError where it does not answer."""
    found = _overview(url)
    now = datetime.fromisoformat(found["now"])
    return Desk(now, found["open"], [_done(each) for each in found["done"]])


def _overview(url: str) -> dict[str, Any]:
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"{url}/_sandbox/overview", timeout=TIMEOUT) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _done(each: Mapping[str, str]) -> tuple[str, datetime]:
    return each["key"], datetime.fromisoformat(each["updated"])


def nothing_open(desk: Desk, file: Path, lookback: timedelta) -> str | None:
    """Say why nothing will happen with the requests of a file; None where one of them is looked at."""
    if desk.open:
        return None
    old = [key for key, changed in desk.done if changed < desk.now - lookback]
    if len(old) < len(desk.done):
        return None
    count = len(desk.done)
    those = "request" if count == 1 else "requests"
    return (
        f"{file}: nothing is open. {count} {those} done and last changed more than {lookback.days} days ago "
        f"(`lookback` in jira.yaml): the bot leaves them as they are."
    )


def invitation(
    url: str, email: str, token: str, example: str | None
) -> Iterator[str]:
    """Yield the lines with which another terminal asks the bot about this desk."""
    yield f"export JSM_SLA_BOT_URL={url}"
    yield f"export JSM_SLA_BOT_EMAIL={email}"
    yield f"export JSM_SLA_BOT_API_TOKEN={token}"
    if example:
        yield f"try: jsm-sla-bot explain {example}"
