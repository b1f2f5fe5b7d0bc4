"""Reads the contexts of a field: where it holds, and with which options."""

from collections.abc import Iterable, Sequence

from jsm_sla_bot.jsm.json_values import JsonObject, text
from jsm_sla_bot.jsm.provision.calls import AdminCalls
from jsm_sla_bot.ports.provision import Context, Option


def read_contexts(
    admin: AdminCalls, field: str, *, has_options: bool = True
) -> Sequence[Context]:
    """Read the contexts of a field; those of a select each with its options in order.

    One whose projects are all gone holds nowhere, and is left out.
    """
    listed = list(admin.contexts(field))
    projects: dict[str, set[str]] = {}
    if any(row.get("isGlobalContext") is not True for row in listed):
        projects = _by_context(admin.context_projects(field), "projectId")
    types: dict[str, set[str]] = {}
    if any(row.get("isAnyIssueType") is not True for row in listed):
        types = _by_context(admin.context_work_types(field), "issueTypeId")
    found = []
    for row in listed:
        identity = str(row.get("id"))
        where = frozenset(projects.get(identity, ()))
        if not where and row.get("isGlobalContext") is not True:
            continue
        options = _options(admin, field, identity) if has_options else ()
        for_types = frozenset(types.get(identity, ()))
        found.append(Context(identity, where, options, for_types))
    return found


def _by_context(found: Iterable[JsonObject], name: str) -> dict[str, set[str]]:
    """Return the ids of that name by context."""
    by_context: dict[str, set[str]] = {}
    for row in found:
        if identity := text(row.get(name)):
            context = str(row.get("contextId"))
            by_context.setdefault(context, set()).add(identity)
    return by_context


def _options(admin: AdminCalls, field: str, context: str) -> Sequence[Option]:
    return [
        Option(
            str(row.get("id")),
            text(row.get("value")) or "",
            is_disabled=row.get("disabled") is True,
        )
        for row in admin.options(field, context)
    ]
