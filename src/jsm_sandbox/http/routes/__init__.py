"""The endpoints, one module for each part of Jira's API. Importing the package puts them on the router."""

from jsm_sandbox.http.api_call import router
from jsm_sandbox.http.routes import (
    changelog,
    comments,
    field_lists,
    issues,
    portal_requests,
    projects,
    properties,
    search,
    service_desk,
    sitewide,
    transitions,
)

__all__ = [
    "changelog",
    "comments",
    "field_lists",
    "issues",
    "portal_requests",
    "projects",
    "properties",
    "router",
    "search",
    "service_desk",
    "sitewide",
    "transitions",
]
