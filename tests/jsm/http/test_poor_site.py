"""The transport against a sandbox whose buckets hold little: real calls by real threads, in virtual time."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from jsm_sandbox.http.listener import running
from jsm_sandbox.play.tracker import Tracker
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.http.urgency import urgency
from jsm_sla_bot.plan.change import Urgency
from tests.attempts import Attempt, watched
from tests.jsm.scene import AUTH, NOW
from tests.jsm.virtual import Stage

WRITES = 120


@pytest.mark.slow
@pytest.mark.parametrize("advice", ["present", "absent", "zero"])
@pytest.mark.parametrize("rate", [5.0, 2.5])
def test_a_poor_site_is_written_to_as_fast_as_it_lets_us(
    rate: float, advice: str
) -> None:
    """All of 120 writes are made in little more time than needed, hardly one is refused, and breaches go first."""
    stage = Stage()
    tracker = Tracker(now=lambda: NOW + timedelta(seconds=stage.now))
    tracker.switches.put_rate = rate
    tracker.switches.retry_after = advice
    keys = [tracker.raise_request() for _ in range(WRITES)]
    statuses: Counter[int] = Counter()
    made: list[tuple[float, Urgency]] = []

    def observe(attempt: Attempt) -> None:
        statuses[attempt.status] += 1

    def job(key: str, hurry: Urgency) -> Callable[[], None]:
        def edit() -> None:
            with urgency(hurry):
                rest.edit(key, {"fields": {"labels": ["seen"]}})
            made.append((stage.now, hurry))

        return edit

    options = HttpOptions(
        sleep=stage.sleep,
        monotonic=stage.monotonic,
        chance=lambda: 0.5,
        wrapped=watched(observe),
        connections=16,
    )
    with running(tracker) as url:
        opened = Transport(url, AUTH, options)
        rest = Rest(opened)
        ordinary = [job(key, Urgency.ORDINARY) for key in keys[:-5]]
        breaches = [job(key, Urgency.BREACH) for key in keys[-5:]]
        stage.run([*ordinary[:20], *breaches, *ordinary[20:]], threads=16)
        opened.close()
    assert len(made) == WRITES
    assert WRITES / (rate + rate * stage.now) >= 0.8
    assert statuses[429] / statuses.total() < 0.05
    last_breach = max(when for when, hurry in made if hurry is Urgency.BREACH)
    assert last_breach <= (20 + 5) / rate / 0.8
