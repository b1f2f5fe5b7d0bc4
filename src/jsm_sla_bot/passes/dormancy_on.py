"""Since when requests go dormant: nothing is flagged that customers did before (R11).

The first pass under a policy with a rule for dormant requests keeps the instant in the journal, and a pass under one
without such a rule forgets it. A journal that is lost keeps a later one: then less is flagged, never more.
"""

from dataclasses import replace
from datetime import datetime

from jsm_sla_bot.passes.planner import Edition
from jsm_sla_bot.ports.journal import DormancyOn, Marks


def dated(edition: Edition, marks: Marks, now: datetime) -> Edition:
    """Return an edition that knows since when requests go dormant; `now` is aware UTC. Raises JournalError."""
    mark = marks.recall(DormancyOn)
    if not edition.rules.policy.knows_dormancy:
        if mark:
            marks.clear(DormancyOn)
        return edition
    if mark is None:
        mark = DormancyOn(now)
        marks.remember(mark)
    ways = replace(edition.rules.ways, flags_since=mark.at)
    return replace(edition, rules=replace(edition.rules, ways=ways))
