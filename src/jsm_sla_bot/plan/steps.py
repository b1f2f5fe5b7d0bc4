"""Which of our public comments are steps of R11: those of our own account that stand and carry a step's marker.

The markers are what the comments were seen to carry, or what the ledger says where nobody has looked; before anything
is written by them, somebody has (`passes.known_notes`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from jsm_sla_bot.plan.change import Shown
from jsm_sla_bot.plan.markers import step_of
from jsm_sla_bot.sla.request import Deed, HistoryEntry, RequestSnapshot, Role


def with_steps(request: RequestSnapshot, shown: Shown) -> RequestSnapshot:
    """Return a request whose history says which public comments of ours are steps, and says it of no others."""
    if not shown.comments:
        return request
    steps = _steps(shown)
    history = tuple(_told(entry, steps) for entry in request.history)
    if history == request.history:
        return request
    return replace(request, history=history)


def claimed_steps(shown: Shown) -> dict[str, str]:
    """Return the comment by marker of the steps that the ledger claims and whose comments stand."""
    notes = shown.ledger.notes if shown.ledger else {}
    return {
        marker: comment
        for marker, comment in notes.items()
        if step_of(marker) and comment in shown.comments
    }


def _steps(shown: Shown) -> dict[datetime, str]:
    """Return the steps by the instants at which their comments were written."""
    found: dict[datetime, str] = {}
    for marker, comment in _carried(shown).items():
        step = step_of(marker)
        at = shown.said_at.get(comment)
        if step and at and shown.comments.get(comment):
            found[at] = step
    return found


def _carried(shown: Shown) -> Mapping[str, str]:
    """Return the comment by marker, as seen or else as the ledger says."""
    if shown.evidence and shown.evidence.markers is not None:
        return shown.evidence.markers
    return shown.ledger.notes if shown.ledger else {}


def _told(entry: HistoryEntry, steps: Mapping[datetime, str]) -> HistoryEntry:
    is_ours = entry.role is Role.BOT and entry.what is Deed.PUBLIC_COMMENT
    if not is_ours:
        return entry
    step = steps.get(entry.at)
    return entry if entry.after == step else replace(entry, after=step)
