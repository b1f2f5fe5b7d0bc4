"""Outboxes with notices in them, and senders that empty them."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.notify.sender import Pace, Result, Sender
from jsm_sla_bot.notify.stored import stored
from jsm_sla_bot.ports.journal.outbox import Outgoing
from jsm_sla_bot.ports.notify import Notice
from tests.notify.channels import Where

HASTY = Pace(timedelta(milliseconds=1), timedelta(milliseconds=5))
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.notify.outboxes"])


def outgoing(
    notice: Notice, channel: str, at: datetime, *, is_held: bool = False
) -> Outgoing:
    """Return what the outbox takes in."""
    return Outgoing(
        channel=channel,
        id=notice.id,
        thread=notice.thread,
        request=notice.story.request,
        rung=notice.rung,
        is_end=notice.is_resolved,
        body=stored(notice),
        made=at,
        after=at,
        is_held=is_held,
    )


@dataclass
class Hands:
    """A clock that is set by hand."""

    instant: datetime

    def now(self) -> datetime:
        """Return the present instant."""
        return self.instant

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.instant += timedelta(**span)


@dataclass
class Counts:
    """What came of all attempts."""

    results: Counter[tuple[str, Result]] = field(default_factory=Counter)

    def __call__(self, channel: str, result: Result, number: int) -> None:
        """Count."""
        self.results[channel, result] += number

    def of(self, result: Result) -> int:
        """Return how often that came of one."""
        return sum(
            number
            for (_, found), number in self.results.items()
            if found is result
        )


def emptied(sender: Sender) -> None:
    """Send until nothing waits."""
    pause = threading.Event()
    while sender.next_turn() is not None:
        sender.turn()
        pause.wait(0.001)


def empty(url: str, where: Where) -> Counts:
    """Send all that an outbox has, each channel in a thread of its own."""
    journal = open_journal(url)
    counts = Counts()
    with where.channels() as channels:
        threads = [
            threading.Thread(
                target=emptied,
                args=[
                    Sender(
                        name,
                        each,
                        journal.outbox,
                        SystemClock(),
                        counts,
                        HASTY,
                    )
                ],
                daemon=True,
            )
            for name, each in channels.items()
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    journal.close()
    return counts


def begin(url: str, where: Where) -> ForkServerProcess:
    """Send in a process of its own."""
    process = _FORKS.Process(target=empty, args=(url, where))
    process.start()
    return process
