"""Whether an agent asks why, on the request itself: a label is set, and nobody has answered that setting yet.

Level-based: the label that the request shows asks, the history tells since when. So each setting is answered once,
however often the request is looked at, and a label that is set again asks again. Accepted race: a label that is taken
off and set again between our reading and our write is answered as if it had stood all the while.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.plan.markers import why_marker
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.history import in_order
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    RequestSnapshot,
    Role,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """By which label agents ask, and the policy that the answer is about."""

    label: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Asked:
    """One setting of the label: how the request spells it, since when it stands (aware UTC), and who set it.

    `by` is the account id, `name` what people call it; both are empty where the history does not tell.
    """

    labels: tuple[str, ...]
    at: datetime
    by: str = ""
    name: str = ""
    is_by_agent: bool = False

    @property
    def marker(self) -> str:
        """The marker of the note that answers it."""
        return why_marker(self.at)


def asked(request: RequestSnapshot, label: str) -> Asked | None:
    """Return the setting of the label that stands on a request; None where it does not stand there."""
    spelled = tuple(sorted(_matching(request.labels, label)))
    if not spelled:
        return None
    set_by = None
    for entry in in_order(request).history:
        if entry.what is Deed.LABELS and _sets(entry, label):
            set_by = entry
    if set_by is None:
        return Asked(spelled, request.reported)
    is_by_agent = set_by.role is Role.AGENT
    return Asked(spelled, set_by.at, set_by.by, set_by.name, is_by_agent)


def _sets(entry: HistoryEntry, label: str) -> bool:
    return bool(_matching(entry.after, label)) and not _matching(
        entry.before, label
    )


def _matching(labels: object, label: str) -> list[str]:
    """Return the labels that are that one, whatever their case."""
    wanted = label.strip().casefold()
    known: Iterable[str] = labels if isinstance(labels, frozenset) else ()
    return [each for each in known if each.casefold() == wanted]
