"""The endpoints, one module for each part of Jira's API. Importing the package puts them on the router."""

from jsm_sandbox.http.api_call import router
from jsm_sandbox.http.routes import (
    associations,
    changelog,
    comments,
    field_administration,
    field_lists,
    issues,
    permissions,
    portal_forms,
    portal_requests,
    projects,
    properties,
    screens,
    search,
    service_desk,
    sitewide,
    tokens,
    transitions,
)

__all__ = [
    "associations",
    "changelog",
    "comments",
    "field_administration",
    "field_lists",
    "issues",
    "permissions",
    "portal_forms",
    "portal_requests",
    "projects",
    "properties",
    "router",
    "screens",
    "search",
    "service_desk",
    "sitewide",
    "tokens",
    "transitions",
]
