"""The projects, priorities, organizations and people of a file, as the site takes them over."""

from __future__ import annotations

from dataclasses import replace

from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.blueprint import project
from jsm_sandbox.state.custom_fields import Shape
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    as_list,
    as_object,
    as_text,
)
from jsm_sandbox.state.people import Account, Kind
from jsm_sandbox.state.setup import Organization, Priority, Project

NOBODY = Account("unknown", "Someone", "", Kind.UNKNOWN)


class SiteGrowth:
    """Adds to the site what the requests of a file speak of; where a name is known, the file's id wins."""

    def __init__(self, tracker: Tracker) -> None:
        """Add to the site of this tracker."""
        self.tracker = tracker
        self.site = tracker.site

    def project(self, raw: JsonObject) -> Project:
        """Find or set up an issue's project; one that names none belongs to its key's, else to the first."""
        said = as_object(as_object(raw.get("fields")).get("project"))
        key = as_text(said.get("key")) or _prefix(as_text(raw.get("key")))
        found = self.site.project(key) if key else self.site.projects[0]
        return found or self._new_project(key, said)

    def _new_project(self, key: str, said: JsonObject) -> Project:
        taken = {each.id for each in self.site.projects}
        number = as_text(said.get("id"))
        if not number.isdecimal() or number in taken:
            number = str(20000 + len(taken))
        people = {each.name: each for each in self.site.accounts.values()}
        name = as_text(said.get("name")) or key
        made = project(number, key, name, str(len(taken) + 1), people)
        self.site.projects.append(made)
        return made

    def priority(self, raw: JsonObject, desk: Project) -> None:
        """Add a priority, to the site and to the scheme of the project where it is met."""
        name = as_text(raw.get("name"))
        if not name:
            return
        number = as_text(raw.get("id"))
        priority = self._renumbered(name, number) or self._new(name, number)
        if priority.id not in desk.priorities:
            desk.priorities.append(priority.id)

    def _new(self, name: str, number: str) -> Priority:
        is_free = number and not self._is_taken(number)
        made = Priority(
            number if is_free else str(self.tracker.next_id()), name
        )
        self.site.priorities.append(made)
        return made

    def _renumbered(self, name: str, number: str) -> Priority | None:
        """Give the site's priority of this name, with the file's id unless another has it."""
        named = (each for each in self.site.priorities if each.name == name)
        known = next(named, None)
        if known is None or not number or self._is_taken(number):
            return known
        where = self.site.priorities.index(known)
        self.site.priorities[where] = replace(known, id=number)
        for each in self.site.projects:
            each.priorities = [
                number if old == known.id else old for old in each.priorities
            ]
        return self.site.priorities[where]

    def _is_taken(self, number: str) -> bool:
        return any(each.id == number for each in self.site.priorities)

    def organizations(self, fields: JsonObject) -> None:
        """Add the organizations of a request, or rename those that the site has."""
        for field in self.site.fields:
            if field.shape is Shape.ORGANIZATIONS:
                for each in as_list(fields.get(field.id)):
                    self._organization(as_object(each))

    def _organization(self, raw: JsonObject) -> None:
        number = as_text(raw.get("id"))
        if not number.isdecimal():
            return
        name = as_text(raw.get("name"))
        if self.site.organization(number) is None:
            is_number = isinstance(raw["id"], int)
            made = Organization(int(number), name or number, is_number)
            self.site.organizations.append(made)
        elif name:
            self.site.rename_organization(int(number), name)

    def person(self, raw: Json) -> Account:
        """Find or add a person; NOBODY where the file names none."""
        said = as_object(raw)
        number = as_text(said.get("accountId")) or as_text(said.get("name"))
        if not number:
            return NOBODY
        if number not in self.site.accounts:
            self.site.accounts[number] = _account(number, said)
        return self.site.accounts[number]


def _prefix(key: str) -> str:
    """Give a key's project; empty where it is no key."""
    project_key, _, tail = key.rpartition("-")
    return project_key if tail.isdecimal() else ""


def _account(number: str, said: JsonObject) -> Account:
    name = as_text(said.get("displayName")) or number
    zone = as_text(said.get("timeZone")) or "UTC"
    return Account(number, name, "", _kind_of(said), zone)


def _kind_of(said: JsonObject) -> Kind:
    kind = as_text(said.get("accountType"))
    is_known = kind in set(map(str, Kind))
    return Kind(kind) if is_known else Kind.ATLASSIAN
