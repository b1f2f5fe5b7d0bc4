"""What the engine says of a request that waits for its customer: its state, the steps that lie ahead, and why (R11)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from jsm_sla_bot.sla.reason import Fact

CLOSING: Final = "closing"
_REMINDER: Final = "reminder"
_NEXT = r"(closing|reminder [1-9]\d*) after ([1-9]\d*)"
_STEP = re.compile(
    rf"(closing|reminder ([1-9]\d*))((?:, then {_NEXT})*)", re.ASCII
)


class DormantState(StrEnum):
    """How a request stands that its customer is to answer."""

    DORMANT = "dormant"
    WAITS_FOR_US = "waits_for_us"
    """The last act is the customer's, whatever the status says (D24)."""
    NOT_ACKNOWLEDGED = "not_acknowledged"
    KEPT_OPEN = "kept_open"
    ETA_AHEAD = "eta_ahead"
    UNDATED = "undated"
    """Neither an agent nor the customer has done anything that its dormancy could count from."""
    OVER = "over"
    """It was closed once for this silence, and somebody has opened it again without a word."""
    CLOSED = "closed"
    """It was closed by the bot, and nobody has opened it since."""
    UNKNOWN = "unknown"
    """The calendar does not reach so far (D16)."""


class Why(StrEnum):
    """The closed set of grounds."""

    WAITING = "waiting"
    OVERRIDE = "override"
    COUNTED_FROM_COMMENT = "counted_from_comment"
    COUNTED_FROM_ENTRY = "counted_from_entry"
    REMINDED = "reminded"
    STEP_DUE = "step_due"
    CLOSING_SAID = "closing_said"
    CUSTOMER_ACTED = "customer_acted"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    KEEP_OPEN_LABEL = "keep_open_label"
    ETA_AHEAD = "eta_ahead"
    NOTHING_TO_COUNT_FROM = "nothing_to_count_from"
    CLOSED_ONCE = "closed_once"
    CLOSED_BY_US = "closed_by_us"
    REOPENS = "reopens"
    TOO_LATE_TO_REOPEN = "too_late_to_reopen"
    CALENDAR_ENDS = "calendar_ends"


class Ground(NamedTuple):
    """One ground: its rule, where that was read, and the values it worked on (instants aware UTC)."""

    why: Why
    rule: str
    source: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()

    def fact(self, name: str) -> Fact:
        """Return the fact of that name, or None."""
        return dict(self.facts).get(name)


def ground(why: Why, rule: str, source: str = "", **facts: Fact) -> Ground:
    """Make a ground from keyword facts, in the order given."""
    return Ground(why, rule, source, (*facts.items(),))


class Announced(NamedTuple):
    """A step that a reminder has announced, so many business days after the one before."""

    step: str
    days: int


class StepSaid(NamedTuple):
    """A step of R11 that a public note of ours is, with the steps that it announced. A closing has the number 0."""

    number: int
    announced: tuple[Announced, ...] = ()

    @property
    def is_closing(self) -> bool:
        """Whether it is the closing."""
        return self.number == 0


class StepAt(NamedTuple):
    """A step that lies ahead or is due: its name, when it falls due (aware UTC), and from how many business days."""

    step: str
    at: datetime
    days: int


def reminder(number: int) -> str:
    """Return what the reminder with that number is called, the first being 1."""
    return f"{_REMINDER} {number}"


def step_text(step: str, announced: Iterable[Announced]) -> str:
    """Return a step as a history entry carries it: `reminder 1, then reminder 2 after 3, then closing after 3`."""
    ahead = [f"{each.step} after {each.days}" for each in announced]
    return ", then ".join([step, *ahead])


def step_said(text: object) -> StepSaid | None:
    """Read a step as a history entry carries it, with what it announced or without; None for anything else."""
    found = _STEP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    ahead = re.findall(_NEXT, found[3])
    announced = [Announced(step, int(days)) for step, days in ahead]
    return StepSaid(int(found[2] or 0), tuple(announced))


@dataclass(frozen=True, slots=True)
class Dormancy:
    """What the contract says of a request that waits for its customer, or that the bot has closed.

    All instants are aware UTC. `since` is what its dormancy counts from (D24), or the customer's act where that is the
    last, or the closing. `steps` are the steps still to come, the first as it falls due, the others as they follow if
    each is taken then, or now. `act` is the customer's comment on a closed request, `may_reopen` whether it came in
    time (D27). `next_at` is when time alone next brings something about. `flag_at`: when agents are flagged (D24).
    """

    state: DormantState
    because: tuple[Ground, ...]
    since: datetime | None = None
    steps: tuple[StepAt, ...] = ()
    next_at: datetime | None = None
    flag_at: datetime | None = None
    is_closing_said: bool = False
    """Whether the customer has read that it is closed, and only the transition is left."""
    act: datetime | None = None
    may_reopen: bool = False

    @property
    def step(self) -> str | None:
        """The step that comes next, None where there is none."""
        return self.steps[0].step if self.steps else None

    @property
    def due(self) -> datetime | None:
        """When the next step falls due."""
        return self.steps[0].at if self.steps else None

    @property
    def closes(self) -> datetime | None:
        """When it is closed if nobody does anything; None where that can't be said."""
        last = self.steps[-1] if self.steps else None
        return last.at if last and last.step == CLOSING else None
