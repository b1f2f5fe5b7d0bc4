"""What came of writing one request, as one of five cases, and what came of a chunk."""

from dataclasses import dataclass, field

from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.ports.errors import IdentityError
from jsm_sla_bot.ports.journal import Entry, Failure
from jsm_sla_bot.ports.site import Receipt


@dataclass(frozen=True, slots=True)
class Left:
    """It was not tried: the pass stops, or the site takes no writes."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """It is not there any more, or no longer ours."""


@dataclass(frozen=True, slots=True)
class Done:
    """Its plan stands in Jira; `entry` is for the journal."""

    entry: Entry
    planned: Planned
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Failed:
    """It is to be set aside.

    `written` is the part of its plan that stands nevertheless. `suspect`: it was well before, so the site may be to
    blame.
    """

    failure: Failure
    planned: Planned
    written: Receipt | None = None
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Halted:
    """Jira does not take us for who we are: nothing else may be written."""

    error: IdentityError


Outcome = Left | Nothing | Done | Failed | Halted


@dataclass(slots=True)
class Written:
    """What came of writing: `left` says that some plans were not tried."""

    writes: int = 0
    set_aside: list[Failure] = field(default_factory=list)
    left: bool = False
