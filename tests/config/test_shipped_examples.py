"""The shipped YAML gives the due times of the rule book's worked examples."""

from datetime import timedelta

import pytest
from tests.sla.contract import BY_TIER, call, local, request, utc
from tests.sla.test_worked_examples import EXAMPLES

from jsm_sla_bot.config.load import Configuration
from jsm_sla_bot.sla.assess import assess


@pytest.mark.parametrize(
    ("tier", "severity", "product", "reported", "called", "due"),
    EXAMPLES,
    ids=[f"row {number}" for number in range(1, len(EXAMPLES) + 1)],
)
def test_a_worked_example_holds_for_the_shipped_policy(
    shipped: Configuration,
    tier: str,
    severity: int,
    product: str,
    reported: str,
    called: str | None,
    due: str,
) -> None:
    """Tiers, targets, products and the Swedish calendar as shipped give each row, to the second."""
    history = [call(called)] if called else []
    raised = request(
        reported,
        *history,
        severity=severity,
        product=product,
        organizations=(BY_TIER[tier],),
    )
    now = max(local(reported), local(called or reported)) + timedelta(
        minutes=1
    )
    assert assess(raised, shipped.policy, now).due == utc(due)
