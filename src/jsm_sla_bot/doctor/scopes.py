"""The check of a token's scopes: a scoped token may be good for some calls and refused for others."""

from collections.abc import Iterator, Mapping

from jsm_sla_bot.doctor.examination import Examination
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged
from jsm_sla_bot.ports.survey import Part, RequestsFacts, Survey, Unread

_SCOPES: Mapping[Part, str] = {
    Part.SITE: "read:jira-work",
    Part.ACCOUNT: "read:jira-user, or read:user:jira with read:application-role:jira, read:group:jira and "
    "read:avatar:jira",
    Part.PROJECTS: "read:jira-work with read:servicedesk-request, or read:project:jira with "
    "read:servicedesk:jira-service-management",
    Part.PERMISSIONS: "read:jira-work, or read:permission:jira",
    Part.QUEUES: "read:servicedesk-request, or read:queue:jira-service-management",
    Part.ROLES: "manage:jira-project, or read:project-role:jira with read:group:jira and read:user:jira",
    Part.FIELDS: "read:jira-work, or read:field:jira",
    Part.PRIORITIES: "read:jira-work, or read:priority:jira",
    Part.AVAILABLE: "read:jira-work, or read:field:jira",
    Part.REQUESTS: "read:jira-work, or read:issue-details:jira with read:field:jira, read:field.option:jira, "
    "read:field.default-value:jira, read:group:jira, read:issue-meta:jira and read:field-configuration:jira",
    Part.FORMS: "read:servicedesk-request, or read:requesttype:jira-service-management",
    Part.ORGANIZATIONS: "read:servicedesk-request, or read:organization:jira-service-management",
    Part.STATUSES: "read:jira-work, or read:status:jira",
    Part.PEOPLE: "read:jira-user, or read:user:jira",
}
"""What the calls of each part need: the classic scope, or the granular ones."""


def scopes(examination: Examination) -> Verdict:
    """Prove that the token has the scopes for everything that is read: one that lacks some still signs in."""
    where = examination.links.tokens()
    problems = [
        Detail(why, f"give the token {_SCOPES[part]}: {where}")
        for part, why in refused(examination.survey).items()
    ]
    return judged("the token has the scopes for all that is read", problems)


def refused(survey: Survey) -> Mapping[Part, str]:
    """Return the parts for which the token lacks the scope, each with the call that was refused."""
    found: dict[Part, str] = {}
    for part, read in _reads(survey):
        if isinstance(read, Unread) and read.lacks_scope:
            found.setdefault(part, read.why)
    return found


def _reads(survey: Survey) -> Iterator[tuple[Part, object]]:
    yield Part.SITE, survey.site
    yield Part.ACCOUNT, survey.account
    yield Part.PROJECTS, survey.projects
    yield Part.PERMISSIONS, survey.permissions
    yield Part.FIELDS, survey.fields
    yield Part.PRIORITIES, survey.priorities
    yield Part.ORGANIZATIONS, survey.organizations
    yield Part.STATUSES, survey.statuses
    yield Part.PEOPLE, survey.people
    yield Part.REQUESTS, survey.requests
    yield from _by_project(survey)
    if isinstance(survey.requests, RequestsFacts):
        for each in survey.requests.looked_at():
            yield Part.REQUESTS, each.settable
            yield Part.PERMISSIONS, each.permissions


def _by_project(survey: Survey) -> Iterator[tuple[Part, object]]:
    found: Mapping[Part, Mapping[str, object]] = {
        Part.QUEUES: survey.queues,
        Part.ROLES: survey.roles,
        Part.AVAILABLE: survey.available,
        Part.FORMS: survey.forms,
    }
    for part, by_project in found.items():
        for read in by_project.values():
            yield part, read
