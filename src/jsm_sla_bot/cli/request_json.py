"""Requests as lines of JSON that name no Jira: for what-if work, and for whoever checks the engine from outside.

The shape is `cli.request_shape`; everything else reads `RequestSnapshot`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, Field, ValidationError

from jsm_sla_bot.cli.request_shape import (
    EntryShape,
    Eta,
    Ids,
    Labels,
    Severity,
    Shape,
    SnapshotShape,
    StatusShape,
)
from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import (
    CHANGES,
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
    Value,
)
from jsm_sla_bot.text.nearest import nearest

M = TypeVar("M", bound=Shape)

MOST_LISTED = 3
"""So many problems of a line are enough to act on."""


class _Called(Shape):
    to: AwareDatetime


class _Severities(Shape):
    to: Severity | None


class _Identities(Shape):
    to: Ids


class _Labelled(Shape):
    to: Labels


class _Named(Shape):
    to: Annotated[str, Field(strict=True)] | None


class _Expected(Shape):
    to: Eta | None


class _Placed(Shape):
    to: StatusShape | str | None


_VALUES: Mapping[
    Deed,
    type[
        _Called
        | _Severities
        | _Identities
        | _Labelled
        | _Named
        | _Placed
        | _Expected
    ],
] = {
    Deed.SEVERITY: _Severities,
    Deed.ORGANIZATIONS: _Identities,
    Deed.LABELS: _Labelled,
    Deed.PRODUCT: _Named,
    Deed.STATUS: _Placed,
    Deed.ETA: _Expected,
    Deed.PUBLIC_COMMENT: _Named,
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line."""
    return SnapshotShape.model_json_schema(by_alias=True)


@dataclass(frozen=True, slots=True)
class _Statuses:
    """What the names of statuses mean; they are compared without regard to case."""

    phases: Mapping[str, Phase]
    waiting: frozenset[str]

    def read(self, shape: StatusShape | str) -> Status:
        """Return a status as the engine knows it; what the line itself says wins."""
        name = shape if isinstance(shape, str) else shape.name
        folded = name.casefold()
        phase = self.phases.get(folded, Phase.OPEN)
        is_waiting = folded in self.waiting
        if isinstance(shape, str):
            return Status(name, phase, is_waiting)
        if shape.waiting is not None:
            is_waiting = shape.waiting
        return Status(name, shape.phase, is_waiting)


def snapshot(
    line: str, statuses: Mapping[str, Phase], waiting: Iterable[str] = ()
) -> RequestSnapshot:
    """Read one line; `statuses` maps names to phases, `waiting` names those that wait for the customer (D23).

    Raises RequestError naming what was found where.
    """
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise RequestError(
            f"not JSON: {getattr(error, 'msg', 'nested too deeply')}"
        ) from None
    try:
        shape = SnapshotShape.model_validate(given)
    except ValidationError as error:
        raise RequestError(sentence(error)) from None
    phases = {name.casefold(): phase for name, phase in statuses.items()}
    named = frozenset(name.casefold() for name in waiting)
    return _continued(_request(shape, _Statuses(phases, named)))


def _request(shape: SnapshotShape, statuses: _Statuses) -> RequestSnapshot:
    return RequestSnapshot(
        key=shape.key,
        reported=shape.reported.astimezone(UTC),
        severity=shape.severity,
        organizations=tuple(shape.organizations),
        product=shape.product,
        request_type=shape.request_type,
        channel=shape.channel,
        labels=frozenset(shape.labels),
        status=statuses.read(shape.status),
        reporter=shape.reporter,
        history=tuple(
            _entry(entry, number, statuses)
            for number, entry in enumerate(shape.history)
        ),
        eta=shape.eta,
    )


def _continued(request: RequestSnapshot) -> RequestSnapshot:
    """Bring a value that was given as it was at the report to where an unbroken history takes it."""
    present: dict[str, Any] = {}
    for deed, name in CHANGES.items():
        entries = sorted(
            (entry for entry in request.history if entry.what is deed),
            key=lambda entry: entry.at,
        )
        given = getattr(request, name)
        unbroken = all(
            one.after == other.before for one, other in pairwise(entries)
        )
        if (
            entries
            and unbroken
            and entries[0].before == given != entries[-1].after
        ):
            present[name] = entries[-1].after
    return replace(request, **present)


def _entry(
    shape: EntryShape, number: int, statuses: _Statuses
) -> HistoryEntry:
    at = shape.at.astimezone(UTC)
    before = _value(shape, shape.before, f"history.{number}.from", statuses)
    after = _value(shape, shape.after, f"history.{number}.to", statuses)
    return HistoryEntry(at, shape.role, shape.what, before, after, shape.by)


def _value(
    shape: EntryShape, given: object, where: str, statuses: _Statuses
) -> Value:
    if shape.what is Deed.CALLED:
        return _call(shape, given, where)
    if shape.what not in _VALUES or _says_nothing(shape):
        return None
    value: Value
    match _read(_VALUES[shape.what], given, where):
        case _Placed(to=StatusShape() | str() as status):
            value = statuses.read(status)
        case _Identities(to=ids):
            value = tuple(ids)
        case _Labelled(to=labels):
            value = frozenset(labels)
        case _Severities(to=severity):
            value = severity
        case _Named(to=name):
            value = name
        case _Expected(to=eta):
            value = eta
        case _:
            value = None
    return value


def _says_nothing(shape: EntryShape) -> bool:
    """Return whether an entry is a comment that is no step of R11: only the bot's are."""
    return shape.what is Deed.PUBLIC_COMMENT and shape.role is not Role.BOT


def _call(shape: EntryShape, given: object, where: str) -> Value:
    """Return the instant of the call: as given, or that of the entry where it only says that there was one."""
    is_bare_entry = "after" not in shape.model_fields_set and where.endswith(
        ".to"
    )
    if given is True or (given is None and is_bare_entry):
        return shape.at.astimezone(UTC)
    if given in (None, False):
        return None
    call = _read(_Called, given, where)
    return call.to.astimezone(UTC)


def _read(model: type[M], given: object, where: str) -> M:
    try:
        return model.model_validate({"to": given})
    except ValidationError as error:
        raise RequestError(
            f"{where}: {error.errors(include_url=False)[0]['msg']}"
        ) from None


def sentence(error: ValidationError) -> str:
    """Return what is wrong with a line, and where in it."""
    problems: Sequence[Any] = error.errors(
        include_url=False, include_context=False
    )
    places = "; ".join(map(_place_and_message, problems[:MOST_LISTED]))
    further = len(problems) - MOST_LISTED
    return f"{places}; and {further} more" if further > 0 else places


def _place_and_message(problem: Mapping[str, Any]) -> str:
    place = ".".join(map(str, problem["loc"]))
    return f"{place or 'the line'}: {_message(problem)}"


def _message(problem: Mapping[str, Any]) -> str:
    if problem["type"] != "extra_forbidden":
        return str(problem["msg"])
    shape = EntryShape if len(problem["loc"]) > 1 else SnapshotShape
    keys = [field.alias or name for name, field in shape.model_fields.items()]
    near = nearest(problem["loc"][-1], keys)
    if near:
        return f"unknown key - did you mean {near!r}?"
    return f"unknown key; the keys are {', '.join(keys)}"
