"""The shape of a request as a line of JSON, as pydantic models that can print their own JSON Schema."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)

from jsm_sla_bot.sla.request import Deed, Phase, Role

_DIGITS = 2
"""A severity is S1 to S99."""


def _severity(value: object) -> object:
    """Take `S1` and `"1"` for 1; anything else is left for the type to judge."""
    if not isinstance(value, str):
        return value
    text = value.upper().removeprefix("S")
    is_number = text.isascii() and text.isdigit()
    return int(text) if is_number and len(text) <= _DIGITS else value


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


def _eta(value: object) -> object:
    """Take a date as a date, and anything else as an instant."""
    with suppress(TypeError, ValueError):
        if isinstance(value, str) and len(value.strip()) == len("2026-03-05"):
            return date.fromisoformat(value.strip())
    return value


Eta: TypeAlias = Annotated[
    Annotated[date, Field(strict=True)] | AwareDatetime, BeforeValidator(_eta)
]


class Shape(BaseModel):
    """What every part of a line has in common: no unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True
    )


class StatusShape(Shape):
    """A workflow status with its phase, where `jira.yaml` does not give one for the name."""

    name: str = Field(description="The status as people know it.")
    phase: Phase = Field(
        description="What it means: open, acknowledged, closed, declined."
    )
    waiting: bool | None = Field(
        default=None,
        description="Whether the request waits for the customer (D23); left out: as jira.yaml says of the name.",
    )


class EntryShape(Shape):
    """One thing that somebody did to the request."""

    at: AwareDatetime = Field(description="When, with its zone.")
    by: str = Field(default="", description="Who.")
    role: Role = Field(
        description="In which capacity: an agent who reported the request acts as its customer; "
        "probable_agent is a person who may have been one (D35)."
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
        description="The value after; for `called` the instant of the call, for `eta` an instant or a date; "
        "for a `public_comment` of the `bot` the step of R11 that it is: `reminder 1`, `reminder 2`, `closing` (D25).",
    )


class SnapshotShape(Shape):
    """One request as it stands, with the history that led there.

    A value that is the one before an unbroken history of it is taken for the one at the report.
    """

    key: str = Field(
        min_length=1, description="What the request is called in the answer."
    )
    reported: AwareDatetime = Field(
        description="When it was reported, with its zone."
    )
    severity: Severity | None = Field(
        default=None, description="1 to 4 (or S1 to S4); null: none is set."
    )
    organizations: Ids = Field(
        default_factory=list, description="The ids of its organizations."
    )
    product: str | None = Field(
        default=None, description="The product's name."
    )
    request_type: str | None = Field(
        default=None, description="The request type's name."
    )
    channel: str | None = Field(
        default=None,
        description="How it came in, such as portal, email, chat.",
    )
    labels: Labels = Field(default_factory=list, description="Its labels.")
    status: StatusShape | str = Field(
        default="Open",
        description="Its workflow status; names as in jira.yaml.",
    )
    eta: Eta | None = Field(
        default=None,
        description="When the agents expect to have solved it: an instant with its zone, or a date (D21).",
    )
    reporter: str = Field(
        default="",
        description="The account id of the customer who reported it (R14).",
    )
    history: list[EntryShape] = Field(
        default_factory=list, description="What was done to it, in any order."
    )
