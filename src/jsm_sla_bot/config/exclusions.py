"""What is not measured at all, as values: what the policy lists, and the requests that stand for reviews (R8, R13)."""

from jsm_sla_bot.config.document import Document
from jsm_sla_bot.config.reviews import labels
from jsm_sla_bot.config.schema.policy import PolicyShape
from jsm_sla_bot.config.schema.reviews import ReviewNamesShape
from jsm_sla_bot.ports.review_names import DUPLICATE
from jsm_sla_bot.sla.contract import Exclusion, ExclusionBy

REVIEWS = (
    "Service reviews and health checks are planned, they report no incident"
)


def exclusions(
    shape: PolicyShape, document: Document
) -> tuple[Exclusion, ...]:
    """Return what the policy lists."""
    kinds = (
        (ExclusionBy.REQUEST_TYPE, "request_types", "name"),
        (ExclusionBy.CHANNEL, "channels", "name"),
        (ExclusionBy.ORGANIZATION, "organizations", "id"),
        (ExclusionBy.LABEL, "labels", "name"),
    )
    return tuple(
        Exclusion(
            by,
            getattr(entry, key),
            entry.reason,
            document.source(("not_measured", part, index)),
        )
        for by, part, key in kinds
        for index, entry in enumerate(getattr(shape.not_measured, part))
    )


def reviews_excluded(
    shape: ReviewNamesShape | None, jira: Document
) -> tuple[Exclusion, ...]:
    """Return the labels of reviews: a request that carries one has no response target."""
    if shape is None:
        return ()
    source = jira.source(("reviews",))
    return tuple(
        Exclusion(ExclusionBy.LABEL, label, REVIEWS, source)
        for each in labels(shape).values()
        for label in (each, each + DUPLICATE)
    )
