"""The notes on a request that waits for its customer, and the transitions that close and reopen it (R11, D24-D27).

State decides: a reminder is owed when its step is due and no note of ours says it. The customer never reads of a
closing that the workflow does not offer: the note and its transition go together (`plan.move`).
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from jsm_sla_bot.plan import dormancy_notes
from jsm_sla_bot.plan.markers import (
    dormancy_flag_marker,
    public_marker,
    reminder_about,
    reminders_said,
)
from jsm_sla_bot.plan.public.dormant_facts import (
    closing_facts,
    reminder_facts,
)
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.matter import (
    Matter,
    Owed,
    OwedFlag,
    OwedMove,
    OwedNote,
)
from jsm_sla_bot.sla.dormancy_state import (
    CLOSING,
    Announced,
    Dormancy,
    DormantState,
)
from jsm_sla_bot.sla.errors import CalendarError

_ONE_DAY = timedelta(days=1)


def dormant_notes(matter: Matter) -> Iterator[Owed]:
    """Yield what is owed of R11 now."""
    dormancy = matter.dormancy
    if dormancy is None:
        return
    match dormancy.state:
        case DormantState.DORMANT:
            yield from _step(matter, dormancy)
        case DormantState.WAITS_FOR_US:
            yield from _unanswered(matter, dormancy)
        case DormantState.CLOSED:
            yield from _reopening(matter, dormancy)
        case _:
            pass


def _step(matter: Matter, dormancy: Dormancy) -> Iterator[Owed]:
    """Yield the step that is due, one and never more (D25)."""
    since, due = dormancy.since, dormancy.due
    if since is None or due is None or matter.now < due:
        return
    if dormancy.step == CLOSING:
        yield from _closing(matter, dormancy, since)
    else:
        yield from _reminder(matter, dormancy, since)


def _reminder(
    matter: Matter, dormancy: Dormancy, since: datetime
) -> Iterator[OwedNote]:
    """Yield the reminder that is due, with the steps after it; its text holds until the date changes."""
    present, *following = dormancy.steps
    number = int(present.step.rpartition(" ")[2])
    facts = reminder_facts(matter.request.key, dormancy, matter.zone)
    if facts is None or number in reminders_said(matter.said, since):
        return
    ahead = [Announced(each.step, each.days) for each in following]
    about = reminder_about(number, since, ahead)
    yield OwedNote(NoteKind.REMINDER, about, facts, _next_day(matter))


def _closing(
    matter: Matter, dormancy: Dormancy, since: datetime
) -> Iterator[Owed]:
    """Yield the closing: its note and then the transition, or what agents are to do where there is none (D26)."""
    close_to = matter.ways.close_to
    marker = dormancy_flag_marker("D26", "not_closed", since)
    flag = OwedFlag(marker, dormancy_notes.not_closed(close_to))
    if close_to is None:
        yield flag
    elif dormancy.is_closing_said:
        yield OwedMove(close_to, flag)
    else:
        about = since.isoformat()
        awaits = public_marker(NoteKind.CLOSING, about)
        if awaits in matter.said:
            return
        facts = _closing_facts(matter, dormancy)
        yield OwedNote(NoteKind.CLOSING, about, facts, _next_day(matter))
        yield OwedMove(close_to, flag, awaits)


def _closing_facts(matter: Matter, dormancy: Dormancy) -> dict[str, str]:
    """Return the facts of the closing; where no comment reopens it by itself, it names no time for that."""
    until = _reopens_until(matter)
    facts = closing_facts(
        matter.request.key, dormancy, until or matter.now, matter.zone
    )
    return facts if until else {**facts, "reopens_until": ""}


def _reopens_until(matter: Matter) -> datetime | None:
    """Return until when a comment reopens it by itself, if it is closed now; None where none does."""
    rule = matter.terms.dormancy
    if rule is None or matter.ways.reopen_to is None:
        return None
    calendar = matter.terms.calendar
    try:
        return calendar.opening_after(matter.now, rule.reopen_within)
    except CalendarError:
        return None


def _unanswered(matter: Matter, dormancy: Dormancy) -> Iterator[OwedFlag]:
    """Yield that the customer has acted and nobody answered, once for that act (D24)."""
    act, flag_at = dormancy.since, dormancy.flag_at
    since = matter.ways.flags_since
    if act is None or flag_at is None or since is None:
        return
    if matter.now < flag_at or act < since:
        return
    marker = dormancy_flag_marker("D24", "waits_for_us", act)
    shown = matter.instant(act)
    status = matter.request.status.name
    said = dormancy_notes.unanswered(shown, status, matter.assignee)
    yield OwedFlag(marker, said)


def _reopening(matter: Matter, dormancy: Dormancy) -> Iterator[Owed]:
    """Yield the reopening that the customer's comment asks for, or what agents are to do about it (D27)."""
    act = dormancy.act
    if act is None:
        return
    shown = matter.instant(act)
    reopen_to = matter.ways.reopen_to
    kind = "not_reopened" if dormancy.may_reopen else "too_late"
    marker = dormancy_flag_marker("D27", kind, act)
    flag = OwedFlag(
        marker,
        dormancy_notes.not_reopened(
            shown, reopen_to, is_late=not dormancy.may_reopen
        ),
    )
    if dormancy.may_reopen and reopen_to:
        yield OwedMove(reopen_to, flag)
    else:
        yield flag


def _next_day(matter: Matter) -> datetime:
    """Return when the date changes that a clock on the customer's wall shows: what a note promises counts from it."""
    day = matter.terms.calendar.local_date(matter.now) + _ONE_DAY
    return datetime.combine(day, time(), matter.zone)
