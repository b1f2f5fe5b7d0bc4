"""One request: read, create and edit."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.comments import add_by_operations
from jsm_sandbox.http.routes.edit_screen import is_hidden, place_of
from jsm_sandbox.http.routes.transitions import offered
from jsm_sandbox.state import adf
from jsm_sandbox.state.custom_fields import Field, Shape
from jsm_sandbox.state.field_values import NOT_ON_SCREEN, Place, accept
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    Refusal,
    as_list,
    as_object,
)
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import BASE, Project

NOTIFY = "To discard the user notification either admin or project admin permissions are required."
OVERRIDES = (
    "Only Connect and Forge apps with the admin permission can use this."
)
FROZEN = "The workflow does not allow this issue to be edited in its present status."
NO_CREATION = "You do not have permission to create issues in this project."


@platform.get("/issue/{key}")
def get_issue(call: Call) -> Reply:
    """Show one request as the database has it."""
    chosen = views.Selection(
        tuple(call.words("fields") or ["*all"]),
        tuple(call.words("properties")),
        tuple(call.words("expand")),
    )
    issue = call.issue()
    shown = views.issue(call, issue, chosen)
    if "transitions" in chosen.expand:
        shown["transitions"] = offered(call, issue)
    return ok(shown)


@platform.post("/issue")
def create_issue(call: Call) -> Reply:
    """Create a request, as an agent or an integration would."""
    fields = as_object(call.payload.get("fields"))
    project = _project_for(call, as_object(fields.get("project")))
    key = f"{project.key}-{project.counter + 1}"
    accepted = _accepted(call, Place(call.site, project, key), _first(fields))
    properties = _properties(call)
    project.counter += 1
    issue = _created(call, project, key, accepted)
    issue.properties |= {each["key"]: each.get("value") for each in properties}
    call.tracker.insert(issue)
    return Reply(HTTPStatus.CREATED, _identity(issue))


def _identity(issue: Issue) -> JsonObject:
    return {
        "id": str(issue.id),
        "key": issue.key,
        "self": f"{BASE}/rest/api/3/issue/{issue.id}",
    }


def _project_for(call: Call, wanted: JsonObject) -> Project:
    """Find the project of a new request, or refuse it in Jira's words."""
    named = str(wanted.get("key", wanted.get("id", "")))
    project = call.site.project(named)
    if project is None or not call.sees_projects:
        raise Refusal(errors={"project": "valid project is required"})
    if not call.is_agent(project):
        raise Refusal(errors={"project": NO_CREATION})
    return project


def _first(fields: JsonObject) -> dict[str, Json]:
    """Give the values to check at creation: the summary even where the call has none."""
    given = {
        name: value
        for name, value in fields.items()
        if name not in ("project", "issuetype")
    }
    return {**given, "summary": fields.get("summary")}


def _created(
    call: Call, project: Project, key: str, accepted: list[tuple[Field, Json]]
) -> Issue:
    tracker = call.tracker
    now = tracker.now()
    blank = tracker.blank_fields(project, call.caller, now)
    given = {field.id: value for field, value in accepted}
    return Issue(
        id=tracker.next_id(),
        key=key,
        project=project.key,
        created=now,
        updated=now,
        fields=blank | given,
    )


@platform.put("/issue/{key}")
def edit_issue(call: Call) -> Reply:
    """Edit fields and properties in one go: everything is checked before anything is written."""
    issue = call.editable("edit")
    _refuse_overrides(call)
    if call.tracker.is_frozen(issue):
        raise Refusal(FROZEN)
    accepted = _accepted(call, place_of(call, issue), _wanted(call, issue))
    properties = _properties(call)
    _write(call, issue, accepted, properties)
    if not call.flag("returnIssue", default=False):
        return no_content()
    chosen = views.Selection(("*all",), expand=tuple(call.words("expand")))
    return ok(views.issue(call, issue, chosen))


def _write(
    call: Call,
    issue: Issue,
    accepted: list[tuple[Field, Json]],
    properties: list[JsonObject],
) -> None:
    """Carry out an edit that was checked: fields, properties, comments."""
    if accepted:
        call.tracker.assign(issue, accepted, call.caller, call.tracker.now())
    for each in properties:
        call.tracker.set_property(issue, each["key"], each.get("value"))
    add_by_operations(call, issue)


def _refuse_overrides(call: Call) -> None:
    """Refuse what Jira allows to its own apps and administrators alone."""
    if not call.flag("notifyUsers", default=True):
        raise _forbidden(NOTIFY)
    overrides = ("overrideScreenSecurity", "overrideEditableFlag")
    if any(call.flag(name, default=False) for name in overrides):
        raise _forbidden(OVERRIDES)


def _forbidden(text: str) -> Refusal:
    return Refusal(text, status=HTTPStatus.FORBIDDEN)


def _wanted(call: Call, issue: Issue) -> dict[str, Json]:
    """Give the fields' values as the edit wants them, whole or worked out by operations."""
    fields = as_object(call.payload.get("fields"))
    update = as_object(call.payload.get("update"))
    _refuse_both(fields, update)
    operated = {
        name: _operated(issue.fields.get(name), name, as_list(operations))
        for name, operations in update.items()
        if name != "comment"
    }
    return fields | operated


def _refuse_both(fields: JsonObject, update: JsonObject) -> None:
    for name in update:
        if name in fields:
            text = (
                f"Field '{name}' cannot appear in both 'fields' and 'update'"
            )
            raise Refusal(errors={name: text})


def _operated(value: Json, name: str, operations: list[Json]) -> Json:
    """Carry out set, add and remove on a list of labels or of things with ids."""
    current: Json = [_element(each, name) for each in as_list(value)]
    for operation in operations:
        current = _after(current, name, as_object(operation))
    return current


def _after(current: Json, name: str, operation: JsonObject) -> Json:
    match operation:
        case {"set": wanted}:
            return wanted
        case {"add": one}:
            return [*as_list(current), one]
        case {"remove": one}:
            return [each for each in as_list(current) if each != one]
        case _:
            raise Refusal(errors={name: "Unrecognized operation."})


def _element(stored: Json, name: str) -> Json:
    """Give an element of a list as an edit would send it: an id as a number, a label as it is."""
    sent = stored["id"] if isinstance(stored, dict) else stored
    if name == "labels" or not str(sent).isdigit():
        return sent
    return int(sent)


def _accepted(
    call: Call, place: Place, wanted: dict[str, Json]
) -> list[tuple[Field, Json]]:
    """Check every value; all complaints come at once, and then nothing is written."""
    errors: dict[str, str] = {}
    accepted = []
    for name, raw in wanted.items():
        try:
            field = _writable(call, place, name)
            value = accept(place, field, _document(call, field, raw))
        except Refusal as refusal:
            errors |= refusal.errors
        else:
            accepted.append((field, value))
    if errors:
        raise Refusal(errors=errors)
    return accepted


def _writable(call: Call, place: Place, name: str) -> Field:
    """Find a field that the project has and its screen shows, or refuse it in Jira's words."""
    tracker = call.tracker
    refusal = Refusal(errors={name: NOT_ON_SCREEN.format(name)})
    field = tracker.site.field_by_id(name)
    if field is None or tracker.lacks(
        place.project.key, field, place.work_type
    ):
        raise refusal
    is_checked = tracker.switches.screen_check
    if is_checked and is_hidden(call, place, field):
        raise refusal
    return field


def _document(call: Call, field: Field, raw: Json) -> Json:
    """Make a document of the plain text that version 2 takes for one."""
    if (
        field.shape is Shape.RICH
        and call.version == "2"
        and isinstance(raw, str)
    ):
        return adf.from_text(raw)
    return raw


def _properties(call: Call) -> list[JsonObject]:
    found = [
        as_object(each) for each in as_list(call.payload.get("properties"))
    ]
    if not all(each.get("key") for each in found):
        text = "A property needs a key."
        raise Refusal(text)
    return found
