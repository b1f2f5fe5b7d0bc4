"""The fields that an administrator has set up: their ids and names, what they hold, and their options by project."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jsm_sandbox.state.json_types import JsonObject

WORK_TYPE = "10004"
"""The id of the work type that every site has."""


class Shape(StrEnum):
    """How a field's value looks on the wire."""

    SELECT = "select"
    DATETIME = "datetime"
    DATE = "date"
    TEXT = "text"
    RICH = "rich"
    ORGANIZATIONS = "organizations"
    REQUEST_TYPE = "request type"
    PEOPLE = "people"
    PERSON = "person"
    SLA = "sla"
    PRIORITY = "priority"
    LABELS = "labels"
    FIXED = "fixed"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a select field. Nobody can choose a disabled one; requests that have it keep it."""

    id: str
    value: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Options that a select field has in some projects (by key) in place of its own; empty: in every project.

    ``types`` are the ids of the work types for which it holds; empty: all.
    """

    id: str
    name: str
    projects: tuple[str, ...]
    options: tuple[Option, ...] = ()
    types: tuple[str, ...] = ()

    def holds(self, project_key: str, work_type: str) -> bool:
        """Return whether it holds for a work type of a project."""
        is_of_project = not self.projects or project_key in self.projects
        return is_of_project and (not self.types or work_type in self.types)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its id on this site, its name and what it holds. ``scope``: the id of its only project.

    ``everywhere``: it has a global context besides those of single projects.
    """

    id: str
    name: str
    shape: Shape
    schema: JsonObject
    options: tuple[Option, ...] = ()
    contexts: tuple[Context, ...] = ()
    scope: str = ""
    description: str = ""
    searchable: bool = True
    everywhere: bool = True

    def options_in(
        self, project_key: str, work_type: str = WORK_TYPE
    ) -> tuple[Option, ...]:
        """Give the options that a project offers for a work type, disabled ones left out."""
        context = self.context_in(project_key, work_type)
        found = self.options if self.everywhere else ()
        if context is not None:
            found = context.options
        return tuple(each for each in found if not each.disabled)

    def context_in(
        self, project_key: str, work_type: str = WORK_TYPE
    ) -> Context | None:
        """Give the context of its own that a project has for a work type."""
        for each in self.contexts:
            if each.holds(project_key, work_type):
                return each
        return None

    def holds_in(self, project_key: str, work_type: str = WORK_TYPE) -> bool:
        """Return whether any context covers a project for a work type."""
        context = self.context_in(project_key, work_type)
        return self.everywhere or context is not None

    @property
    def custom(self) -> bool:
        """Return whether this is a custom field and not one of Jira's own."""
        return self.id.startswith("customfield_")

    @property
    def kind(self) -> str:
        """Give the last part of the type's key, such as ``select``; empty for Jira's own fields."""
        return str(self.schema.get("custom") or "").rpartition(":")[2]

    @property
    def number(self) -> str:
        """Give the N of ``customfield_N``, as in ``cf[N]``."""
        return self.id.removeprefix("customfield_")
