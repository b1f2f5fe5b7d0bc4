"""What has to be known of the site before any request can be read: ourselves, fields, statuses, agents.

Asked for when first needed and again every ten minutes, so that a new agent or field is seen without a
restart.
"""

import threading
from collections.abc import Callable, Iterable
from functools import partial

import structlog

from jsm_sla_bot.jsm.agents import NOT_FOR_US, Agents, NoSuchDeskError
from jsm_sla_bot.jsm.decode.fields import resolve
from jsm_sla_bot.jsm.decode.request import Project, Site
from jsm_sla_bot.jsm.decode.roles import account_id, account_ids
from jsm_sla_bot.jsm.decode.vocabulary import Vocabulary
from jsm_sla_bot.jsm.errors import (
    IdentityError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import text
from jsm_sla_bot.jsm.kept import Kept
from jsm_sla_bot.jsm.priorities import priorities_of
from jsm_sla_bot.jsm.project_problems import ProjectProblems
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.site_identity import SiteIdentity

_log = structlog.get_logger(__name__)


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
        self._lock = threading.RLock()
        self._kept = Kept(monotonic, lifetime)
        self._own: str | None = None
        self._warnings: tuple[str, ...] = ()
        self.problems = ProjectProblems()
        """What is wrong with single projects."""
        self._agents = Agents(rest, desk, self.problems, self._desks)

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
        return self._kept.get("site", self._read_site)

    def check(self) -> None:
        """Ask for everything that `jira.yaml` names, projects too.

        Raises TerminalError where it does not fit: a project that is not there, or none that can be served. One of
        several that can't be served is kept among the problems.
        """
        self.site()
        served = self.projects()
        failures = [self._failure_of(key) for key in served]
        first, *others = failures or [None]
        if first and all(others):
            raise first

    def _failure_of(self, key: str) -> TerminalError | None:
        """Return why a project can't be served; None where it can. Raises NoSuchDeskError and IdentityError."""
        try:
            self._agents.of(key)
        except (IdentityError, NoSuchDeskError):
            raise
        except TerminalError as error:
            self.problems.failed(key, str(error))
            return error
        self.problems.is_well(key)
        return None

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
            self.problems.failed(key, _not_searched(key))
        self._kept.put("unseen", unseen)
        return True

    def _unseen(self) -> frozenset[str]:
        return self._kept.get("unseen", self._all_seen)

    def _all_seen(self) -> frozenset[str]:
        """Believe once in a while that every project can be seen: the next search tells."""
        nobody: frozenset[str] = frozenset()
        for key in self._kept.last("unseen", nobody):
            self.problems.is_well(key)
        return nobody

    def project(self, key: str, project_id: str, issue: str) -> Project:
        """Return what is needed to read the requests of a project; `issue` is any of them."""
        return self._kept.get(
            f"project {key}",
            lambda: self._read_project(key, project_id, issue),
        )

    def members(self, organizations: Iterable[str]) -> frozenset[str]:
        """Return the account ids of the customers of these organizations, of one that we may not ask none (D35)."""
        found: frozenset[str] = frozenset()
        for each in organizations:
            read = partial(self._customers, each)
            found |= self._kept.get(f"organization {each}", read)
        return found

    def _customers(self, organization: str) -> frozenset[str]:
        try:
            return account_ids(self._rest.organization_members(organization))
        except NOT_FOR_US as error:
            _log.warning(
                "jira_customers_unseen",
                organization=organization,
                why=str(error),
            )
            return frozenset()

    def _desks(self) -> tuple[str, ...]:
        return self._kept.get("projects", self._read_projects)

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
        desks = self._rest.service_desks()
        keys = {text(row.get("projectKey")) for row in desks}
        served = sorted(key for key in keys if key)
        if not served:
            raise TerminalError(
                "our account serves no service desk: give it an agent licence, or name projects"
            )
        return tuple(served)

    def _read_project(self, key: str, project_id: str, issue: str) -> Project:
        agents = self._agents.of(key)
        priorities = priorities_of(self._rest, project_id, issue)
        without = f"project {key}: its priorities can't be seen: no escalation raises the priority until they can"
        self.problems.doubt(key, "priorities", None if priorities else without)
        ids = tuple(priority.id for priority in priorities)
        highest = priorities[0].name if priorities else ""
        return Project(agents, ids, highest)


def _not_searched(key: str) -> str:
    return f"project {key}: there is no such service desk, or our account may not see it; it is not searched"
