"""What the daemon needs of whoever tells people outside Jira how the desk stands. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.ports.journal import Silence
from jsm_sla_bot.ports.notify_plan import NotifyPlan
from jsm_sla_bot.sla.contract import Policy


@dataclass(frozen=True, slots=True)
class DeskView:
    """How the desk stands at `now` (aware UTC), and who is told. `site` is the address at which people find it.

    `is_whole`: every open request is among the states, so one that is not there is not ours any more.
    """

    plan: NotifyPlan
    policy: Policy
    site: str
    states: Sequence[RequestState]
    now: datetime
    is_whole: bool
    silences: Sequence[Silence] = ()
    """What nobody is told of at that instant."""


class Notices(Protocol):
    """Tells people. Safe to use from several threads."""

    @property
    def is_at_work(self) -> bool:
        """Whether there is a channel."""

    def tell(self, view: DeskView) -> None:
        """Take in what people have to know that they were not told yet; sends nothing. Raises JournalError."""

    def trouble(self) -> str | None:
        """Return why notices do not arrive, None while they do."""

    def unsent_since(self) -> Mapping[str, datetime]:
        """Return since when (aware UTC) the oldest notice waits that might be sent, by channel. Raises JournalError."""

    def begin(self) -> None:
        """Send what was taken in, as it comes, in threads of its own, until `end`."""

    def turn(self) -> None:
        """Send, now and in this thread, what may be sent. Raises JournalError."""

    def end(self) -> None:
        """Begin to send nothing more."""
