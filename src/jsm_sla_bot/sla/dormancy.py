"""When a request that waits for its customer is taken up with them, closed in the end, and reopened (R11, D23-D27).

Pure: the history decides, also which steps were taken, so an outage or a second look comes to the same.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from jsm_sla_bot.sla.acknowledgement import closing
from jsm_sla_bot.sla.assessment import Measurement, SlaStatus
from jsm_sla_bot.sla.contract import DormancyRule, Terms
from jsm_sla_bot.sla.dormancy_state import (
    CLOSING,
    Announced,
    Dormancy,
    DormantState,
    Ground,
    StepAt,
    Why,
    ground,
    reminder,
)
from jsm_sla_bot.sla.errors import CalendarError
from jsm_sla_bot.sla.eta import end_of
from jsm_sla_bot.sla.request import Deed, RequestSnapshot, Role
from jsm_sla_bot.sla.silence import (
    Silence,
    Taken,
    all_taken,
    carries,
    last_taken,
    silence_of,
    unanswered_comment,
    was_closed,
)

_NONE_OWED = frozenset({SlaStatus.NOT_APPLICABLE, SlaStatus.NOT_ENTITLED})


class _Case(NamedTuple):
    """A request as it is known at `now`, its history in order, with the rule that holds for it."""

    request: RequestSnapshot
    measured: Measurement
    terms: Terms
    rule: DormancyRule
    now: datetime

    @property
    def source(self) -> str:
        """Where the rule stands."""
        return self.terms.source("dormancy")


def dormancy(
    request: RequestSnapshot, measured: Measurement, now: datetime
) -> Dormancy | None:
    """Say which step is due when, or why none is; None where R11 says nothing of a request.

    The history must be in order and end at `now` (aware UTC). A calendar that does not reach so far gives an UNKNOWN.
    """
    terms = measured.terms
    rule = terms.dormancy if terms else None
    if terms is None or rule is None or measured.status in _NONE_OWED:
        return None
    case = _Case(request, measured, terms, rule, now)
    if carries(request, rule.ignore_label):
        return None
    try:
        found = _closed(case) if request.status.is_done else _open(case)
    except CalendarError as error:
        said = ground(Why.CALENDAR_ENDS, "D16", message=str(error))
        return Dormancy(DormantState.UNKNOWN, (said,))
    return found


def _open(case: _Case) -> Dormancy | None:
    """Say how an open request stands; nothing of one that does not wait, or whose severity never goes dormant."""
    request = case.request
    present = request.severity
    severity = case.measured.severity if present is None else present
    if not request.status.is_waiting or severity not in case.rule.severities:
        return None
    grounds = (*_waiting(case),)
    return (
        _hindered(case, grounds)
        or _unanswered(case, grounds)
        or _sequence(case, grounds)
    )


def _hindered(case: _Case, grounds: tuple[Ground, ...]) -> Dormancy | None:
    """Return what keeps a request from going dormant (D23), None where nothing does."""
    if case.measured.acknowledged_at is None:
        why = ground(Why.NOT_ACKNOWLEDGED, "D23")
        return Dormancy(DormantState.NOT_ACKNOWLEDGED, (*grounds, why))
    label = case.rule.keep_open_label
    if carries(case.request, label):
        why = ground(Why.KEEP_OPEN_LABEL, "D23", label=label)
        return Dormancy(DormantState.KEPT_OPEN, (*grounds, why))
    ends = end_of(case.request.eta, case.terms.calendar)
    if ends is not None and case.now < ends:
        why = ground(Why.ETA_AHEAD, "D23", eta=ends)
        state = DormantState.ETA_AHEAD
        return Dormancy(state, (*grounds, why), next_at=ends)
    return None


def _unanswered(case: _Case, grounds: tuple[Ground, ...]) -> Dormancy | None:
    """Return that a request waits for us, or that there is nothing to count from; None where the customer is silent."""
    silence = silence_of(case.request)
    if silence is None:
        why = ground(Why.NOTHING_TO_COUNT_FROM, "D24")
        return Dormancy(DormantState.UNDATED, (*grounds, why))
    if not silence.is_customers:
        return None
    why = ground(Why.CUSTOMER_ACTED, "D24", at=silence.at)
    flag_at = silence.at + case.rule.flag_after
    return Dormancy(
        DormantState.WAITS_FOR_US,
        (*grounds, why),
        since=silence.at,
        flag_at=flag_at,
        next_at=flag_at if flag_at > case.now else None,
    )


def _sequence(case: _Case, grounds: tuple[Ground, ...]) -> Dormancy:
    """Say which step comes next: the first counts from the silence, each further one from the note before (D25)."""
    silence = silence_of(case.request)
    if silence is None:  # pragma: no cover - the caller has looked
        raise AssertionError
    taken = last_taken(case.request, silence.at)
    since = silence.at
    grounds = (*grounds, _counted_from(silence))
    if taken and taken.said.is_closing:
        return _closing_said(case, taken, since, grounds)
    if taken:
        grounds = (*grounds, ground(Why.REMINDED, "D25", at=taken.at))
    steps = tuple(_steps_ahead(case, taken, since))
    after = taken.at if taken else since
    why = _step_due(case, steps[0], after)
    ahead = [step.at for step in steps if step.at > case.now]
    return Dormancy(
        DormantState.DORMANT,
        (*grounds, why),
        since=since,
        steps=steps,
        next_at=min(ahead, default=None),
    )


def _closing_said(
    case: _Case,
    taken: Taken,
    since: datetime,
    grounds: tuple[Ground, ...],
) -> Dormancy:
    """Say what is left once the customer has read that the request is closed: the transition, made once."""
    if was_closed(case.request, taken.at):
        why = ground(Why.CLOSED_ONCE, "D26", at=taken.at)
        return Dormancy(DormantState.OVER, (*grounds, why), since=since)
    why = ground(Why.CLOSING_SAID, "D26", at=taken.at)
    step = StepAt(CLOSING, taken.at, case.rule.close_after)
    return Dormancy(
        DormantState.DORMANT,
        (*grounds, why),
        since=since,
        steps=(step,),
        is_closing_said=True,
    )


def _steps_ahead(
    case: _Case, taken: Taken | None, since: datetime
) -> Iterator[StepAt]:
    """Yield the steps that are left, each as it follows if the one before is taken when it is due, or now."""
    done = taken.said.number if taken else 0
    announced = list(taken.said.announced) if taken else []
    after = taken.at if taken else since
    is_closed = False
    while not is_closed:
        said = announced.pop(0) if announced else None
        step, days = _next(case.rule, done, said)
        at = case.terms.calendar.opening_after(after, days)
        yield StepAt(step, at, days)
        is_closed = step == CLOSING
        after = max(at, case.now)
        done += 1


def _next(
    rule: DormancyRule, done: int, announced: Announced | None
) -> Announced:
    """Return the step after so many reminders; never a harder or an earlier one than was announced in its place.

    A policy may have changed since: nobody gets less time than a note promised (D25).
    """
    is_last = done >= len(rule.reminders)
    days = rule.close_after if is_last else rule.reminders[done]
    step = CLOSING if is_last else reminder(done + 1)
    if announced is None:
        return Announced(step, days)
    if is_last and announced.step != CLOSING:
        step = announced.step
    return Announced(step, max(days, announced.days))


def _closed(case: _Case) -> Dormancy | None:
    """Say how a request stands that R11 has closed (D27); nothing of one that anybody else has."""
    closed = closing(case.request)
    if closed is None or closed.at is None or closed.role is not Role.BOT:
        return None
    notes = all_taken(case.request, closed.at)
    if not notes or not notes[-1].said.is_closing:
        return None
    before = notes[-2].at if len(notes) > 1 else notes[-1].at
    within = case.rule.reopen_within
    until = case.terms.calendar.opening_after(closed.at, within)
    said = ground(
        Why.CLOSED_BY_US, "D26", case.source, at=closed.at, until=until
    )
    act = unanswered_comment(case.request, before)
    if act is None:
        return Dormancy(DormantState.CLOSED, (said,), since=closed.at)
    may_reopen = act <= until
    why = Why.REOPENS if may_reopen else Why.TOO_LATE_TO_REOPEN
    return Dormancy(
        DormantState.CLOSED,
        (said, ground(why, "D27", at=act)),
        since=closed.at,
        act=act,
        may_reopen=may_reopen,
    )


def _waiting(case: _Case) -> Iterator[Ground]:
    """Yield that a request waits for its customer, and that its organization has a rule of its own (R12)."""
    status = case.request.status.name
    yield ground(Why.WAITING, "D23", status=status)
    if "dormancy" in case.terms.overridden:
        yield ground(Why.OVERRIDE, "R12", case.source)


def _counted_from(silence: Silence) -> Ground:
    is_entry = silence.what is Deed.STATUS
    why = Why.COUNTED_FROM_ENTRY if is_entry else Why.COUNTED_FROM_COMMENT
    return ground(why, "D24", at=silence.at)


def _step_due(case: _Case, step: StepAt, after: datetime) -> Ground:
    return ground(
        Why.STEP_DUE,
        "D25",
        case.source,
        step=step.step,
        due=step.at,
        days=step.days,
        after=after,
        calendar=case.terms.calendar.name,
    )
