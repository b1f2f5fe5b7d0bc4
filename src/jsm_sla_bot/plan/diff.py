"""The smallest list of changes from what Jira shows to what it should show.

Rounding and re-formatting by the server are no differences: an instant that the ledger says we wrote may come
back cut to the minute; any other is compared to the second.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jsm_sla_bot.plan.change import FieldChange, Plan, PriorityChange, Shown, Step
from jsm_sla_bot.plan.corrections import fingerprint
from jsm_sla_bot.plan.desired import Desired
from jsm_sla_bot.plan.fields import BY_NAME, FieldValue, SlaField
from jsm_sla_bot.plan.ledger import Ledger

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def diff(
    identity: tuple[str, str],
    desired: Desired,
    shown: Shown,
    escalation_status: str | None,
) -> Plan:
    """Return what to write to the request with that (id, key); an empty plan where nothing differs.

    A request that a person has taken out with the label gets an empty plan. Where none of the bot's fields can be seen,
    a ledger alone is not worth a write: it would record what nobody was shown.
    """
    request_id, key = identity
    if shown.ignored:
        return Plan(request_id, key)
    fields = tuple(
        FieldChange(field, shown.fields[field], new)
        for field, new in desired.fields.items()
        if field in shown.fields
        and not same(shown.fields[field], new, _written(shown.ledger, field))
    )
    ledger = (
        replace(desired.ledger, written=_told(desired, shown))
        if fields
        else desired.ledger
    )
    if desired.raise_priority:
        ledger = replace(ledger, owes_priority=shown.highest_priority is None)
    transition = _transition(desired, shown, escalation_status)
    priority = _priority(desired, shown)
    seen = shown.evidence
    is_seen = bool(desired.note or transition or fields or priority)
    is_known = ledger == shown.ledger and not desired.note
    is_moot = shown.is_blind and not is_seen
    return Plan(
        id=request_id,
        key=key,
        note=desired.note,
        transition_to=transition,
        fields=fields,
        priority=priority,
        ledger=None if is_known or is_moot else ledger,
        had=shown.ledger,
        rewrites=_rewrites(fields, desired.policy, shown.ledger),
        moves_seen=_ours(seen.statuses, transition) if seen else None,
        raises_seen=_ours(seen.priorities, priority.new) if seen and priority else None,
    )


def _ours(steps: Sequence[Step], wanted: str | None) -> int | None:
    """Count how often we have brought a status or priority about; None where none is wanted."""
    if wanted is None:
        return None
    word = wanted.strip().casefold()
    return sum(step.ours and word in step.words for step in steps)


def _told(desired: Desired, shown: Shown) -> dict[str, str]:
    """Return what each field shows after a write: all of them, also those that were right before it."""
    told = {
        str(field): fingerprint(field, new, shown)
        for field, new in desired.fields.items()
        if field in shown.fields
    }
    return {**desired.ledger.written, **told}


def same(
    shown: FieldValue, wanted: FieldValue, written: datetime | None = None
) -> bool:
    """Tell whether a shown value says what it should; `written` is the instant that we last wrote there."""
    if isinstance(shown, datetime) and isinstance(wanted, datetime):
        tolerance = MINUTE if written == wanted else SECOND
        return abs(shown - wanted) < tolerance
    if isinstance(shown, str) and isinstance(wanted, str):
        return " ".join(shown.split()) == " ".join(wanted.split())
    return (shown or None) == (wanted or None)


def _written(ledger: Ledger | None, field: SlaField) -> datetime | None:
    if ledger is None:
        return None
    return BY_NAME[field].written(ledger)


def _transition(
    desired: Desired, shown: Shown, escalation_status: str | None
) -> str | None:
    if not desired.escalate or not escalation_status:
        return None
    return (
        None
        if shown.status.casefold() == escalation_status.casefold()
        else escalation_status
    )


def _priority(desired: Desired, shown: Shown) -> PriorityChange | None:
    highest = shown.highest_priority
    if not desired.raise_priority or highest is None or shown.priority == highest:
        return None
    return PriorityChange(shown.priority, highest)


def _rewrites(fields: Sequence[FieldChange], policy: str, had: Ledger | None) -> bool:
    """Tell whether what a request was told of its contract changes under another policy than it was told under."""
    return (
        had is not None
        and had.policy != policy
        and any(_moves_a_promise(change) for change in fields)
    )


def _moves_a_promise(change: FieldChange) -> bool:
    field = BY_NAME[change.field]
    return field.is_promise and field.promise(change.old) != field.promise(change.new)
