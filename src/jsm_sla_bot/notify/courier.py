"""Tells people outside Jira: a teller fills the outbox, and a sender for each channel empties it in its own thread.

Needs the outbox, a clock, and `make`, which makes a channel from its plan. Promises that a channel which hangs keeps no
pass and no other channel waiting, and that an edit of `notify.yaml` holds from the next pass on. Threads: any may tell
and ask; one thread for each channel sends. Restart: the outbox knows what waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread

import structlog

from jsm_sla_bot.notify.sender import Result, Sender
from jsm_sla_bot.notify.teller import Teller
from jsm_sla_bot.ports.journal import JournalError
from jsm_sla_bot.ports.journal.outbox import Outbox
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify import Channel
from jsm_sla_bot.ports.notify_plan import ChannelPlan, NotifyPlan
from jsm_sla_bot.ports.site import Clock

SECONDS = 0.5
"""A sender looks for something to send this often."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Line:
    """A channel, its sender, and the end of its thread."""

    plan: ChannelPlan
    sender: Sender
    over: Event = field(default_factory=Event)


@dataclass(slots=True)
class Courier:
    """The port `Notices`. `count` is called with channel, result and number of notices of each attempt."""

    outbox: Outbox
    clock: Clock
    make: Callable[[ChannelPlan], Channel]
    count: Callable[[str, Result, int], None]
    _lines: dict[str, _Line] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _is_running: bool = False

    @property
    def is_at_work(self) -> bool:
        """Whether there is a channel."""
        return bool(self._lines)

    def tell(self, view: DeskView) -> None:
        """Take in what people have to know that they were not told yet; sends nothing. Raises JournalError."""
        with self._lock:
            self._follow(view.plan)
            Teller(self.outbox).tell(view)

    def trouble(self) -> str | None:
        """Return why notices do not arrive, channel by channel; None while they do."""
        told = [
            f"{name}: {why}"
            for name, line in sorted(self._lines.items())
            if (why := line.sender.trouble())
        ]
        return "; ".join(told) or None

    def unsent_since(self) -> Mapping[str, datetime]:
        """Return since when the oldest notice waits that might be sent, by channel. Raises JournalError."""
        if not self._lines:
            return {}
        return self.outbox.oldest_unsent(self.clock.now())

    def begin(self) -> None:
        """Send what was taken in, as it comes, until `end`."""
        with self._lock:
            self._is_running = True
            for line in self._lines.values():
                self._start(line)

    def turn(self) -> None:
        """Send, now and in this thread, what may be sent. Raises JournalError."""
        for line in [*self._lines.values()]:
            line.sender.turn(line.over.is_set)

    def end(self) -> None:
        """Begin to send nothing more; what is under way may finish."""
        with self._lock:
            self._is_running = False
            for line in self._lines.values():
                line.over.set()

    def _follow(self, plan: NotifyPlan) -> None:
        """Have a sender for each channel of the plan, and none besides."""
        for name, line in [*self._lines.items()]:
            if plan.channels.get(name) != line.plan:
                line.over.set()
                del self._lines[name]
        for name, channel in plan.channels.items():
            if name not in self._lines:
                self._lines[name] = self._line(name, channel)
                if self._is_running:
                    self._start(self._lines[name])

    def _line(self, name: str, plan: ChannelPlan) -> _Line:
        channel = self.make(plan)
        sender = Sender(name, channel, self.outbox, self.clock, self.count)
        return _Line(plan, sender)

    def _start(self, line: _Line) -> None:
        name = f"notices: {line.sender.name}"
        Thread(target=_send, args=(line,), name=name, daemon=True).start()


def _send(line: _Line) -> None:
    while not line.over.wait(SECONDS):
        try:
            line.sender.turn(line.over.is_set)
        except (
            JournalError
        ) as error:  # the health knows of the journal's trouble
            log.debug("notices_wait", why=str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the thread that tells of breaches
            log.error("notices_broke", error=type(error).__name__)
