"""The note that confirms a resolution: an agent has closed the request without saying so (R9, D22)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from jsm_sla_bot.plan import customer_sentences
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.matter import RESOLUTION, Matter, OwedNote
from jsm_sla_bot.sla.acknowledgement import closing
from jsm_sla_bot.sla.request import Deed, Role


def resolution_notes(matter: Matter) -> Iterator[OwedNote]:
    """Yield what is owed once the request is closed, once for each closing."""
    rule = matter.rule(NoteKind.RESOLVED)
    closed = closing(matter.request) if rule else None
    if rule is None or closed is None or closed.at is None:
        return
    until = closed.at + rule.within + RESOLUTION
    is_agents = closed.role is Role.AGENT
    if not is_agents or matter.now >= until:
        return
    if _was_explained(matter, closed.at, rule.answered_within):
        return
    facts = {
        "key": matter.request.key,
        "closed": matter.instant(closed.at),
        "reopen": customer_sentences.REOPEN,
    }
    about = closed.at.isoformat()
    yield OwedNote(NoteKind.RESOLVED, about, facts, until)


def _was_explained(
    matter: Matter, closed: datetime, before: timedelta
) -> bool:
    """Tell whether an agent has said something in public shortly before the closing, or together with it."""
    earliest = closed - before
    return any(
        entry.what is Deed.PUBLIC_COMMENT
        and entry.role is Role.AGENT
        and earliest <= entry.at <= closed
        for entry in matter.request.history
    )
