"""Where Atlassian's descriptions say something else than the service does: all of it, in this one place.

Everything else that the descriptions say is held against each request and each answer. The reasons are in
`../shared/openapi/README.md` and in docs/sandbox.md.
"""

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
})  # fmt: skip
"""Operations of the service that are not in the files: cut from them, removed, or never described."""


def correct(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the named schemas as the service keeps to them."""
    schemas = dict(schemas)
    for name, fields in NULLABLE.items():
        if name in schemas:
            properties = schemas[name]["properties"]
            nullable = {
                field: properties[field] | {"nullable": True} for field in fields
            }
            schemas[name] = schemas[name] | {"properties": properties | nullable}
    if (
        "IssueTransition" in schemas
    ):  # clients send a transition's id as a number, and it is taken
        transition = schemas["IssueTransition"]
        either = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
        schemas["IssueTransition"] = transition | {
            "properties": transition["properties"] | {"id": either}
        }
    if "Changelog" in schemas:  # in bulk, `created` counts milliseconds
        changelog = schemas["Changelog"]
        created = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
        schemas["Changelog"] = changelog | {
            "properties": changelog["properties"] | {"created": created}
        }
    return schemas
