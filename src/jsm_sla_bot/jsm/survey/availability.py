"""Which fields the work types of the projects have: asked for all projects at once, else for each."""

from collections.abc import Mapping, Sequence

from jsm_sla_bot.jsm.json_values import JsonObject, text
from jsm_sla_bot.jsm.survey.attempts import attempted
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.decode import work_types_with_fields
from jsm_sla_bot.ports.survey import ProjectFacts, Read, Unread

Available = Mapping[str, Read[Mapping[str, frozenset[str]]]]
"""The ids of the fields by work type, by the project's key."""


def available(
    calls: SetupCalls, projects: Sequence[ProjectFacts], fields: Sequence[str]
) -> Available:
    """Read them; a project that can't be read hides no other."""
    if not projects:
        return {}
    at_once = attempted(_rows, calls, projects, fields)
    found: dict[str, Read[Mapping[str, frozenset[str]]]] = {}
    for each in projects:
        rows = at_once
        if isinstance(at_once, Unread) and len(projects) > 1:
            rows = attempted(_rows, calls, [each], fields)
        found[each.key] = rows if isinstance(rows, Unread) else _of(each, rows)
    return found


def _rows(
    calls: SetupCalls, projects: Sequence[ProjectFacts], fields: Sequence[str]
) -> Sequence[JsonObject]:
    types = [one.id for each in projects for one in each.work_types]
    ids = [each.id for each in projects]
    distinct = list(dict.fromkeys(types))
    return list(calls.fields_of_projects(ids, distinct, fields))


def _of(
    project: ProjectFacts, rows: Sequence[JsonObject]
) -> Mapping[str, frozenset[str]]:
    own = [
        each
        for each in rows
        if text(each.get("projectId")) in {None, project.id}
    ]
    types = [each.id for each in project.work_types]
    return work_types_with_fields(own, types)
