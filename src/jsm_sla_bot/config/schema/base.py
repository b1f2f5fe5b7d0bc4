"""What every file's shape is made of: strict models without unknown keys, and the words of the YAML."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.types import Strict
from pydantic_core import PydanticCustomError

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.durations import long_span
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.sla.calendar import Window
from jsm_sla_bot.sla.contract import (
    ClockKind,
    ClockStarts,
    Counting,
    Reopening,
    SeveralOrganizations,
)

T = TypeVar("T")

ACCOUNT = (
    "an account id such as 5b10a2844c20165700ede21g, no name and no e-mail address: it is the last part of the "
    "address of the person's profile"
)


class Shape(BaseModel):
    """A mapping of the YAML. An unknown key is a mistake, a missing rule of the contract never gets a hidden value."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        defer_build=True,  # once, with the file's whole shape, not again for each part
    )


def wrong(
    expected: str,
    suggestion: str | None = None,
    at: tuple[str | int, ...] = (),
    instead: str | None = None,
) -> PydanticCustomError:
    """Make the error for a value that can't be meant; `at` is the way down to it from where it is found."""
    context = {
        "expected": expected,
        "suggestion": suggestion,
        "at": at,
        "instead": instead,
    }
    return PydanticCustomError("word", "{expected}", context)


def worded(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """Turn a reader of words into one whose errors pydantic collects."""

    def reader(value: Any) -> T:  # noqa: ANN401 - whatever stands in the YAML
        try:
            return read(value)
        except WordError as error:
            raise wrong(
                error.expected,
                suggestion=error.suggestion,
                instead=error.instead,
            ) from None

    return reader


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise WordError("an id such as 42")


def _account(value: object) -> str:
    text = _id(value)
    if "@" in text or " " in text:
        raise WordError(ACCOUNT)
    return text


_TEXT_OR_NUMBER = {"type": ["string", "number"]}


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[
    str,
    PlainValidator(worded(_id)),
    WithJsonSchema({"type": ["string", "integer"]}),
]
AccountId = Annotated[
    str,
    PlainValidator(worded(_account)),
    WithJsonSchema({"type": ["string", "integer"], "pattern": "^[^@ ]+$"}),
]
OrganizationId = Annotated[
    str,
    PlainValidator(worded(literals.organization_id)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": r"^\s*[1-9][0-9]*\s*$"},
            ]
        }
    ),
]
Day = Annotated[
    date,
    PlainValidator(worded(literals.day)),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Share = Annotated[
    float,
    PlainValidator(worded(literals.share)),
    WithJsonSchema(_TEXT_OR_NUMBER),
]
LongSpan = Annotated[
    timedelta,
    PlainValidator(worded(long_span)),
    WithJsonSchema({"type": "string"}),
]
Years = Annotated[
    tuple[int, int],
    PlainValidator(worded(literals.years)),
    WithJsonSchema(_TEXT_OR_NUMBER),
]
Hours = Annotated[
    Window,
    PlainValidator(worded(literals.window)),
    WithJsonSchema({"type": "string"}),
]

NotStrict = Strict(strict=False)
Clock = Annotated[ClockKind, NotStrict]
Starts = Annotated[ClockStarts, NotStrict]
Count = Annotated[Counting, NotStrict]
Reopen = Annotated[Reopening, NotStrict]
Several = Annotated[SeveralOrganizations, NotStrict]
