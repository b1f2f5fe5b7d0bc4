"""The manager's report as plain data, for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jsm_sla_bot.cli.question import utc_text
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
        "next_due": _instant(report.next_due),
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
            "due": _instant(one.due),
            "answered_at": _instant(one.answered_at),
        }
        for one in states
    ]


def _instant(instant: datetime | None) -> str | None:
    return utc_text(instant) if instant else None
