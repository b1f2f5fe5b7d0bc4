"""Checks of the fields: whether each is there, fits, is on a screen, has the right options and can be set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jsm_sla_bot.doctor.examination import Examination, needed
from jsm_sla_bot.doctor.verdict import Detail, Verdict, judged, skipped
from jsm_sla_bot.ports.site_fields import (
    Missing,
    Twins,
    Use,
    WantedField,
    WrongType,
)
from jsm_sla_bot.ports.survey import (
    FieldFacts,
    ProjectFacts,
    RequestFacts,
    Unread,
)

PROVISION = "jsm-sla-bot provision makes it or restores it from the trash"
_SEVERITY = "fields.severity"
_OF_THE_DESK = frozenset({"organizations", "request_type", "participants"})
"""Fields that a service desk brings itself."""
_NOTHING_YET = "the site has no field that the bot writes"


def exist(examination: Examination) -> Verdict:
    """Prove that the site has every field that `jira.yaml` names."""
    problems: list[Detail] = []
    warnings: list[Detail] = []
    for wanted, found in examination.fields.items():
        if not isinstance(found, Missing):
            continue
        detail = _missing(examination, wanted, found)
        is_needed = (
            not wanted.by_type or wanted.setting == "fields.organizations"
        )
        (problems if is_needed else warnings).append(detail)
    well = f"{len(examination.fields)} fields, each found"
    return judged(well, problems, warnings)


def _missing(
    examination: Examination, wanted: WantedField, found: Missing
) -> Detail:
    if wanted.name is None:
        what = f"{wanted.setting}: our account sees no field of the type {wanted.types[0]}"
        return Detail(what, f"name it in jira.yaml: {wanted.setting}")
    what = f"{wanted.setting}: there is no field {wanted.name!r}"
    if _is_in_trash(examination, wanted):
        where = examination.links.trash()
        what = f"{wanted.setting}: the field {wanted.name!r} is in the trash"
        return Detail(
            what, f"jsm-sla-bot provision restores it, or do so at {where}"
        )
    hint = f", did you mean {found.near!r}?" if found.near else ""
    return Detail(
        f"{what}{hint}", f"{PROVISION}, or correct its name in jira.yaml"
    )


def _is_in_trash(examination: Examination, wanted: WantedField) -> bool:
    trash = examination.survey.trash
    if isinstance(trash, Unread) or wanted.name is None:
        return False
    name = wanted.name.casefold()
    return any(name in {each.name.casefold(), each.id} for each in trash)


def unique(examination: Examination) -> Verdict:
    """Prove that each name means one field."""
    problems = [
        Detail(
            f"{wanted.setting}: {wanted.name!r} is the name of {_ids(found.fields)}",
            "give the id of the right one in jira.yaml",
        )
        for wanted, found in examination.fields.items()
        if isinstance(found, Twins)
    ]
    return judged("each name means one field", problems)


def types(examination: Examination) -> Verdict:
    """Prove that each field is of a type that the bot reads or writes."""
    problems = [
        _misfit(wanted, found)
        for wanted, found in examination.fields.items()
        if isinstance(found, WrongType)
    ]
    return judged("each field is of a type that fits", problems)


def _misfit(wanted: WantedField, found: WrongType) -> Detail:
    return Detail(
        f"{wanted.setting}: {wanted.name!r} is of the type {_types(found.fields)}",
        f"take a field of the type {' or '.join(wanted.types)}",
    )


def searchable(examination: Examination) -> Verdict:
    """Prove that queues and filters can use the fields that the bot reads and writes."""
    if not _written(examination):
        return skipped(_NOTHING_YET)
    warnings = [
        Detail(
            f"{found.name!r} ({found.id}) has no searcher: no queue and no filter can use it",
            f"choose a searcher at {examination.links.custom_fields()}",
        )
        for wanted, found in examination.found_fields.items()
        if found.is_custom and not wanted.by_type and not found.is_searchable
    ]
    return judged("queues and filters can use the fields", warnings=warnings)


def on_screens(examination: Examination) -> Verdict:
    """Prove that people can see the fields: each is on a screen."""
    warnings = [
        Detail(
            f"{found.name!r} ({found.id}) is on no screen: agents don't see it",
            f"jsm-sla-bot provision adds it, or do so at {examination.links.field_screens(found.id)}",
        )
        for wanted, found in examination.found_fields.items()
        if not wanted.by_type
        and found.screens == 0
        and found.project_id is None
    ]
    return judged("each field is on a screen", warnings=warnings)


def available(examination: Examination) -> Verdict:
    """Prove that the fields are associated with every work type of the projects served."""
    if not _written(examination):
        return skipped(_NOTHING_YET)
    problems: list[Detail] = []
    warnings: list[Detail] = []
    for project in examination.company_managed:
        found = needed(
            examination.survey.available.get(project.key, Unread("not asked"))
        )
        for wanted, field in _shared_fields(examination):
            is_needed = (
                wanted.use is Use.WRITTEN or wanted.setting == _SEVERITY
            )
            details = problems if is_needed else warnings
            details += _not_available(examination, project, field, found)
    return judged("each field belongs to every work type", problems, warnings)


def _not_available(
    examination: Examination,
    project: ProjectFacts,
    field: FieldFacts,
    found: Mapping[str, frozenset[str]],
) -> Iterator[Detail]:
    names = {each.id: each.name for each in project.work_types}
    lacking = [
        names.get(work_type, work_type)
        for work_type, fields in found.items()
        if field.id not in fields
    ]
    if lacking:
        what = f"project {project.key}: {field.name!r} ({field.id}) does not belong to {_some(lacking)}"
        where = examination.links.fields_of(project.key)
        yield Detail(what, f"jsm-sla-bot provision associates it: {where}")


def _written(examination: Examination) -> Sequence[FieldFacts]:
    """Return the fields that the bot writes and the site has."""
    return [
        found
        for wanted, found in examination.found_fields.items()
        if wanted.use is Use.WRITTEN
    ]


def _shared_fields(
    examination: Examination,
) -> Sequence[tuple[WantedField, FieldFacts]]:
    """Return the fields that the bot writes and those that people fill in; a desk brings the others itself."""
    return [
        (wanted, found)
        for wanted, found in examination.found_fields.items()
        if found.is_custom
        and wanted.setting.partition(".")[2] not in _OF_THE_DESK
    ]


def settable(examination: Examination) -> Verdict:
    """Prove on a real request of each project that the fields can be written."""
    if not _written(examination):
        return skipped(_NOTHING_YET)
    problems: list[Detail] = []
    seen = []
    for request in examination.company_managed_examples():
        if examination.may_edit(request):
            seen.append(request.key)
            problems += _not_settable(examination, request)
    well = f"Jira lets the bot write each field, on {', '.join(seen)}"
    if left_out := needed(examination.survey.requests).left_out:
        well += f"; no call was left for {', '.join(left_out)}, of other work types"
    return judged(well, problems) if seen else needed_request()


def needed_request() -> Verdict:
    """Return the verdict where no project has an open request to look at."""
    return judged(
        "no open request was seen, so there is nothing to prove it on"
    )


def _not_settable(
    examination: Examination, request: RequestFacts
) -> Iterator[Detail]:
    offered = needed(request.settable)
    if not offered:
        what = f"{request.key}: Jira lets none of its fields be edited"
        where = examination.links.workflows(request.project)
        remedy = (
            f"look whether its status has jira.issue.editable=false: {where}"
        )
        yield Detail(what, remedy)
        return
    for found in _written(examination):
        is_lacking = examination.lacks(
            request.project, request.work_type, found.id
        )
        if is_lacking or found.id in offered:
            continue
        if found.id not in request.has:
            what = f"{request.key}: the field {found.name!r} ({found.id}) is absent from this request"
            remedy = f"add it to the field scheme of project {request.project}"
        else:
            what = f"{request.key}: Jira does not let {found.name!r} ({found.id}) be edited"
            remedy = "put it on the edit screen of its work type"
        where = examination.links.fields_of(request.project)
        yield Detail(what, f"{remedy}: {where}")


def _ids(fields: Iterable[FieldFacts]) -> str:
    return ", ".join(each.id for each in fields)


def _types(fields: Iterable[FieldFacts]) -> str:
    return ", ".join(sorted({each.type for each in fields}))


def _some(names: Sequence[str]) -> str:
    return ", ".join(sorted(names))
