"""What Jira shows after a plan was written, without any Jira: the world that the plan's tests look at."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.change import Plan, Shown
from jsm_sla_bot.plan.desired import desire
from jsm_sla_bot.plan.diff import diff
from jsm_sla_bot.plan.fields import BY_NAME, FieldValue, SlaField
from jsm_sla_bot.plan.ledger_json import from_json, to_json
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.request import RequestSnapshot
from tests.sla.contract import POLICY, STOCKHOLM

NOTHING: Mapping[SlaField, FieldValue] = dict.fromkeys(SlaField)
UNTOUCHED = Shown(
    NOTHING, priority="3", highest_priority="1", status="Waiting for support"
)


def planned(
    raised: RequestSnapshot,
    now: datetime,
    shown: Shown = UNTOUCHED,
    under: Policy = POLICY,
    escalation_status: str | None = None,
) -> Plan:
    """Plan one pass over one request."""
    seen_by = Circumstances(
        under.hash, STOCKHOLM, now, escalation_status, BY_NAME
    )
    desired = desire(assess(raised, under, now), shown, seen_by)
    return diff(("10001", raised.key), desired, shown, seen_by)


def written(shown: Shown, plan: Plan) -> Shown:
    """Return what Jira shows when everything was written; the comment's id is its markers' number."""
    ledger = plan.ledger or shown.ledger
    if plan.note and ledger:
        ledger = ledger.with_notes(
            dict.fromkeys(plan.note.markers, f"c{len(ledger.notes)}")
        )
    return replace(
        shown,
        fields={
            **shown.fields,
            **{change.field: change.new for change in plan.fields},
        },
        priority=plan.priority.new if plan.priority else shown.priority,
        status=plan.transition_to or shown.status,
        ledger=from_json(to_json(ledger)) if ledger else None,
    )


def passed(
    raised: RequestSnapshot,
    now: datetime,
    shown: Shown = UNTOUCHED,
    under: Policy = POLICY,
) -> Shown:
    """Return what Jira shows after one pass."""
    return written(shown, planned(raised, now, shown, under))
