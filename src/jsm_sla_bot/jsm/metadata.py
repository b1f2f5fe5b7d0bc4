"""What has to be known of the site before any request can be read: ourselves, fields, statuses, agents.

Asked for when first needed and again every ten minutes, so that a new agent or field is seen without a
restart.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog

from jsm_sla_bot.jsm.decode.fields import resolve
from jsm_sla_bot.jsm.decode.request import Project, Site
from jsm_sla_bot.jsm.decode.roles import account_id, account_ids
from jsm_sla_bot.jsm.decode.vocabulary import Vocabulary
from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    GarbledError,
    IdentityError,
    NotFoundError,
    RefusedError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import mapping, rows, text
from jsm_sla_bot.jsm.priorities import priorities_of
from jsm_sla_bot.jsm.project_problems import ProjectProblems
from jsm_sla_bot.ports.site import Desk, SiteIdentity

_log = structlog.get_logger(__name__)
_NOT_FOR_US = (ForbiddenError, NotFoundError)
_UNKNOWN = (*_NOT_FOR_US, RefusedError, GarbledError)
T = TypeVar("T")


class NoSuchDeskError(TerminalError):
    """`jira.yaml` names a project that is no service desk, or that our account may not see."""


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    at: float


class Directory:
    """The facts of one site, kept for `lifetime` seconds. Every method raises as `rest.Rest` does."""

    def __init__(
        self,
        rest: Rest,
        desk: Desk,
        monotonic: Callable[[], float],
        lifetime: float = 600.0,
    ) -> None:
        self._rest = rest
        self._desk = desk
        self._monotonic = monotonic
        self._lifetime = lifetime
        self._lock = threading.RLock()
        self._kept: dict[str, _Kept] = {}
        self._own: str | None = None
        self._warnings: tuple[str, ...] = ()
        self.problems = ProjectProblems()
        """What is wrong with single projects."""

    def warnings(self) -> tuple[str, ...]:
        """Return what of `jira.yaml` the site does not have, as it was last read; asks nothing."""
        return (*self._warnings, *self.problems.all().sentences())

    def check_identity(self) -> str:
        """Ask Jira who we are and return the account id. Raises IdentityError if we were another before."""
        found = account_id(self._rest.myself())
        if found is None:
            raise IdentityError(
                "Jira does not say who we are: it takes us for nobody; check the token"
            )
        with self._lock:
            self._own = self._own or found
            if found != self._own:
                raise IdentityError(
                    f"Jira takes us for account {found}; until now we were {self._own}"
                )
        return found

    def site_identity(self) -> SiteIdentity:
        """Ask the site which one it is; its edge need not answer."""
        base_url = text(self._rest.server_info().get("baseUrl"))
        try:
            cloud_id = text(self._rest.tenant_info().get("cloudId"))
        except (TransientError, TerminalError) as error:
            _log.debug("jira_cloud_id_unknown", why=str(error))
            cloud_id = None
        return SiteIdentity(self._rest.address, cloud_id, base_url)

    def site(self) -> Site:
        """Return what is needed to read any request. Raises TerminalError where `jira.yaml` does not fit."""
        return self._keep("site", self._read_site)

    def check(self) -> None:
        """Ask for everything that `jira.yaml` names, projects too.

        Raises TerminalError where it does not fit: a project that is not there, or none that can be served. One of
        several that can't be served is kept among the problems.
        """
        self.site()
        served = self.projects()
        failures: list[TerminalError] = []
        for key in served:
            try:
                self._agents(key)
            except (IdentityError, NoSuchDeskError):
                raise
            except TerminalError as error:
                self.problems.failed(key, str(error))
                failures.append(error)
            else:
                self.problems.is_well(key)
        if failures and len(failures) == len(served):
            raise failures[0]

    def projects(self) -> tuple[str, ...]:
        """Return the keys of the projects served: those of `jira.yaml`, else every service desk.

        Without those that the site refused to search in, for as long as they can't be seen.
        """
        named = self._desk.projects
        unseen = self._unseen()
        return (
            tuple(key for key in named if key not in unseen) or self._desks()
        )

    def leave_out_unseen(self) -> bool:
        """Look, after a search was refused, which projects of `jira.yaml` can't be seen; tell whether any is left out.

        One that vanished, or that our account lost, must not keep the others from being searched.
        """
        named = self._desk.projects
        visible = {key.casefold() for key in self._read_projects()}
        unseen = frozenset(
            key for key in named if key.casefold() not in visible
        )
        if not unseen or len(unseen) == len(named) or unseen == self._unseen():
            return False
        for key in unseen:
            why = f"project {key}: there is no such service desk, or our account may not see it; it is not searched"
            self.problems.failed(key, why)
        with self._lock:
            self._kept["unseen"] = _Kept(unseen, self._monotonic())
        return True

    def _unseen(self) -> frozenset[str]:
        return self._keep("unseen", self._all_seen)

    def _all_seen(self) -> frozenset[str]:
        """Believe once in a while that every project can be seen: the next search tells."""
        kept = self._kept.get("unseen")
        for key in kept.value if kept else ():
            self.problems.is_well(key)
        return frozenset()

    def project(self, key: str, project_id: str, issue: str) -> Project:
        """Return what is needed to read the requests of a project; `issue` is any of them."""
        return self._keep(
            f"project {key}",
            lambda: self._read_project(key, project_id, issue),
        )

    def members(self, organizations: Iterable[str]) -> frozenset[str]:
        """Return the account ids of the customers of these organizations, of one that we may not ask none (D35)."""
        found: frozenset[str] = frozenset()
        for each in organizations:
            read = partial(self._customers, each)
            found |= self._keep(f"organization {each}", read)
        return found

    def _customers(self, organization: str) -> frozenset[str]:
        try:
            return account_ids(self._rest.organization_members(organization))
        except _NOT_FOR_US as error:
            _log.warning(
                "jira_customers_unseen",
                organization=organization,
                why=str(error),
            )
            return frozenset()

    def _desks(self) -> tuple[str, ...]:
        return self._keep("projects", self._read_projects)

    def _keep(self, name: str, read: Callable[[], T]) -> T:
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or self._monotonic() - kept.at >= self._lifetime:
                kept = self._kept[name] = _Kept(read(), self._monotonic())
            value: T = kept.value
            return value

    def _read_site(self) -> Site:
        words = Vocabulary.of(self._desk, self._rest.statuses())
        fields = resolve(
            self._rest.fields(), self._desk, words.missing(self._desk)
        )
        if unknown := words.missing_pauses(self._desk):
            raise TerminalError(
                f"organizations.yaml does not fit this site: {'; '.join(unknown)}"
            )
        self._warn(fields.warnings)
        return Site(
            self._desk, fields, words, self._own or self.check_identity()
        )

    def _warn(self, warnings: tuple[str, ...]) -> None:
        """Tell what the site lacks, each thing once for as long as it lasts."""
        for warning in warnings:
            if warning not in self._warnings:
                _log.warning("jira_lacks", why=warning)
        self._warnings = warnings

    def _read_projects(self) -> tuple[str, ...]:
        keys = sorted(
            {
                key
                for row in self._rest.service_desks()
                if (key := text(row.get("projectKey")))
            }
        )
        if not keys:
            raise TerminalError(
                "our account serves no service desk: give it an agent licence, or name projects"
            )
        return tuple(keys)

    def _read_project(self, key: str, project_id: str, issue: str) -> Project:
        agents = self._agents(key)
        priorities = priorities_of(self._rest, project_id, issue)
        without = f"project {key}: its priorities can't be seen: no escalation raises the priority until they can"
        self.problems.doubt(key, "priorities", None if priorities else without)
        ids = tuple(priority.id for priority in priorities)
        highest = priorities[0].name if priorities else ""
        return Project(agents, ids, highest)

    def _agents(self, key: str) -> frozenset[str]:
        """Return who holds the agents' role; nobody if we may not ask and the agents are listed."""
        try:
            found = self._holders(key)
        except _NOT_FOR_US as error:
            if isinstance(error, NotFoundError):
                self._make_sure_of(key)
            if not self._desk.agents:
                raise TerminalError(
                    f"project {key}: our account may not see who holds {self._desk.agent_role!r}: "
                    "make it an administrator of the project, or list the agents in jira.yaml"
                ) from error
            seen = f"who holds {self._desk.agent_role!r} can't be seen"
            why = f"project {key}: {seen}: only the agents listed in jira.yaml count"
            self.problems.doubt(key, "agents", why)
            return frozenset()
        self.problems.doubt(key, "agents", None)
        return found

    def _make_sure_of(self, key: str) -> None:
        """Jira says the same of a project that is not there and of one whose roles we may not see."""
        served = self._desks()
        if key.casefold() not in {each.casefold() for each in served}:
            raise NoSuchDeskError(
                f"jira.yaml: projects: there is no service desk {key!r}, or our account may not see it; "
                f"it serves {', '.join(served)}"
            )

    def _holders(self, key: str) -> frozenset[str]:
        roles = self._rest.roles(key)
        wanted = self._desk.agent_role.casefold()
        role = next(
            (
                str(url).rpartition("/")[2]
                for name, url in roles.items()
                if name.casefold() == wanted
            ),
            None,
        )
        if role is None:
            names = ", ".join(sorted(roles))
            raise TerminalError(
                f"project {key} has no role {self._desk.agent_role!r}; it has: {names}"
            )
        actors = rows(self._rest.role(key, role).get("actors"))
        users = account_ids(actor.get("actorUser") for actor in actors)
        groups = (
            text(mapping(actor.get("actorGroup")).get("groupId"))
            for actor in actors
        )
        return users | self._members(group for group in groups if group)

    def _members(self, groups: Iterable[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for group in groups:
            try:
                found |= account_ids(self._rest.group_members(group))
            except NotFoundError:
                _log.warning("jira_group_gone", group=group)
        return found
