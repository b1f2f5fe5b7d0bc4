"""Puts into the outbox what people have to know, from how the desk stands: the state decides, not an event.

Needs the outbox. Promises: each step of a story is taken in once for each of its channels, whenever the process ends or
however often the same state is seen; a story ends at every channel that was told of it. Threads: one at a time tells.
Restart: the outbox knows which stories are open. Accepted: a step that was told and comes again for the same due time
(an answer that is taken back) is not told again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jsm_sla_bot.notify.morning import OPENING, morning
from jsm_sla_bot.notify.parcels import DIGEST
from jsm_sla_bot.notify.stored import read, stored
from jsm_sla_bot.notify.telling import (
    MOST_SEVERE,
    elapsed,
    ending,
    firing,
    occasion_of,
    rung_of,
    story_of,
)
from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.ports.journal.outbox import Outbox, Outgoing
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify import Notice, NoticeState, Story, Urgency
from jsm_sla_bot.ports.notify_plan import Route, Rung

GATHER = timedelta(minutes=2)
"""What may wait goes out at the end of each such span, so that many that come together are one message."""
KEPT = timedelta(days=14)
"""So long a story that is over is remembered: what is seen again then is not told again."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Stories = Mapping[str, Sequence[Outgoing]]


@dataclass(frozen=True, slots=True)
class _Matter:
    """A notice for a channel, as the desk stands. `quiet_until` ends the quiet hours that run there, if any do."""

    channel: str
    route: Route
    state: RequestState
    rung: Rung
    notice: Notice
    quiet_until: datetime | None


@dataclass(slots=True)
class Teller:
    """Tells of one desk."""

    outbox: Outbox

    def tell(self, view: DeskView) -> None:
        """Take in what is new, and end what is over. Raises JournalError."""
        rows = self.outbox.open_stories()
        stories = _by_thread(rows)
        self.outbox.put([*_new(view, stories)])
        self._tell_morning(view, [row for row in rows if row.rung == OPENING])
        self._end(view, stories)

    def _tell_morning(self, view: DeskView, told: Sequence[Outgoing]) -> None:
        """Tell once at each opening how the desk stands, as soon as all of it is known; the one before is over."""
        notice = morning(view) if view.plan.digest and view.is_whole else None
        if notice is None or notice.id in {row.id for row in told}:
            return
        self.outbox.put(
            [_outgoing(notice, each, view.now) for each in view.plan.digest]
        )
        self.outbox.ended([row.thread for row in told])

    def _end(self, view: DeskView, stories: Stories) -> None:
        over = _over(view, stories)
        if not over:
            return
        states = {state.key: state for state in view.states}
        self.outbox.put([*_ends(view, over, states), *self._digests(over)])
        self.outbox.ended([*over])
        self.outbox.forget(view.now - KEPT)

    def _digests(self, over: Stories) -> Iterator[Outgoing]:
        """Yield the end of each digest of which no story is left."""
        sent_together = {
            (each.channel, each.digest or ""): each
            for each in _every(over)
            if each.digest
        }
        for (channel, digest), one in sent_together.items():
            together = self.outbox.in_digest(channel, digest)
            if all(each.thread in over for each in together):
                yield _end_of_digest(one, digest)


def _new(view: DeskView, stories: Stories) -> Iterator[Outgoing]:
    """Yield what is to be told for the first time, or again."""
    for one in _matters(view):
        told = [
            row
            for row in stories.get(one.notice.thread, ())
            if row.channel == one.channel and row.rung == one.notice.rung
        ]
        notice = _repeated(one, told, view) if told else one.notice
        if notice and notice.id not in {row.id for row in told}:
            yield _outgoing(notice, one.channel, view.now, one.quiet_until)


def _repeated(
    one: _Matter, told: Sequence[Outgoing], view: DeskView
) -> Notice | None:
    """Return the repetition that is due by now, the last one only; None where none is, or nobody is to be woken."""
    repeat = one.route.repeat
    sent = [row.sent for row in told if row.sent]
    if repeat is None or one.quiet_until or not sent:
        return None
    again = elapsed(one.state, min(sent), view) // repeat
    return firing(one.state, one.rung, view, again) if again else None


def to_tell(view: DeskView) -> Iterator[tuple[str, Notice]]:
    """Yield each channel with a notice for it, as the desk stands; what was told before is among them."""
    for one in _matters(view):
        yield one.channel, one.notice


def _matters(view: DeskView) -> Iterator[_Matter]:
    zone = view.policy.default_terms.calendar.spec.zone
    silenced = {each.about for each in view.silences}
    for state in view.states:
        rung = rung_of(state)
        if rung is None or silenced & {state.key, state.organization}:
            continue
        notice = firing(state, rung, view)
        occasion = occasion_of(state, rung, view)
        for channel, route in view.plan.routes_for(occasion).items():
            quiet = route.quiet and route.quiet.over_at(view.now, zone)
            yield _Matter(channel, route, state, rung, notice, quiet)


def _over(view: DeskView, stories: Stories) -> Stories:
    """Return the open stories in which nobody has to act any more."""
    known = {state.key for state in view.states}
    going_on = {
        _thread(state) for state in view.states if rung_of(state) is not None
    }
    return {
        thread: rows
        for thread, rows in stories.items()
        if thread not in going_on
        and (view.is_whole or rows[0].request in known)
    }


def _ends(
    view: DeskView, over: Stories, states: Mapping[str, RequestState]
) -> Iterator[Outgoing]:
    """Yield the end of each story, for each channel that was told of it, or may have been."""
    for rows in over.values():
        latest = {
            row.channel: row
            for row in rows
            if not row.is_end and (row.tried or not row.is_held)
        }
        for channel, row in latest.items():
            if row.digest is None:
                first = read(row.body)
                notice = ending(first, states.get(row.request), view)
                yield _outgoing(notice, channel, view.now)


def _end_of_digest(one: Outgoing, digest: str) -> Outgoing:
    notice = Notice(
        story=Story(DIGEST, digest),
        rung="over",
        title="None of these requests waits for an answer any more",
        state=NoticeState.RESOLVED,
        urgency=Urgency.INFO,
    )
    return _outgoing(notice, one.channel, one.made)


def _outgoing(
    notice: Notice,
    channel: str,
    now: datetime,
    quiet_until: datetime | None = None,
) -> Outgoing:
    """Return what the outbox takes in; what comes in quiet hours waits for their end, and goes with others then."""
    may_wait = notice.severity > MOST_SEVERE and not notice.is_resolved
    is_held = may_wait or quiet_until is not None
    after = _gathered(now) if may_wait else now
    return Outgoing(
        channel=channel,
        id=notice.id,
        thread=notice.thread,
        request=notice.story.request,
        rung=notice.rung,
        is_end=notice.is_resolved,
        body=stored(notice),
        made=now,
        after=quiet_until or after,
        is_held=is_held,
    )


def _gathered(now: datetime) -> datetime:
    """Return the end of the span that `now` lies in: the same for all that comes in it."""
    spans = (now - EPOCH) // GATHER + 1
    return EPOCH + spans * GATHER


def _thread(state: RequestState) -> str:
    return Notice(story_of(state), rung="", title="").thread


def _by_thread(rows: Sequence[Outgoing]) -> Stories:
    stories: dict[str, list[Outgoing]] = {}
    for row in rows:
        if row.request != DIGEST:
            stories.setdefault(row.thread, []).append(row)
    return stories


def _every(stories: Stories) -> Iterator[Outgoing]:
    for rows in stories.values():
        yield from rows
