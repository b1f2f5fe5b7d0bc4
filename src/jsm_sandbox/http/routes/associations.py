"""Which project has which fields, in both of Jira's models: by project, or by field scheme."""

from __future__ import annotations

from http import HTTPStatus
from itertools import product

from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.paging import page
from jsm_sandbox.http.router import platform
from jsm_sandbox.state.custom_fields import Field
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    as_list,
    as_object,
    not_found,
)
from jsm_sandbox.state.placement import FieldScheme
from jsm_sandbox.state.setup import Project

_NOT_HERE = "No endpoint."


@platform.get("/projects/fields")
def project_fields(call: Call) -> Reply:
    """Page through which of these fields which work type of which project has: no administrator is needed."""
    if not call.sees_projects:
        raise not_found(_NOT_HERE)
    rows: list[JsonObject] = []
    for project, work_type in product(
        _asked_projects(call), _asked_types(call)
    ):
        rows += _rows(call, project, work_type)
    return ok(page(call, rows))


def _asked_projects(call: Call) -> list[Project]:
    named = map(call.site.project, call.words("projectId"))
    return [each for each in named if each]


def _asked_types(call: Call) -> list[str]:
    wanted = call.words("workTypeId")
    return [each.id for each in call.site.work_types if each.id in wanted]


def _rows(call: Call, project: Project, work_type: str) -> list[JsonObject]:
    present = [
        each
        for each in call.site.fields
        if not call.tracker.lacks(project.key, each, work_type)
    ]
    return [
        _row(each, project, work_type)
        for each in present
        if call.asks_for("fieldId", each.id)
    ]


def _row(field: Field, project: Project, work_type: str) -> JsonObject:
    return {
        "fieldId": field.id,
        "projectId": project.id,
        "workTypeId": work_type,
        "isRequired": False,
    }


@platform.put("/field/association")
def associate(call: Call) -> Reply:
    """Give projects fields, and every project that shares their field configuration."""
    call.administers()
    fields = _numbers(call.payload.get("fields"))
    for scheme in _shared_by(call):
        _give(call, scheme, fields)
    return no_content()


def _shared_by(call: Call) -> list[FieldScheme]:
    """Give the schemes of the projects that are named."""
    projects = _numbers(call.payload.get("associationContexts"))
    every = call.tracker.layout.field_schemes
    return [each for each in every if projects & set(each.projects)]


def _numbers(rows: Json) -> set[str]:
    return {str(as_object(each).get("identifier")) for each in as_list(rows)}


def _give(call: Call, scheme: FieldScheme, fields: set[str]) -> None:
    """Add fields to a scheme, unless it has every field anyway."""
    if not call.tracker.layout.is_complete:
        scheme.fields += sorted(fields - set(scheme.fields))


@platform.get("/fieldconfigurationscheme/project")
def configurations_of_projects(call: Call) -> Reply:
    """Page through which projects share a field configuration scheme; 404 where field schemes have replaced them."""
    call.administers()
    if call.tracker.switches.field_schemes:
        raise not_found(_NOT_HERE)
    wanted = call.words("projectId")
    rows = [
        _configuration(each, wanted)
        for each in call.tracker.layout.field_schemes
    ]
    return ok(page(call, [row for row in rows if row["projectIds"]]))


def _configuration(each: FieldScheme, wanted: list[str]) -> JsonObject:
    scheme = {"id": str(each.id), "name": each.name, "description": ""}
    projects = [number for number in each.projects if number in wanted]
    return {"fieldConfigurationScheme": scheme, "projectIds": projects}


@platform.get("/config/fieldschemes/projects")
def schemes_of_projects(call: Call) -> Reply:
    """Page through which field scheme serves which project; 404 where the site has none yet."""
    _with_schemes(call)
    wanted = call.words("projectId")
    rows: list[JsonObject] = []
    for scheme in call.tracker.layout.field_schemes:
        rows += _uses(scheme, wanted)
    return ok(page(call, rows))


def _uses(scheme: FieldScheme, wanted: list[str]) -> list[JsonObject]:
    return [
        {
            "projectId": number,
            "schemeId": str(scheme.id),
            "schemeName": scheme.name,
        }
        for number in scheme.projects
        if number in wanted
    ]


@platform.get("/config/fieldschemes/{scheme}/fields")
def fields_of_scheme(call: Call) -> Reply:
    """Page through the fields of a field scheme."""
    _with_schemes(call)
    scheme = _scheme(call, call.args["scheme"])
    found = _fields_in(call, scheme)
    wanted = [each for each in found if call.asks_for("fieldId", each)]
    return ok(page(call, [_use_of_field(scheme, each) for each in wanted]))


def _fields_in(call: Call, scheme: FieldScheme) -> list[str]:
    if call.tracker.layout.is_complete:
        return [each.id for each in call.site.fields]
    return scheme.fields


def _use_of_field(scheme: FieldScheme, field: str) -> JsonObject:
    types = scheme.restricted.get(field, ())
    return {"fieldId": field, "restrictedToWorkTypes": list(types)}


@platform.put("/config/fieldschemes/fields")
def add_to_schemes(call: Call) -> Reply:
    """Give field schemes fields: 204 where all went well, else 207 with an answer for each."""
    _with_schemes(call)
    results = _added_by_all(call)
    if all(each["success"] for each in results):
        return no_content()
    return Reply(HTTPStatus.MULTI_STATUS, {"results": results})


def _added_by_all(call: Call) -> list[JsonObject]:
    results: list[JsonObject] = []
    for field, rows in call.payload.items():
        for row in as_list(rows):
            results += _added_by_row(call, field, as_object(row))
    return results


def _added_by_row(call: Call, field: str, row: JsonObject) -> list[JsonObject]:
    """Give schemes a field, for all work types or for some."""
    types = _texts(row, "restrictedToWorkTypes")
    results: list[JsonObject] = []
    for number in _texts(row, "schemeIds"):
        results.append(_added(call, field, number))
        _restrict(call, number, field, types)
    return results


def _texts(row: JsonObject, name: str) -> list[str]:
    return [str(each) for each in as_list(row.get(name))]


def _added(call: Call, field: str, number: str) -> JsonObject:
    shown: JsonObject = {"fieldId": field, "schemeId": number, "success": True}
    if call.site.field_by_id(field) is None:
        return shown | {"success": False, "error": "The field was not found."}
    _give(call, _scheme(call, number), {field})
    return shown


def _restrict(call: Call, number: str, field: str, types: list[str]) -> None:
    """Let a scheme have a field for these work types only, in place of those before; none: for all."""
    restricted = _scheme(call, number).restricted
    restricted.pop(field, None)
    if types:
        restricted[field] = types


def _scheme(call: Call, number: str) -> FieldScheme:
    for each in call.tracker.layout.field_schemes:
        if str(each.id) == number:
            return each
    raise not_found("The field scheme was not found.")


def _with_schemes(call: Call) -> None:
    call.administers()
    if not call.tracker.switches.field_schemes:
        raise not_found(_NOT_HERE)
