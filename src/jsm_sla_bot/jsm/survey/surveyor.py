"""The survey of one site: part after part, each bounded, within so many calls in all.

A part that can't be read is Unread with its reason, and the others are read all the same.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from jsm_sla_bot.jsm.errors import IdentityError, ScopeError
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import rows, text
from jsm_sla_bot.jsm.survey import accounts, decode
from jsm_sla_bot.jsm.survey.attempts import attempted
from jsm_sla_bot.jsm.survey.availability import available
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.credential import credential, last_day
from jsm_sla_bot.jsm.survey.examples import Examples
from jsm_sla_bot.jsm.survey.forms import Forms
from jsm_sla_bot.jsm.survey.role_holders import RoleHolders
from jsm_sla_bot.ports.sign_in import SignIn
from jsm_sla_bot.ports.site import Clock, Desk
from jsm_sla_bot.ports.site_fields import Match, Missing, match, wanted_fields
from jsm_sla_bot.ports.survey import (
    AccountFacts,
    FieldFacts,
    OrganizationFacts,
    Part,
    ProjectFacts,
    Read,
    RequestsFacts,
    SiteFacts,
    StatusFacts,
    Survey,
    Unread,
)

MOST_CALLS = 38
"""So many calls a survey makes; what is left goes to rarer work types and forms. Two more ask whose journal it is."""

Reader: TypeAlias = Callable[[Survey], Survey]
"""Adds one part to what is known."""


@dataclass(frozen=True, slots=True)
class SiteSurveyor:
    """Looks at a site, from scratch each time. `calls_made` tells how many calls the transport has made so far."""

    rest: Rest
    calls: SetupCalls
    desk: Desk
    clock: Clock
    signs_in: SignIn
    permissions: Sequence[str]
    calls_made: Callable[[], int]

    def survey(
        self, parts: frozenset[Part], progress: Callable[[str], None]
    ) -> Survey:
        """Read these parts. Raises TransientError and TerminalError where the site can't be reached at all."""
        before = self.calls_made()
        look = _Look(self, before)
        found = Survey(address=self.calls.address)
        for part, read in look.readers().items():
            if part in parts:
                progress(part.value)
                found = read(found)
        return replace(found, calls=self.calls_made() - before)


@dataclass
class _Look:
    """One look. What several parts need is read once, when the first of them needs it."""

    by: SiteSurveyor
    before: int

    def readers(self) -> Mapping[Part, Reader]:
        """Return what reads each part, in the order in which they are read."""
        return {
            Part.SITE: lambda known: replace(known, site=self.site),
            Part.ACCOUNT: self._with_account,
            Part.PROJECTS: self._with_projects,
            Part.STATUSES: self._with_statuses,
            Part.PRIORITIES: self._with_priorities,
            Part.FIELDS: lambda known: replace(known, fields=self.fields),
            Part.TRASH: self._with_trash,
            Part.PERMISSIONS: self._with_permissions,
            Part.ORGANIZATIONS: self._with_organizations,
            Part.QUEUES: self._with_queues,
            Part.ROLES: self._with_roles,
            Part.PEOPLE: self._with_people,
            Part.AVAILABLE: self._with_available,
            Part.REQUESTS: self._with_requests,
            Part.FORMS: self._with_forms,
        }

    @cached_property
    def site(self) -> Read[SiteFacts]:
        """The site itself: where it does not answer, nothing else will; it may answer and take us for nobody."""
        try:
            return self._site()
        except ScopeError as error:
            return Unread(str(error), lacks_scope=True)
        except IdentityError as error:
            return Unread(str(error))

    def _site(self) -> SiteFacts:
        asked_at = self.by.clock.now()
        answer = self.by.rest.server_info()
        back_at = self.by.clock.now()
        halfway = asked_at + (back_at - asked_at) / 2
        return decode.site_facts(answer, self.by.calls.address, halfway)

    @cached_property
    def seen(self) -> Read[Sequence[ProjectFacts]]:
        """The projects of `jira.yaml` that were seen; where it names none, every service desk served."""
        desks = attempted(self._desk_ids)
        if isinstance(desks, Unread):
            return desks
        keys = self.by.desk.projects or sorted(desks)
        answer = attempted(self.by.calls.projects, keys)
        if isinstance(answer, Unread):
            return answer
        return [
            decode.project_facts(row, desks.get(text(row.get("key")) or ""))
            for row in answer
        ]

    def _desk_ids(self) -> Mapping[str, str]:
        found = {}
        for row in self.by.calls.service_desks():
            key = text(row.get("projectKey"))
            identity = text(row.get("id"))
            if key and identity:
                found[key] = identity
        return found

    @cached_property
    def fields(self) -> Read[Sequence[FieldFacts]]:
        """All fields of the site, with what only the search for fields says of them."""
        return attempted(self._fields)

    def _fields(self) -> Sequence[FieldFacts]:
        listed = decode.fields(rows(self.by.rest.fields()))
        details = attempted(lambda: list(self.by.calls.custom_fields()))
        if isinstance(details, Unread):
            return listed
        return decode.with_details(listed, details)

    @property
    def served(self) -> Sequence[ProjectFacts]:
        """The projects that were seen; none where they can't be read."""
        return () if isinstance(self.seen, Unread) else self.seen

    @property
    def company_managed(self) -> Sequence[ProjectFacts]:
        """Those of them that share the site's fields and roles."""
        return [each for each in self.served if not each.is_team_managed]

    @property
    def wanted_ids(self) -> Sequence[str]:
        """The ids of the fields that `jira.yaml` names and the site has."""
        return [
            each.id for each in self.matches if isinstance(each, FieldFacts)
        ]

    @property
    def matches(self) -> Sequence[Match]:
        """What each name of `jira.yaml` means here; none where the fields can't be read."""
        if isinstance(self.fields, Unread):
            return ()
        wanted = wanted_fields(self.by.desk)
        return [match(each, self.fields) for each in wanted]

    def _with_account(self, known: Survey) -> Survey:
        return replace(known, account=attempted(self._account))

    def _account(self) -> AccountFacts:
        answer = self.by.rest.myself()
        return AccountFacts(
            id=text(answer.get("accountId")),
            name=text(answer.get("displayName"))
            or "an account without a name",
            kind=text(answer.get("accountType")) or "unknown",
            is_active=answer.get("active") is not False,
            zone=text(answer.get("timeZone")),
            credential=credential(self.by.signs_in),
            expires=last_day(self.by.signs_in),
        )

    def _with_projects(self, known: Survey) -> Survey:
        if isinstance(self.seen, Unread):
            return replace(known, projects=self.seen)
        keys = {each.key for each in self.seen}
        named = self.by.desk.projects
        unseen = [each for each in named if each not in keys]
        return replace(known, projects=self.seen, unseen_projects=unseen)

    def _with_statuses(self, known: Survey) -> Survey:
        return replace(known, statuses=attempted(self._statuses))

    def _statuses(self) -> Sequence[StatusFacts]:
        return decode.statuses(rows(self.by.rest.statuses()))

    def _with_priorities(self, known: Survey) -> Survey:
        return replace(known, priorities=attempted(self._priorities))

    def _priorities(self) -> Sequence[str]:
        found = (text(row.get("name")) for row in self.by.calls.priorities())
        return [each for each in found if each]

    def _with_trash(self, known: Survey) -> Survey:
        """Look into the trash where a field is missing: only an administrator may, so mostly in vain."""
        if not any(isinstance(each, Missing) for each in self.matches):
            return known
        return replace(known, trash=attempted(self._trash))

    def _trash(self) -> Sequence[FieldFacts]:
        return decode.fields(self.by.calls.trashed_fields())

    def _with_permissions(self, known: Survey) -> Survey:
        return replace(known, permissions=attempted(self._permissions))

    def _permissions(self) -> Mapping[str, frozenset[str]]:
        projects = [each.id for each in self.served]
        answer = self.by.calls.permissions(self.by.permissions, projects, [])
        return decode.held(answer, "projects")

    def _with_organizations(self, known: Survey) -> Survey:
        return replace(known, organizations=attempted(self._organizations))

    def _organizations(self) -> Sequence[OrganizationFacts]:
        return decode.organizations(self.by.calls.organizations())

    def _with_queues(self, known: Survey) -> Survey:
        found = {
            each.key: self._reads_queues(each.desk_id)
            for each in self.served
            if each.desk_id
        }
        return replace(known, queues=found)

    def _reads_queues(self, desk_id: str) -> Read[bool]:
        found = attempted(self.by.calls.queues, desk_id)
        if isinstance(found, Unread):
            return False if found.is_forbidden else found
        return True

    def _with_roles(self, known: Survey) -> Survey:
        role = self.by.desk.agent_role
        holders = RoleHolders(self.by.rest, self.by.calls, role)
        keys = [each.key for each in self.company_managed]
        return replace(known, roles=holders.by_project(keys))

    def _with_people(self, known: Survey) -> Survey:
        ids = accounts.wanted(self.by.desk.people)
        found = attempted(accounts.people, self.by.calls, ids)
        return replace(known, people=found)

    def _with_available(self, known: Survey) -> Survey:
        found = available(self.by.calls, self.company_managed, self.wanted_ids)
        return replace(known, available=found)

    def _with_requests(self, known: Survey) -> Survey:
        return replace(known, requests=attempted(self._requests))

    def _requests(self) -> RequestsFacts:
        if not self.served:
            return RequestsFacts()
        by = self.by
        examples = Examples(
            by.rest,
            by.calls,
            by.desk,
            self.wanted_ids,
            by.permissions,
            self.calls_left,
        )
        return examples.read(self.served)

    def calls_left(self) -> int:
        """Return how many calls may still be made."""
        return MOST_CALLS - (self.by.calls_made() - self.before)

    def _with_forms(self, known: Survey) -> Survey:
        desks = {
            each.key: each.desk_id for each in self.served if each.desk_id
        }
        forms = Forms(self.by.calls, desks)
        types = forms.types()
        found = forms.read(types, self.calls_left())
        return replace(known, forms=found)
