"""Which field is where: screens and their schemes, field schemes, the trash. What administrators set up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jsm_sandbox.state.custom_fields import WORK_TYPE, Field
from jsm_sandbox.state.setup import Project

EVERYWHERE = frozenset(
    {
        "sd-customer-organizations",
        "vp-origin",
        "sd-request-participants",
        "sd-sla-field",
    }
)
"""The types of fields that a service desk brings with itself: every desk has them."""


@dataclass(slots=True)
class Tab:
    """A tab of a screen, with the ids of its fields in order."""

    id: int
    name: str
    fields: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Screen:
    """A screen. Several schemes, and so several projects, may use it."""

    id: int
    name: str
    tabs: list[Tab]

    def shows(self, field_id: str) -> bool:
        """Return whether a field is on one of its tabs."""
        return any(field_id in each.fields for each in self.tabs)


@dataclass(slots=True)
class ScreenScheme:
    """Which screen is used for what (``create``, ``edit``, ``view``); ``default`` for all else."""

    id: int
    name: str
    screens: dict[str, int]

    def screen_for(self, doing: str) -> int:
        """Give the id of the screen on which something is done."""
        return self.screens.get(doing, self.screens["default"])


@dataclass(slots=True)
class TypeScheme:
    """Which screen scheme the work types of some projects have."""

    id: int
    name: str
    screen_scheme: int
    projects: list[str]
    by_type: dict[str, int] = field(default_factory=dict)
    """The screen schemes of work types that have one of their own, by id."""


@dataclass(slots=True)
class FieldScheme:
    """Which fields some projects have; projects are given by id."""

    id: int
    name: str
    projects: list[str]
    fields: list[str] = field(default_factory=list)
    restricted: dict[str, list[str]] = field(default_factory=dict)
    """The work types, by id, for which only it has a field, by the field's id."""

    def is_for(self, field_id: str, work_type: str) -> bool:
        """Return whether a field that it has is not restricted to other work types."""
        types = self.restricted.get(field_id)
        return not types or work_type in types


@dataclass(slots=True)
class Layout:
    """Screens and schemes. While ``is_complete`` every field is on every screen and in every scheme."""

    screens: list[Screen] = field(default_factory=list)
    screen_schemes: list[ScreenScheme] = field(default_factory=list)
    type_schemes: list[TypeScheme] = field(default_factory=list)
    field_schemes: list[FieldScheme] = field(default_factory=list)
    trash: list[Field] = field(default_factory=list)
    is_complete: bool = True

    @property
    def is_restricted(self) -> bool:
        """Return whether a scheme restricts any field to some work types."""
        return any(each.restricted for each in self.field_schemes)

    def has(
        self, project: Project, each: Field, work_type: str = WORK_TYPE
    ) -> bool:
        """Return whether a work type of a project has a field at all."""
        if not each.custom or each.kind in EVERYWHERE:
            return True
        if project.team_managed:
            return each.scope == project.id
        if each.scope:
            return each.scope == project.id
        if self.is_complete and not self.is_restricted:
            return True
        return any(
            (self.is_complete or each.id in scheme.fields)
            and scheme.is_for(each.id, work_type)
            for scheme in self.field_schemes
            if project.id in scheme.projects
        )

    def edits(
        self, project: Project, each: Field, work_type: str = WORK_TYPE
    ) -> bool:
        """Return whether a field is on the screen on which a project's requests are edited."""
        if self.is_complete or not each.custom or project.team_managed:
            return True
        if each.kind in EVERYWHERE:
            return True
        screens = self.screens_of(project, "edit", work_type)
        return any(one.shows(each.id) for one in screens)

    def screens_of(
        self, project: Project, doing: str, work_type: str
    ) -> Iterator[Screen]:
        """Give the screens on which something is done to a work type of a project."""
        for scheme in self.type_schemes:
            if project.id in scheme.projects:
                usual = scheme.screen_scheme
                found = self.screen_scheme(
                    scheme.by_type.get(work_type, usual)
                )
                yield self.screen(found.screen_for(doing))

    def screen(self, number: int) -> Screen:
        """Find a screen; raises LookupError."""
        for each in self.screens:
            if each.id == number:
                return each
        raise LookupError(number)

    def screen_scheme(self, number: int) -> ScreenScheme:
        """Find a screen scheme; raises LookupError."""
        for each in self.screen_schemes:
            if each.id == number:
                return each
        raise LookupError(number)

    def count_screens(self, field_id: str) -> int:
        """Count the screens that a field is on."""
        if self.is_complete:
            return len(self.screens)
        return sum(each.shows(field_id) for each in self.screens)


def usual_layout(projects: list[Project]) -> Layout:
    """Lay out a site as it comes: one screen for all, one for creating, one scheme of each kind."""
    ids = [each.id for each in projects if not each.team_managed]
    return Layout(
        screens=[
            Screen(
                10001, "Support: Default Screen", [Tab(10101, "Field Tab")]
            ),
            Screen(10002, "Support: Create Screen", [Tab(10102, "Field Tab")]),
        ],
        screen_schemes=[
            ScreenScheme(
                10201,
                "Support Screen Scheme",
                {"default": 10001, "create": 10002},
            )
        ],
        type_schemes=[TypeScheme(10301, "Support Screens", 10201, list(ids))],
        field_schemes=[FieldScheme(10401, "Support Field Scheme", list(ids))],
    )
