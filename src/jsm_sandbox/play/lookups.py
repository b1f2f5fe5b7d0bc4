"""Find what people speak of by their words: a request, a person, a project, a moment; or say that there is none."""

from __future__ import annotations

from datetime import datetime

from jsm_sandbox.state import instants
from jsm_sandbox.state.blueprint import ORGANIZATIONS
from jsm_sandbox.state.custom_fields import Field
from jsm_sandbox.state.people import Account
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import AGENTS, Project, Transition
from jsm_sandbox.state.store import Store

_USUAL_REPORTER = "Walter Stone"


class Lookups(Store):
    """A site that answers to people's words. Each look-up raises LookupError, whose message names what is missing."""

    def issue(self, key: str) -> Issue:
        """Find a request, or say that there is none."""
        found = self.find(key)
        if found is None:
            raise LookupError(f"the sandbox has no request {key!r}")
        return found

    def account(self, who: str) -> Account:
        """Find a person by name, mail address or account id."""
        found = self.site.person(who)
        if found is None:
            raise LookupError(f"the sandbox knows nobody called {who!r}")
        return found

    def transitions_from(self, issue: Issue) -> list[Transition]:
        """List the transitions on offer; a status from outside the workflow may go to any working status."""
        every = self.site.transitions
        now = issue.status_name
        if self.site.is_in_workflow(now):
            return [each for each in every if now in each.sources]
        return [each for each in every if each.target != now]

    def _way(self, issue: Issue, to: str) -> Transition:
        """Find a transition on offer by its name or by that of the status to which it leads."""
        wanted = to.casefold()
        for each in self.transitions_from(issue):
            if wanted in (each.name.casefold(), each.target.casefold()):
                return each
        raise LookupError(
            f"{issue.key} is in {issue.status_name!r}: there is no way from "
            f"there to {to!r}"
        )

    def _reporter(
        self, who: str | None, organization: int | list[int] | None
    ) -> Account:
        """Give who raises a request: the one who is named, else someone of the first organization."""
        if who is not None:
            return self.account(who)
        first = organization
        if isinstance(organization, list) and organization:
            first = organization[0]
        if not isinstance(first, int) or first not in ORGANIZATIONS:
            return self.account(_USUAL_REPORTER)
        _, people = ORGANIZATIONS[first]
        return self.account(people[0])

    def _named_field(self, name: str) -> Field:
        found = self.site.field(name)
        if found is None:
            raise LookupError(f"the sandbox has no field named {name!r}")
        return found

    def _project(self, key: str | None) -> Project:
        found = self.site.project(key) if key else self.site.projects[0]
        if found is None:
            raise LookupError(f"the sandbox has no project {key!r}")
        return found

    def _moment(self, at: datetime | str | None) -> datetime:
        return self.now() if at is None else instants.stated(at)

    def agents(self, project: str | None = None) -> list[Account]:
        """List the people who hold the agents' role, the bot left out."""
        role = self._project(project).role(AGENTS)
        bot = self.site.bot.account_id
        holders = self.site.holders_of(role)
        return [self.site.accounts[each] for each in holders if each != bot]
