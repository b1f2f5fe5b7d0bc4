"""Where Atlassian's descriptions say something else than the service does: all of it, in this one place.

Everything else that the descriptions say is held against each request and each answer. The reasons are in
`../shared/openapi/README.md` and in docs/sandbox.md.
"""

import re
from typing import Any

GATEWAY = frozenset({401, 403, 404, 405, 429, 500, 502, 503, 504})
"""May come from the gateway in front of any operation, described or not; their bodies are no contract."""

EMPTY = frozenset({204})
"""Described as having JSON content; they have none."""

NULLABLE = {
    "SearchAndReconcileResults": ("nextPageToken",),
    "BulkChangelogResponseBean": ("nextPageToken",),
    "ChangeDetails": ("from", "fromString", "to", "toString"),
}
"""Described as text, seen as null too."""

MORE_STATUSES = {
    ("POST", "/rest/api/3/changelog/bulkfetch"): {400},
}
"""Answers that the service gives and the descriptions leave out."""

UNDESCRIBED = frozenset({
    ("GET", "/_edge/tenant_info"),
    ("GET", "/rest/api/3/group/member"),
    ("GET", "/rest/api/3/search"),
    ("POST", "/rest/api/3/search"),
    ("POST", "/oauth/token"),
    ("GET", "/rest/api/3/user/bulk"),
    ("POST", "/rest/api/3/permissions/check"),
    ("GET", "/rest/api/3/projects/fields"),
    ("GET", "/rest/api/3/field/search/trashed"),
    ("POST", "/rest/api/3/field/{id}/trash"),
    ("POST", "/rest/api/3/field/{id}/restore"),
    ("PUT", "/rest/api/3/field/association"),
    ("GET", "/rest/api/3/fieldconfigurationscheme/project"),
    ("GET", "/rest/api/3/config/fieldschemes/projects"),
    ("GET", "/rest/api/3/config/fieldschemes/{scheme}/fields"),
    ("PUT", "/rest/api/3/config/fieldschemes/fields"),
    ("GET", "/rest/api/3/issuetypescreenscheme/project"),
    ("GET", "/rest/api/3/issuetypescreenscheme/mapping"),
})  # fmt: skip
"""Operations of the service that are not in the files: cut from them, removed, or never described."""


def is_undescribed(method: str, path: str) -> bool:
    """Return whether a call goes to one of these, whatever its ids are."""
    return any(
        method == known
        and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path)
        for known, pattern in UNDESCRIBED
    )


def correct(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the named schemas as the service keeps to them."""
    schemas = dict(schemas)
    for name, fields in NULLABLE.items():
        if name in schemas:
            properties = schemas[name]["properties"]
            nullable = {
                field: properties[field] | {"nullable": True}
                for field in fields
            }
            schemas[name] = schemas[name] | {
                "properties": properties | nullable
            }
    if (
        "IssueTransition" in schemas
    ):  # clients send a transition's id as a number, and it is taken
        transition = schemas["IssueTransition"]
        either = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
        schemas["IssueTransition"] = transition | {
            "properties": transition["properties"] | {"id": either}
        }
    if (
        "ScreenTypes" in schemas
    ):  # it is declared as sent only, and is told all the same
        told = dict(schemas["ScreenTypes"])
        told.pop("writeOnly", None)
        schemas["ScreenTypes"] = told
    if "Changelog" in schemas:  # in bulk, `created` counts milliseconds
        changelog = schemas["Changelog"]
        created = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
        schemas["Changelog"] = changelog | {
            "properties": changelog["properties"] | {"created": created}
        }
    return schemas
