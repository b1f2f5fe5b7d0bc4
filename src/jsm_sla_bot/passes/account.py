"""What the log says of one request: what was written and why, or what went wrong. No text of a customer's."""

from collections.abc import Iterator

import structlog

from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan import wording
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import Receipt, SetAside
from jsm_sla_bot.sla.assessment import Assessment

log = structlog.get_logger()


def written_and_why(one: Planned, receipt: Receipt) -> dict[str, object]:
    """Return the facts in the order of use; those that there is nothing to say of are left out."""
    facts = {
        "key": one.plan.key,
        **_why(one.assessment),
        **_what(one.plan),
        "writes": receipt.writes,
        "refused": list(receipt.refused),
    }
    return {
        name: fact for name, fact in facts.items() if fact not in (None, [])
    }


def log_fault(aside: SetAside) -> None:
    """Log an error of our own that kept a request from being understood; nothing for any other reason."""
    if aside.fault:
        log.error("request_not_understood", key=aside.key, error=aside.fault)


def _why(assessment: Assessment) -> dict[str, object]:
    """Say how the request stands by the contract. `due` is in UTC."""
    due = assessment.due
    owed = assessment.owed
    return {
        "status": str(assessment.status),
        "due": due.isoformat(timespec="seconds") if due else None,
        "target": wording.owed_text(owed) if owed else None,
        "severity": assessment.severity,
        "tier": assessment.tier,
        "organization": assessment.organization,
    }


def _what(plan: Plan) -> dict[str, object]:
    """Say what was to be written; `rung` is the last one that a note tells of."""
    rungs = list(_rungs(plan))
    return {
        "rung": rungs[-1] if rungs else None,
        "fields": [str(change.field) for change in plan.fields],
        "note": list(plan.note.markers) if plan.note else None,
        "public_note": list(plan.public.markers) if plan.public else None,
        "priority": plan.priority.new if plan.priority else None,
        "transition": plan.transition_to
        or (plan.move.to if plan.move else None),
        "labels_off": list(plan.clearing.labels) if plan.clearing else None,
    }


def _rungs(plan: Plan) -> Iterator[str]:
    for part in plan.note.parts if plan.note else ():
        yield from part.rungs
