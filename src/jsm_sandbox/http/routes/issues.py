"""One request: read, create, edit, and what may be edited."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import PLATFORM, Call, Reply, no_content, ok, router
from jsm_sandbox.http.routes.comments import add_by_operation
from jsm_sandbox.http.routes.transitions import offered
from jsm_sandbox.state import adf, wire
from jsm_sandbox.state.field_values import NOT_ON_SCREEN, Place, accept
from jsm_sandbox.state.json_types import Json, JsonObject, Refusal, as_list, as_object
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import BASE, Field, Project, Shape

NOTIFY = "To discard the user notification either admin or project admin permissions are required."
FROZEN = "The workflow does not allow this issue to be edited in its present status."
UNWRITABLE = (Shape.FIXED, Shape.SLA)


@router.on("GET", f"{PLATFORM}/issue/{{key}}")
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


@router.on("POST", f"{PLATFORM}/issue")
def create_issue(call: Call) -> Reply:
    """Create a request, as an agent or an integration would."""
    tracker = call.tracker
    fields = as_object(call.payload.get("fields"))
    wanted = as_object(fields.get("project"))
    project = tracker.site.project(str(wanted.get("key", wanted.get("id", ""))))
    if project is None or not call.sees_projects:
        raise Refusal(errors={"project": "valid project is required"})
    if not call.is_agent(project):
        raise Refusal(
            errors={
                "project": "You do not have permission to create issues in this project."
            }
        )
    now = tracker.now()
    key = f"{project.key}-{project.counter + 1}"
    place = Place(tracker.site, project, key)
    given = [
        (name, value)
        for name, value in fields.items()
        if name not in ("project", "issuetype")
    ]
    accepted = _accepted(call, place, dict(given) | {"summary": fields.get("summary")})
    project.counter += 1
    start = tracker.blank_fields(project, call.caller, now) | {
        field.id: value for field, value in accepted
    }
    issue = Issue(tracker.next_id(), key, project.key, now, now, start)
    issue.properties |= {each["key"]: each.get("value") for each in _properties(call)}
    tracker.insert(issue)
    address = f"{BASE}/rest/api/3/issue/{issue.id}"
    return Reply(
        HTTPStatus.CREATED,
        {
            "id": str(issue.id),
            "key": issue.key,
            "self": address,
        },
    )


@router.on("PUT", f"{PLATFORM}/issue/{{key}}")
def edit_issue(call: Call) -> Reply:
    """Edit fields and properties in one go: everything is checked before anything is written."""
    issue = call.editable("edit")
    _refuse_overrides(call)
    if call.tracker.is_frozen(issue):
        raise Refusal(FROZEN)
    place = Place(call.tracker.site, call.tracker.project_of(issue), issue.key)
    accepted = _accepted(call, place, _wanted(call, issue))
    properties = _properties(call)
    notes = as_list(as_object(call.payload.get("update")).get("comment"))
    if accepted:
        call.tracker.assign(issue, accepted, call.caller, call.tracker.now())
    for each in properties:
        call.tracker.set_property(issue, each["key"], each.get("value"))
    for each in notes:
        add_by_operation(call, issue, each)
    if call.flag("returnIssue", default=False):
        chosen = views.Selection(("*all",), expand=tuple(call.words("expand")))
        return ok(views.issue(call, issue, chosen))
    return no_content()


@router.on("GET", f"{PLATFORM}/issue/{{key}}/editmeta")
def editmeta(call: Call) -> Reply:
    """Tell what may be edited: here the screens count, whatever the edit itself checks."""
    issue = call.issue()
    site = call.tracker.site
    project = call.tracker.project_of(issue)
    shown = [
        f
        for f in site.fields
        if f.shape not in UNWRITABLE
        and f.id not in site.off_screen
        and not call.tracker.lacks(project.key, f)
    ]
    if call.tracker.is_frozen(issue):
        shown = []
    return ok({"fields": {field.id: _meta(call, project, field) for field in shown}})


def _meta(call: Call, project: Project, field: Field) -> JsonObject:
    meta: JsonObject = {
        "required": field.id == "summary",
        "schema": field.schema,
        "name": field.name,
        "key": field.id,
        "operations": ["add", "set", "remove"]
        if field.schema.get("type") == "array"
        else ["set"],
    }
    if field.shape is Shape.SELECT:
        meta["allowedValues"] = [
            wire.option(each) for each in field.options_in(project.key)
        ]
    if field.shape is Shape.PRIORITY:
        found = [call.tracker.site.priority(each) for each in project.priorities]
        meta["allowedValues"] = [wire.priority(each) for each in found if each]
    return meta


def _refuse_overrides(call: Call) -> None:
    if not call.flag("notifyUsers", default=True):
        raise Refusal(NOTIFY, status=HTTPStatus.FORBIDDEN)
    for name in ("overrideScreenSecurity", "overrideEditableFlag"):
        if call.flag(name, default=False):
            text = "Only Connect and Forge apps with the admin permission can use this."
            raise Refusal(text, status=HTTPStatus.FORBIDDEN)


def _wanted(call: Call, issue: Issue) -> dict[str, Json]:
    fields = as_object(call.payload.get("fields"))
    update = as_object(call.payload.get("update"))
    wanted = dict(fields)
    for name, operations in update.items():
        if name in fields:
            text = f"Field '{name}' cannot appear in both 'fields' and 'update'"
            raise Refusal(errors={name: text})
        if name != "comment":
            wanted[name] = _operated(issue.fields.get(name), name, as_list(operations))
    return wanted


def _operated(value: Json, name: str, operations: list[Json]) -> Json:
    """Carry out set, add and remove on a list of labels or of things with ids."""
    plain = [each["id"] if isinstance(each, dict) else each for each in as_list(value)]
    current: Json = [
        int(each) if str(each).isdigit() and name != "labels" else each
        for each in plain
    ]
    for operation in operations:
        match as_object(operation):
            case {"set": wanted}:
                current = wanted
            case {"add": one}:
                current = [*as_list(current), one]
            case {"remove": one}:
                current = [each for each in as_list(current) if each != one]
            case _:
                raise Refusal(errors={name: "Unrecognized operation."})
    return current


def _accepted(
    call: Call, place: Place, wanted: dict[str, Json]
) -> list[tuple[Field, Json]]:
    """Check every value; all complaints come at once, and then nothing is written."""
    errors: dict[str, str] = {}
    accepted = []
    for name, raw in wanted.items():
        field = next(
            (each for each in call.tracker.site.fields if each.id == name), None
        )
        hidden = (
            call.tracker.switches.screen_check and name in call.tracker.site.off_screen
        )
        absent = field is not None and call.tracker.lacks(place.project.key, field)
        if field is None or hidden or absent:
            errors[name] = NOT_ON_SCREEN.format(name)
            continue
        try:
            text = (
                field.shape is Shape.RICH
                and call.version == "2"
                and isinstance(raw, str)
            )
            accepted.append(
                (field, accept(place, field, adf.from_text(raw) if text else raw))
            )
        except Refusal as refusal:
            errors |= refusal.errors
    if errors:
        raise Refusal(errors=errors)
    return accepted


def _properties(call: Call) -> list[JsonObject]:
    found = [as_object(each) for each in as_list(call.payload.get("properties"))]
    if not all(each.get("key") for each in found):
        text = "A property needs a key."
        raise Refusal(text)
    return found
