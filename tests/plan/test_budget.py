"""A typo in a YAML file must not rewrite a whole desk."""

import pytest

from jsm_sla_bot.plan.budget import Budget, refusal

BUDGET = Budget(share=0.3, at_least=20)


@pytest.mark.parametrize(
    ("share", "at_least", "open_requests", "allowed"),
    [
        (0.3, 20, 10, 20),
        (0.3, 20, 100, 30),
        (0.29, 0, 100, 29),
        (0.3, 0, 9, 2),
        (0.0, 0, 100, 0),
        (1.0, 0, 7, 7),
    ],
)
def test_a_share_of_the_desk_may_move_but_a_few_always(
    share: float, at_least: int, open_requests: int, allowed: int
) -> None:
    """Whole requests, rounded down, and right where a share has no exact binary form."""
    assert Budget(share, at_least).allowance(open_requests) == allowed


@pytest.mark.parametrize(
    ("rewriting", "refused"),
    [(0, False), (30, False), (31, True), (100, True)],
)
def test_a_pass_beyond_its_budget_is_refused_as_a_whole(
    rewriting: int, refused: bool
) -> None:
    """The refusal says how much would move, and what to look at."""
    why = refusal(rewriting, 100, BUDGET)
    assert (why is not None) is refused
    if why:
        assert why.startswith(f"{rewriting} of 100 open requests")
        assert "30 are allowed" in why
        assert "nothing was written" in why
