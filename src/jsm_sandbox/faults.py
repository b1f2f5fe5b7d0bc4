"""Troubles on order: which calls are to fail, how, and how often."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from jsm_sandbox.values import Json, JsonObject


class Trouble(StrEnum):
    """How a call goes wrong. ``after``: the call was carried out, only the caller does not learn it."""

    STATUS = "status"
    STATUS_AFTER = "status-after"
    TIMEOUT = "timeout"
    TIMEOUT_AFTER = "timeout-after"
    RESET = "reset"
    RESET_AFTER = "reset-after"
    CUT_JSON = "cut-json"
    HTML = "html"
    SLOW = "slow"
    BROKEN_ISSUE = "broken-issue"
    ANONYMOUS = "anonymous"

    @property
    def applies(self) -> bool:
        """Tell whether the call is carried out all the same."""
        return self not in (Trouble.STATUS, Trouble.TIMEOUT, Trouble.RESET, Trouble.HTML)


@dataclass(slots=True)
class Fault:
    """One order for trouble: ``match`` is searched in ``METHOD /path``; ``times`` 0: until taken back."""

    match: str
    trouble: Trouble
    status: int = 0
    times: int = 1
    retry_after: int | None = None
    reason: str = "jira-burst-based"
    key: str | None = None
    seconds: float = 2.0
    hits: int = field(default=0)

    def meets(self, call: str, is_about: Callable[[str], bool]) -> bool:
        """Tell whether this order is for the call, given as ``METHOD /path``."""
        spent = self.times and self.hits >= self.times
        about = self.key is None or self.trouble is Trouble.BROKEN_ISSUE or is_about(self.key)
        return not spent and about and re.search(self.match, call) is not None

    def show(self) -> JsonObject:
        """Show the order as the control API does."""
        return asdict(self)


class Faults:
    """The orders that are open, in the order in which they were placed."""

    def __init__(self) -> None:
        """Start without any."""
        self.orders: list[Fault] = []

    def place(self, order: JsonObject) -> Fault:
        """Take an order; ``kind`` is a trouble, a status, or a status with ``-after``."""
        kind = str(order.get("kind", order.get("status", "")))
        trouble, status = _read_kind(kind)
        names = ("times", "retry_after", "reason", "key", "seconds")
        chosen: dict[str, Json] = {name: order[name] for name in names if name in order}
        re.compile(str(order.get("match", "")))
        fault = Fault(str(order.get("match", "")), trouble, status, **chosen)
        self.orders.append(fault)
        return fault

    def clear(self) -> None:
        """Take every order back."""
        self.orders.clear()

    def next_for(self, method: str, path: str, is_about: Callable[[str], bool]) -> Fault | None:
        """Give the first order that is for this call, and count it."""
        for each in self.orders:
            if each.meets(f"{method} {path}", is_about):
                each.hits += 1
                return each
        return None


def _read_kind(kind: str) -> tuple[Trouble, int]:
    if kind in {str(each) for each in Trouble} - {"status", "status-after"}:
        return Trouble(kind), 0
    number, _, after = kind.partition("-")
    if not number.isdigit() or after not in ("", "after"):
        known = ", ".join(sorted({str(each) for each in Trouble} - {"status", "status-after"}))
        text = f"{kind!r} is no fault: give a status such as 429 or 503-after, or one of {known}"
        raise ValueError(text)
    return (Trouble.STATUS_AFTER if after else Trouble.STATUS), int(number)
