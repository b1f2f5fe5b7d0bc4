"""When reviews are due and what their requests are called, as values (R13, D28, D29)."""

from collections.abc import Mapping

from jsm_sla_bot.config.schema.reviews import (
    ReviewNamesShape,
    ReviewShape,
    ReviewsShape,
)
from jsm_sla_bot.ports.review_names import ReviewNames
from jsm_sla_bot.sla.review_plan import ReviewKind, ReviewRule

SUMMARY = "{kind} of {{organization}}, due {{due}}"
DESCRIPTION = (
    "{kind} of {{organization}} (organization {{id}}, tier {{tier}}). Due {{due}}, last done {{done}}. "
    "The bot raised this request; resolve it on the day on which it is done: the next one is due from then on."
)


def rules(shape: ReviewsShape | None) -> Mapping[ReviewKind, ReviewRule]:
    """Return the rule of each kind that is ever due."""
    if shape is None:
        return {}
    given = {kind: getattr(shape, kind.value) for kind in ReviewKind}
    return {kind: _rule(kind, each) for kind, each in given.items() if each}


def _rule(kind: ReviewKind, shape: ReviewShape) -> ReviewRule:
    return ReviewRule(
        every=dict(shape.every),
        with_csm=dict(shape.with_csm or {}),
        ahead=shape.ahead,
        raises_requests=shape.raise_requests,
        summary=shape.summary or SUMMARY.format(kind=kind.words),
        description=shape.description or DESCRIPTION.format(kind=kind.words),
    )


def labels(shape: ReviewNamesShape) -> Mapping[ReviewKind, str]:
    """Return the label of each kind."""
    return {
        ReviewKind.SERVICE_REVIEW: shape.service_review_label,
        ReviewKind.HEALTH_CHECK: shape.health_check_label,
    }


def review_names(shape: ReviewNamesShape | None) -> ReviewNames | None:
    """Return what their requests are called on the site; None where there are none."""
    if shape is None:
        return None
    return ReviewNames(
        labels=labels(shape),
        project=shape.project or "",
        issue_type=shape.issue_type or "",
    )
