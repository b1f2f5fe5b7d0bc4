"""What `jira.yaml` says of the requests that stand for service reviews and health checks (R13, D29)."""

from collections.abc import Mapping
from dataclasses import dataclass

from jsm_sla_bot.sla.review_plan import ReviewKind

DUPLICATE = "-duplicate"
"""What the label of a request that stood twice ends with."""


@dataclass(frozen=True, slots=True)
class ReviewNames:
    """The label of each kind; and in which project, as which work type, requests are raised: empty where none is."""

    labels: Mapping[ReviewKind, str]
    project: str = ""
    issue_type: str = ""
