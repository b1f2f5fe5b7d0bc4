"""Raw answers about a site's set-up become the values of `ports.survey`. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import JsonObject, mapping, rows, text, whole
from jsm_sla_bot.ports.survey import (
    FieldFacts,
    FieldMeta,
    FormField,
    OrganizationFacts,
    Person,
    ProjectFacts,
    SiteFacts,
    StatusFacts,
    TransitionFacts,
    WorkType,
    is_gateway,
)

_APP = "app"
_DONE = "done"
_NEXT_GEN = "next-gen"
_UNKNOWN_KIND = "of an unknown kind"


def site_facts(
    answer: JsonObject, address: str, asked_at: datetime
) -> SiteFacts:
    """Read what a site says of itself; `asked_at` is this machine's clock, aware UTC."""
    return SiteFacts(
        address=address,
        is_gateway=is_gateway(address),
        deployment=text(answer.get("deploymentType")) or _UNKNOWN_KIND,
        base_url=text(answer.get("baseUrl")),
        server_time=_instant(answer.get("serverTime")),
        asked_at=asked_at,
    )


def _instant(value: object) -> datetime | None:
    try:
        return instant(value)
    except ValueError:
        return None


def field_facts(row: JsonObject) -> FieldFacts | None:
    """Read a row of `GET field`."""
    identity = text(row.get("id"))
    if identity is None:
        return None
    schema = mapping(row.get("schema"))
    custom = text(schema.get("custom"))
    kind = custom.rpartition(":")[2] if custom else text(schema.get("type"))
    return FieldFacts(
        id=identity,
        name=text(row.get("name")) or identity,
        type=kind or "",
        is_searchable=row.get("searchable") is not False,
        is_custom=custom is not None,
        project_id=_project_of(row),
    )


def fields(found: Iterable[JsonObject]) -> Sequence[FieldFacts]:
    """Read a list of fields; a row without an id is none."""
    return [facts for row in found if (facts := field_facts(row))]


def held(
    found: Iterable[JsonObject], where: str
) -> Mapping[str, frozenset[str]]:
    """Read a permission check: by permission, the ids of the projects or issues (`where`) that hold it."""
    return {
        str(row.get("permission")): frozenset(map(str, row.get(where) or ()))
        for row in found
    }


def _project_of(row: JsonObject) -> str | None:
    scope = mapping(row.get("scope"))
    return text(mapping(scope.get("project")).get("id")) if scope else None


def with_details(
    known: Sequence[FieldFacts], details: Iterable[JsonObject]
) -> Sequence[FieldFacts]:
    """Add what `GET field/search` says: fields on no screen, which `GET field` leaves out, and counts of screens."""
    by_id = {each.id: each for each in known}
    for row in details:
        listed = field_facts(row)
        if listed is None:
            continue
        before = by_id.get(listed.id, listed)
        has_searcher = (
            "searcherKey" not in row or text(row["searcherKey"]) is not None
        )
        by_id[listed.id] = FieldFacts(
            id=before.id,
            name=before.name,
            type=before.type,
            is_searchable=before.is_searchable and has_searcher,
            is_custom=True,
            screens=whole(row.get("screensCount")),
            project_id=before.project_id,
        )
    return tuple(by_id.values())


def project_facts(row: JsonObject, desk_id: str | None) -> ProjectFacts:
    """Read a project."""
    types = [
        WorkType(identity, text(each.get("name")) or identity)
        for each in rows(row.get("issueTypes"))
        if (identity := text(each.get("id")))
        and each.get("subtask") is not True
    ]
    is_team_managed = (
        row.get("simplified") is True or text(row.get("style")) == _NEXT_GEN
    )
    return ProjectFacts(
        key=text(row.get("key")) or "",
        id=text(row.get("id")) or "",
        name=text(row.get("name")) or "",
        desk_id=desk_id,
        is_team_managed=is_team_managed,
        work_types=types,
    )


def people(row: JsonObject) -> Sequence[Person]:
    """Read who holds a role by account; members of groups are not among them."""
    found = []
    for actor in rows(row.get("actors")):
        user = mapping(actor.get("actorUser"))
        identity = text(user.get("accountId"))
        if identity:
            name = text(actor.get("displayName")) or identity
            found.append(Person(identity, name, is_app=_is_app(actor)))
    return found


def groups(row: JsonObject) -> Sequence[str]:
    """Read the ids of the groups that hold a role."""
    found = (
        text(mapping(actor.get("actorGroup")).get("groupId"))
        for actor in rows(row.get("actors"))
    )
    return [each for each in found if each]


def members(rows_of_group: Iterable[JsonObject]) -> Sequence[Person]:
    """Read the members of a group."""
    return [
        Person(
            identity,
            text(each.get("displayName")) or identity,
            is_app=_is_app(each),
        )
        for each in rows_of_group
        if (identity := text(each.get("accountId")))
    ]


def _is_app(row: JsonObject) -> bool:
    return text(row.get("accountType")) == _APP


def edit_meta(answer: JsonObject) -> Mapping[str, FieldMeta]:
    """Read what may be edited, by field id, with the options in the site's order."""
    found = {}
    for identity, row in mapping(answer.get("fields")).items():
        allowed = rows(mapping(row).get("allowedValues"))
        names = [
            text(each.get("value")) or text(each.get("name"))
            for each in allowed
        ]
        found[identity] = FieldMeta(
            id=identity,
            name=text(mapping(row).get("name")) or identity,
            options=[each for each in names if each],
            option_ids=[text(each.get("id")) or "" for each in allowed],
        )
    return found


def transitions(found: Iterable[JsonObject]) -> Sequence[TransitionFacts]:
    """Read the transitions that a request offers; one that is not available to us is none."""
    return [
        TransitionFacts(_target(row), _required(mapping(row.get("fields"))))
        for row in found
        if row.get("isAvailable") is not False
    ]


def _target(row: JsonObject) -> frozenset[str]:
    target = mapping(row.get("to"))
    words = text(target.get("name")), text(target.get("id"))
    return frozenset(each for each in words if each)


def _required(fields: JsonObject) -> Sequence[str]:
    """Return the names of the fields that have to be given, since they have no default."""
    return [
        text(row.get("name")) or identity
        for identity, field in fields.items()
        if (row := mapping(field)).get("required") is True
        and row.get("hasDefaultValue") is not True
    ]


def form_fields(answer: JsonObject) -> Sequence[FormField]:
    """Read the fields of a portal form."""
    return [
        FormField(
            id=identity,
            name=text(row.get("name")) or identity,
            is_required=row.get("required") is True,
            values=_labels(row),
        )
        for row in rows(answer.get("requestTypeFields"))
        if (identity := text(row.get("fieldId")))
    ]


def _labels(row: JsonObject) -> Sequence[str]:
    found = (text(each.get("label")) for each in rows(row.get("validValues")))
    return [each for each in found if each]


def organizations(found: Iterable[JsonObject]) -> Sequence[OrganizationFacts]:
    """Read the customers' organizations."""
    return [
        OrganizationFacts(identity, text(row.get("name")) or identity)
        for row in found
        if (identity := text(row.get("id")))
    ]


def statuses(found: Iterable[JsonObject]) -> Sequence[StatusFacts]:
    """Read the workflow statuses."""
    return [
        StatusFacts(
            identity,
            text(row.get("name")) or identity,
            is_done=mapping(row.get("statusCategory")).get("key") == _DONE,
        )
        for row in found
        if (identity := text(row.get("id")))
    ]


def work_types_with_fields(
    found: Iterable[JsonObject], work_types: Iterable[str]
) -> Mapping[str, frozenset[str]]:
    """Read which work type has which fields; one that no row names has none of those asked for."""
    by_type: dict[str, set[str]] = {each: set() for each in work_types}
    for row in found:
        field = text(row.get("fieldId"))
        work_type = text(row.get("workTypeId"))
        if field and work_type:
            by_type.setdefault(work_type, set()).add(field)
    return {each: frozenset(fields) for each, fields in by_type.items()}
