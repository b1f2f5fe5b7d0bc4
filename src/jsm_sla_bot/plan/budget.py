"""The budget of a policy: a typo in a YAML file must not rewrite a whole desk.

Only requests that we know and that get another tier, target or due time count; those seen for the first time,
answers, and the mere passing of time are the daily work.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the open desk one pass may rewrite: a share of it (0 to 1), but at least so many requests."""

    share: float
    at_least: int

    def allowance(self, open_requests: int) -> int:
        """Return how many requests may be rewritten when so many are open."""
        return max(self.at_least, int(round(self.share * open_requests, 6)))


def refusal(rewritten: int, open_requests: int, budget: Budget) -> str | None:
    """Return why a policy may not be written that would rewrite so many promises, or None when it may."""
    allowed = budget.allowance(open_requests)
    if rewritten <= allowed:
        return None
    return (
        f"{rewritten} of {open_requests} open requests would get another tier, target or due time, {allowed} are "
        f"allowed at once: nothing was written; look at `jsm-sla-bot plan`, then put the configuration right, or let "
        f"it through with `jsm-sla-bot allow`"
    )
