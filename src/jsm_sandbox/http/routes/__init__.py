"""The endpoints, one module for each part of Jira's API. Importing the package puts them on the router."""

from jsm_sandbox.http.api_call import router
from jsm_sandbox.http.routes import (
    changelog,
    comments,
    desk,
    issues,
    properties,
    search,
    sitewide,
    transitions,
)

__all__ = [
    "changelog",
    "comments",
    "desk",
    "issues",
    "properties",
    "router",
    "search",
    "sitewide",
    "transitions",
]
