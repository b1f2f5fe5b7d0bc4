"""Which requests for reviews are owed, and which stand twice (D29). Pure: the site's state decides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.ports.review_desk import Draft
from jsm_sla_bot.ports.review_names import DUPLICATE, ReviewNames
from jsm_sla_bot.ports.site import Sighting
from jsm_sla_bot.review.due import DueReview, Plan, carries, due_reviews
from jsm_sla_bot.sla.acknowledgement import declined
from jsm_sla_bot.sla.history import in_order
from jsm_sla_bot.sla.request import RequestSnapshot
from jsm_sla_bot.sla.review_plan import ReviewKind


@dataclass(frozen=True, slots=True)
class Owed:
    """A request that is to be raised. `name` is the same for the same due day of the same organization, always."""

    name: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Twin:
    """A request that is younger than the one with the key `of`, and is for the same."""

    id: str
    label: str
    of: str


def owed(
    sightings: Iterable[Sighting],
    plan: Plan,
    names: ReviewNames,
    now: datetime,
) -> Sequence[Owed]:
    """Return the requests that are to be raised at `now` (aware UTC): near their due day, and none is open.

    One that was declined since it came near is an answer: none is raised again for that due day.
    """
    requests = [each.snapshot for each in sightings]
    return [
        Owed(
            f"{each.kind} {each.organization} {each.due}",
            _draft(each, plan, names),
        )
        for each in due_reviews(requests, plan, now)
        if _is_owed(each, requests, plan, now)
    ]


def _is_owed(
    each: DueReview,
    requests: Iterable[RequestSnapshot],
    plan: Plan,
    now: datetime,
) -> bool:
    rule = plan.rules[each.kind]
    if not rule.raises_requests or each.open_key or each.due is None:
        return False
    calendar = plan.policy.organizations[each.organization].terms.calendar
    if not each.is_near(calendar.local_date(now), rule.ahead):
        return False
    begins = each.due - rule.ahead
    return not any(
        each.organization in request.organizations
        and carries(request, plan.labels[each.kind])
        and declined(in_order(request)) is not None
        and calendar.local_date(request.reported) >= begins
        for request in requests
    )


def _draft(each: DueReview, plan: Plan, names: ReviewNames) -> Draft:
    rule = plan.rules[each.kind]
    facts = {
        "organization": each.name,
        "id": each.organization,
        "tier": each.tier,
        "due": str(each.due),
        "done": str(each.done or "never"),
    }
    return Draft(
        project=names.project,
        issue_type=names.issue_type,
        label=names.labels[each.kind],
        organization=each.organization,
        summary=rule.summary.format_map(facts),
        description=rule.description.format_map(facts),
        assignee=each.csm,
    )


def twins(
    sightings: Iterable[Sighting], labels: Mapping[ReviewKind, str]
) -> Iterator[Twin]:
    """Yield each open request that is younger than another one for the same, and what was half taken back."""
    still = [each for each in sightings if not each.snapshot.status.is_done]
    still.sort(key=_age)
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for each in still:
        for label in labels.values():
            snapshot = each.snapshot
            if carries(snapshot, label + DUPLICATE):
                yield Twin(each.id, label, "")
            elif carries(snapshot, label) and len(snapshot.organizations) == 1:
                older = first.setdefault(
                    (label, snapshot.organizations), each.key
                )
                if older != each.key:
                    yield Twin(each.id, label, older)


def _age(each: Sighting) -> tuple[datetime, int, str]:
    number = int(each.id) if each.id.isdigit() else 0
    return each.snapshot.reported, number, each.id
