"""Checks of the service desks: what customers can choose, what agents see, what a done request lets the bot write."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.fields import needed_request
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, skipped
from jsm_sla_bot.ports.site_fields import Use
from jsm_sla_bot.ports.survey import (
    FormFacts,
    ProjectFacts,
    RequestFacts,
    Unread,
)
from jsm_sla_bot.sla.contract import ExclusionBy
from jsm_sla_bot.text.nearest import nearest

_PRIORITY = "priority"
_FEWEST = 2
"""Of so many priorities one can be raised above the others."""


def projects(examination: Examination) -> Verdict:
    """Prove that each project is a service desk that our account serves."""
    unseen = [
        Detail(
            f"there is no project {key!r}, or our account may not see it",
            "correct projects in jira.yaml, or grant our account Browse Projects there",
        )
        for key in examination.survey.unseen_projects
    ]
    seen = examination.projects
    strangers = [
        Detail(
            f"project {each.key} is no service desk that our account serves",
            "take it out of projects in jira.yaml, or add our account to the agents at "
            f"{examination.links.people(each.key)}",
        )
        for each in seen
        if each.desk_id is None
    ]
    nothing = []
    if not seen and not unseen:
        what = "our account serves no service desk"
        nothing = [
            Detail(
                what,
                f"give it an agent licence at {examination.links.users()}",
            )
        ]
    keys = ", ".join(each.key for each in seen)
    return judged(
        f"{keys}", [*unseen, *strangers, *nothing], _of_teams(examination)
    )


def _of_teams(examination: Examination) -> Sequence[Detail]:
    """Return the team-managed projects whose fields `jira.yaml` does not name: their requests are set aside."""
    return [
        Detail(
            f"project {each.key} is team-managed: it has fields and roles of its own, so its requests are set aside",
            "jsm-sla-bot provision --handout says what to make there by hand; leave it out of projects in jira.yaml",
        )
        for each in examination.projects
        if each.is_team_managed and not _are_its_own(examination, each)
    ]


def _are_its_own(examination: Examination, project: ProjectFacts) -> bool:
    """Tell whether the fields that the bot writes are those of a team-managed project; as far as they are known."""
    if isinstance(examination.survey.fields, Unread):
        return False
    written = [
        found
        for wanted, found in examination.found_fields.items()
        if wanted.use is Use.WRITTEN
    ]
    return {each.project_id for each in written} == {project.id}


def forms(examination: Examination) -> Verdict:
    """Prove that customers find severity and product on each portal form, and a phone call on one (D10, R2, R3)."""
    if examination.field_of("fields.severity") is None:
        return skipped("the site has no severity field to offer")
    warnings: list[Detail] = []
    seen = 0
    for project in examination.company_managed:
        measured = _measured(examination, project.key)
        seen += len(measured)
        for name, offered in measured.items():
            warnings += _lacking(examination, project.key, name, offered)
        warnings += _no_call(examination, project.key, measured.values())
    if not seen:
        return skipped("no portal form was looked at")
    return judged(
        f"{seen} portal forms offer severity and product", warnings=warnings
    )


def _measured(
    examination: Examination, project: str
) -> Mapping[str, frozenset[str]]:
    """Return the ids of the fields on each form that was looked at and that the policy does not leave out."""
    found = needed(examination.survey.forms.get(project, Unread("not asked")))
    return {
        form.name: frozenset(each.id for each in form.fields)
        for form in found
        if not isinstance(form.fields, Unread)
        and not _is_not_measured(examination, form, found)
    }


def _is_not_measured(
    examination: Examination, form: FormFacts, forms: Sequence[FormFacts]
) -> bool:
    """Tell whether the policy leaves this request type out, be it under a name that another check corrects."""
    names = {each.name.casefold(): each.name for each in forms}
    left_out = [
        each.value
        for each in examination.policy.exclusions
        if each.by is ExclusionBy.REQUEST_TYPE
    ]
    meant = [
        names.get(each.casefold(), nearest(each, names.values()))
        for each in left_out
    ]
    return form.name in meant


def _lacking(
    examination: Examination,
    project: str,
    form: str,
    offered: frozenset[str],
) -> Iterator[Detail]:
    for setting in ("fields.severity", "fields.product"):
        field = examination.field_of(setting)
        if field is None or examination.lacks_everywhere(project, field.id):
            continue
        if field.id not in offered:
            what = f"project {project}: the form {form!r} does not offer {field.name!r}"
            remedy = f"add it to the form at {examination.links.request_types(project)}"
            yield Detail(what, remedy)


def _no_call(
    examination: Examination,
    project: str,
    forms: Collection[frozenset[str]],
) -> Iterator[Detail]:
    """Yield that no form of a project asks for a phone call, where a field says that there was one."""
    field = examination.field_of("called.field")
    if field is None or examination.lacks_everywhere(project, field.id):
        return
    if forms and not any(field.id in each for each in forms):
        what = f"project {project}: no form offers {field.name!r}: customers can't say that they phoned"
        remedy = (
            f"add it to a form at {examination.links.request_types(project)}"
        )
        yield Detail(what, remedy)


def organizations_are_visible(examination: Examination) -> Verdict:
    """Prove that our account sees customers' organizations: they decide the tier (R6)."""
    found = examination.survey.organizations
    where = examination.links.organizations()
    if isinstance(found, Unread) and found.is_forbidden:
        what = f"our account can't see organizations: {found.why}"
        return judged(
            "", [Detail(what, f"make it an agent; they are at {where}")]
        )
    if not needed(found) and examination.policy.organizations:
        what = "our account sees no organization at all"
        return judged("", [Detail(what, f"make them at {where}")])
    return judged(f"{len(needed(found))} organizations are visible")


def priorities(examination: Examination) -> Verdict:
    """Prove that a breach can raise the priority to the highest there is: a request offers it (R10)."""
    warnings: list[Detail] = []
    names = []
    for request in examination.examples():
        settable = needed(request.settable)
        if not settable or not examination.may_edit(request):
            continue
        meta = settable.get(_PRIORITY)
        offered = meta.options if meta else ()
        warnings += _too_low(examination, request, offered)
        if offered:
            names.append(f"{offered[0]} in {request.project}")
    if not names and not warnings:
        return needed_request()
    return judged(f"the highest: {', '.join(names)}", warnings=warnings)


def _too_low(
    examination: Examination, request: RequestFacts, offered: Sequence[str]
) -> Iterator[Detail]:
    """Yield why no priority can be raised to the site's highest."""
    where = examination.links.project(request.project)
    if not offered:
        what = f"project {request.project}: {request.key} offers no priorities, so none is raised"
        yield Detail(what, f"put Priority on the edit screen: {where}/screens")
        return
    on_site = examination.survey.priorities
    highest = () if isinstance(on_site, Unread) else on_site[:1]
    is_alone = len(offered) < _FEWEST
    if is_alone or not set(highest) <= set(offered):
        what = f"project {request.project}: its priorities begin with {offered[0]!r}"
        if is_alone:
            what = f"project {request.project}: its only priority is {offered[0]!r}, so none is raised"
        elif highest:
            what = f"{what}, and {highest[0]!r}, the site's highest, is not among them"
        yield Detail(what, f"complete its priority scheme: {where}/priorities")


def closed_is_editable(examination: Examination) -> Verdict:
    """Prove that a done request still takes edits: late corrections are written there."""
    warnings = []
    seen = []
    for request in needed(examination.survey.requests).done.values():
        if not examination.may_edit(request):
            continue
        seen.append(request.key)
        if not needed(request.settable):
            what = (
                f"{request.key}: a request in {request.status} takes no edit: its workflow freezes it "
                "(jira.issue.editable=false)"
            )
            where = examination.links.workflows(request.project)
            remedy = f"take the property off the status, or live without late corrections: {where}"
            warnings.append(Detail(what, remedy))
    if not seen:
        return judged(
            "no done request was seen, so there is nothing to prove it on"
        )
    return judged(
        f"a done request takes edits: {', '.join(seen)}", warnings=warnings
    )


def resolution(examination: Examination) -> Verdict:
    """Prove that done requests get a resolution: filters and reports go by it."""
    found = needed(examination.survey.requests).resolved
    unset = [key for key, is_set in found.items() if not is_set]
    warnings = [_unresolved(examination, key) for key in unset]
    return judged("done requests have a resolution", warnings=warnings)


def _unresolved(examination: Examination, key: str) -> Detail:
    return Detail(
        f"project {key}: no done request that was seen has a resolution",
        f"let the workflow set one when a request is done: {examination.links.workflows(key)}",
    )
