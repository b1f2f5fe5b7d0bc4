"""The manager's report as plain data, for programs."""

from collections.abc import Sequence
from typing import Any

from jsm_sla_bot.cli.question import utc_or_none, utc_text
from jsm_sla_bot.plan.request_state import RequestState
from jsm_sla_bot.review.report import Decided, Report

VERSION = 1


def as_json(report: Report) -> dict[str, Any]:
    """Return the report; instants in UTC, null where there is nothing."""
    return {
        "version": VERSION,
        "as_of": utc_text(report.as_of),
        "since": utc_text(report.since),
        "open": len(report.open),
        "by_status": {
            str(status): count for status, count in report.by_status.items()
        },
        "next_due": utc_or_none(report.next_due),
        "breached": _requests(report.breached),
        "at_risk": _requests(report.at_risk),
        "due_next": _requests(report.due_next),
        "decided": _decided(report.whole),
        "by_tier_and_severity": [
            {"tier": kind.tier, "severity": kind.severity, **_decided(found)}
            for kind, found in report.decided.items()
        ],
        "missed": _requests(report.missed),
    }


def _decided(found: Decided) -> dict[str, Any]:
    return {
        "met": found.met,
        "missed": found.missed,
        "attainment": found.attainment.percent,
    }


def _requests(states: Sequence[RequestState]) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "status": str(one.status),
            "severity": one.severity,
            "tier": one.tier or None,
            "organization": one.organization or None,
            "due": utc_or_none(one.due),
            "answered_at": utc_or_none(one.answered_at),
        }
        for one in states
    ]
