"""The figures as Prometheus reads them: names, units, bounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import generate_latest

from jsm_sla_bot.ports.journal import PassKind, PassReport
from jsm_sla_bot.telemetry.daemon import Answered, Asked, DaemonFigures
from jsm_sla_bot.telemetry.desk import (
    DeskFigures,
    DueKind,
    OpenKind,
    PromiseKind,
    Trouble,
)
from jsm_sla_bot.telemetry.figures import Metrics
from tests.promtool import needs_promtool, promtool

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = f"{NOW.timestamp():.12g}"
NO_DESK = DeskFigures({}, {}, {}, None)
EVERYTHING = DaemonFigures(
    version="1.2.3",
    policy="76d2c6eba0e0",
    problems=frozenset({"jira: sweep", "notes"}),
    watermark=NOW,
    agenda_next=NOW,
    set_aside=3,
    policy_held_back=True,
    policy_moved=4,
    notes_stopped=True,
    projects_set_aside=1,
    fields_absent=2,
    clock_skew=-2.5,
    token_expires=NOW,
    calendars_end={"sweden": NOW},
    unmapped={"19": 2},
    notices_unsent_since={"chat": NOW},
    asked={"GET /myself": Asked(3, 0.5)},
    answers={Answered("GET /myself", "429"): 1},
)
DESK = DeskFigures(
    open={OpenKind("At risk", "Expert", "1"): 2},
    due_next={DueKind("Expert", "1"): 1},
    decided={PromiseKind("met", "Expert", "1"): 7},
    next_due=NOW,
    troubled={Trouble("12", "Breached"): 3},
)


def page(daemon: DaemonFigures = EVERYTHING, desk: DeskFigures = DESK) -> str:
    """Return what Prometheus reads after one sweep."""
    metrics = Metrics()
    metrics.show(lambda: desk, lambda: daemon)
    ended = NOW + timedelta(seconds=3)
    metrics.count_notices("chat", "sent", 2)
    metrics.count(PassReport(PassKind.SWEEP, NOW, ended, 5, 5, 2, 4, 1))
    return generate_latest(metrics.registry).decode()


@pytest.mark.parametrize(
    "line",
    [
        'passes_total{kind="sweep",outcome="done"} 1.0',
        'writes_total{kind="sweep"} 4.0',
        'requests_read_total{kind="sweep"} 5.0',
        'pass_duration_seconds_sum{kind="sweep"} 3.0',
        'last_success_timestamp_seconds{kind="sweep"} 1.772442003e+09',
        'build_info{version="1.2.3"} 1.0',
        'policy_info{policy="76d2c6eba0e0"} 1.0',
        'problem{subject="jira: sweep"} 1.0',
        "watermark_timestamp_seconds 1.772442e+09",
        "agenda_next_timestamp_seconds 1.772442e+09",
        "token_expiry_timestamp_seconds 1.772442e+09",
        'calendar_end_timestamp_seconds{calendar="sweden"} 1.772442e+09',
        "set_aside_requests 3.0",
        "policy_held_back 1.0",
        'notices_total{channel="chat",result="sent"} 2.0',
        'oldest_unsent_notice_timestamp_seconds{channel="chat"} 1.772442e+09',
        "policy_moved_requests 4.0",
        'troubled_requests{organization="12",status="Breached"} 3.0',
        "breaker_open 0.0",
        "notes_stopped 1.0",
        "projects_set_aside 1.0",
        "absent_fields 2.0",
        "clock_skew_seconds -2.5",
        'unmapped_open_requests{organization="19"} 2.0',
        'jira_calls_total{endpoint="GET /myself"} 3.0',
        'jira_limiter_wait_seconds_total{endpoint="GET /myself"} 0.5',
        'jira_answers_total{endpoint="GET /myself",status="429"} 1.0',
        'open_requests{severity="1",status="At risk",tier="Expert"} 2.0',
        'due_next_requests{severity="1",tier="Expert"} 1.0',
        'promises_decided{outcome="met",severity="1",tier="Expert"} 7.0',
        "next_due_timestamp_seconds 1.772442e+09",
    ],
)
def test_a_figure_can_be_read(line: str) -> None:
    """By its name, in seconds, bytes or plain counts."""
    assert f"jsm_sla_bot_{line}\n" in page()


def test_what_is_not_known_is_left_out() -> None:
    """A date that nobody gave is no year 1970."""
    told = page(DaemonFigures(), NO_DESK)
    assert "timestamp_seconds 0" not in told
    for absent in ("token_expiry", "watermark", "agenda_next", "next_due"):
        assert f"{absent}_timestamp_seconds" not in told


def test_a_label_has_a_bound() -> None:
    """Thousands of unknown organizations make fifty lines and one for the rest."""
    unmapped = {str(number): number for number in range(1, 1001)}
    told = page(DaemonFigures(unmapped=unmapped))
    lines = [
        line
        for line in told.splitlines()
        if line.startswith("jsm_sla_bot_unmapped_open_requests{")
    ]
    assert len(lines) == 51
    assert sum(float(line.split()[-1]) for line in lines) == 500_500
    assert 'jsm_sla_bot_unmapped_open_requests{organization="1000"}' in told


def test_trouble_by_organization_has_a_bound_too() -> None:
    """Both statuses of an organization are counted under the same name, its own or that of the rest."""
    troubled = {
        Trouble(str(number), status): number
        for number in range(1, 201)
        for status in ("At risk", "Breached")
    }
    told = page(desk=replace(DESK, troubled=troubled))
    lines = [
        line
        for line in told.splitlines()
        if line.startswith("jsm_sla_bot_troubled_requests{")
    ]
    assert len(lines) == 102
    assert sum(float(line.split()[-1]) for line in lines) == 40_200


@needs_promtool
def test_prometheus_own_check_has_nothing_to_say() -> None:
    """Names, units and help follow its conventions."""
    found = promtool("check", "metrics", given=page())
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
