"""One PUT that sets fields, priority and ledger and takes labels off, and what to do where the site takes less.

Fields that the site names in its refusal are left out. A request that is done may be frozen: its status takes no edit
at all. That is told by the status' category and by editmeta, never by the refusal's words, and it is given up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from jsm_sla_bot.jsm.decode.fields import LABELS_ID, STATUS_ID
from jsm_sla_bot.jsm.decode.values import PRIORITY, body
from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    NotFoundError,
    RefusedError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import Json, mapping, text
from jsm_sla_bot.jsm.metadata import Directory
from jsm_sla_bot.jsm.write.own_raises import OwnRaises
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.ledger_json import to_json
from jsm_sla_bot.plan.markers import PROPERTY

_log = structlog.get_logger(__name__)
_NO = (RefusedError, ForbiddenError)
_DONE = "done"


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit came to. `refused` are parts with their reasons; `is_frozen`: the request takes no edit."""

    writes: int = 0
    refused: tuple[str, ...] = ()
    is_frozen: bool = False


class Edit:
    """Edits requests. Safe to use from several threads, for different requests."""

    def __init__(self, rest: Rest, directory: Directory) -> None:
        self._rest = rest
        self._directory = directory
        self._raises = OwnRaises(rest, directory)

    def write(
        self, plan: Plan, ledger: Ledger | None, labels: Sequence[str] = ()
    ) -> Edited:
        """Write fields, priority and ledger in one PUT, then the rest if the site refuses some of it.

        `labels` are taken off in the same call. Raises TransientError, TerminalError, IdentityError.
        """
        values = dict(body(plan, self._directory.site().fields))
        try:
            return Edited(self._put(plan, values, ledger, labels))
        except _NO as error:
            if self._is_frozen(plan.id):
                _log.warning("request_frozen", key=plan.key)
                return Edited(is_frozen=True)
            named = _named(error, [*values, LABELS_ID])
            if not named:
                raise
        refused = tuple(
            f"{self._name(name)}: {why}" for name, why in named.items()
        )
        _log.warning("jira_fields_refused", key=plan.key, fields=list(named))
        rest = {
            name: value for name, value in values.items() if name not in named
        }
        left = () if LABELS_ID in named else labels
        claimed = self._without(plan, ledger, [*named])
        return Edited(self._put(plan, rest, claimed, left), refused)

    def confirm(
        self, plan: Plan, ledger: Ledger | None, _labels: Sequence[str] = ()
    ) -> Edited:
        """Write the ledger alone, after fields, priority and labels stand. Raises as `write` does."""
        bare = replace(plan, fields=(), priority=None)
        return self.write(bare, ledger)

    def _name(self, identity: str) -> str:
        outputs = self._directory.site().fields.outputs.values()
        return next(
            (
                f"{each.name} ({each.id})"
                for each in outputs
                if each.id == identity
            ),
            identity,
        )

    def _without(
        self, plan: Plan, ledger: Ledger | None, refused: Sequence[str]
    ) -> Ledger | None:
        """Return the ledger without the claim that those fields were written."""
        if ledger is None:
            return None
        outputs = self._directory.site().fields.outputs
        names = {
            str(name) for name, each in outputs.items() if each.id in refused
        }
        claimed = ledger.without_written(names)
        if PRIORITY not in refused:
            return claimed
        return claimed.owing_priority(plan.raising, is_owed=True)

    def _put(
        self,
        plan: Plan,
        values: Mapping[str, Json],
        ledger: Ledger | None,
        labels: Sequence[str],
    ) -> int:
        """Write what is left to write; a ledger that the request shows already is not, and nothing is no write."""
        written: dict[str, Any] = {"fields": dict(values)}
        if ledger is not None and ledger != plan.had:
            written["properties"] = [
                {"key": PROPERTY, "value": to_json(ledger)}
            ]
        elif not values and not labels:
            return 0
        if labels:
            taken_off = [{"remove": each} for each in labels]
            written["update"] = {LABELS_ID: taken_off}
        priority = (
            plan.priority.new if plan.priority and PRIORITY in values else None
        )
        if priority is None:
            self._rest.edit(plan.id, written)
        else:
            self._raise_once(plan, written, priority)
        return 1

    def _raise_once(
        self, plan: Plan, written: dict[str, Any], priority: str
    ) -> None:
        """Write what raises the priority, unless another daemon has raised it since the request was read.

        After a lost answer once more, without the priority if it was raised. Raises TransientError where it is not
        known what happened: the next look at the request tells.
        """
        before = self._raises.of(plan.id, priority)
        if plan.raises_seen is not None and len(before) > plan.raises_seen:
            self._rest.edit(plan.id, _without_priority(written))
            return
        try:
            self._rest.edit(plan.id, written)
        except UnknownOutcomeError:
            is_raised = bool(self._raises.of(plan.id, priority) - before)
            again = _without_priority(written) if is_raised else written
            self._rest.edit(plan.id, again)

    def _is_frozen(self, issue: str) -> bool:
        """Tell whether a request is done and nothing of it may be edited."""
        try:
            shown = mapping(self._rest.issue(issue, [STATUS_ID]).get("fields"))
            category = mapping(
                mapping(shown.get(STATUS_ID)).get("statusCategory")
            )
            if text(category.get("key")) != _DONE:
                return False
            meta = self._rest.edit_meta(issue)
        except (*_NO, NotFoundError):
            return False
        return meta.get("fields") == {}


def _without_priority(written: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        n: value for n, value in written["fields"].items() if n != PRIORITY
    }
    return {**written, "fields": fields}


def _named(
    error: RefusedError | ForbiddenError, values: Iterable[str]
) -> dict[str, str]:
    """Say which of these values the site refuses, without its own words; empty where it names none of them."""
    if not isinstance(error, RefusedError):
        return {}
    said = f"refused by the site ({error.status})"
    return {name: said for name in values if name in error.fields}
