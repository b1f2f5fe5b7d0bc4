"""Sends what the outbox has for one channel: intent on disk, then the service, then the receipt on disk.

Needs: the outbox, a channel, a clock. Promises: nothing is lost, whenever the process ends; where the service has a key
nothing is doubled. A channel that fails is left alone for a while, longer each time, and keeps no other waiting: each
has a sender of its own. One notice that a service refuses does not stop those after it.
Threads: one thread calls `turn`; any may ask for the trouble. Restart: what was being sent is sent again, as in doubt.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from jsm_sla_bot.notify.parcels import Parcel, parcels
from jsm_sla_bot.ports.backoff import backoff
from jsm_sla_bot.ports.journal.outbox import Outbox
from jsm_sla_bot.ports.notify import (
    Before,
    Channel,
    NotDeliveredError,
    NoticeRefusedError,
)
from jsm_sla_bot.ports.site import Clock

log = structlog.get_logger()


class Result(StrEnum):
    """What came of an attempt."""

    SENT = "sent"
    REPEATED = "repeated"
    """Sent again though it may have arrived before, to a service that can't know."""
    FAILED = "failed"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a sender is. `life` is how long a notice is worth sending."""

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=5)
    after_refusal: timedelta = timedelta(minutes=15)
    life: timedelta = timedelta(hours=24)


PATIENT = Pace()


@dataclass(slots=True)
class Sender:
    """Sends the notices of the channel with that name. `count` is called with the result of each attempt."""

    name: str
    channel: Channel
    outbox: Outbox
    clock: Clock
    count: Callable[[str, Result, int], None]
    pace: Pace = PATIENT
    _failures: int = 0
    _rests_until: datetime | None = field(default=None)
    _trouble: str | None = None

    def trouble(self) -> str | None:
        """Return why its notices do not arrive, None while they do."""
        return self._trouble

    def next_turn(self) -> datetime | None:
        """Return when there is something to do, aware UTC; None while nothing waits. Raises JournalError."""
        upcoming = self.outbox.next_after(self.name)
        if upcoming is None or self._rests_until is None:
            return upcoming
        return max(upcoming, self._rests_until)

    def turn(self, is_stopped: Callable[[], bool] = lambda: False) -> None:
        """Send what may be sent now. Raises JournalError, and sends nothing that it could not write down before."""
        now = self.clock.now()
        if self._rests_until and now < self._rests_until:
            return
        self._rests_until = None
        for parcel in parcels(self.outbox.due(self.name, now)):
            if is_stopped() or self._rests_until:
                return
            if now - parcel.notices[0].made > self.pace.life:
                self._give_up(parcel)
            else:
                self._send(parcel)

    def _send(self, parcel: Parcel) -> None:
        now = self.clock.now()
        was_in_doubt = any(each.in_doubt for each in parcel.notices)
        before = Before(
            remote=self._remote(parcel),
            is_uncertain=was_in_doubt,
            since=parcel.notices[0].first_tried,
        )
        self.outbox.trying(parcel.notices, now, parcel.digest)
        try:
            receipt = self.channel.deliver(parcel.notice, before)
        except NotDeliveredError as error:
            in_doubt = was_in_doubt or error.is_unknown
            self._failed(parcel, error, in_doubt=in_doubt)
        except NoticeRefusedError as error:
            self._refused(parcel, str(error), in_doubt=was_in_doubt)
        except Exception as error:  # noqa: BLE001 - a fault of ours on one notice must not stop the others
            why = f"unexpected {type(error).__name__}"
            self._refused(parcel, why, in_doubt=True)
        else:
            self.outbox.sent(parcel.notices, self.clock.now(), receipt.remote)
            is_repeated = was_in_doubt and not self.channel.has_key
            self._sent(Result.REPEATED if is_repeated else Result.SENT, parcel)

    def _remote(self, parcel: Parcel) -> str | None:
        """Return the service's id of the story; a digest has none before it was sent."""
        if parcel.digest:
            return None
        return self.outbox.remote_of(self.name, parcel.notices[0].thread)

    def _sent(self, result: Result, parcel: Parcel) -> None:
        self._failures = 0
        self._trouble = None
        self.count(self.name, result, len(parcel.notices))

    def _failed(
        self, parcel: Parcel, error: NotDeliveredError, *, in_doubt: bool
    ) -> None:
        """Leave the whole channel alone for a while: what comes after would fare no better."""
        now = self.clock.now()
        own = backoff(self.pace.first, self.pace.longest, self._failures)
        self._failures += 1
        self._rests_until = now + (error.wait or own)
        self._trouble = str(error)
        self.outbox.failed(
            parcel.notices, self._rests_until, str(error), in_doubt=in_doubt
        )
        self.count(self.name, Result.FAILED, len(parcel.notices))
        log.warning("notice_not_sent", channel=self.name, why=str(error))

    def _refused(self, parcel: Parcel, why: str, *, in_doubt: bool) -> None:
        """Try it again much later: somebody may mend the channel."""
        after = self.clock.now() + self.pace.after_refusal
        self._trouble = why
        self.outbox.failed(parcel.notices, after, why, in_doubt=in_doubt)
        self.count(self.name, Result.REFUSED, len(parcel.notices))
        log.error("notice_refused", channel=self.name, why=why)

    def _give_up(self, parcel: Parcel) -> None:
        why = parcel.notices[0].why or "it was too late"
        self.outbox.given_up(parcel.notices, self.clock.now(), why)
        self._trouble = f"a notice was given up: {why}"
        self.count(self.name, Result.GIVEN_UP, len(parcel.notices))
        requests = [each.request for each in parcel.notices]
        log.error(
            "notice_given_up", channel=self.name, why=why, requests=requests
        )
