"""What travels on the wire, and how Jira says no."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A decoded JSON value. Left open on purpose: a loaded file may hold any shape at any place."""

JsonObject: TypeAlias = dict[str, Json]


class Refusal(Exception):  # noqa: N818 - an answer of Jira's, not a fault of the sandbox
    """Jira refuses the call: the status and the texts of its ErrorCollection."""

    def __init__(
        self,
        *messages: str,
        status: int = HTTPStatus.BAD_REQUEST,
        errors: dict[str, str] | None = None,
    ) -> None:
        """Take the general messages and the messages by field."""
        self.status = int(status)
        self.messages = list(messages)
        self.errors = dict(errors or {})
        super().__init__("; ".join([*self.messages, *self.errors.values()]))

    def body(self) -> JsonObject:
        """Give the ErrorCollection."""
        return {"errorMessages": self.messages, "errors": self.errors}


NO_ISSUE = "Issue does not exist or you do not have permission to see it."
"""What Jira says both of what is not there and of what may not be seen."""


def not_found(text: str = NO_ISSUE) -> Refusal:
    """Say that something is not there: by default, a request."""
    return Refusal(text, status=HTTPStatus.NOT_FOUND)


def as_object(value: Json) -> JsonObject:
    """Take an object as it is and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    """Take a list as it is and anything else as an empty one."""
    return value if isinstance(value, list) else []


def inside(value: Json, *names: str) -> Json:
    """Go down an object by names; nothing where it does not hold one of them."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def as_text(value: Json) -> str:
    """Take a text as it is, a number as text, and anything else as an empty one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def as_number(value: Json) -> int | None:
    """Take a number, or a text of nothing but digits, as a number, and anything else as none."""
    text = as_text(value)
    return int(text) if text.isdecimal() else None
