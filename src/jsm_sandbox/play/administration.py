"""What administrators do to a site while a bot runs: new projects, contexts, twins of fields, new names."""

from __future__ import annotations

from dataclasses import replace

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state import wire
from jsm_sandbox.state.blueprint import AGENT_NAMES, project
from jsm_sandbox.state.custom_fields import Context, Field, Option, Shape
from jsm_sandbox.state.json_types import JsonObject, as_object
from jsm_sandbox.state.people import Role
from jsm_sandbox.state.setup import MEMBERS, Project, WorkType

CUSTOM = "customfield_"
_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
INSTANTS = {"datetime": Shape.DATETIME, "datepicker": Shape.DATE}
"""The kinds of fields that hold an instant or a date."""


def open_project(tracker: Tracker, key: str, name: str) -> Project:
    """Open a service project with a desk of its own, staffed like the first one."""
    with tracker.lock:
        people = {each.name: each for each in tracker.site.accounts.values()}
        desk = str(1 + len(tracker.site.projects))
        made = project(str(tracker.next_id()), key, name, desk, people)
        tracker.site.projects.append(made)
        tracker.layout.type_schemes[0].projects.append(made.id)
        tracker.layout.field_schemes[0].projects.append(made.id)
        return made


def open_team_project(tracker: Tracker, key: str, name: str) -> Project:
    """Open a team-managed project: its fields are its own, its people are members, and no screen shows it."""
    with tracker.lock:
        people = [tracker.site.bot.account_id]
        people += [
            each.account_id
            for each in tracker.site.accounts.values()
            if each.name in AGENT_NAMES
        ]
        roles = [Role(10110, MEMBERS, people), Role(10002, "Administrators")]
        desk = str(1 + len(tracker.site.projects))
        made = Project(
            str(tracker.next_id()),
            key,
            name,
            desk,
            roles,
            list(tracker.site.projects[0].priorities),
            team_managed=True,
        )
        tracker.site.projects.append(made)
        return made


def add_work_type(tracker: Tracker, number: str, name: str) -> WorkType:
    """Give the site another work type; all projects have it."""
    with tracker.lock:
        made = WorkType(number, name)
        tracker.site.work_types.append(made)
        return made


def change_work_type(tracker: Tracker, key: str, name: str) -> None:
    """Make a request one of another work type."""
    with tracker.lock:
        found = next(
            each for each in tracker.site.work_types if each.name == name
        )
        tracker.issue(key).fields["issuetype"] = wire.issue_type(found)
        tracker.version += 1


def trash_field(tracker: Tracker, name: str) -> Field:
    """Throw a field away: nothing shows it, and its history waits in the trash."""
    with tracker.lock:
        found = _field(tracker, name)
        tracker.site.fields.remove(found)
        tracker.layout.trash.append(found)
        return found


def add_context(
    tracker: Tracker, field: str, project_key: str, labels: list[str]
) -> Context:
    """Give a select field a context for one project: the same labels there have ids of their own."""
    with tracker.lock:
        found = _field(tracker, field)
        ids = [str(tracker.next_id()) for _ in labels]
        options = tuple(map(Option, ids, labels))
        made = _context(tracker, (project_key,), options)
        tracker.site.replace_field(found, contexts=(*found.contexts, made))
        return made


def _context(
    tracker: Tracker,
    keys: tuple[str, ...],
    options: tuple[Option, ...],
    work_types: tuple[str, ...] = (),
) -> Context:
    number = str(tracker.next_id())
    name = f"Context for {', '.join(keys)}"
    return Context(number, name, keys, options, work_types)


def restrict_field(
    tracker: Tracker,
    name: str,
    keys: list[str],
    work_types: tuple[str, ...] = (),
) -> Field:
    """Take a field's global context away: it holds in these projects only, with the options that it has.

    It holds for these work types of them only, by id, where any is given.
    """
    with tracker.lock:
        found = _field(tracker, name)
        made = _context(tracker, tuple(keys), found.options, work_types)
        return tracker.site.replace_field(
            found, contexts=(made,), everywhere=False
        )


def disable_option(tracker: Tracker, name: str, value: str) -> Field:
    """Disable an option of a field: requests that have it keep it, and nobody can choose it."""
    with tracker.lock:
        found = _field(tracker, name)
        options = tuple(
            replace(each, disabled=each.disabled or each.value == value)
            for each in found.options
        )
        return tracker.site.replace_field(found, options=options)


def add_field(tracker: Tracker, name: str, kind: str) -> Field:
    """Add a field of a kind of ``INSTANTS``, which agents set by its name."""
    with tracker.lock:
        made = _made(tracker.next_field_number(), name, kind)
        tracker.site.fields.append(made)
        return made


def _made(number: int, name: str, kind: str) -> Field:
    shape = INSTANTS[kind]
    schema: JsonObject = {
        "type": str(shape),
        "custom": f"{_TYPES}{kind}",
        "customId": number,
    }
    return Field(f"{CUSTOM}{number}", name, shape, schema)


def twin_field(
    tracker: Tracker, field: str, project_key: str | None = None
) -> Field:
    """Add a field with the name and type of another, of one project only where one is named."""
    with tracker.lock:
        found = _field(tracker, field)
        number = tracker.next_field_number()
        scope = tracker.site.project(project_key) if project_key else None
        options = tuple(
            replace(each, id=str(tracker.next_id())) for each in found.options
        )
        schema: JsonObject = {**found.schema, "customId": number}
        twin = replace(
            found,
            id=f"{CUSTOM}{number}",
            schema=schema,
            options=options,
            scope=scope.id if scope else "",
        )
        tracker.site.fields.append(twin)
        return twin


def rename_priority(tracker: Tracker, name_or_id: str, name: str) -> None:
    """Rename a priority, on every request that has it too."""
    with tracker.lock:
        site = tracker.site
        old = site.priority(name_or_id)
        if old is None:
            raise LookupError(f"the sandbox has no priority {name_or_id!r}")
        new = replace(old, name=name)
        site.priorities[site.priorities.index(old)] = new
        for issue in tracker.issues.values():
            if as_object(issue.fields.get("priority")).get("id") == new.id:
                issue.fields["priority"] = wire.priority(new)
        tracker.version += 1


def _field(tracker: Tracker, name: str) -> Field:
    found = tracker.site.field(name)
    if found is None:
        raise LookupError(f"the sandbox has no field named {name!r}")
    return found
