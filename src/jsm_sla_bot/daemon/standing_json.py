"""How the daemon stands, as the JSON that `status --json` prints: instants in UTC, spans in seconds.

Monitoring reads it: keys may be added, but a key that changes its meaning raises `VERSION`. What is not known is null,
so every key is always there.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from jsm_sla_bot.daemon.standing import Agenda, LeftAlone, Standing
from jsm_sla_bot.ports.journal import (
    DaemonFacts,
    EndpointCalls,
    Failure,
    HeldBack,
    PassReport,
)

VERSION = 1

FACTS = tuple(fact.name for fact in fields(DaemonFacts))
"""What a daemon leaves about itself; null where none has."""

Json = dict[str, Any]


def as_json(found: Standing) -> Json:
    """Return it as plain data."""
    return {
        "version": VERSION,
        "now": utc(found.now),
        "watermark": utc(found.watermark),
        "lag_seconds": _seconds(found.lag),
        "policy": found.policy,
        "held_back": _held_back(found.held_back),
        "gone": found.gone,
        "agenda": _agenda(found.agenda),
        "open_requests": found.open_requests,
        "set_aside": [_failure(failure) for failure in found.set_aside],
        "left": [_left_alone(request) for request in found.left_alone],
        "passes": [_pass(report) for report in found.passes],
        "daemon": {
            **_facts(found.daemon),
            "age_seconds": _seconds(found.age),
            "at_work": found.is_at_work,
        },
    }


def utc(instant: datetime | None) -> str | None:
    """Return an instant in ISO 8601, in UTC, to the second."""
    if instant is None:
        return None
    text = instant.astimezone(UTC).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z")


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


def _held_back(held: HeldBack | None) -> Json | None:
    if held is None:
        return None
    return {"policy": held.policy, "because": held.because}


def _agenda(agenda: Agenda) -> Json:
    return {
        "next": utc(agenda.next),
        "overdue": agenda.overdue,
        "within_a_day": agenda.within_a_day,
    }


def _failure(failure: Failure) -> Json:
    return {
        "key": failure.key or failure.id,
        "reason": failure.reason,
        "failures": failure.failures,
        "retry_at": utc(failure.retry_at),
    }


def _left_alone(request: LeftAlone) -> Json:
    return {"key": request.key, "because": request.because}


def _pass(report: PassReport) -> Json:
    return {
        "kind": report.kind,
        "started": utc(report.started),
        "seconds": report.seconds,
        "read": report.read,
        "differing": report.differing,
        "writes": report.writes,
        "set_aside": report.set_aside,
        "outcome": report.outcome,
        "because": report.because,
    }


def _facts(daemon: DaemonFacts | None) -> Json:
    if daemon is None:
        return dict.fromkeys(FACTS)
    return {
        "at": daemon.at.isoformat(),
        "site": daemon.site,
        "identity": daemon.identity,
        "policy": daemon.policy,
        "poll_seconds": daemon.poll_seconds,
        "skew_seconds": daemon.skew_seconds,
        "problems": daemon.problems,
        "warnings": daemon.warnings,
        "calls": _calls(daemon.calls),
    }


def _calls(calls: Mapping[str, EndpointCalls] | None) -> Json | None:
    if calls is None:
        return None
    return {
        endpoint: {"calls": use.calls, "waited_seconds": use.waited_seconds}
        for endpoint, use in calls.items()
    }
