"""The shapes of `reviews`: when service reviews and health checks are due, and what they are called (R13)."""

from datetime import timedelta
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, PlainValidator, WithJsonSchema

from jsm_sla_bot.config.months import months
from jsm_sla_bot.config.schema.base import (
    LongSpan,
    Shape,
    Text,
    worded,
    wrong,
)
from jsm_sla_bot.config.schema.names import Label, ProjectKey

FACTS = ("organization", "id", "tier", "due", "done")
"""What a template can name: `done` is the day on which the last one was done."""
AHEAD = timedelta(days=30)
_ONE_DAY = timedelta(days=1)


def _template(text: str) -> str:
    """Refuse a template that names what there is not."""
    expected = f"a text with {', '.join('{' + each + '}' for each in FACTS)}"
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise wrong(expected) from None
    for _, name, spelled, conversion in parts:
        if name is None:
            continue
        if name not in FACTS or spelled or conversion:
            raise wrong(expected)
    return text


def _whole_days(span: timedelta) -> timedelta:
    if span % _ONE_DAY:
        raise wrong("whole days such as '30 days'")
    return span


Months = Annotated[
    int,
    PlainValidator(worded(months)),
    WithJsonSchema({"type": "string"}),
]
ByTier = dict[Text, Months]
Template = Annotated[Text, AfterValidator(_template)]
Days = Annotated[LongSpan, AfterValidator(_whole_days)]


class ReviewShape(Shape):
    """When one kind is due, and whether a request is raised for it (D28, D29)."""

    every: ByTier
    """After how many months by tier, `12 months`; a tier that is not named has none."""
    with_csm: ByTier | None = None
    """The same for an organization that has a named Customer Success Manager; left out: no other."""
    raise_requests: bool = False
    """Whether the bot raises a request for each, ahead of the due day; jira.yaml names project and work type."""
    ahead: Days = AHEAD
    """So long before the due day; left out: 30 days."""
    summary: Template | None = None
    """The summary of the request, with {organization}, {id}, {tier}, {due} and {done}; left out: one of ours."""
    description: Template | None = None
    """The description of the request, with the same words in braces; left out: one of ours."""


class ReviewsShape(Shape):
    """What is due for organizations from time to time; a kind that is left out never is (R13)."""

    service_review: ReviewShape | None = None
    """What was promised and what was kept, presented to the customer."""
    health_check: ReviewShape | None = None
    """How the customer's system is set up and used."""


class ReviewNamesShape(Shape):
    """What the requests are called that stand for reviews; `reviews` in policy.yaml turns them on (R13)."""

    project: ProjectKey | None = None
    """The service desk in which the bot raises them; needed only where it does."""
    issue_type: Text | None = None
    """Their work type, by name; needed only where the bot raises them."""
    service_review_label: Label = "service-review"
    """The label of a service review: by it, and by the organization, it is found."""
    health_check_label: Label = "health-check"
    """The label of a health check."""
