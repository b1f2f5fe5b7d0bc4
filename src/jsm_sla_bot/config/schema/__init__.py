"""The shapes of the files, and their JSON Schemas for editors."""

from typing import Any

from jsm_sla_bot.config.schema.base import Shape
from jsm_sla_bot.config.schema.calendar import CalendarShape
from jsm_sla_bot.config.schema.described import described_schema
from jsm_sla_bot.config.schema.jira import JiraShape
from jsm_sla_bot.config.schema.notify import NotifyShape
from jsm_sla_bot.config.schema.organizations import OrganizationsShape
from jsm_sla_bot.config.schema.policy import PolicyShape
from jsm_sla_bot.config.schema.texts import TextsShape

POLICY = "policy.yaml"
ORGANIZATIONS = "organizations.yaml"
JIRA = "jira.yaml"
TEXTS = "texts.yaml"
NOTIFY = "notify.yaml"
CALENDARS = "calendars"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each file by its name in the folder; calendars by `calendars/*.yaml`."""
    shapes: dict[str, type[Shape]] = {
        POLICY: PolicyShape,
        ORGANIZATIONS: OrganizationsShape,
        JIRA: JiraShape,
        TEXTS: TextsShape,
        NOTIFY: NotifyShape,
        f"{CALENDARS}/*.yaml": CalendarShape,
    }
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        name: dialect | described_schema(shape)
        for name, shape in shapes.items()
    }


__all__ = [
    "CALENDARS",
    "JIRA",
    "NOTIFY",
    "ORGANIZATIONS",
    "POLICY",
    "TEXTS",
    "CalendarShape",
    "JiraShape",
    "NotifyShape",
    "OrganizationsShape",
    "PolicyShape",
    "TextsShape",
    "json_schemas",
]
