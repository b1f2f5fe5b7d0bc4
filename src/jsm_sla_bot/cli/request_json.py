"""Requests as lines of JSON that name no Jira: for what-if work, and for whoever checks the engine from outside.

The shape is a pydantic model, so that it can print its own JSON Schema; everything else reads `RequestSnapshot`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
    Value,
)


def _severity(value: object) -> object:
    """Take `S1` and `"1"` for 1; anything else is left for the type to judge."""
    text = str(value).upper().removeprefix("S") if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else value  # noqa: PLR2004 - S1 to S99


def _ids(value: object) -> object:
    """Take whole numbers for ids, and one id for a list of it; nothing is an empty list."""
    if value is None:
        return []
    found = value if isinstance(value, list) else [value]
    return [
        str(one) if isinstance(one, int) and not isinstance(one, bool) else one
        for one in found
    ]


Severity: TypeAlias = Annotated[
    int, BeforeValidator(_severity), Field(ge=1, le=9, strict=True)
]
Ids: TypeAlias = Annotated[list[str], BeforeValidator(_ids)]
Labels: TypeAlias = Annotated[
    list[str], BeforeValidator(lambda value: [] if value is None else value)
]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


M = TypeVar("M", bound=_Shape)
FIELDS = {
    Deed.SEVERITY: "severity",
    Deed.STATUS: "status",
    Deed.ORGANIZATIONS: "organizations",
    Deed.PRODUCT: "product",
    Deed.LABELS: "labels",
}


class StatusShape(_Shape):
    """A workflow status with what it means to the contract, where its name alone does not tell."""

    name: str = Field(description="The status as people know it.")
    phase: Phase = Field(
        description="What it means: open, acknowledged, closed, declined."
    )


class EntryShape(_Shape):
    """One thing that somebody did to the request."""

    at: AwareDatetime = Field(description="When, with its zone.")
    by: str = Field(default="", description="Who.")
    role: Role = Field(
        description="In which capacity: an agent who reported the request acts as its customer."
    )
    what: Deed = Field(description="What it is about.")
    before: Any = Field(
        default=None,
        alias="from",
        description="The value before; its kind depends on `what`.",
    )
    after: Any = Field(
        default=None,
        alias="to",
        description="The value after; for `called` the instant of the call.",
    )


class SnapshotShape(_Shape):
    """One request as it stands, with the history that led there.

    A value that is the one before an unbroken history of it is taken for the one at the report.
    """

    key: str = Field(
        min_length=1, description="What the request is called in the answer."
    )
    reported: AwareDatetime = Field(description="When it was reported, with its zone.")
    severity: Severity | None = Field(
        default=None, description="1 to 4 (or S1 to S4); null: none is set."
    )
    organizations: Ids = Field(
        default_factory=list, description="The ids of its organizations."
    )
    product: str | None = Field(default=None, description="The product's name.")
    request_type: str | None = Field(
        default=None, description="The request type's name."
    )
    channel: str | None = Field(
        default=None, description="How it came in, such as portal, email, chat."
    )
    labels: Labels = Field(default_factory=list, description="Its labels.")
    status: StatusShape | str = Field(
        default="Open", description="Its workflow status; names as in jira.yaml."
    )
    history: list[EntryShape] = Field(
        default_factory=list, description="What was done to it, in any order."
    )


class _Called(_Shape):
    to: AwareDatetime


class _Severities(_Shape):
    to: Severity | None


class _Identities(_Shape):
    to: Ids


class _Labelled(_Shape):
    to: Labels


class _Named(_Shape):
    to: Annotated[str, Field(strict=True)] | None


class _Placed(_Shape):
    to: StatusShape | str | None


_VALUES: Mapping[
    Deed, type[_Called | _Severities | _Identities | _Labelled | _Named | _Placed]
] = {
    Deed.SEVERITY: _Severities,
    Deed.ORGANIZATIONS: _Identities,
    Deed.LABELS: _Labelled,
    Deed.PRODUCT: _Named,
    Deed.STATUS: _Placed,
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line."""
    return SnapshotShape.model_json_schema(by_alias=True)


def snapshot(line: str, statuses: Mapping[str, Phase]) -> RequestSnapshot:
    """Read one line; `statuses` tells phases by name. Raises RequestError naming what was found where."""
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        message = f"not JSON: {getattr(error, 'msg', 'nested too deeply')}"
        raise RequestError(message) from None
    try:
        shape = SnapshotShape.model_validate(given)
    except ValidationError as error:
        raise RequestError(_told(error)) from None
    phases = {name.casefold(): phase for name, phase in statuses.items()}
    return _continued(_request(shape, phases))


def _request(shape: SnapshotShape, phases: Mapping[str, Phase]) -> RequestSnapshot:
    return RequestSnapshot(
        key=shape.key,
        reported=shape.reported.astimezone(UTC),
        severity=shape.severity,
        organizations=tuple(shape.organizations),
        product=shape.product,
        request_type=shape.request_type,
        channel=shape.channel,
        labels=frozenset(shape.labels),
        status=_status(shape.status, phases),
        history=tuple(
            _entry(entry, number, phases) for number, entry in enumerate(shape.history)
        ),
    )


def _continued(request: RequestSnapshot) -> RequestSnapshot:
    """Bring a value that was given as it was at the report to where an unbroken history takes it."""
    present: dict[str, Any] = {}
    for deed, name in FIELDS.items():
        entries = sorted(
            (entry for entry in request.history if entry.what is deed),
            key=lambda entry: entry.at,
        )
        given = getattr(request, name)
        unbroken = all(one.after == other.before for one, other in pairwise(entries))
        if entries and unbroken and entries[0].before == given != entries[-1].after:
            present[name] = entries[-1].after
    return replace(request, **present)


def _entry(shape: EntryShape, number: int, phases: Mapping[str, Phase]) -> HistoryEntry:
    at = shape.at.astimezone(UTC)
    before = _value(shape, shape.before, f"history.{number}.from", phases)
    after = _value(shape, shape.after, f"history.{number}.to", phases)
    return HistoryEntry(at, shape.role, shape.what, before, after, shape.by)


def _value(
    shape: EntryShape, given: object, where: str, phases: Mapping[str, Phase]
) -> Value:
    if shape.what is Deed.CALLED:
        return _call(shape, given, where)
    if shape.what not in _VALUES:
        return None
    value: Value
    match _read(_VALUES[shape.what], given, where):
        case _Placed(to=StatusShape() | str() as status):
            value = _status(status, phases)
        case _Identities(to=ids):
            value = tuple(ids)
        case _Labelled(to=labels):
            value = frozenset(labels)
        case _Severities(to=severity):
            value = severity
        case _Named(to=name):
            value = name
        case _:
            value = None
    return value


def _call(shape: EntryShape, given: object, where: str) -> Value:
    """Return the instant of the call: as given, or that of the entry where it only says that there was one."""
    said = given is True or (
        given is None
        and "after" not in shape.model_fields_set
        and where.endswith(".to")
    )
    if said:
        return shape.at.astimezone(UTC)
    return (
        None
        if given in (None, False)
        else _read(_Called, given, where).to.astimezone(UTC)
    )


def _read(model: type[M], given: object, where: str) -> M:
    try:
        return model.model_validate({"to": given})
    except ValidationError as error:
        message = f"{where}: {error.errors(include_url=False)[0]['msg']}"
        raise RequestError(message) from None


def _status(shape: StatusShape | str, phases: Mapping[str, Phase]) -> Status:
    if isinstance(shape, StatusShape):
        return Status(shape.name, shape.phase)
    return Status(shape, phases.get(shape.casefold(), Phase.OPEN))


def _told(error: ValidationError) -> str:
    problems: Sequence[Any] = error.errors(include_url=False, include_context=False)
    places = "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'the line'}: {_message(one)}"
        for one in problems[:3]
    )
    return f"{places}; and {len(problems) - 3} more" if len(problems) > 3 else places  # noqa: PLR2004 - enough to act on


def _message(problem: Mapping[str, Any]) -> str:
    if problem["type"] != "extra_forbidden":
        return str(problem["msg"])
    shape = EntryShape if len(problem["loc"]) > 1 else SnapshotShape
    keys = [field.alias or name for name, field in shape.model_fields.items()]
    near = get_close_matches(str(problem["loc"][-1]), keys, 1)
    return (
        f"unknown key - did you mean {near[0]!r}?"
        if near
        else f"unknown key; the keys are {', '.join(keys)}"
    )
