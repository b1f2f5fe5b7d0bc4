"""What stands in the wrong order within a file: rungs here, agreements and opening hours in modules of their own.

Like the cross-checks these read the documents, so that a slip elsewhere hides nothing.
"""

from collections.abc import Iterator

from jsm_sla_bot.config import literals
from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.agreements import agreements_out_of_order
from jsm_sla_bot.config.calendars.ordering import calendar_out_of_order
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.word import read_or_none

_RUNGS: Path = ("escalation", "rungs")


def out_of_order(folder: Folder) -> Iterator[Problem]:
    """Yield every problem of order."""
    yield from _shares(folder.policy)
    yield from _names(folder.policy)
    yield from agreements_out_of_order(folder.organizations)
    for calendar in folder.calendars.values():
        yield from calendar_out_of_order(calendar)


def _shares(policy: Document) -> Iterator[Problem]:
    """Check that each rung is reached after the one before it (R10)."""
    before: float | None = None
    for index, _ in enumerate(policy.entries(_RUNGS)):
        path = (*_RUNGS, index, "share")
        given = policy.find(path)
        share = read_or_none(literals.share, given)
        if before and share and share <= before:
            expected = "a larger share than the rung before it has"
            yield policy.problem(
                path,
                found=shown(given),
                expected=expected,
            )
        before = share


def _names(policy: Document) -> Iterator[Problem]:
    """Check that each rung has a name of its own: it goes into the markers of notes."""
    names: set[str] = set()
    for index, _ in enumerate(policy.entries(_RUNGS)):
        path = (*_RUNGS, index, "name")
        name = policy.find(path)
        if not isinstance(name, str):
            continue
        if name in names:
            yield policy.problem(
                path,
                found=shown(name),
                expected="a name that no other rung has",
            )
        names.add(name)
