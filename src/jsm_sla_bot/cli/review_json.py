"""A service review as plain data, for programs: every figure with the list that it is the length of."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from jsm_sla_bot.cli.question import utc_or_none, utc_text
from jsm_sla_bot.review.etas import EtaOutcome
from jsm_sla_bot.review.figures import Figures, Responses
from jsm_sla_bot.review.review import Agreement, Promised, Review
from jsm_sla_bot.review.row import Exclusion, Row

VERSION = 1


def as_json(review: Review) -> dict[str, Any]:
    """Return the review; instants in UTC, spans in seconds, null where there is nothing."""
    return {
        "version": VERSION,
        "organization": {"id": review.organization, "name": review.name},
        "period": {
            "first": review.period.first.isoformat(),
            "last": review.period.last.isoformat(),
            "zone": str(review.zone),
        },
        "as_of": utc_text(review.as_of),
        "policy": review.policy,
        **_figures(review.whole),
        "by_severity": {
            str(severity): _figures(found)
            for severity, found in review.by_severity.items()
        },
        "by_month": _groups(review.by_month),
        "by_product": _groups(review.by_product),
        "by_phone": {
            "called" if called else "not_called": _figures(found)
            for called, found in review.by_call.items()
        },
        "open_at_the_end": [row.key for row in review.open],
        "closed_without_an_answer": [row.key for row in review.dormant],
        "etas": {
            "given": [row.key for row in review.told_etas],
            **{
                str(outcome): [row.key for row in review.of_eta(outcome)]
                for outcome in EtaOutcome
            },
        },
        "promised": [_promised(each) for each in review.promised],
        "agreements": [_agreement(each) for each in review.agreements],
        "next_closed_days": [
            {"day": day.isoformat(), "name": name}
            for day, name in review.closed_days
        ],
        "requests": [row_json(row) for row in review.rows],
        "unjudged": [
            {"key": each.key, "why": each.why} for each in review.unjudged
        ],
    }


def row_json(row: Row) -> dict[str, Any]:
    """Return one request of a review."""
    return {
        "key": row.key,
        "class": str(row.kind),
        "because": row.because,
        "reported": utc_text(row.reported),
        "month": row.month,
        "severity": row.severity,
        "tier": row.tier or None,
        "product": row.product or None,
        "request_type": row.request_type or None,
        "called": row.called,
        "open": row.is_open,
        "target": row.target or None,
        "promised_due": utc_or_none(row.promised_due),
        "due": utc_or_none(row.due),
        "recomputed_due": utc_or_none(row.recomputed_due),
        "acknowledged_at": utc_or_none(row.answered_at),
        "acknowledged_by": row.answered_by or None,
        "response_seconds": _seconds(row.response),
        "late_seconds": _seconds(row.late),
        "exclusion": _exclusion(row.exclusion),
        "differences": [
            {
                "what": each.what,
                "promised": each.promised,
                "recomputed": each.recomputed,
            }
            for each in row.differences
        ],
        "etas": list(row.etas),
        "eta_outcome": str(row.eta_outcome) if row.eta_outcome else None,
        "closed_without_an_answer_at": utc_or_none(row.dormant_closed_at),
    }


def _groups(groups: Mapping[str, Figures]) -> dict[str, Any]:
    return {name: _figures(found) for name, found in groups.items()}


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "received": found.received,
        "classes": {str(kind): count for kind, count in found.classes.items()},
        "counted": found.attainment.counted,
        "attainment": found.attainment.percent,
        "attainment_text": found.attainment.text,
        "responses": _responses(found.responses),
    }


def _responses(found: Responses | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "median_seconds": _seconds(found.median),
        "ninetieth_seconds": _seconds(found.ninety),
        "worst_seconds": _seconds(found.worst),
    }


def _promised(promised: Promised) -> dict[str, Any]:
    return {
        "severity": promised.severity,
        "target": promised.target,
        "once_called": promised.with_call,
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "tier": agreement.tier,
        "valid_from": _day(agreement.first),
        "valid_until": _day(agreement.last),
        "suspended": agreement.suspended,
        "overrides": list(agreement.overridden),
    }


def _exclusion(found: Exclusion | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "ground": str(found.ground),
        "rule": found.rule,
        "reason": found.reason,
        "decided_by": found.by,
        "decided_at": utc_or_none(found.at),
    }


def _seconds(span: timedelta | None) -> int | None:
    """Return whole seconds, part of one dropped."""
    return None if span is None else span // timedelta(seconds=1)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
