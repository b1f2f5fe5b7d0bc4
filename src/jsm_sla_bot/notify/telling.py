"""What is said of a request, in words: that it is at risk or late, and how that ended. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.plan.wording import (
    elapsed_text,
    minute_text,
    organization_text,
)
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify import Notice, NoticeState, Story, Urgency
from jsm_sla_bot.ports.notify_plan import Occasion, Rung, When
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE, SlaStatus
from jsm_sla_bot.sla.contract import Organization, Terms
from jsm_sla_bot.sla.errors import CalendarError
from jsm_sla_bot.sla.target import calendar_of

OVER = "over"
"""The rung that ends a story."""
RUNGS: Mapping[SlaStatus, Rung] = {
    SlaStatus.AT_RISK: Rung.AT_RISK,
    SlaStatus.BREACHED: Rung.BREACHED,
}
_SAID: Mapping[Rung, str] = {
    Rung.AT_RISK: "is {still}at risk: first response due {due}",
    Rung.BREACHED: "is {still}late: first response was due {due}",
}
MOST_SEVERE = 1
"""Of the most severe requests each is told alone and at once."""


def rung_of(state: RequestState) -> Rung | None:
    """Return which step people are to be told of; None where nobody has to act."""
    return RUNGS.get(state.status) if state.is_open else None


def story_of(state: RequestState) -> Story:
    """Return the story that a request's present due time tells."""
    return Story(state.key, FIRST_RESPONSE, state.due)


def occasion_of(state: RequestState, rung: Rung, view: DeskView) -> Occasion:
    """Return what routes see of it."""
    return Occasion(
        rung=rung,
        tier=state.tier,
        severity=state.severity,
        organization=state.organization,
        project=_project(state.key),
        when=_when(state, view),
    )


def firing(
    state: RequestState, rung: Rung, view: DeskView, again: int = 0
) -> Notice:
    """Return the notice that somebody has to act; `again`: which repetition it is."""
    customer = _customer(state, view)
    due = _time(state.due, view)
    said = _SAID[rung].format(due=due, still="still " if again else "")
    return Notice(
        story=story_of(state),
        rung=rung,
        title=f"{named(state, view)} {said}",
        severity=state.severity,
        urgency=_urgency(state, rung),
        tier=state.tier,
        organization=customer,
        project=_project(state.key),
        csm=_csm(state, view),
        lines=[*_facts(state, customer)],
        link=_link(state.key, view),
        supersedes=Rung.AT_RISK if rung is Rung.BREACHED else None,
        again=again,
    )


def named(state: RequestState, view: DeskView) -> str:
    """Return a request's name for people: its key, its severity and its customer."""
    return f"{state.key} (S{state.severity}, {_customer(state, view)})"


def elapsed(state: RequestState, since: datetime, view: DeskView) -> timedelta:
    """Return the time since an instant on the clock that the target of a request runs on; none beyond its days."""
    terms = _terms(state, view)
    try:
        return calendar_of(terms, state.clock).elapsed(since, view.now)
    except CalendarError:
        return timedelta(0)


def ending(
    first: Notice, state: RequestState | None, view: DeskView
) -> Notice:
    """Return the notice that nobody has to act any more. `first` began the story; no state: it is not measured now."""
    return Notice(
        story=first.story,
        rung=OVER,
        title=_ended(first, state, view),
        severity=first.severity,
        state=NoticeState.RESOLVED,
        urgency=Urgency.INFO,
        tier=first.tier,
        organization=first.organization,
        project=first.project,
        csm=first.csm,
        lines=first.lines,
        link=first.link,
        supersedes=first.rung,
    )


def _ended(first: Notice, state: RequestState | None, view: DeskView) -> str:
    key = first.story.request
    if state is None:
        return f"{key} is not measured any more"
    by = f" by {state.answered_by}" if state.answered_by else ""
    match state.status:
        case SlaStatus.MET:
            return f"{key} was answered in time{by}"
        case SlaStatus.MET_LATE:
            return f"{key} was answered{_late(state)}{by}"
        case _ if not state.is_open:
            return f"{key} is closed"
        case _ if state.due != first.story.due and state.due:
            return f"{key}: the first response is due {_time(state.due, view)} now"
        case status:
            return f"{key} is {str(status).lower()} now"


def _late(state: RequestState) -> str:
    if state.answered_at is None or state.due is None:
        return " late"
    late = elapsed_text(state.answered_at - state.due)
    return f" {late} late" if late else " less than a minute late"


def _facts(state: RequestState, customer: str) -> Iterator[str]:
    yield f"Organization: {customer}"
    yield f"Tier: {state.tier}"


def _urgency(state: RequestState, rung: Rung) -> Urgency:
    is_severe = state.severity == MOST_SEVERE
    match rung:
        case Rung.BREACHED:
            return Urgency.CRITICAL if is_severe else Urgency.ERROR
        case Rung.AT_RISK:
            return Urgency.ERROR if is_severe else Urgency.WARNING


def _organization(state: RequestState, view: DeskView) -> Organization | None:
    return view.policy.organizations.get(state.organization)


def _terms(state: RequestState, view: DeskView) -> Terms:
    known = _organization(state, view)
    return known.terms if known else view.policy.default_terms


def _customer(state: RequestState, view: DeskView) -> str:
    known = _organization(state, view)
    return organization_text(state.organization, known.name if known else "")


def _csm(state: RequestState, view: DeskView) -> str:
    known = _organization(state, view)
    return known.csm if known else ""


def _project(key: str) -> str:
    return key.rpartition("-")[0]


def _link(key: str, view: DeskView) -> str:
    return f"{view.site}/browse/{key}"


def _when(state: RequestState, view: DeskView) -> When:
    """Tell whether the hours of the organization's calendar run; beyond a calendar's days nobody is at work."""
    terms = _terms(state, view)
    try:
        opens = terms.calendar.next_open(view.now)
    except CalendarError:
        return When.OUTSIDE
    return When.INSIDE if opens == view.now else When.OUTSIDE


def _time(instant: datetime | None, view: DeskView) -> str:
    zone: tzinfo = view.policy.default_terms.calendar.spec.zone
    return minute_text(instant, zone) if instant else "at no time"
