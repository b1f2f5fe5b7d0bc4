"""Which steps complete a site: a pure function of how it is set up and what the configuration wants.

It adopts a field of the same name and type, restores one from the trash, refuses to make a twin, and never deletes,
renames or moves what it did not make. When everything is there it has no steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jsm_sla_bot.ports.provision import (
    AddOptions,
    Associate,
    ByHand,
    FieldSetup,
    MakeField,
    Provisioning,
    PutOnScreen,
    RestoreField,
    Scheme,
    Setup,
    Step,
)
from jsm_sla_bot.ports.survey import FieldFacts
from jsm_sla_bot.provision.contexts import contexts_to_complete
from jsm_sla_bot.provision.wanted import FieldToHave


def planned(setup: Setup, wanted: Sequence[FieldToHave]) -> Provisioning:
    """Return what completes this site."""
    draft = _Draft(setup)
    for each in wanted:
        draft.add(each)
    return Provisioning(draft.steps, draft.by_hand, draft.refusals, draft.ids)


@dataclass(slots=True)
class _Draft:
    setup: Setup
    steps: list[Step] = field(default_factory=list)
    by_hand: list[ByHand] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def add(self, wanted: FieldToHave) -> None:
        """Take in the steps for one field."""
        named = [
            each for each in self.setup.fields if _is_called(each, wanted.name)
        ]
        of_all = [each for each in named if each.project_id is None]
        here = [each for each in of_all if not each.is_trashed]
        fitting = [each for each in here if wanted.wanted.fits(_facts(each))]
        if len(fitting) > 1:
            self.refusals.append(_twins(wanted, fitting))
        elif fitting:
            self._adopt(wanted, fitting[0])
        elif here:
            self.refusals.append(_wrong_type(wanted, here))
        elif in_trash := [each for each in of_all if each.is_trashed]:
            self._restore(wanted, in_trash)
        else:
            self._make(wanted)

    def _make(self, wanted: FieldToHave) -> None:
        key = wanted.wanted.setting
        if wanted.name.startswith("customfield_"):
            self.refusals.append(
                f"{key}: there is no field {wanted.name}: an id can't be chosen, give the field a name in jira.yaml"
            )
            return
        self.steps.append(
            MakeField(
                key,
                wanted.name,
                wanted.type_key,
                wanted.searcher_key,
                wanted.description,
            )
        )
        if wanted.choices:
            texts = [texts[0] for texts in wanted.choices]
            self.steps.append(AddOptions(key, wanted.name, texts))
        self._show(wanted, None)

    def _restore(
        self, wanted: FieldToHave, in_trash: Sequence[FieldSetup]
    ) -> None:
        fitting = [
            each for each in in_trash if wanted.wanted.fits(_facts(each))
        ]
        if not fitting:
            self._make(wanted)
            return
        if len(fitting) > 1:
            self.refusals.append(f"{_twins(wanted, fitting)} (in the trash)")
            return
        found = fitting[0]
        key = wanted.wanted.setting
        self.steps.append(RestoreField(key, found.id, found.name))
        self._adopt(wanted, found)

    def _adopt(self, wanted: FieldToHave, found: FieldSetup) -> None:
        self.ids[wanted.wanted.setting] = found.id
        for each in contexts_to_complete(self.setup, wanted, found):
            if isinstance(each, ByHand):
                self.by_hand.append(each)
            else:
                self.steps.append(each)
        self._show(wanted, found.id)

    def _show(self, wanted: FieldToHave, field_id: str | None) -> None:
        """Take in the steps that associate a field and put it on the screens of the projects served."""
        key = wanted.wanted.setting
        served = {
            each.key
            for each in self.setup.projects
            if not each.is_team_managed
        }
        for scheme in self.setup.schemes:
            if not served & set(scheme.projects):
                continue
            limits = scheme.restricted.get(field_id or "", frozenset())
            lacking = self._work_types(scheme) - limits if limits else ()
            if lacking or field_id not in scheme.fields:
                every = sorted(limits.union(lacking))
                self.steps.append(Associate(key, wanted.name, scheme, every))
        for screen in self.setup.screens:
            belongs = screen.is_for_work or (
                wanted.is_chosen_by_people and screen.takes_new_requests
            )
            is_served = bool(served & set(screen.projects))
            if belongs and is_served and field_id not in screen.fields:
                self.steps.append(PutOnScreen(key, wanted.name, screen))

    def _work_types(self, scheme: Scheme) -> frozenset[str]:
        """Return the work types of the projects served that have a scheme, by id."""
        return frozenset(
            work_type.id
            for project in self.setup.projects
            if project.key in scheme.projects
            for work_type in project.work_types
        )


def _is_called(found: FieldSetup, name: str) -> bool:
    return found.id == name or found.name.casefold() == name.strip().casefold()


def _facts(found: FieldSetup) -> FieldFacts:
    return FieldFacts(found.id, found.name, found.type)


def _twins(wanted: FieldToHave, found: Sequence[FieldSetup]) -> str:
    ids = ", ".join(each.id for each in found)
    return f"{wanted.wanted.setting}: {wanted.name!r} is the name of {ids}: give the id of the right one in jira.yaml"


def _wrong_type(wanted: FieldToHave, found: Sequence[FieldSetup]) -> str:
    kinds = ", ".join(
        f"{each.id} is of the type {each.type}" for each in found
    )
    fits = " or ".join(wanted.wanted.types)
    return (
        f"{wanted.wanted.setting}: {kinds}, and {wanted.name!r} has to be {fits}: a second field of that name would "
        "mislead people, so rename the field in Jira or in jira.yaml"
    )
