"""What a request's own history and comments show of what its ledger may claim. No I/O."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from jsm_sla_bot.jsm.decode.changelog import Change
from jsm_sla_bot.jsm.decode.fields import PRIORITY_ID, STATUS_ID, Fields
from jsm_sla_bot.jsm.decode.roles import Cast, account_id
from jsm_sla_bot.jsm.json_values import Json, JsonObject, mapping, text
from jsm_sla_bot.plan.change import Evidence, Step
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.sla.acknowledgement import ANSWERS
from jsm_sla_bot.sla.request import HistoryEntry, Role

_NEVER_AGENTS = frozenset({"customer", "app"})


def evidence(
    fields: JsonObject,
    found: Sequence[Change],
    known: Fields,
    reported: datetime,
    *,
    is_ledger_unreadable: bool,
) -> Evidence:
    """Gather what changes of status, priority and our own field show; `answers` are added by who knows the cast."""
    return Evidence(
        told=_told(found, known),
        statuses=_steps(found, STATUS_ID, fields.get(STATUS_ID), reported),
        priorities=_steps(
            found, PRIORITY_ID, fields.get(PRIORITY_ID), reported
        ),
        is_ledger_unreadable=is_ledger_unreadable,
    )


def answers(
    history: Iterable[HistoryEntry], raw: Iterable[JsonObject], cast: Cast
) -> frozenset[datetime]:
    """Return when somebody who may have been an agent did what may acknowledge, agent or not any more.

    `raw` are the changes and comments as fetched: their authors tell who can never have been one.
    """
    never = {cast.own, *cast.automations, *cast.customers}
    for each in raw:
        author = each.get("author")
        if text(mapping(author).get("accountType")) in _NEVER_AGENTS:
            never.add(account_id(author) or "")
    return frozenset(
        entry.at
        for entry in history
        if entry.what in ANSWERS and entry.by and entry.by not in never
    )


def _told(found: Sequence[Change], known: Fields) -> str | None:
    """Return the last value of *Response SLA* that we wrote, None where we have written none."""
    field = known.outputs.get(SlaField.RESPONSE_SLA)
    if field is None:
        return None
    ours = [
        each
        for each in found
        if each.field == field.id and each.role is Role.BOT
    ]
    return text(ours[-1].item.get("toString")) if ours else None


def _steps(
    found: Sequence[Change], field: str, present: Json, reported: datetime
) -> tuple[Step, ...]:
    changes = [each for each in found if each.field == field]
    shown = mapping(present)
    if not changes:
        return (Step(reported, _words(shown.get("id"), shown.get("name"))),)
    first = changes[0].item
    begun = Step(reported, _words(first.get("from"), first.get("fromString")))
    return (begun, *map(_step, changes))


def _step(change: Change) -> Step:
    words = _words(change.item.get("to"), change.item.get("toString"))
    return Step(change.at, words, change.role is Role.BOT)


def _words(*values: Json) -> frozenset[str]:
    return frozenset(
        word.casefold() for each in values if (word := text(each))
    )
