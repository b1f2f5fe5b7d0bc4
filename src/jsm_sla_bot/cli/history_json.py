"""Requests with their histories as lines of JSON: what a service review needs, without any Jira.

A line holds a request as `assess` reads it, next to what only a review asks for: the ledger, and the names of people.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from jsm_sla_bot.cli import request_json
from jsm_sla_bot.cli.question import utc_text
from jsm_sla_bot.cli.request_shape import Shape, SnapshotShape
from jsm_sla_bot.plan import ledger_json
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.strict_json import LedgerError
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import (
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Status,
    Value,
)

VERSION = 1


class HistoryShape(Shape):
    """One request with its history, as `history export` writes it."""

    version: Literal[1] = Field(description="The version of this shape.")
    read_at: AwareDatetime | None = Field(
        default=None,
        description="As of when the request was read, with its zone.",
    )
    request: SnapshotShape = Field(
        description="The request as `assess` reads it: its present values, and its history."
    )
    ledger: dict[str, Any] | None = Field(
        default=None,
        description="What the bot keeps on the request: the issue property jsm-sla-bot.",
    )
    people: dict[str, str] = Field(
        default_factory=dict,
        description="Names by account id, as the history has them.",
    )
    organization_names: dict[str, str] = Field(
        default_factory=dict, description="Names by organization id."
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line."""
    return HistoryShape.model_json_schema(by_alias=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: a request, and as of when (aware UTC) if the line says it."""

    record: Record
    read_at: datetime | None = None


def as_json(record: Record, read_at: datetime | None = None) -> dict[str, Any]:
    """Return a request as one line holds it; instants in UTC."""
    request, ledger = record.snapshot, record.ledger
    named = {entry.by: entry.name for entry in request.history if entry.name}
    if request.reporter_name:
        named[request.reporter] = request.reporter_name
    return {
        "version": VERSION,
        "read_at": utc_text(read_at) if read_at else None,
        "request": _request_json(request),
        "ledger": ledger_json.to_json(ledger) if ledger else None,
        "people": named,
        "organization_names": dict(request.organization_names),
    }


def line(text: str, statuses: Mapping[str, Phase]) -> Line:
    """Read one line, or a bare one that `assess` reads. Raises RequestError naming what was found where."""
    given = _object(text)
    if "request" not in given:
        return Line(Record(request_json.snapshot(text, statuses)))
    try:
        shape = HistoryShape.model_validate(given)
    except ValidationError as error:
        raise RequestError(request_json.sentence(error)) from None
    request = request_json.snapshot(json.dumps(given["request"]), statuses)
    history = tuple(_named(entry, shape.people) for entry in request.history)
    names = tuple(shape.organization_names.items())
    request = replace(
        request,
        history=history,
        organization_names=names,
        reporter_name=shape.people.get(request.reporter, ""),
    )
    return Line(Record(request, _ledger(shape.ledger)), shape.read_at)


def _object(line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _named(entry: HistoryEntry, people: Mapping[str, str]) -> HistoryEntry:
    return replace(entry, name=people.get(entry.by, ""))


def _ledger(given: object) -> Ledger | None:
    if given is None:
        return None
    try:
        return ledger_json.from_json(given)
    except LedgerError as error:
        raise RequestError(f"ledger: {error}") from None


def _request_json(request: RequestSnapshot) -> dict[str, Any]:
    return {
        "key": request.key,
        "reported": utc_text(request.reported),
        "severity": request.severity,
        "organizations": list(request.organizations),
        "product": request.product,
        "request_type": request.request_type,
        "channel": request.channel,
        "labels": sorted(request.labels),
        "status": _value_json(request.status),
        "eta": _value_json(request.eta),
        "reporter": request.reporter,
        "history": [_entry_json(entry) for entry in request.history],
    }


def _entry_json(entry: HistoryEntry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "at": utc_text(entry.at),
        "by": entry.by,
        "role": str(entry.role),
        "what": str(entry.what),
    }
    if entry.before is not None:
        found["from"] = _value_json(entry.before)
    found["to"] = _value_json(entry.after)
    return found


def _value_json(value: Value) -> object:
    match value:
        case Status(name=name, phase=phase, is_waiting=is_waiting):
            return {"name": name, "phase": str(phase), "waiting": is_waiting}
        case datetime():
            return utc_text(value)
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
        case _:
            return value
