"""Checks of what our account may do: in each project, and on a real request."""

from collections.abc import Iterable, Mapping, Sequence

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, skipped
from jsm_sla_bot.ports.survey import Person, ProjectFacts, Read, Unread
from jsm_sla_bot.text.nearest import nearest

NEEDED = {
    "BROWSE_PROJECTS": "read requests",
    "EDIT_ISSUES": "write the SLA fields",
    "ADD_COMMENTS": "write notes",
    "DELETE_OWN_COMMENTS": "take a note back that went public",
    "TRANSITION_ISSUES": "escalate",
}
"""What the bot has to be permitted, by Jira's key, and what for."""

TO_RAISE = {
    "CREATE_ISSUES": "raise the requests for reviews",
    "ASSIGN_ISSUES": "assign them to the Customer Success Manager",
}
"""What it has to be permitted as well in the project in which it raises requests (D29)."""

ASKED = (*NEEDED, *TO_RAISE)
"""What Jira is asked for."""


def permissions(examination: Examination) -> Verdict:
    """Prove the permissions in each project, as Jira itself works them out.

    Where our account is no agent it holds none: that is the finding of another check.
    """
    held = needed(examination.survey.permissions)
    problems = [
        Detail(
            f"project {project.key}: our account lacks {permission}, so it can't {purpose}",
            f"grant it at {examination.links.permissions(project.key)}",
        )
        for project in examination.projects
        if examination.survey.queues.get(project.key) is not False
        for permission, purpose in wanted_permissions(examination).items()
        if project.id not in held.get(permission, frozenset())
    ]
    problems += _raising_problems(examination)
    keys = ", ".join(project.key for project in examination.projects)
    return judged(f"all that the bot needs, in {keys}", problems)


def _raising_problems(examination: Examination) -> Iterable[Detail]:
    """Yield why the requests for reviews could not be raised, where the policy has them raised (D29)."""
    key = examination.raises_in
    if not key:
        return
    held = needed(examination.survey.permissions)
    project = next(
        (each for each in examination.projects if each.key == key), None
    )
    if project is None:
        yield Detail(
            f"project {key}, in which requests for reviews are raised, is not among those that the bot serves",
            "name a project that it serves at reviews.project in jira.yaml, or add it to projects",
        )
        return
    for permission, purpose in TO_RAISE.items():
        if project.id not in held.get(permission, frozenset()):
            yield Detail(
                f"project {key}: our account lacks {permission}, so it can't {purpose}",
                f"grant it at {examination.links.permissions(key)}",
            )


def wanted_permissions(examination: Examination) -> dict[str, str]:
    """Return what the bot has to be permitted under this configuration, and what for."""
    wanted = dict(NEEDED)
    if examination.desk.escalation_status is None:
        wanted.pop("TRANSITION_ISSUES")
    return wanted


def agent_licence(examination: Examination) -> Verdict:
    """Prove that our account is an agent: only agents read queues."""
    if not examination.survey.queues:
        return skipped("no service desk was seen")
    problems = []
    read = examination.survey.queues
    for key, may_read in read.items():
        if may_read is False:
            what = f"project {key}: our account has no agent licence: it writes no internal note there"
            remedy = f"give it Jira Service Management at {examination.links.users()}"
            problems.append(Detail(what, remedy))
    if not problems:
        for each in read.values():
            needed(each)
    return judged(f"our account is an agent in {', '.join(read)}", problems)


def on_a_request(examination: Examination) -> Verdict:
    """Prove the permissions on a real request: a project may grant them, and a scheme withhold them there.

    What is withheld in the whole project is the finding of another check.
    """
    problems = []
    seen = []
    for request in examination.examples():
        held = needed(request.permissions)
        seen.append(request.key)
        lacking = [
            each
            for each in wanted_permissions(examination)
            if each not in held | examination.withheld(request.project)
        ]
        if lacking:
            what = f"{request.key}: our account lacks {', '.join(lacking)} on this request"
            where = examination.links.permissions(request.project)
            remedy = f"look at who is granted them (reporter, assignee?) and at the issue security: {where}"
            problems.append(Detail(what, remedy))
    return judged(f"as in the project, on {', '.join(seen)}", problems)


def roles(examination: Examination) -> Verdict:
    """Prove that the bot knows who is an agent (R4): by the role, or by the list of `jira.yaml`."""
    problems: list[Detail] = []
    for project in examination.company_managed:
        found = examination.survey.roles.get(project.key, Unread("not asked"))
        problems += _role_problems(examination, project, found)
    role = examination.desk.agent_role
    return judged(f"agents are known by the role {role!r}", problems)


def _answerers(
    examination: Examination, holders: Sequence[Person]
) -> Sequence[Person]:
    """Return those whose answers acknowledge: people other than ourselves."""
    account = examination.survey.account
    own = None if isinstance(account, Unread) else account.id
    return [each for each in holders if not each.is_app and each.id != own]


def _role_problems(
    examination: Examination,
    project: ProjectFacts,
    found: Read[Mapping[str, Sequence[Person]]],
) -> Iterable[Detail]:
    """Yield why nobody would acknowledge in this project."""
    are_listed = bool(examination.desk.agents)
    wanted = examination.desk.agent_role
    where = examination.links.people(project.key)
    if isinstance(found, Unread):
        if found.is_failure:
            needed(found)
        if not are_listed:
            what = f"project {project.key}: who holds {wanted!r} can't be seen: {found.why}"
            yield Detail(
                what,
                "make our account an administrator of the project, or list agents.accounts in jira.yaml: "
                f"{where}",
            )
        return
    role = next(
        (name for name in found if name.casefold() == wanted.casefold()), None
    )
    if role is None:
        near = nearest(wanted, found)
        hint = f", did you mean {near!r}?" if near else ""
        what = f"project {project.key} has no role {wanted!r}{hint}"
        names = ", ".join(sorted(found))
        yield Detail(what, f"set agents.role in jira.yaml to one of: {names}")
    elif not are_listed and not _answerers(examination, found[role]):
        nobody = (
            "only apps and our own account hold"
            if found[role]
            else "nobody holds"
        )
        what = f"project {project.key}: {nobody} the role {wanted!r}, so no answer would acknowledge"
        yield Detail(what, f"give the role to the agents at {where}")
