"""What there is to say of an ETA, by state alone: settled, told once per value, emptied, past, reached (D21)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jsm_sla_bot.sla.eta import Eta, EtaNews, EtaView, eta_view, standing_eta
from jsm_sla_bot.sla.history import as_of, in_order
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
    Status,
)
from tests.sla.contract import (
    CLOSED,
    IN_PROGRESS,
    OPEN,
    RESOLVED,
    STOCKHOLM,
    SWEDEN,
    entry,
    local,
    moved,
    request,
)

SETTLES = timedelta(minutes=10)
REPORTED = "2026-03-02 08:00"
TUESDAY = date(2026, 3, 3)
WEDNESDAY = date(2026, 3, 4)
SATURDAY = date(2026, 3, 7)


def at(text: str) -> datetime:
    """Return a value of a datetime field: an instant, given on the wall clock of Stockholm."""
    return local(text)


def sets(
    when: str, before: Eta | None, after: Eta | None, role: Role = Role.AGENT
) -> HistoryEntry:
    """Return a change of the ETA at a local time."""
    return entry(when, Deed.ETA, after, before, role)


def raised(
    *history: HistoryEntry, eta: Eta | None = None, status: Status = OPEN
) -> RequestSnapshot:
    """Return a request whose ETA is the last one set, or the one given where the history has none."""
    last = [each.after for each in history if each.what is Deed.ETA]
    value = last[-1] if last else eta
    return request(REPORTED, *history, eta=value, status=status)


def seen(
    asked: RequestSnapshot, when: str, read: Eta | None = None
) -> EtaView:
    """Return how the ETA stands at a local time where the customer has read that value last."""
    now = local(when)
    known = as_of(in_order(asked), now)
    return eta_view(known, read, SETTLES, SWEDEN, now)


FIRST = EtaNews.FIRST
CHANGED = EtaNews.CHANGED
EMPTIED = EtaNews.EMPTIED
PAST = EtaNews.PAST
REACHED = EtaNews.REACHED
TEN = "2026-03-02 10:00"
NOON = at("2026-03-02 12:00")
ONE = at("2026-03-02 13:00")
SET = sets(TEN, None, NOON)
MOVED = sets("2026-03-02 11:00", NOON, ONE)


@pytest.mark.parametrize(
    ("asked", "when", "read", "news"),
    [
        pytest.param(raised(), "2026-03-02 10:30", None, None, id="none was ever set"),
        pytest.param(raised(SET), "2026-03-02 10:09", None, None, id="not settled yet"),
        pytest.param(raised(SET), "2026-03-02 10:10", None, FIRST, id="settled"),
        pytest.param(raised(SET), "2026-03-02 10:30", NOON, None, id="read already"),
        pytest.param(raised(eta=NOON), "2026-03-02 08:09", None, None, id="set with the report, not settled"),
        pytest.param(raised(eta=NOON), "2026-03-02 08:10", None, FIRST, id="set with the report"),
        pytest.param(raised(SET, MOVED), "2026-03-02 11:09", NOON, None, id="changed, not settled"),
        pytest.param(raised(SET, MOVED), "2026-03-02 11:10", NOON, CHANGED, id="changed"),
        pytest.param(raised(SET, MOVED), "2026-03-02 11:10", None, FIRST, id="changed before anybody read it"),
        pytest.param(raised(SET, MOVED), "2026-03-02 11:10", ONE, None, id="changed and read"),
        pytest.param(raised(SET, MOVED, sets("2026-03-02 11:04", ONE, NOON)), "2026-03-02 11:30", NOON, None,
            id="changed and back before it had settled"),
        pytest.param(raised(SET, MOVED, sets("2026-03-02 11:40", ONE, NOON)), "2026-03-02 11:50", ONE, CHANGED,
            id="back to an earlier one"),
        pytest.param(raised(SET, sets("2026-03-02 10:08", NOON, NOON)), "2026-03-02 10:10", None, FIRST,
            id="written again as it was"),
        pytest.param(raised(SET, sets("2026-03-02 10:08", NOON, None)), "2026-03-02 10:30", None, None,
            id="emptied before anybody read it"),
        pytest.param(raised(SET, sets("2026-03-02 11:00", NOON, None)), "2026-03-02 11:09", NOON, None,
            id="emptied, not settled"),
        pytest.param(raised(SET, sets("2026-03-02 11:00", NOON, None)), "2026-03-02 11:10", NOON, EMPTIED,
            id="emptied after it was read"),
        pytest.param(raised(sets(TEN, None, at("2026-03-02 09:59"))), "2026-03-02 10:09", None, None,
            id="past when set, not settled"),
        pytest.param(raised(sets(TEN, None, at("2026-03-02 09:59"))), "2026-03-02 10:10", None, PAST,
            id="past when set"),
        pytest.param(raised(sets(TEN, None, at(TEN))), "2026-03-02 10:10", None, PAST, id="at the instant of setting"),
        pytest.param(raised(SET), "2026-03-02 11:59", NOON, None, id="not reached yet"),
        pytest.param(raised(SET), "2026-03-02 12:00", NOON, REACHED, id="reached"),
        pytest.param(raised(SET), "2026-03-04 09:00", NOON, REACHED, id="reached, seen late"),
        pytest.param(raised(SET), "2026-03-04 09:00", None, REACHED, id="reached before anybody looked"),
        pytest.param(raised(sets("2026-03-02 11:55", None, NOON)), "2026-03-02 12:04", None, None,
            id="reached before it has settled"),
        pytest.param(raised(sets("2026-03-02 11:55", None, NOON)), "2026-03-02 12:05", None, REACHED,
            id="reached and then settled"),
        pytest.param(raised(SET, sets("2026-03-02 11:58", NOON, ONE)), "2026-03-02 12:00", NOON, None,
            id="moved just before it is reached"),
        pytest.param(raised(SET, sets("2026-03-02 13:00", NOON, at("2026-03-02 15:00"))), "2026-03-02 13:10", NOON,
            CHANGED, id="moved after it was reached"),
    ],
)  # fmt: skip
def test_what_there_is_to_say(
    asked: RequestSnapshot, when: str, read: Eta | None, news: EtaNews | None
) -> None:
    """D21: told once it has settled, once per value, old and new; emptied, past and reached are for agents."""
    assert seen(asked, when, read).news is news


@pytest.mark.parametrize("role", list(Role))
def test_whoever_sets_it(role: Role) -> None:
    """The field decides, whoever wrote it: a person, an automation or an app."""
    asked = raised(sets(TEN, None, NOON, role))
    assert seen(asked, "2026-03-02 10:10").news is FIRST


RESOLVES = moved("2026-03-02 11:30", RESOLVED, IN_PROGRESS)


@pytest.mark.parametrize(
    ("history", "when", "status", "read", "news"),
    [
        pytest.param((RESOLVES,), "2026-03-02 11:40", RESOLVED, None, None, id="closed: nothing is told"),
        pytest.param((RESOLVES,), "2026-03-02 12:30", RESOLVED, NOON, None, id="closed before it is reached"),
        pytest.param((RESOLVES, moved("2026-03-02 11:45", OPEN, RESOLVED)), "2026-03-02 12:00", OPEN, NOON, REACHED,
            id="reopened before it is reached"),
        pytest.param((RESOLVES, moved("2026-03-02 12:45", OPEN, RESOLVED)), "2026-03-02 12:50", OPEN, NOON, None,
            id="reached while it was closed, reopened later"),
        pytest.param((moved("2026-03-02 12:30", CLOSED),), "2026-03-02 12:00", CLOSED, NOON, REACHED,
            id="closed later than now"),
        pytest.param((RESOLVES, sets("2026-03-02 11:35", NOON, None)), "2026-03-02 12:00", RESOLVED, NOON, None,
            id="emptied once it was closed"),
    ],
)  # fmt: skip
def test_only_while_open(
    history: tuple[HistoryEntry, ...],
    when: str,
    status: Status,
    read: Eta | None,
    news: EtaNews | None,
) -> None:
    """Of a closed request there is nothing to say, nor of an ETA that passed while it was closed."""
    asked = raised(SET, *history, status=status)
    assert seen(asked, when, read).news is news


@pytest.mark.parametrize(
    ("eta", "ends"),
    [
        pytest.param(TUESDAY, "2026-03-03 17:00", id="a business day"),
        pytest.param(SATURDAY, "2026-03-08 00:00", id="a Saturday: the end of the date itself"),
        pytest.param(date(2026, 4, 3), "2026-04-04 00:00", id="Good Friday"),
        pytest.param(date(2026, 3, 29), "2026-03-30 00:00", id="the Sunday on which the clocks change"),
        pytest.param(date(2026, 3, 30), "2026-03-30 17:00", id="the first day of summer time"),
        pytest.param(date(2031, 3, 4), "2031-03-05 00:00", id="past the snapshot: no hours are guessed"),
        pytest.param(at("2026-03-03 23:15"), "2026-03-03 23:15", id="an instant outside of business hours"),
    ],
)  # fmt: skip
def test_when_it_is_reached(eta: Eta, ends: str) -> None:
    """A date means the end of that day's business hours; an instant means itself."""
    view = seen(raised(sets(TEN, None, eta)), "2026-03-02 10:30")
    assert view.ends == local(ends)
    assert view.news is FIRST


@pytest.mark.parametrize("day", [date.max, date.min])
def test_dates_at_the_end_of_time(day: date) -> None:
    """A slip of the pen in a date field is no reason to give a request up."""
    view = seen(raised(sets(TEN, None, day)), "2026-03-02 10:30")
    assert view.news in {FIRST, PAST}


def test_today_after_hours() -> None:
    """A date whose business hours are over when it is set lies in the past."""
    late = raised(sets("2026-03-03 17:30", None, TUESDAY))
    assert seen(late, "2026-03-03 18:00").news is PAST
    saturday = raised(sets("2026-03-07 17:30", None, SATURDAY))
    assert seen(saturday, "2026-03-07 18:00").news is FIRST


def test_a_date_and_an_instant_differ() -> None:
    """A field of another kind in its place makes another value, though both end at the same instant."""
    same = at("2026-03-03 17:00")
    asked = raised(sets(TEN, None, TUESDAY), sets("2026-03-02 11:00", TUESDAY, same))  # fmt: skip
    assert seen(asked, "2026-03-02 11:10", TUESDAY).news is CHANGED


@pytest.mark.parametrize(
    ("asked", "when", "read", "next_at"),
    [
        pytest.param(raised(), "2026-03-02 10:05", None, None, id="none: nothing to come"),
        pytest.param(raised(SET), "2026-03-02 10:05", None, "2026-03-02 10:10", id="first it settles"),
        pytest.param(raised(SET), "2026-03-02 10:10", None, "2026-03-02 12:00", id="then it is reached"),
        pytest.param(raised(SET), "2026-03-02 12:00", NOON, None, id="then nothing"),
        pytest.param(raised(SET, MOVED), "2026-03-02 11:05", NOON, "2026-03-02 11:10", id="each change settles"),
        pytest.param(raised(SET, sets("2026-03-02 11:00", NOON, None)), "2026-03-02 11:05", NOON, "2026-03-02 11:10",
            id="so does an emptied one that was read"),
        pytest.param(raised(SET, sets("2026-03-02 10:05", NOON, None)), "2026-03-02 10:06", None, None,
            id="one that nobody has read does not"),
        pytest.param(raised(SET, RESOLVES, status=RESOLVED), "2026-03-02 11:31", None, None, id="closed: nothing"),
    ],
)  # fmt: skip
def test_what_time_alone_brings(
    asked: RequestSnapshot, when: str, read: Eta | None, next_at: str | None
) -> None:
    """The agenda knows when a value settles and when it is reached; nothing has to be polled for it."""
    expected = local(next_at) if next_at else None
    assert seen(asked, when, read).next_at == expected


def test_three_edits_in_five_minutes() -> None:
    """Only the last value ever settles: at no instant is another one told."""
    values = (NOON, ONE, at("2026-03-02 14:00"))
    asked = raised(
        sets("2026-03-02 10:00", None, values[0]),
        sets("2026-03-02 10:02", values[0], values[1]),
        sets("2026-03-02 10:05", values[1], values[2]),
    )
    told: list[tuple[str, Eta | None]] = []
    read: Eta | None = None
    for minute in range(60):
        when = f"2026-03-02 10:{minute:02}"
        view = seen(asked, when, read)
        if view.news:
            read = view.standing.value
            told.append((when, read))
    assert told == [("2026-03-02 10:15", values[2])]


def test_since_when_it_stands() -> None:
    """A value stands since the change that brought it, since the report where nobody has changed it."""
    assert standing_eta(raised(eta=NOON)).since == local(REPORTED)
    twice = raised(SET, sets("2026-03-02 10:30", NOON, NOON))
    assert standing_eta(twice).since == local(TEN)
    back = raised(SET, MOVED, sets("2026-03-02 11:05", ONE, NOON))
    assert standing_eta(back).since == local("2026-03-02 11:05")


def test_in_whatever_zone_it_is_given() -> None:
    """An instant is the same in every zone."""
    here = datetime(2026, 3, 2, 12, tzinfo=STOCKHOLM)
    view = seen(raised(sets(TEN, None, here)), "2026-03-02 10:10", NOON)
    assert view.news is None
    assert view.ends is not None
    assert view.ends.tzinfo is UTC
