"""The alert rules, played by Prometheus' own checker: each fires for its fault, and none on a quiet day."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.promtool import needs_promtool, promtool
from tests.telemetry.test_figures import page

pytestmark = pytest.mark.slow
ANSWERED = 'jira_answers_total{endpoint="GET /myself",status="200"}'
QUIET: Mapping[str, str] = {
    'build_info{version="1"}': "1+0x300",
    'last_success_timestamp_seconds{kind="changed"}': "0+60x300",
    "watermark_timestamp_seconds": "0+60x300",
    "agenda_next_timestamp_seconds": "600+60x300",
    "policy_held_back": "0+0x300",
    ANSWERED: "0+60x300",
    "notes_stopped": "0+0x300",
    "set_aside_requests": "0+0x300",
    "projects_set_aside": "0+0x300",
    "absent_fields": "0+0x300",
    "breaker_open": "0+0x300",
    'calendar_end_timestamp_seconds{calendar="sweden"}': "99999999+0x300",
    "token_expiry_timestamp_seconds": "99999999+0x300",
    'oldest_unsent_notice_timestamp_seconds{channel="chat"}': "0+60x300",
    "clock_skew_seconds": "1+0x300",
    'open_requests{status="Running",tier="Expert",severity="1"}': "3+0x300",
    'promises_decided{outcome="missed",tier="Expert",severity="1"}': "2+0x300",
}
"""What a desk shows on which nothing is wrong, minute by minute for five hours; time begins at 0."""


@dataclass(frozen=True)
class Fault:
    """A fault: the figures that differ, which alert it fires, and at which minutes it does and does not."""

    alert: str
    figures: Mapping[str, str]
    fires: tuple[int, ...]
    silent: tuple[int, ...] = ()
    gone: tuple[str, ...] = field(default=())


AT_RISK = 'open_requests{status="At risk",tier="Expert",severity="1"}'
BREACHED = 'open_requests{status="Breached",tier="Expert",severity="3"}'
MISSED = 'promises_decided{outcome="missed",tier="Expert",severity="1"}'
FAULTS = [
    Fault("SlaBotAbsent", {}, (5,), (1,), ('build_info{version="1"}',)),
    Fault(
        "SlaBotNoPass",
        {'last_success_timestamp_seconds{kind="changed"}': "0+0x300"},
        (8,),
        (4,),
    ),
    Fault(
        "SlaBotWatermarkBehind",
        {"watermark_timestamp_seconds": "0+0x300"},
        (20,),
        (14,),
    ),
    Fault(
        "SlaBotLate",
        {"agenda_next_timestamp_seconds": "600+0x300"},
        (15,),
        (11,),
    ),
    Fault(
        "SlaBotNoticesUnsent",
        {'oldest_unsent_notice_timestamp_seconds{channel="chat"}': "0+0x300"},
        (8,),
        (4,),
    ),
    Fault("SlaBotPolicyHeldBack", {"policy_held_back": "1+0x300"}, (6,), (3,)),
    Fault(
        "SlaBotConfigurationRefused",
        {'problem{subject="configuration"}': "1+0x300"},
        (6,),
        (3,),
    ),
    Fault(
        "SlaBotAuthentication",
        {'jira_answers_total{endpoint="GET /myself",status="401"}': "0+2x300"},
        (5,),
    ),
    Fault("SlaBotNotesStopped", {"notes_stopped": "0x4 1x290"}, (6,), (3,)),
    Fault(
        "SlaBotRequestsSetAside",
        {"set_aside_requests": "2+0x300"},
        (61,),
        (30,),
    ),
    Fault(
        "SlaBotProjectsSetAside",
        {"projects_set_aside": "1+0x300"},
        (16,),
        (9,),
    ),
    Fault("SlaBotProjectsSetAside", {"absent_fields": "1+0x300"}, (16,), (9,)),
    Fault(
        "SlaBotJournal", {'problem{subject="journal"}': "1+0x300"}, (2,), (0,)
    ),
    Fault("SlaBotBreakerOpen", {"breaker_open": "1+0x300"}, (11,), (5,)),
    Fault(
        "SlaBotRefusedTooOften",
        {'jira_answers_total{endpoint="PUT /issue",status="429"}': "0+30x300"},
        (40,),
    ),
    Fault(
        "SlaBotCalendarEnds",
        {'calendar_end_timestamp_seconds{calendar="sweden"}': "5000000+0x300"},
        (61,),
    ),
    Fault(
        "SlaBotTokenEnds",
        {"token_expiry_timestamp_seconds": "2000000+0x300"},
        (61,),
    ),
    Fault("SlaBotClockSkew", {"clock_skew_seconds": "-90+0x300"}, (11,), (5,)),
    Fault(
        "SlaBotUnmappedOrganizations",
        {'unmapped_open_requests{organization="19"}': "2+0x300"},
        (61,),
    ),
    Fault(
        "SlaBotProblem", {'problem{subject="ledgers"}': "1+0x300"}, (31,), (9,)
    ),
    Fault(
        "SlaUrgentAtRisk",
        {AT_RISK: "1x19 2x19 1x19 2x200"},
        (1, 21, 62),
        (10, 30, 45, 80),
    ),
    Fault("SlaPromiseMissed", {MISSED: "2x19 3x19 4x200"}, (21, 41), (10, 30)),
    Fault("SlaBreachedForLong", {BREACHED: "1+0x300"}, (241,), (200,)),
]


@pytest.fixture(scope="module")
def rules(root: Path) -> Path:
    """The shipped rules."""
    return root / "deploy" / "prometheus" / "rules.yaml"


@pytest.fixture(scope="module")
def alerts(rules: Path) -> Mapping[str, Mapping[str, Any]]:
    """The shipped alerts by name."""
    groups = yaml.safe_load(rules.read_text("utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def played(fault: Fault, rules: Path, folder: Path) -> str:
    """Let a fault happen under the rules; return what the checker has to say about it, nothing where all is right."""
    figures = {**QUIET, **fault.figures}
    series = [
        {"series": f"jsm_sla_bot_{name}", "values": values}
        for name, values in figures.items()
        if name not in fault.gone
    ]
    asked = [(minute, True) for minute in fault.fires]
    asked += [(minute, False) for minute in fault.silent]
    queries = [
        {
            "expr": f'count(ALERTS{{alertname=~"{fault.alert}",alertstate="firing"}}) > 0 or vector(0)',
            "eval_time": f"{minute}m",
            "exp_samples": [{"labels": "{}", "value": float(is_firing)}],
        }
        for minute, is_firing in asked
    ]
    test = {
        "rule_files": [str(rules)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": series,
                "promql_expr_test": queries,
            }
        ],
    }
    path = folder / "test.yaml"
    path.write_text(json.dumps(test), "utf-8")
    found = promtool("test", "rules", str(path))
    return "" if found.returncode == 0 else found.stdout + found.stderr


@needs_promtool
def test_the_rules_are_well_formed(rules: Path) -> None:
    """By Prometheus' own word."""
    found = promtool("check", "rules", str(rules))
    assert found.returncode == 0, found.stderr


@needs_promtool
@pytest.mark.parametrize("fault", FAULTS, ids=[each.alert for each in FAULTS])
def test_an_alert_fires_for_its_fault(
    fault: Fault, rules: Path, tmp_path: Path
) -> None:
    """When the fault has lasted, and not before."""
    assert played(fault, rules, tmp_path) == ""


@needs_promtool
def test_on_a_quiet_day_none_fires(rules: Path, tmp_path: Path) -> None:
    """Misses of last week and requests that run are no news."""
    quiet = Fault(".+", {}, (), (10, 30, 250))
    assert played(quiet, rules, tmp_path) == ""


def test_every_alert_is_played(alerts: Mapping[str, object]) -> None:
    """None can be added without its fault."""
    assert {each.alert for each in FAULTS} == set(alerts)


def test_every_alert_has_its_section_of_the_runbook(
    alerts: Mapping[str, Mapping[str, Any]], root: Path
) -> None:
    """With what it means, what to look at and what to do, and no section is left over."""
    text = (root / "docs" / "runbook.md").read_text("utf-8")
    sections = re.findall(
        r"^### (\w+)\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL
    )
    found = dict(sections)
    assert set(found) == set(alerts)
    for name, rule in alerts.items():
        assert (
            rule["annotations"]["runbook"] == f"docs/runbook.md#{name.lower()}"
        )
        assert f"*{rule['labels']['severity']}*" in found[name]
        assert "**Look:**" in found[name]
        assert "**Do:**" in found[name]


def test_the_rules_ask_for_figures_that_there_are(
    alerts: Mapping[str, Mapping[str, Any]],
) -> None:
    """A figure that is renamed would silence its alert."""
    shown = set(re.findall(r"^(jsm_sla_bot_\w+)", page(), re.MULTILINE))
    for rule in alerts.values():
        asked = set(re.findall(r"jsm_sla_bot_\w+", rule["expr"]))
        assert asked
        assert asked <= shown
