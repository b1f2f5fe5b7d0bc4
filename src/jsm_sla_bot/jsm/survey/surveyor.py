"""The survey of one site: part after part, each bounded, within so many calls in all.

A part that can't be read is Unread with its reason, and the others are read all the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    NotFoundError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import JsonObject, rows, text
from jsm_sla_bot.jsm.survey import decode
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.examples import read_examples
from jsm_sla_bot.ports.sign_in import Basic, Bearer, ClientCredentials, SignIn
from jsm_sla_bot.ports.site import Clock, Desk
from jsm_sla_bot.ports.site_fields import match, wanted_fields
from jsm_sla_bot.ports.survey import (
    AccountFacts,
    Credential,
    FieldFacts,
    FormFacts,
    FormField,
    OrganizationFacts,
    Part,
    Person,
    ProjectFacts,
    Read,
    RequestsFacts,
    SiteFacts,
    StatusFacts,
    Survey,
    Unread,
)

T = TypeVar("T")
MOST_CALLS = 40
"""So many calls a survey makes; what is left over after the rest goes to portal forms."""
_GATEWAY = "api.atlassian.com"


@dataclass
class SiteSurveyor:
    """Reads a site. Not for several threads. `calls_made` tells how many calls the transport has made so far."""

    rest: Rest
    calls: SetupCalls
    desk: Desk
    clock: Clock
    signs_in: SignIn
    permissions: Sequence[str]
    calls_made: Callable[[], int]
    _progress: Callable[[str], None] = field(default=lambda _: None, init=False)
    _groups: dict[str, Sequence[Person]] = field(default_factory=dict, init=False)

    def survey(self, parts: frozenset[Part], progress: Callable[[str], None]) -> Survey:
        """Read these parts. Raises TransientError and TerminalError where the site can't be reached at all."""
        self._progress = progress
        self._begin_anew()
        before = self.calls_made()
        found = Survey()
        readers: Mapping[Part, Callable[[Survey], Survey]] = {
            Part.SITE: lambda known: replace(known, site=self._site),
            Part.ACCOUNT: lambda known: replace(known, account=self._account()),
            Part.PROJECTS: self._with_projects,
            Part.STATUSES: lambda known: replace(known, statuses=self._statuses()),
            Part.FIELDS: lambda known: replace(known, fields=self._fields),
            Part.TRASH: lambda known: replace(known, trash=self._trash()),
            Part.PERMISSIONS: lambda known: replace(known, permissions=self._held()),
            Part.ORGANIZATIONS: lambda known: replace(
                known, organizations=self._organizations()
            ),
            Part.QUEUES: lambda known: replace(known, queues=self._queues()),
            Part.ROLES: lambda known: replace(known, roles=self._roles()),
            Part.AVAILABLE: lambda known: replace(known, available=self._available()),
            Part.REQUESTS: lambda known: replace(known, requests=self._requests()),
            Part.FORMS: lambda known: replace(known, forms=self._forms(before)),
        }
        for part, read in readers.items():
            if part in parts:
                progress(part.value)
                found = read(found)
        return replace(found, calls=self.calls_made() - before)

    def _begin_anew(self) -> None:
        for name in ("_site", "_seen", "_fields"):
            self.__dict__.pop(name, None)
        self._groups.clear()

    @cached_property
    def _site(self) -> SiteFacts:
        """The site itself: where it does not answer, nothing else will."""
        asked_at = self.clock.now()
        told = self.rest.server_info()
        back_at = self.clock.now()
        address = self.calls.address
        return SiteFacts(
            address=address,
            is_gateway=f"//{_GATEWAY}/" in f"{address}/",
            deployment=text(told.get("deploymentType")) or "of an unknown kind",
            base_url=text(told.get("baseUrl")),
            server_time=_instant(told.get("serverTime")),
            asked_at=asked_at + (back_at - asked_at) / 2,
        )

    def _account(self) -> Read[AccountFacts]:
        return _read(self._read_account)

    def _read_account(self) -> AccountFacts:
        told = self.rest.myself()
        return AccountFacts(
            id=text(told.get("accountId")),
            name=text(told.get("displayName")) or "an account without a name",
            kind=text(told.get("accountType")) or "unknown",
            is_active=told.get("active") is not False,
            zone=text(told.get("timeZone")),
            credential=_credential(self.signs_in),
            expires=_last_day(self.signs_in),
        )

    @cached_property
    def _seen(self) -> Read[Sequence[ProjectFacts]]:
        """The projects of `jira.yaml` that were seen; where it names none, every service desk served."""
        desks = _read(self.calls.service_desks)
        if isinstance(desks, Unread):
            return desks
        desk_ids = {
            key: identity
            for row in desks
            if (key := text(row.get("projectKey")))
            and (identity := text(row.get("id")))
        }
        keys = self.desk.projects or sorted(desk_ids)
        told = _read(lambda: self.calls.projects(keys))
        if isinstance(told, Unread):
            return told
        return [
            decode.project_facts(row, desk_ids.get(text(row.get("key")) or ""))
            for row in told
        ]

    def _with_projects(self, known: Survey) -> Survey:
        seen = self._seen
        if isinstance(seen, Unread):
            return replace(known, projects=seen)
        keys = {each.key for each in seen}
        unseen = [each for each in self.desk.projects if each not in keys]
        return replace(known, projects=seen, unseen_projects=unseen)

    @property
    def _served(self) -> Sequence[ProjectFacts]:
        return () if isinstance(self._seen, Unread) else self._seen

    @property
    def _company_managed(self) -> Sequence[ProjectFacts]:
        return [each for each in self._served if not each.is_team_managed]

    def _statuses(self) -> Read[Sequence[StatusFacts]]:
        return _read(lambda: decode.statuses(rows(self.rest.statuses())))

    @cached_property
    def _fields(self) -> Read[Sequence[FieldFacts]]:
        return _read(self._read_fields)

    def _read_fields(self) -> Sequence[FieldFacts]:
        listed = [
            found
            for row in rows(self.rest.fields())
            if (found := decode.field_facts(row))
        ]
        details = _read(lambda: list(self.calls.custom_fields()))
        if isinstance(details, Unread):
            return listed
        return decode.with_details(listed, details)

    def _trash(self) -> Read[Sequence[FieldFacts]]:
        found = _read(lambda: list(self.calls.trashed_fields()))
        if isinstance(found, Unread):
            return found
        return [facts for row in found if (facts := decode.field_facts(row))]

    def _held(self) -> Read[Mapping[str, frozenset[str]]]:
        projects = [each.id for each in self._served]
        found = _read(lambda: self.calls.permissions(self.permissions, projects, []))
        if isinstance(found, Unread):
            return found
        return {
            str(row.get("permission")): frozenset(
                str(each) for each in row.get("projects") or ()
            )
            for row in found
        }

    def _organizations(self) -> Read[Sequence[OrganizationFacts]]:
        return _read(lambda: decode.organizations(self.calls.organizations()))

    def _queues(self) -> Mapping[str, Read[bool]]:
        return {
            each.key: self._reads_queues(each.desk_id)
            for each in self._served
            if each.desk_id
        }

    def _reads_queues(self, desk_id: str) -> Read[bool]:
        found = _read(lambda: self.calls.queues(desk_id))
        if isinstance(found, Unread):
            return False if found.is_forbidden else found
        return True

    def _roles(self) -> Mapping[str, Read[Mapping[str, Sequence[Person]]]]:
        found = {
            each.key: _read(lambda key=each.key: self._holders(key))  # type: ignore[misc]
            for each in self._company_managed
        }
        return self._with_kinds(found)

    def _with_kinds(
        self, found: Mapping[str, Read[Mapping[str, Sequence[Person]]]]
    ) -> Mapping[str, Read[Mapping[str, Sequence[Person]]]]:
        """Find out which holders are apps: a role does not say so."""
        read = [roles for roles in found.values() if not isinstance(roles, Unread)]
        ids = {one.id for roles in read for held in roles.values() for one in held}
        if not ids:
            return found
        told = _read(lambda: list(self.calls.accounts(sorted(ids))))
        if isinstance(told, Unread):
            return found
        known = {each.id: each for each in decode.members(told)}
        return {
            key: roles
            if isinstance(roles, Unread)
            else {
                name: [known.get(one.id, one) for one in held]
                for name, held in roles.items()
            }
            for key, roles in found.items()
        }

    def _holders(self, project: str) -> Mapping[str, Sequence[Person]]:
        listed = self.rest.roles(project)
        wanted = self.desk.agent_role.casefold()
        found: dict[str, Sequence[Person]] = {}
        for name, url in listed.items():
            found[name] = ()
            if name.casefold() == wanted:
                role = self.rest.role(project, str(url).rpartition("/")[2])
                found[name] = self._people(role)
        return found

    def _people(self, role: JsonObject) -> Sequence[Person]:
        found = list(decode.people(role))
        for group in decode.groups(role):
            found += self._members(group)
        return found

    def _members(self, group: str) -> Sequence[Person]:
        """Read a group's members, once for all projects in which it holds the role."""
        if group not in self._groups:
            self._groups[group] = decode.members(self.rest.group_members(group))
        return self._groups[group]

    def _wanted_ids(self) -> Sequence[str]:
        """Return the ids of the fields that `jira.yaml` names and the site has."""
        if isinstance(self._fields, Unread):
            return ()
        found = [match(each, self._fields) for each in wanted_fields(self.desk)]
        return [each.id for each in found if isinstance(each, FieldFacts)]

    def _available(self) -> Mapping[str, Read[Mapping[str, frozenset[str]]]]:
        fields = self._wanted_ids()
        return {
            each.key: _read(lambda each=each: self._fields_of(each, fields))  # type: ignore[misc]
            for each in self._company_managed
        }

    def _fields_of(
        self, project: ProjectFacts, fields: Sequence[str]
    ) -> Mapping[str, frozenset[str]]:
        work_types = [each.id for each in project.work_types]
        found = self.calls.fields_of_project(project.id, work_types, fields)
        return decode.work_types_with_fields(found, work_types)

    def _requests(self) -> Read[RequestsFacts]:
        projects = [each.key for each in self._served]
        if not projects:
            return RequestsFacts()
        fields = self._wanted_ids()
        return _read(
            lambda: read_examples(
                self.rest, self.calls, projects, fields, self.permissions
            )
        )

    def _forms(self, before: int) -> Mapping[str, Read[Sequence[FormFacts]]]:
        """Read the forms of each desk in turn, as many as there are calls left for."""
        desks = [each for each in self._served if each.desk_id]
        types = {
            each.key: _read(lambda each=each: self.calls.request_types(each.desk_id))  # type: ignore[misc]
            for each in desks
        }
        left = MOST_CALLS - (self.calls_made() - before)
        share = max(0, left // len(desks)) if desks else 0
        return {
            each.key: self._forms_of(each.desk_id or "", types[each.key], share)
            for each in desks
        }

    def _forms_of(
        self, desk_id: str, types: Read[Sequence[JsonObject]], share: int
    ) -> Read[Sequence[FormFacts]]:
        if isinstance(types, Unread):
            return types
        found = []
        for number, row in enumerate(types):
            identity = text(row.get("id")) or ""
            fields: Read[Sequence[FormField]] = Unread("not looked at")
            if number < share:
                fields = _read(
                    lambda identity=identity: decode.form_fields(  # type: ignore[misc]
                        self.calls.form(desk_id, identity)
                    )
                )
            found.append(FormFacts(text(row.get("name")) or identity, fields))
        return found


def _credential(signs_in: SignIn) -> Credential:
    match signs_in:
        case Basic():
            return Credential.API_TOKEN
        case Bearer():
            return Credential.BEARER
        case ClientCredentials():
            return Credential.CLIENT


def _last_day(signs_in: SignIn) -> date | None:
    return None if isinstance(signs_in, ClientCredentials) else signs_in.expires


def _read(ask: Callable[[], T]) -> Read[T]:
    """Return what is asked for, or why it can't be read."""
    try:
        return ask()
    except (ForbiddenError, NotFoundError) as error:
        return Unread(str(error), is_forbidden=True)
    except (TerminalError, TransientError) as error:
        return Unread(str(error))


def _instant(value: object) -> datetime | None:
    try:
        return instant(value)
    except ValueError:
        return None
