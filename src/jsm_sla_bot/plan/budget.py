"""The budget of a policy: a typo in a YAML file must not rewrite a whole desk.

What the policy alone would change counts; requests seen for the first time, answers, and the mere passing of time
are the daily work.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of the open desk a policy may change: a share of it (0 to 1), but at least so many requests."""

    share: float
    at_least: int

    def allowance(self, open_requests: int) -> int:
        """Return how many requests may be changed when so many are open."""
        return max(self.at_least, int(round(self.share * open_requests, 6)))


def refusal(changed: int, open_requests: int, budget: Budget) -> str | None:
    """Return why a policy may not be written that would change so many requests, or None when it may."""
    allowed = budget.allowance(open_requests)
    if changed <= allowed:
        return None
    return (
        f"{changed} of {open_requests} open requests would change with this configuration, {allowed} are allowed at "
        f"once: nothing was written; look at `jsm-sla-bot plan`, then put the configuration right, or let it through "
        f"with `jsm-sla-bot allow`"
    )
