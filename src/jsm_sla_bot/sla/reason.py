"""Why: the ordered reasons behind a due time, as data.

A reason names the rule it carries, where that rule was read (file:line, or the history entry) and the
values it worked on. The sentences are written elsewhere, in `plan.wording`, once for agents and once
for customers.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias

Fact: TypeAlias = (
    str | int | float | datetime | timedelta | tuple[str, ...] | None
)


class Because(StrEnum):
    """The closed set of reasons for a due time."""

    TIER_BOUGHT = "tier_bought"
    TIER_DEFAULT_NO_ORGANIZATION = "tier_default_no_organization"
    TIER_DEFAULT_UNMAPPED = "tier_default_unmapped"
    ORGANIZATION_UNMAPPED = "organization_unmapped"
    ORGANIZATION_EXCLUDED = "organization_excluded"
    ORGANIZATION_LAPSED = "organization_lapsed"
    SEVERAL_ORGANIZATIONS = "several_organizations"
    OVERRIDE = "override"
    NOT_ENTITLED = "not_entitled"
    NOT_MEASURED = "not_measured"
    WITHDRAWN = "withdrawn"
    CLOSED_UNTOLD = "closed_untold"
    DECLINED = "declined"
    SEVERITY = "severity"
    SEVERITY_DEFAULT = "severity_default"
    TARGET = "target"
    PRODUCT_NOT_ROUND_THE_CLOCK = "product_not_round_the_clock"
    PRODUCT_UNKNOWN = "product_unknown"
    CALLED = "called"
    CALLED_AGAIN = "called_again"
    NOT_CALLED = "not_called"
    CALL_BEFORE_REPORT = "call_before_report"
    CALL_AHEAD = "call_ahead"
    CALL_NOT_COUNTED = "call_not_counted"
    FALLBACK_EARLIER = "fallback_earlier"
    CLOCK_STARTS = "clock_starts"
    CLOCK_STARTS_AT_OPENING = "clock_starts_at_opening"
    SEVERITY_RAISED = "severity_raised"
    SEVERITY_LOWERED = "severity_lowered"
    ORGANIZATIONS_CHANGED = "organizations_changed"
    PRODUCT_CHANGED = "product_changed"
    DUE_KEPT = "due_kept"
    BREACH_DATED_AT_CHANGE = "breach_dated_at_change"
    BREACH_KEPT = "breach_kept"
    PAUSED = "paused"
    PAUSE_LASTS = "pause_lasts"
    DUE = "due"
    ACKNOWLEDGED = "acknowledged"
    PROBABLY_ANSWERED = "probably_answered"
    CLOCK_RESTARTED = "clock_restarted"
    HISTORY_DISAGREES = "history_disagrees"
    OTHER_REPORTER = "other_reporter"


class Reason(NamedTuple):
    """One step on the way to the due time: a named tuple, since an answer has about ten and a desk many answers.

    `rule` is the rule or decision ("R3", "D2"); `source` is `policy.yaml:12` or `history 2026-03-02T09:00:00Z`;
    `facts` are the values the rule worked on, by name, instants aware UTC.
    """

    because: Because
    rule: str
    source: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()

    def fact(self, name: str) -> Fact:
        """Return the fact of that name, or None."""
        return dict(self.facts).get(name)


def reason(
    because: Because, rule: str, source: str = "", **facts: Fact
) -> Reason:
    """Make a reason from keyword facts, in the order given."""
    return Reason(because, rule, source, (*facts.items(),))
