"""What arrived at chat, pager and mail: messages as people would see them there, and how often the services fail."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from jsm_sandbox.state.instants import machine_utc
from jsm_sandbox.state.json_types import JsonObject


class Unrest(Enum):
    """How a service fails one call; with `after` it has done what was asked, and only its answer is lost."""

    ERROR = "error"
    ERROR_AFTER = "error-after"
    LIMIT = "limit"
    RESET = "reset"
    RESET_AFTER = "reset-after"
    HANG = "hang"
    HANG_AFTER = "hang-after"

    @property
    def is_done(self) -> bool:
        """Return whether the service does what was asked all the same."""
        return self.value.endswith("-after")


@dataclass
class Message:
    """One message. `thread` is where it stands, `texts` all that it has said, the present last."""

    service: str
    place: str
    id: str
    thread: str
    texts: list[str]
    mark: str = ""
    is_open: bool = True
    count: int = 1

    @property
    def text(self) -> str:
        """What it says now."""
        return self.texts[-1]

    def says_again(self, text: str, mark: str) -> None:
        """Count once more what has come already, with its newest words."""
        self.count += 1
        self.mark = mark
        if self.texts[-1] != text:
            self.texts.append(text)

    def show(self) -> JsonObject:
        """Give it as the control page does."""
        return {
            "service": self.service,
            "place": self.place,
            "id": self.id,
            "thread": self.thread,
            "text": self.texts[-1],
            "texts": list(self.texts),
            "mark": self.mark,
            "open": self.is_open,
            "count": self.count,
        }


@dataclass
class Inbox:
    """All messages, in the order in which they arrived. Hold the lock while you look at them."""

    now: Callable[[], datetime] = machine_utc
    messages: list[Message] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    share: float = 0.0
    """This share of all calls fails."""
    kinds: Sequence[Unrest] = tuple(Unrest)
    services: frozenset[str] = frozenset()
    """Only calls of these services fail; of all where it is empty."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - chance that repeats
    calls: Counter[str] = field(default_factory=Counter)
    is_limited: bool = False
    """Whether Slack takes one message a second and channel."""
    last_posts: dict[str, float] = field(default_factory=dict)
    keys_seen: set[str] = field(default_factory=set)
    _number: int = 0

    def number(self) -> int:
        """Give a number that was not given before."""
        self._number += 1
        return self._number

    def add(self, message: Message) -> Message:
        """Take a message in."""
        self.messages.append(message)
        return message

    def of(self, service: str) -> list[Message]:
        """Give the messages of one service."""
        return [each for each in self.messages if each.service == service]

    def find(self, service: str, identity: str) -> Message | None:
        """Give the youngest message of a service with that id."""
        found = [each for each in self.of(service) if each.id == identity]
        return found[-1] if found else None

    def unrest(self, service: str) -> Unrest | None:
        """Decide by chance whether, and how, the next call of a service fails."""
        with self.lock:
            self.calls[service] += 1
            is_meant = not self.services or service in self.services
            if not is_meant or self.chance.random() >= self.share:
                return None
            return self.chance.choice(list(self.kinds))

    def trouble(
        self, share: float, kinds: Sequence[str], services: Sequence[str]
    ) -> None:
        """Let this share of the calls fail in these ways."""
        with self.lock:
            self.kinds = [Unrest(each) for each in kinds] or tuple(Unrest)
            self.services = frozenset(services)
            self.share = share

    def show(self) -> list[JsonObject]:
        """Give all messages, the youngest first."""
        with self.lock:
            return [each.show() for each in reversed(self.messages)]
