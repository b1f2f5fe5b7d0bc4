"""The engine against a second, naive telling of R11, over random histories and instants."""

from collections import Counter
from datetime import timedelta

import pytest

from jsm_sla_bot.sla.assess import assess
from tests.sla.dormant import RULE, under
from tests.sla.naive_dormancy import Told, some_request, told

POLICY = under()
HISTORIES = range(200)
LATER = (0, 1, 20, 60, 24 * 60, 5 * 24 * 60, 40 * 24 * 60)


@pytest.mark.parametrize("seed", HISTORIES)
def test_both_say_the_same(seed: int) -> None:
    """After each deed and for weeks after the last one: the same state, the same step, the same instant."""
    request = some_request(seed)
    for minutes in LATER:
        for entry in request.history:
            now = entry.at + timedelta(minutes=minutes)
            found = assess(request, POLICY, now).dormancy
            said = (
                Told(str(found.state), found.step, found.due)
                if found
                else None
            )
            assert said == told(request, RULE, now), (entry, now)


def test_the_histories_come_to_every_state() -> None:
    """None of the states is missing, and each step is met often."""
    counted: Counter[str] = Counter()
    for seed in HISTORIES:
        request = some_request(seed)
        for entry in request.history:
            found = assess(request, POLICY, entry.at).dormancy
            counted[str(found.state) if found else "nothing"] += 1
            counted[(found.step if found else None) or "no step"] += 1
    assert {"dormant", "waits_for_us", "not_acknowledged"} <= set(counted)
    assert {"kept_open", "eta_ahead", "nothing"} <= set(counted)
    assert min(counted[step] for step in ("reminder 2", "closing")) >= 20
