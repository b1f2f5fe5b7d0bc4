"""What ops see: health that asks when it is asked, figures that follow the passes."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from prometheus_client import generate_latest

from jsm_sla_bot.ports import PassReport
from jsm_sla_bot.telemetry import Health, HealthServer, Metrics

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_check_is_asked_whenever_somebody_looks() -> None:
    """What is wrong only as time passes is found at the moment of the question."""
    health, wrong = Health(), list[str]()
    health.watch("passes", lambda: wrong[0] if wrong else None)
    assert health.problems() == {}
    wrong.append("no pass for 200 s")
    health.wrong("jira", "401")
    assert health.problems() == {"passes": "no pass for 200 s", "jira": "401"}
    health.right("jira")
    wrong.clear()
    assert health.problems() == {}


@pytest.mark.parametrize(("wrong", "status"), [(None, 200), ("401", 503)])
def test_the_health_page(wrong: str | None, status: int) -> None:
    """It answers 200 while all is well and 503 with the reasons while it is not."""
    health = Health()
    if wrong:
        health.wrong("jira", wrong)
    with HealthServer(0, health, Metrics()) as server:
        answer = httpx.get(f"http://127.0.0.1:{server.port}/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (status, wrong is None)


def test_figures_follow_the_passes() -> None:
    """Passes, writes, calls, waits and days left can be read by Prometheus."""
    metrics = Metrics()
    metrics.count(PassReport("sweep", NOW, NOW + timedelta(seconds=3), 5, 5, 2, 4, 1))
    metrics.called({"GET /myself": (3, 0.5)})
    metrics.calendar("sweden", 321)
    metrics.fact("clock_skew_seconds", -2.0)
    told = generate_latest(metrics.registry).decode()
    for line in (
        'jsm_sla_bot_passes_total{kind="sweep",outcome="done"} 1.0',
        'jsm_sla_bot_writes_total{kind="sweep"} 4.0',
        'jsm_sla_bot_jira_calls{endpoint="GET /myself"} 3.0',
        'jsm_sla_bot_calendar_days_left{calendar="sweden"} 321.0',
        'jsm_sla_bot_fact{fact="clock_skew_seconds"} -2.0',
    ):
        assert line in told
