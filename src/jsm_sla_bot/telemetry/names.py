"""What all figures are called."""

from collections.abc import Mapping
from typing import Final

PREFIX: Final = "jsm_sla_bot"

MOST_ORGANIZATIONS = 50
OTHERS = "others"
"""Stands for the organizations beyond the fifty with the most requests: a label has a bound."""


def shown(requests: Mapping[str, int]) -> frozenset[str]:
    """Return the ids of the organizations that have figures of their own, from their numbers of requests."""
    order = sorted(requests, key=lambda name: (-requests[name], name))
    return frozenset(order[:MOST_ORGANIZATIONS])
