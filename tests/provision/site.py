"""A site in memory that an administrator sets up: it does what Jira does to fields, options, screens and schemes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from jsm_sla_bot.ports.provision import (
    AddOptions,
    Associate,
    Context,
    FieldSetup,
    MakeContext,
    MakeField,
    Model,
    Option,
    OrderOptions,
    PutOnScreen,
    RestoreField,
    Scheme,
    Screen,
    Setup,
    Step,
    WidenContext,
)
from jsm_sla_bot.ports.survey import ProjectFacts, WorkType

SUPPORT = ProjectFacts(
    "SUP", "10000", "Support", "1", work_types=[WorkType("1", "Ask")]
)
TEAM = ProjectFacts("TEAM", "10001", "Team", "2", is_team_managed=True)


class KilledError(Exception):
    """The process ended between two calls."""


@dataclass
class Site:
    """Implements `SiteSetup`. `dies_after` so many steps it raises KilledError, `dies_within` also in a new context."""

    setup: Setup
    dies_after: int | None = None
    dies_within: bool = False
    taken: list[Step] = field(default_factory=list)
    _numbers: Iterable[int] = field(default_factory=lambda: count(100))

    def read(self, wanted: Iterable[str]) -> Setup:
        """Return the set-up as it is."""
        list(wanted)
        return self.setup

    def take(self, step: Step, ids: Mapping[str, str]) -> str | None:
        """Do what the step says."""
        if self.dies_after is not None and len(self.taken) >= self.dies_after:
            raise KilledError
        self.taken.append(step)
        match step:
            case MakeField():
                return self._make(step)
            case RestoreField(field_id=identity):
                self._change(identity, is_trashed=False)
            case AddOptions(key=key, texts=texts, context=context):
                self._options(ids[key], context, texts)
            case OrderOptions(key=key, texts=texts, context=context):
                self._order(ids[key], context, texts)
            case MakeContext(key=key):
                self._make_context(ids[key], step)
            case WidenContext(key=key):
                self._widen(ids[key], step)
            case PutOnScreen(key=key, screen=screen):
                self._show(screen, ids[key])
            case Associate(key=key, scheme=scheme):
                self._associate(scheme, ids[key])
        return None

    def _make(self, step: MakeField) -> str:
        identity = f"customfield_{next(iter(self._numbers))}"
        kind = step.type.rpartition(":")[2]
        made = FieldSetup(
            identity,
            step.name,
            kind,
            step.description,
            contexts=[Context("1")],
        )
        self.setup = replace(self.setup, fields=[*self.setup.fields, made])
        return identity

    def _change(self, identity: str, **changes: object) -> None:
        fields = [
            replace(each, **changes) if each.id == identity else each  # type: ignore[arg-type]
            for each in self.setup.fields
        ]
        self.setup = replace(self.setup, fields=fields)

    def _field(self, identity: str) -> FieldSetup:
        return next(each for each in self.setup.fields if each.id == identity)

    def _options(
        self, identity: str, context: str | None, texts: Iterable[str]
    ) -> None:
        contexts = []
        for each in self._field(identity).contexts:
            added = [Option(f"o-{text}", text) for text in texts]
            is_meant = context in {None, each.id}
            options = [*each.options, *added] if is_meant else each.options
            contexts.append(replace(each, options=options))
        self._change(identity, contexts=contexts)

    def _make_context(self, identity: str, step: MakeContext) -> None:
        """Make the context; the process may end before it has its options."""
        where = frozenset(each.id for each in step.projects)
        number = f"{next(iter(self._numbers))}"
        contexts = [*self._field(identity).contexts, Context(number, where)]
        self._change(identity, contexts=contexts)
        if self.dies_within:
            raise KilledError
        self._options(identity, number, step.texts)

    def _widen(self, identity: str, step: WidenContext) -> None:
        added = frozenset(each.id for each in step.work_types)
        contexts = [
            replace(each, work_types=each.work_types | added)
            if each.id == step.context
            else each
            for each in self._field(identity).contexts
        ]
        self._change(identity, contexts=contexts)

    def _order(
        self, identity: str, context: str, texts: Iterable[str]
    ) -> None:
        ranks = {text: rank for rank, text in enumerate(texts)}
        contexts = []
        for each in self._field(identity).contexts:
            options = sorted(
                each.options, key=lambda option: ranks[option.text]
            )
            changed = replace(each, options=options)
            contexts.append(changed if each.id == context else each)
        self._change(identity, contexts=contexts)

    def _show(self, screen: Screen, identity: str) -> None:
        screens = [
            replace(each, fields=each.fields | {identity})
            if each.id == screen.id
            else each
            for each in self.setup.screens
        ]
        self.setup = replace(self.setup, screens=screens)

    def _associate(self, scheme: Scheme, identity: str) -> None:
        schemes = [
            replace(each, fields=each.fields | {identity})
            if each.id == scheme.id
            else each
            for each in self.setup.schemes
        ]
        self.setup = replace(self.setup, schemes=schemes)


def empty(*fields: FieldSetup) -> Setup:
    """Return a site with one company-managed desk, one shared screen and scheme, and these fields."""
    screen = Screen("5", "Default", "50", frozenset(), ["SUP", "SALES"])
    create = Screen(
        "6",
        "Create",
        "60",
        frozenset(),
        ["SUP"],
        takes_new_requests=True,
        is_for_work=False,
    )
    scheme = Scheme("7", "Desk", ["SUP", "SALES"], frozenset())
    return Setup(
        base_url="https://example.atlassian.net",
        model=Model.FIELD_SCHEMES,
        projects=[SUPPORT],
        fields=fields,
        screens=[screen, create],
        schemes=[scheme],
    )
