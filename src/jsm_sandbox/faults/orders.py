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
        """Start chance anew: the same order and calls give the same troubles."""
        self.chance = random.Random(self.seed)  # noqa: S311 - chance that repeats

    def meets(self, call: str, is_about: Callable[[str], bool], now: datetime) -> bool:
        """Return whether this order is for the call, given as ``METHOD /path``."""
        spent = (self.times and self.hits >= self.times) or (
            self.until is not None and now >= self.until
        )
        about = self.key is None or self.trouble in NAMES_A_ROW or is_about(self.key)
        meant = not spent and about and re.search(self.match, call) is not None
        return meant and (
            self.probability >= 1 or self.chance.random() < self.probability
        )

    def show(self) -> JsonObject:
        """Show the order as the control API does."""
        shown = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name != "chance"
        }
        return shown | {
            "acts": list(self.acts),
            "until": self.until.isoformat() if self.until else None,
        }


NAMES_A_ROW = (Trouble.BROKEN_ISSUE, Trouble.MISSING_ROW)
NAMES = ("times", "retry_after", "reason", "key", "seconds", "probability", "seed")


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
        unknown = order.keys() - {*NAMES, "kind", "status", "match", "lasts", "acts"}
        if unknown:
            text = f"an order for trouble knows no {', '.join(sorted(unknown))}"
            raise ValueError(text)
        trouble, status = _read_kind(str(order.get("kind", order.get("status", ""))))
        match = str(order.get("match", ""))
        re.compile(match)
        endless = "lasts" in order or "probability" in order
        chosen: dict[str, Json] = {"times": 0 if endless else 1} | {
            n: order[n] for n in NAMES if n in order
        }
        until = (
            self._now() + timedelta(seconds=float(order["lasts"]))
            if "lasts" in order
            else None
        )
        acts = tuple(as_object(each) for each in as_list(order.get("acts")))
        fault = Fault(
            match,
            trouble,
            status,
            until=until,
            acts=acts,
            **chosen,
        )
        self.orders.append(fault)
        return fault

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


def _read_kind(kind: str) -> tuple[Trouble, int]:
    if kind in {str(each) for each in Trouble} - {"status", "status-after"}:
        return Trouble(kind), 0
    number, _, after = kind.partition("-")
    if not number.isdigit() or after not in ("", "after"):
        known = ", ".join(
            sorted({str(each) for each in Trouble} - {"status", "status-after"})
        )
        text = f"{kind!r} is no fault: give a status such as 429 or 503-after, or one of {known}"
        raise ValueError(text)
    return (Trouble.STATUS_AFTER if after else Trouble.STATUS), int(number)
