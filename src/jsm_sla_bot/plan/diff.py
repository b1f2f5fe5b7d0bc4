"""The smallest list of changes from what Jira shows to what it should show.

Rounding and re-formatting by the server are no differences: an instant that the ledger says we wrote may come
back cut to the minute; any other is compared to the second.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.change import (
    Evidence,
    FieldChange,
    Plan,
    PriorityChange,
    Shown,
    Step,
)
from jsm_sla_bot.plan.corrections import fingerprint
from jsm_sla_bot.plan.desired import Desired
from jsm_sla_bot.plan.fields import FieldTable, FieldValue, OwnField
from jsm_sla_bot.plan.ledger import Ledger

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def diff(
    identity: tuple[str, str],
    desired: Desired,
    shown: Shown,
    under: Circumstances,
) -> Plan:
    """Return what to write to the request with that (id, key); an empty plan where nothing differs.

    A request that a person has taken out with the label gets an empty plan. Where none of the bot's fields can be seen,
    a ledger alone is not worth a write: it would record what nobody was shown.
    """
    request_id, key = identity
    if shown.ignored:
        return Plan(request_id, key)
    fields = _changes(desired, shown, under.table)
    transition = _transition(desired, shown, under.escalation_status)
    priority = _priority(desired, shown)
    plan = Plan(
        id=request_id,
        key=key,
        note=desired.note,
        public=desired.public,
        move=desired.move,
        transition_to=transition,
        fields=fields,
        priority=priority,
        ledger=_ledger(desired, shown, is_written=bool(fields)),
        had=shown.ledger,
        rewrites=_rewrites(fields, desired, shown.ledger, under.table),
        escalating=desired.escalating,
        raising=desired.raising,
    )
    if not plan.is_worth_a_write(is_blind=shown.is_blind):
        plan = replace(plan, ledger=None)
    return _with_what_was_seen(plan, shown.evidence)


def _changes(
    desired: Desired, shown: Shown, table: FieldTable
) -> tuple[FieldChange, ...]:
    """Return the fields that differ; one that the site does not have is never written."""
    changes: list[FieldChange] = []
    for field, new in desired.fields.items():
        if field not in shown.fields:
            continue
        old = shown.fields[field]
        written = _written(shown, new, table[field])
        if not same(old, new, written):
            changes.append(FieldChange(field, old, new))
    return tuple(changes)


def _ledger(desired: Desired, shown: Shown, *, is_written: bool) -> Ledger:
    """Return the ledger as it will be: with the fingerprints of a write, and the priority owed where it is unknown."""
    ledger = desired.ledger
    if is_written:
        ledger = replace(ledger, written=_fingerprints(desired, shown))
    is_owed = shown.highest_priority is None
    return ledger.owing_priority(desired.raising, is_owed=is_owed)


def _fingerprints(desired: Desired, shown: Shown) -> dict[str, str]:
    """Return what each field shows after a write: all of them, also those that were right before it."""
    written = {
        str(field): fingerprint(field, new, shown)
        for field, new in desired.fields.items()
        if field in shown.fields
    }
    return {**desired.ledger.written, **written}


def _with_what_was_seen(plan: Plan, seen: Evidence | None) -> Plan:
    """Add how often we had made the transition and raised the priority already when the request was read."""
    if seen is None:
        return plan
    moves = _ours(seen.statuses, plan.transition_to)
    raises = _ours(
        seen.priorities, plan.priority.new if plan.priority else None
    )
    move = plan.move
    if move:
        move = replace(move, seen=_ours(seen.statuses, move.to))
    return replace(plan, moves_seen=moves, raises_seen=raises, move=move)


def _ours(steps: Sequence[Step], wanted: str | None) -> int | None:
    """Count how often we have brought a status or priority about; None where none is wanted."""
    if wanted is None:
        return None
    word = wanted.strip().casefold()
    return sum(step.ours and word in step.words for step in steps)


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


def _written(shown: Shown, new: FieldValue, own: OwnField) -> datetime | None:
    """Return the instant that we last wrote there; for a ledger that can't be read, that is the one wanted now."""
    if shown.is_ledger_newer:
        return new if isinstance(new, datetime) else None
    ledger = shown.ledger
    return own.written(ledger.of(own.metric)) if ledger else None


def _transition(
    desired: Desired, shown: Shown, escalation_status: str | None
) -> str | None:
    if not desired.escalating or not escalation_status:
        return None
    is_there = shown.status.casefold() == escalation_status.casefold()
    return None if is_there else escalation_status


def _priority(desired: Desired, shown: Shown) -> PriorityChange | None:
    highest = shown.highest_priority
    if not desired.raising or highest is None or shown.priority == highest:
        return None
    return PriorityChange(
        old=shown.priority,
        new=highest,
        old_name=shown.priority_name,
        new_name=shown.highest_priority_name,
    )


def _rewrites(
    fields: Sequence[FieldChange],
    desired: Desired,
    had: Ledger | None,
    table: FieldTable,
) -> bool:
    """Tell whether a promise that a request shows changes under another policy than the one it was shown under.

    So does what the customer reads: the policy may just have turned it on.
    """
    if had is None:
        return False
    moved = {
        table[change.field].metric
        for change in fields
        if _moves(change, table)
    }
    concerned = had.metrics.keys() if desired.public else moved
    return any(had.of(metric).policy != desired.policy for metric in concerned)


def _moves(change: FieldChange, table: FieldTable) -> bool:
    """Tell whether a change changes what is promised."""
    own = table[change.field]
    return own.is_promise and own.promise(change.old) != own.promise(
        change.new
    )
