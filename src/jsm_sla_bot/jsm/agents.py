"""Who the agents of a project are: the holders of a role, alone and in groups, so far as our account may see them."""

from collections.abc import Callable, Iterable, Sequence

import structlog

from jsm_sla_bot.jsm.decode.roles import account_ids
from jsm_sla_bot.jsm.errors import (
    ForbiddenError,
    NotFoundError,
    TerminalError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text
from jsm_sla_bot.jsm.project_problems import ProjectProblems
from jsm_sla_bot.ports.site import Desk

_log = structlog.get_logger(__name__)
NOT_FOR_US = (ForbiddenError, NotFoundError)
"""Jira's two ways of not showing something to our account."""


class NoSuchDeskError(TerminalError):
    """`jira.yaml` names a project that is no service desk, or that our account may not see."""


class Agents:
    """Asks for the holders of the agents' role. Every method raises as `rest.Rest` does."""

    def __init__(
        self,
        rest: Rest,
        desk: Desk,
        problems: ProjectProblems,
        served: Callable[[], Sequence[str]],
    ) -> None:
        self._rest = rest
        self._desk = desk
        self._problems = problems
        self._served = served

    def of(self, key: str) -> frozenset[str]:
        """Return who holds the agents' role; nobody if we may not ask and the agents are listed."""
        try:
            found = self._holders(key)
        except NOT_FOR_US as error:
            if isinstance(error, NotFoundError):
                self._make_sure_of(key)
            self._need_listed(key, error)
            self._problems.doubt(key, "agents", self._only_listed(key))
            return frozenset()
        self._problems.doubt(key, "agents", None)
        return found

    def _make_sure_of(self, key: str) -> None:
        """Jira says the same of a project that is not there and of one whose roles we may not see."""
        served = self._served()
        if key.casefold() not in {each.casefold() for each in served}:
            raise NoSuchDeskError(
                f"jira.yaml: projects: there is no service desk {key!r}, or our account may not see it; "
                f"it serves {', '.join(served)}"
            )

    def _need_listed(self, key: str, error: TerminalError) -> None:
        if not self._desk.agents:
            raise TerminalError(
                f"project {key}: our account may not see who holds {self._desk.agent_role!r}: "
                "make it an administrator of the project, or list the agents in jira.yaml"
            ) from error

    def _only_listed(self, key: str) -> str:
        unseen = f"who holds {self._desk.agent_role!r} can't be seen"
        return f"project {key}: {unseen}: only the agents listed in jira.yaml count"

    def _holders(self, key: str) -> frozenset[str]:
        role = self._role(key)
        actors = rows(self._rest.role(key, role).get("actors"))
        users = account_ids(actor.get("actorUser") for actor in actors)
        return users | self._members(_groups(actors))

    def _role(self, key: str) -> str:
        """Return the id of the agents' role in a project."""
        roles = self._rest.roles(key)
        wanted = self._desk.agent_role.casefold()
        for name, url in roles.items():
            if name.casefold() == wanted:
                return str(url).rpartition("/")[2]
        names = ", ".join(sorted(roles))
        raise TerminalError(
            f"project {key} has no role {self._desk.agent_role!r}; it has: {names}"
        )

    def _members(self, groups: Iterable[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for group in groups:
            try:
                found |= account_ids(self._rest.group_members(group))
            except NotFoundError:
                _log.warning("jira_group_gone", group=group)
        return found


def _groups(actors: Iterable[JsonObject]) -> list[str]:
    """Return the ids of the groups among the holders of a role."""
    groups = [mapping(actor.get("actorGroup")) for actor in actors]
    found = [text(group.get("groupId")) for group in groups]
    return [each for each in found if each]
