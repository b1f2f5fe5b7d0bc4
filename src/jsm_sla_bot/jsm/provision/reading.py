"""Reads how a site is set up, as far as the bot's fields are concerned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    NotFoundError,
    RefusedError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject, rows, text
from jsm_sla_bot.jsm.provision.calls import AdminCalls
from jsm_sla_bot.jsm.provision.contexts import read_contexts
from jsm_sla_bot.jsm.provision.screen_reader import ScreenReader
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.decode import (
    field_facts,
    project_facts,
    work_types_with_fields,
)
from jsm_sla_bot.ports.provision import (
    Context,
    FieldSetup,
    Model,
    Scheme,
    Setup,
)
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.survey import ProjectFacts

_SELECTS = frozenset({"select", "radiobuttons"})
_UNSEEN = (ForbiddenError, NotFoundError)


@dataclass(frozen=True, slots=True)
class SetupReader:
    """Reads a site. With `as_far_as_allowed` what only administrators see is taken for empty."""

    rest: Rest
    surveys: SetupCalls
    admin: AdminCalls
    desk: Desk
    as_far_as_allowed: bool = False

    def read(self, wanted: Iterable[str]) -> Setup:
        """Read the set-up for the fields of these names or ids. Raises as `rest.Rest` does."""
        names = {each.strip().casefold() for each in wanted}
        base_url = (
            text(self.rest.server_info().get("baseUrl"))
            or self.surveys.address
        )
        served = self._served()
        fields = self._fields(names)
        company_managed = [each for each in served if not each.is_team_managed]
        if self.as_far_as_allowed or not company_managed:
            return Setup(base_url, Model.FIELD_CONFIGURATIONS, served, fields)
        keys = self._all_keys()
        screens = ScreenReader(self.admin).read(company_managed, keys)
        model, schemes = self._schemes(company_managed, keys, fields)
        return Setup(base_url, model, served, fields, screens, schemes)

    def _served(self) -> Sequence[ProjectFacts]:
        desks = {
            text(row.get("projectKey")): text(row.get("id"))
            for row in self.surveys.service_desks()
        }
        keys = self.desk.projects or sorted(key for key in desks if key)
        return [
            project_facts(row, desks.get(text(row.get("key"))))
            for row in self.surveys.projects(keys)
        ]

    def _all_keys(self) -> Mapping[str, str]:
        """Return the keys of all projects by their ids: a shared screen or scheme may serve any of them."""
        return {
            identity: key
            for row in self.admin.projects()
            if (identity := text(row.get("id")))
            and (key := text(row.get("key")))
        }

    def _fields(
        self, names: frozenset[str] | set[str]
    ) -> Sequence[FieldSetup]:
        listed = {str(row.get("id")): row for row in rows(self.rest.fields())}
        details = {
            str(row.get("id")): row for row in self.surveys.custom_fields()
        }
        every: list[JsonObject] = [
            {**listed.get(key, {}), **row} for key, row in details.items()
        ]
        every += [row for key, row in listed.items() if key not in details]
        found = [
            self._field(row, is_trashed=False)
            for row in every
            if _is_one(row, names)
        ]
        found += [
            self._field(row, is_trashed=True)
            for row in self._trash()
            if _is_one(row, names)
        ]
        return [each for each in found if each]

    def _trash(self) -> Sequence[JsonObject]:
        try:
            return list(self.surveys.trashed_fields())
        except _UNSEEN:
            if self.as_far_as_allowed:
                return ()
            raise

    def _field(
        self, row: JsonObject, *, is_trashed: bool
    ) -> FieldSetup | None:
        facts = field_facts(row)
        if facts is None:
            return None
        contexts: Sequence[Context] | None = ()
        if facts.project_id is None:
            has_options = facts.type in _SELECTS
            contexts = self._contexts(
                facts.id, has_options=has_options, is_trashed=is_trashed
            )
        return FieldSetup(
            id=facts.id,
            name=facts.name,
            type=facts.type,
            description=text(row.get("description")) or "",
            is_trashed=is_trashed,
            project_id=facts.project_id,
            contexts=contexts or (),
            are_contexts_known=contexts is not None,
        )

    def _contexts(
        self, field: str, *, has_options: bool, is_trashed: bool
    ) -> Sequence[Context] | None:
        """Return the contexts of a field; None where they can't be seen."""
        try:
            return read_contexts(self.admin, field, has_options=has_options)
        except _UNSEEN:
            if self.as_far_as_allowed or is_trashed:
                return None
            raise

    def _schemes(
        self,
        served: Sequence[ProjectFacts],
        keys: Mapping[str, str],
        fields: Sequence[FieldSetup],
    ) -> tuple[Model, list[Scheme]]:
        """Read what gives the projects their fields, by whichever of Jira's two models the site has."""
        ids = [each.id for each in fields]
        try:
            found = self.admin.field_schemes_of(list(keys))
        except NotFoundError:
            found_here = self._by_project(served, keys, ids)
            return Model.FIELD_CONFIGURATIONS, found_here
        return Model.FIELD_SCHEMES, self._field_schemes(
            served, keys, found, ids
        )

    def _by_project(
        self,
        served: Sequence[ProjectFacts],
        keys: Mapping[str, str],
        fields: Sequence[str],
    ) -> list[Scheme]:
        """Return one scheme a project: there the association is made by project.

        It reaches all that share its field configuration.
        """
        found = []
        sharing = self._sharing(keys)
        for each in served:
            types = [work_type.id for work_type in each.work_types]
            answer = (
                self.surveys.fields_of_projects([each.id], types, fields)
                if fields
                else ()
            )
            by_type = work_types_with_fields(answer, types)
            in_all = (
                frozenset.intersection(*by_type.values())
                if by_type
                else frozenset()
            )
            shared = sharing.get(each.id, [each.key])
            found.append(
                Scheme(each.id, f"project {each.key}", shared, in_all)
            )
        return found

    def _sharing(self, keys: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
        """Return with which projects each shares its field configuration; none where Jira does not say."""
        try:
            rows_found = self.admin.field_configuration_schemes_of(list(keys))
        except (NotFoundError, ForbiddenError, RefusedError):
            return {}
        sharing: dict[str, Sequence[str]] = {}
        for row in rows_found:
            ids = [str(each) for each in row.get("projectIds") or ()]
            named = sorted(keys[each] for each in ids if each in keys)
            sharing |= dict.fromkeys(ids, named)
        return sharing

    def _field_schemes(
        self,
        served: Sequence[ProjectFacts],
        keys: Mapping[str, str],
        rows_found: Sequence[JsonObject],
        fields: Sequence[str],
    ) -> list[Scheme]:
        projects: dict[str, set[str]] = {}
        names: dict[str, str] = {}
        for row in rows_found:
            scheme = text(row.get("schemeId"))
            project = keys.get(str(row.get("projectId")))
            if scheme and project:
                projects.setdefault(scheme, set()).add(project)
                names[scheme] = (
                    text(row.get("schemeName")) or f"field scheme {scheme}"
                )
        ours = {each.key for each in served}
        return [
            self._scheme(scheme, names[scheme], sorted(found), fields)
            for scheme, found in projects.items()
            if ours & found
        ]

    def _scheme(
        self,
        scheme: str,
        name: str,
        projects: Sequence[str],
        fields: Sequence[str],
    ) -> Scheme:
        """Read which of these fields a scheme has, and for which work types only."""
        found = self.admin.fields_of_scheme(scheme, fields) if fields else ()
        restricted: dict[str, frozenset[str]] = {}
        present = set()
        for row in found:
            field = str(row.get("fieldId"))
            present.add(field)
            types = row.get("restrictedToWorkTypes")
            if isinstance(types, list) and types:
                restricted[field] = frozenset(map(str, types))
        return Scheme(scheme, name, projects, frozenset(present), restricted)


def _is_one(row: JsonObject, names: frozenset[str] | set[str]) -> bool:
    name = text(row.get("name")) or ""
    return name.strip().casefold() in names or str(row.get("id")) in names
