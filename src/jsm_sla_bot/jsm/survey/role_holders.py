"""Who holds the agents' role in each project, and which of them are apps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import JsonObject
from jsm_sla_bot.jsm.survey import decode
from jsm_sla_bot.jsm.survey.attempts import attempted
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.ports.survey import Person, Read, Unread

Roles: TypeAlias = Mapping[str, Sequence[Person]]
"""The holders by the role's name; of other roles than the agents' none."""


@dataclass(slots=True)
class RoleHolders:
    """Reads who holds a role; a group is read once, however many projects it serves."""

    rest: Rest
    calls: SetupCalls
    role: str
    _number: str | None = None
    """The id of the role, known from the first project: roles are the site's, so the others need no list."""
    _groups: dict[str, Sequence[Person]] = field(default_factory=dict)

    def by_project(self, projects: Iterable[str]) -> Mapping[str, Read[Roles]]:
        """Return the roles of each project, by its key."""
        found = {each: attempted(self._roles, each) for each in projects}
        known = self._kinds(found.values())
        return {
            key: each if isinstance(each, Unread) else _told(each, known)
            for key, each in found.items()
        }

    def _roles(self, project: str) -> Roles:
        if self._number is not None:
            held = attempted(self.rest.role, project, self._number)
            if not isinstance(held, Unread):
                return {self.role: self._people(held)}
        wanted = self.role.casefold()
        found: dict[str, Sequence[Person]] = {}
        for name, url in self.rest.roles(project).items():
            found[name] = ()
            if name.casefold() == wanted:
                self._number = str(url).rpartition("/")[2]
                held = self.rest.role(project, self._number)
                found[name] = self._people(held)
        return found

    def _people(self, role: JsonObject) -> Sequence[Person]:
        found = list(decode.people(role))
        for group in decode.groups(role):
            found += self._members(group)
        return found

    def _members(self, group: str) -> Sequence[Person]:
        if group not in self._groups:
            answer = self.rest.group_members(group)
            self._groups[group] = decode.members(answer)
        return self._groups[group]

    def _kinds(self, found: Iterable[Read[Roles]]) -> Mapping[str, Person]:
        """Ask for the holders' accounts: a role does not say which of them are apps."""
        ids: set[str] = set()
        for roles in found:
            if not isinstance(roles, Unread):
                ids |= {one.id for held in roles.values() for one in held}
        answer = attempted(self._accounts, sorted(ids))
        return {} if isinstance(answer, Unread) else answer

    def _accounts(self, ids: Sequence[str]) -> Mapping[str, Person]:
        if not ids:
            return {}
        return {
            each.id: each for each in decode.members(self.calls.accounts(ids))
        }


def _told(roles: Roles, known: Mapping[str, Person]) -> Roles:
    """Return the roles with what the accounts say of themselves."""
    return {
        name: [known.get(each.id, each) for each in held]
        for name, held in roles.items()
    }
