"""How a site is set up as an administrator sees it, the steps that complete it, and who takes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from jsm_sla_bot.ports.survey import ProjectFacts, WorkType

MADE_HERE = "Made by jsm-sla-bot."
"""How the description of a field ends that provision made. Persisted on sites: a changed word orphans those fields."""


class Model(StrEnum):
    """Which of Jira's two ways decides which project has which fields."""

    FIELD_SCHEMES = "field schemes"
    FIELD_CONFIGURATIONS = "field configurations"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a select, in a context."""

    id: str
    text: str
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a field holds, with which options. `projects` are project ids, `work_types` theirs; empty: all of them."""

    id: str
    projects: frozenset[str] = frozenset()
    options: Sequence[Option] = ()
    work_types: frozenset[str] = frozenset()

    def covers(self, project: str, work_type: str) -> bool:
        """Tell whether it holds for a work type of a project, both by id."""
        is_here = not self.projects or project in self.projects
        return is_here and (
            not self.work_types or work_type in self.work_types
        )


@dataclass(frozen=True, slots=True)
class FieldSetup:
    """A custom field as it is set up."""

    id: str
    name: str
    type: str
    description: str = ""
    is_trashed: bool = False
    project_id: str | None = None
    """The team-managed project that it belongs to."""
    contexts: Sequence[Context] = ()
    are_contexts_known: bool = True
    """False where our account may not see them, or the field lies in the trash."""

    @property
    def is_made_here(self) -> bool:
        """Tell whether provision made it: only then is anything in it moved."""
        return self.description.endswith(MADE_HERE)


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen, with the tab that new fields go to, and the keys of all projects that it serves."""

    id: str
    name: str
    tab_id: str
    fields: frozenset[str]
    projects: Sequence[str]
    takes_new_requests: bool = False
    """Requests are created on it, so what people choose there belongs on it too."""
    is_for_work: bool = True
    """Requests are viewed or edited on it."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What gives projects their fields: a field scheme or a field configuration, with all its projects."""

    id: str
    name: str
    projects: Sequence[str]
    fields: frozenset[str]
    restricted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The work types, by id, to which it restricts a field that it has, by the field's id."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The set-up of a site as far as the bot's fields are concerned."""

    base_url: str
    model: Model
    projects: Sequence[ProjectFacts]
    fields: Sequence[FieldSetup]
    screens: Sequence[Screen] = ()
    schemes: Sequence[Scheme] = ()


@dataclass(frozen=True, slots=True)
class MakeField:
    """Make a custom field. `key` is the setting of `jira.yaml` that names it."""

    key: str
    name: str
    type: str
    searcher: str
    description: str


@dataclass(frozen=True, slots=True)
class RestoreField:
    """Take a field out of the trash."""

    key: str
    field_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AddOptions:
    """Add options to a select in each of its contexts that lacks them. `contexts` is empty for a field not yet made."""

    key: str
    name: str
    texts: Sequence[str]
    context: str | None = None


@dataclass(frozen=True, slots=True)
class OrderOptions:
    """Put the options of a field that provision made in order."""

    key: str
    name: str
    texts: Sequence[str]
    context: str


@dataclass(frozen=True, slots=True)
class MakeContext:
    """Let a field hold in projects in which no context covers it, with these options."""

    key: str
    name: str
    projects: Sequence[ProjectFacts]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class WidenContext:
    """Let a context of a project hold for more of its work types."""

    key: str
    name: str
    context: str
    project: str
    work_types: Sequence[WorkType]


@dataclass(frozen=True, slots=True)
class PutOnScreen:
    """Put a field on a screen; it shows in every project that the screen serves."""

    key: str
    name: str
    screen: Screen


@dataclass(frozen=True, slots=True)
class Associate:
    """Give the projects of a scheme a field: for these work types, by id; empty: for all."""

    key: str
    name: str
    scheme: Scheme
    work_types: Sequence[str] = ()


Step: TypeAlias = (
    MakeField
    | RestoreField
    | AddOptions
    | OrderOptions
    | MakeContext
    | WidenContext
    | PutOnScreen
    | Associate
)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Something that a person has to do: what, and where."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Provisioning:
    """What completes a site. `ids` are the ids of fields by setting, as far as they are there already.

    `refusals` say what provision will not touch; where there is any, nothing is applied.
    """

    steps: Sequence[Step] = ()
    by_hand: Sequence[ByHand] = ()
    refusals: Sequence[str] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


class SiteSetup(Protocol):
    """An administrator's hands on a site. Raises TransientError, TerminalError."""

    def read(self, wanted: Iterable[str]) -> Setup:
        """Read the set-up; contexts and options of the fields of these names only."""

    def take(self, step: Step, ids: Mapping[str, str]) -> str | None:
        """Take one step, safe to repeat, and return the id of a field that it made. `ids` are fields by setting."""
