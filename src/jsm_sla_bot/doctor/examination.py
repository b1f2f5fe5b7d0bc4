"""What a check is given: the survey, the configuration, and how the daemon's own house stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from jsm_sla_bot.doctor.verdict import NotReadError
from jsm_sla_bot.ports.admin_links import AdminLinks
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.site_fields import (
    Match,
    WantedField,
    match,
    wanted_fields,
)
from jsm_sla_bot.ports.survey import (
    NOT_ASKED,
    FieldFacts,
    ProjectFacts,
    Read,
    RequestFacts,
    Survey,
    Unread,
)
from jsm_sla_bot.sla.contract import Policy

T = TypeVar("T")

EDIT_ISSUES = "EDIT_ISSUES"
SELECTS = frozenset({"select", "radiobuttons"})
"""The types of fields of which one option is chosen."""


def needed(value: Read[T]) -> T:
    """Return what was read; raises NotReadError where it could not be."""
    if isinstance(value, Unread):
        raise NotReadError(value.why, is_failure=value.is_failure)
    return value


@dataclass(frozen=True, slots=True)
class Operation:
    """How the bot's own house stands. `journal` says what is wrong with the journal, None where nothing is.

    `channels` says of each channel of `notify.yaml` what is wrong with its secrets, None where nothing is.
    """

    journal: str | None
    journal_at: str
    channels: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Examination:
    """Everything that checks judge. `now` is aware UTC."""

    survey: Survey
    policy: Policy
    desk: Desk
    operation: Operation
    now: datetime
    raises_in: str = ""
    """The key of the project in which requests for reviews are raised (D29); empty where none is."""

    @cached_property
    def links(self) -> AdminLinks:
        """Deep links into the site's administration."""
        site = self.survey.site
        base = self.survey.address
        if not isinstance(site, Unread):
            base = site.base_url or site.address
        return AdminLinks(base.rstrip("/"))

    @cached_property
    def is_signed_in(self) -> bool:
        """Whether Jira knows us, as far as it was asked."""
        account = self.survey.account
        if isinstance(account, Unread):
            return account is NOT_ASKED or account.lacks_scope
        return account.id is not None

    @cached_property
    def is_agent(self) -> bool:
        """Whether our account is an agent on some desk, as far as it was asked."""
        read = self.survey.queues.values()
        return not read or any(each is not False for each in read)

    @cached_property
    def fields(self) -> Mapping[WantedField, Match]:
        """What each name of `jira.yaml` means on this site; raises NotReadError."""
        known = needed(self.survey.fields)
        return {each: match(each, known) for each in wanted_fields(self.desk)}

    @cached_property
    def found_fields(self) -> Mapping[WantedField, FieldFacts]:
        """The fields that were found; raises NotReadError."""
        return {
            wanted: found
            for wanted, found in self.fields.items()
            if isinstance(found, FieldFacts)
        }

    def field_of(self, setting: str) -> FieldFacts | None:
        """Return the field that a setting names, if the site has it; raises NotReadError."""
        for wanted, found in self.found_fields.items():
            if wanted.setting == setting:
                return found
        return None

    @cached_property
    def projects(self) -> Sequence[ProjectFacts]:
        """The projects that are served and were seen; raises NotReadError."""
        return needed(self.survey.projects)

    @cached_property
    def company_managed(self) -> Sequence[ProjectFacts]:
        """Those of them that share the site's fields, roles and screens; raises NotReadError."""
        return [each for each in self.projects if not each.is_team_managed]

    def examples(self) -> Iterable[RequestFacts]:
        """Yield the open request of each project that was looked at; raises NotReadError."""
        yield from needed(self.survey.requests).open.values()

    def company_managed_examples(self) -> Iterable[RequestFacts]:
        """Yield those of projects that share the site's fields, of further work types too; raises NotReadError."""
        keys = {each.key for each in self.company_managed}
        others = needed(self.survey.requests).of_other_types
        for request in (*self.examples(), *others):
            if request.project in keys:
                yield request

    def options_of(self, setting: str) -> Mapping[str, Sequence[str]]:
        """Return the options of a field in the site's order, by the project of the request that offers it.

        Raises NotReadError where no request shows them.
        """
        offered = self.offered_options(setting)
        if not offered:
            for request in self.examples():
                needed(request.settable)
            message = (
                f"no request that was seen offers the options of {setting}"
            )
            raise NotReadError(message)
        return offered

    def offered_options(self, setting: str) -> Mapping[str, Sequence[str]]:
        """Return the same, nothing where no request shows them; a select without any option offers none."""
        found = self.field_of(setting)
        offered: dict[str, Sequence[str]] = {}
        for request in self.examples():
            settable = request.settable
            if found is None or isinstance(settable, Unread):
                continue
            meta = settable.get(found.id)
            if meta and (meta.options or found.type in SELECTS):
                offered[request.project] = meta.options
        return offered

    def lacks(self, project: str, work_type: str, field: str) -> bool:
        """Tell whether a project's work type is known not to have a field: every other check is silent on it then."""
        available = self.survey.available.get(project, NOT_ASKED)
        if isinstance(available, Unread):
            return False
        return field not in available.get(work_type, frozenset({field}))

    def lacks_everywhere(self, project: str, field: str) -> bool:
        """Tell whether none of a project's work types has a field, as far as it is known."""
        available = self.survey.available.get(project, NOT_ASKED)
        if isinstance(available, Unread) or not available:
            return False
        return all(field not in fields for fields in available.values())

    def withheld(self, project: str) -> frozenset[str]:
        """Return the permissions that our account is known to lack in a whole project."""
        held = self.survey.permissions
        if isinstance(held, Unread) or isinstance(
            self.survey.projects, Unread
        ):
            return frozenset()
        ids = {each.id for each in self.projects if each.key == project}
        return frozenset(
            permission
            for permission, projects in held.items()
            if not ids <= projects
        )

    @staticmethod
    def may_edit(request: RequestFacts) -> bool:
        """Tell whether our account may edit a request at all: else Jira shows no field of it as settable."""
        held = request.permissions
        return isinstance(held, Unread) or EDIT_ISSUES in held
