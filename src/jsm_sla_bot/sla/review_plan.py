"""When service reviews and system health checks are due, as the policy has it (R13, D28, D29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ReviewKind(StrEnum):
    """What is due from time to time for an organization."""

    SERVICE_REVIEW = "service_review"
    HEALTH_CHECK = "health_check"

    @property
    def words(self) -> str:
        """Its name for people."""
        return self.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """How often a kind is due, in months by tier; a tier without an entry has none.

    `with_csm` holds in place of `every` for an organization with a named Customer Success Manager. With
    `raises_requests` a request is raised for each so long `ahead` of its due day, from the two templates.
    """

    every: Mapping[str, int]
    with_csm: Mapping[str, int]
    ahead: timedelta
    raises_requests: bool
    summary: str
    description: str

    def months(self, tier: str, *, has_csm: bool) -> int | None:
        """Return after how many months it is due again; None where the tier has none."""
        own = self.with_csm.get(tier) if has_csm else None
        return own or self.every.get(tier)
