"""The manager's report as figures: what `report` prints, for Prometheus."""

from collections import Counter

from jsm_sla_bot.review.report import Kind, Report
from jsm_sla_bot.telemetry.desk import (
    DeskFigures,
    DueKind,
    OpenKind,
    PromiseKind,
)


def desk_figures(report: Report) -> DeskFigures:
    """Return the figures of a report."""
    return DeskFigures(
        open=Counter(
            OpenKind(str(one.status), one.tier, str(one.severity))
            for one in report.open
        ),
        due_next=Counter(
            DueKind(one.tier, str(one.severity)) for one in report.due_next
        ),
        decided=_decided(report),
        next_due=report.next_due,
    )


def _decided(report: Report) -> dict[PromiseKind, int]:
    counts: dict[PromiseKind, int] = {}
    for kind, found in report.decided.items():
        counts[_promise("met", kind)] = found.met
        counts[_promise("missed", kind)] = found.missed
    return counts


def _promise(outcome: str, kind: Kind) -> PromiseKind:
    return PromiseKind(outcome, kind.tier, str(kind.severity))
