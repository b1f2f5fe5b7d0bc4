"""Troubles on order: which calls are to fail, how, and how often."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum

from jsm_sandbox.state.json_types import Json, JsonObject, as_list, as_object


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
    SCOPE = "scope"
    """The token lacks the scope for the call."""
    ANONYMOUS = "anonymous"
    EDIT_FIRST = "edit-first"
    MISSING_ROW = "missing-row"
    REPEATED_ROW = "repeated-row"
    REPEATED_TOKEN = "repeated-token"  # noqa: S105 - a page token is no secret

    @property
    def applies(self) -> bool:
        """Return whether the call is carried out all the same."""
        return self not in (
            Trouble.STATUS,
            Trouble.TIMEOUT,
            Trouble.RESET,
            Trouble.HTML,
            Trouble.SCOPE,
        )


@dataclass(slots=True)
class Fault:
    """One order for trouble: ``match`` is searched in ``METHOD /path``; ``times`` 0: until taken back.

    ``until`` ends it on the sandbox's clock. ``probability`` is drawn for each matching call, from ``seed``.
    ``acts`` are what people do just before the call is carried out, where that is the trouble.
    """

    match: str
    trouble: Trouble
    status: int = 0
    times: int = 1
    retry_after: int | None = None
    reason: str = "jira-burst-based"
    key: str | None = None
    seconds: float = 2.0
    probability: float = 1.0
    seed: int = 0
    until: datetime | None = None
    acts: tuple[JsonObject, ...] = ()
    hits: int = field(default=0)
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Start chance from the seed: the same order and calls give the same troubles."""
        self.chance = random.Random(self.seed)  # noqa: S311 - chance that repeats

    def meets(
        self, call: str, is_about: Callable[[str], bool], now: datetime
    ) -> bool:
        """Return whether this order is for the call, given as ``METHOD /path``."""
        if self._is_spent(now):
            return False
        if not self._is_named(is_about):
            return False
        if re.search(self.match, call) is None:
            return False
        return self._comes_true()

    def _comes_true(self) -> bool:
        """Draw whether the order is carried out this time."""
        return self.probability >= 1 or self.chance.random() < self.probability

    def _is_spent(self, now: datetime) -> bool:
        if self.until is not None and now >= self.until:
            return True
        return self._is_used_up

    @property
    def _is_used_up(self) -> bool:
        return self.times > 0 and self.hits >= self.times

    def _is_named(self, is_about: Callable[[str], bool]) -> bool:
        if self.key is None or self.trouble in NAMES_A_ROW:
            return True
        return is_about(self.key)

    def show(self) -> JsonObject:
        """Show the order as the control API does."""
        names = [each.name for each in fields(self) if each.name != "chance"]
        shown: JsonObject = {name: getattr(self, name) for name in names}
        shown["acts"] = list(self.acts)
        shown["until"] = self.until.isoformat() if self.until else None
        return shown


NAMES_A_ROW = (Trouble.BROKEN_ISSUE, Trouble.MISSING_ROW)
OTHER_NAMES = ("kind", "status", "match", "lasts", "acts")
NAMES = (
    "times",
    "retry_after",
    "reason",
    "key",
    "seconds",
    "probability",
    "seed",
)


class Faults:
    """The orders that are open, in the order in which they were placed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start without any."""
        self.orders: list[Fault] = []
        self._now = now

    def place(self, order: JsonObject) -> Fault:
        """Take an order; ``kind`` is a trouble, a status, or a status with ``-after``.

        An order that ``lasts`` some seconds or has a ``probability`` holds for any number of calls.
        """
        unknown = sorted(order.keys() - {*NAMES, *OTHER_NAMES})
        if unknown:
            raise ValueError(
                f"an order for trouble knows no {', '.join(unknown)}"
            )
        kind = order.get("kind", order.get("status", ""))
        trouble, status = _read_kind(str(kind))
        fault = Fault(
            match=_read_pattern(order.get("match", "")),
            trouble=trouble,
            status=status,
            until=self._until(order),
            acts=tuple(map(as_object, as_list(order.get("acts")))),
            **_chosen(order),
        )
        self.orders.append(fault)
        return fault

    def _until(self, order: JsonObject) -> datetime | None:
        if "lasts" not in order:
            return None
        return self._now() + timedelta(seconds=float(order["lasts"]))

    def clear(self) -> None:
        """Take every order back."""
        self.orders.clear()

    def next_for(
        self, method: str, path: str, is_about: Callable[[str], bool]
    ) -> Fault | None:
        """Give the first order that is for this call, and count it."""
        for each in self.orders:
            if each.meets(f"{method} {path}", is_about, self._now()):
                each.hits += 1
                return each
        return None


def _read_pattern(match: Json) -> str:
    """Read what is searched in the call. Raises re.error for what is no pattern."""
    pattern = str(match)
    re.compile(pattern)
    return pattern


def _chosen(order: JsonObject) -> JsonObject:
    """Give the plain values of an order; one that lasts or is left to chance is not counted."""
    endless = "lasts" in order or "probability" in order
    chosen: JsonObject = {"times": 0 if endless else 1}
    for name in NAMES:
        if name in order:
            chosen[name] = order[name]
    return chosen


def _read_kind(kind: str) -> tuple[Trouble, int]:
    """Read a trouble, and the status where it is one. Raises ValueError for anything else."""
    known = {str(each) for each in Trouble} - {"status", "status-after"}
    if kind in known:
        return Trouble(kind), 0
    number, _, after = kind.partition("-")
    if not number.isdigit() or after not in ("", "after"):
        names = ", ".join(sorted(known))
        raise ValueError(
            f"{kind!r} is no fault: give a status such as 429 or 503-after, or one of {names}"
        )
    trouble = Trouble.STATUS_AFTER if after else Trouble.STATUS
    return trouble, int(number)
