"""Second step of the data's way: a request as Jira shows it becomes what the engine and the comparison know.

No I/O. A request that cannot be understood raises UnreadableError with a reason that quotes no customer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from jsm_sla_bot.jsm.decode import changelog, comments, eta, proof
from jsm_sla_bot.jsm.decode.fields import ASSIGNEE_ID, Fields
from jsm_sla_bot.jsm.decode.past import changed
from jsm_sla_bot.jsm.decode.roles import (
    Cast,
    account_id,
    account_ids,
    display_name,
    reporter,
)
from jsm_sla_bot.jsm.decode.shown_values import (
    channel,
    labels,
    request_type,
    shown_value,
    status,
    value_of,
)
from jsm_sla_bot.jsm.decode.vocabulary import (
    Vocabulary,
    organization_ids,
    organization_names,
    product_name,
)
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import (
    Json,
    JsonObject,
    mapping,
    text,
)
from jsm_sla_bot.plan.blocks import Mention
from jsm_sla_bot.plan.change import Place, Shown
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.ledger_json import from_json
from jsm_sla_bot.plan.markers import PROPERTY
from jsm_sla_bot.plan.steps import with_steps
from jsm_sla_bot.plan.strict_json import LedgerError, NewerLedgerError
from jsm_sla_bot.ports.site import Desk, Sighting
from jsm_sla_bot.sla.request import HistoryEntry, RequestSnapshot

CHANNEL_PROPERTY = "request.channel.type"
PROPERTIES = (PROPERTY, CHANNEL_PROPERTY)


@dataclass(frozen=True, slots=True)
class Site:
    """What has to be known of the site to read any of its requests."""

    desk: Desk
    fields: Fields
    words: Vocabulary
    own: str
    """The account id of the bot."""


@dataclass(frozen=True, slots=True)
class Project:
    """What has to be known of a project: who its agents are, its priorities (ids, highest first).

    `highest_name` is what the site calls the first of them.
    """

    agents: frozenset[str] = frozenset()
    priorities: tuple[str, ...] = ()
    highest_name: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What is read first, to know what else has to be fetched. `comments`: None if incomplete."""

    id: str
    key: str
    project_id: str
    project_key: str
    issue: JsonObject
    comments: Sequence[JsonObject] | None
    ledger: Ledger | None = None
    ledger_problem: str = ""
    is_ledger_newer: bool = False
    """The ledger is one of a newer version of the bot."""


@dataclass(frozen=True, slots=True)
class Past:
    """A request's history as fetched: raw changelog entries and comments, in any order.

    `members` are the accounts of its organizations' customers, where they had to be asked for (D35).
    """

    changelog: Sequence[JsonObject] = field(default=())
    comments: Sequence[JsonObject] = field(default=())
    members: frozenset[str] = frozenset()


def head(issue: JsonObject) -> Head:
    """Read a request's identity, ledger and embedded comments. Raises UnreadableError."""
    identity, key = text(issue.get("id")), text(issue.get("key"))
    fields = issue.get("fields")
    if identity is None or key is None or not isinstance(fields, dict):
        raise UnreadableError("the answer has no id, no key or no fields")
    project = mapping(fields.get("project"))
    project_id, project_key = text(project.get("id")), text(project.get("key"))
    if project_id is None or project_key is None:
        raise UnreadableError("the request shows no project")
    ledger = _ledger(mapping(issue.get("properties")).get(PROPERTY))
    return Head(
        identity,
        key,
        project_id,
        project_key,
        issue,
        comments=comments.embedded(fields.get("comment")),
        ledger=ledger if isinstance(ledger, Ledger) else None,
        ledger_problem=str(ledger) if isinstance(ledger, LedgerError) else "",
        is_ledger_newer=isinstance(ledger, NewerLedgerError),
    )


def is_ignored(issue: JsonObject, desk: Desk) -> bool:
    """Tell whether a request carries the ignore label, whatever else of it can be read."""
    return desk.ignore_label.casefold() in {
        each.casefold() for each in labels(mapping(issue.get("fields")))
    }


def updated(issue: JsonObject) -> datetime | None:
    """Return when a request was last touched (aware UTC), None where it does not say."""
    try:
        return instant(mapping(issue.get("fields")).get("updated"), "updated")
    except UnreadableError:
        return None


def sighting(
    request: Head, past: Past, site: Site, project: Project
) -> Sighting:
    """Read a whole request. Raises UnreadableError."""
    fields = mapping(request.issue.get("fields"))
    cast = _cast(fields, site, project, past.members)
    found = changelog.changes(past.changelog, site.fields, cast)
    snapshot = _snapshot(request, past, site, cast, found)
    evidence = proof.evidence(
        fields,
        found,
        site.fields,
        snapshot.reported,
        is_ledger_unreadable=bool(request.ledger_problem),
    )
    authored = (*past.changelog, *past.comments)
    answers = proof.answers(snapshot.history, authored, cast)
    priority = mapping(fields.get("priority"))
    shown = Shown(
        fields={
            name: shown_value(each, fields[each.id])
            for name, each in site.fields.outputs.items()
            if each.id in fields
        },
        comments=_own(past.comments, site.own),
        said_at=comments.said_at(past.comments, site.own),
        places={
            name: Place(each.id, each.name)
            for name, each in site.fields.outputs.items()
        },
        ledger=request.ledger,
        priority=text(priority.get("id")),
        priority_name=text(priority.get("name")) or "",
        highest_priority=project.priorities[0] if project.priorities else None,
        highest_priority_name=project.highest_name,
        status=snapshot.status.name,
        ignored=is_ignored(request.issue, site.desk),
        absent=frozenset(
            name
            for name, each in site.fields.outputs.items()
            if each.id not in fields
        ),
        evidence=replace(
            evidence, answers=answers, is_ledger_newer=request.is_ledger_newer
        ),
        assignee=_assignee(fields),
    )
    return Sighting(
        request.id,
        request.key,
        instant(fields.get("updated"), "updated"),
        with_steps(snapshot, shown),
        shown,
    )


def _assignee(fields: JsonObject) -> Mention | None:
    """Return who works on the request, where that was asked for."""
    found = fields.get(ASSIGNEE_ID)
    account = account_id(found)
    return Mention(account, display_name(found)) if account else None


def _own(found: Sequence[JsonObject], own: str) -> dict[str, bool]:
    by_us = (each for each in found if comments.is_by(each, own))
    return {
        identity: comments.may_be_read(each)
        for each in by_us
        if (identity := text(each.get("id")))
    }


def _snapshot(
    request: Head,
    past: Past,
    site: Site,
    cast: Cast,
    found: Sequence[changelog.Change],
) -> RequestSnapshot:
    fields, known = mapping(request.issue.get("fields")), site.fields
    reported = instant(fields.get("created"), "created")
    changes = changed(fields, found, known, site.words, site.desk)
    acts: Iterator[HistoryEntry] = iter(())
    if site.desk.waiting:
        acts = changelog.customers_changes(past.changelog, cast)
    return RequestSnapshot(
        key=request.key,
        reported=reported,
        severity=site.words.present_severity(fields.get(known.severity.id)),
        organizations=organization_ids(fields.get(known.organizations.id)),
        organization_names=organization_names(
            fields.get(known.organizations.id)
        ),
        product=product_name(value_of(fields, known.product)),
        request_type=request_type(value_of(fields, known.request_type)),
        channel=channel(
            mapping(request.issue.get("properties")).get(CHANNEL_PROPERTY)
        ),
        labels=labels(fields),
        status=status(fields, site.words),
        history=(*changes, *comments.entries(past.comments, cast), *acts),
        eta=eta.eta(value_of(fields, known.eta)),
        **reporter(fields.get("reporter"), cast),
    )


def wanted_members(
    request: Head, past: Past, site: Site, project: Project
) -> tuple[str, ...]:
    """Return the organizations whose customers have to be known to tell who may have answered (D35)."""
    fields = mapping(request.issue.get("fields"))
    cast = _cast(fields, site, project, frozenset())
    if not comments.may_answer(past.comments, cast):
        return ()
    return organization_ids(fields.get(site.fields.organizations.id))


def _cast(
    fields: JsonObject, site: Site, project: Project, members: frozenset[str]
) -> Cast:
    participants = value_of(fields, site.fields.participants)
    customers = account_ids(
        [
            fields.get("reporter"),
            *(participants if isinstance(participants, list) else ()),
        ]
    )
    desk = site.desk
    return Cast(
        own=site.own,
        agents=project.agents | desk.agents | desk.former_agents,
        automations=desk.automations,
        former=desk.former_agents - project.agents - desk.agents,
        customers=customers,
        members=members,
    )


def _ledger(value: Json) -> Ledger | LedgerError | None:
    """Return the ledger, why it can't be read, or None where there is none."""
    if value is None:
        return None
    try:
        return from_json(value)
    except LedgerError as error:
        return error
