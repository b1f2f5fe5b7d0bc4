"""How a request, its comments and its history look in the platform's answers."""

from __future__ import annotations

from dataclasses import dataclass

from jsm_sandbox.http.api_call import Call
from jsm_sandbox.state import adf, instants, wire
from jsm_sandbox.state.json_types import Json, JsonObject
from jsm_sandbox.state.native_sla import as_field
from jsm_sandbox.state.requests import Comment, History, Issue, Item
from jsm_sandbox.state.setup import BASE, Field, Shape

NEWEST_IN_SEARCH = 40
NEWEST_IN_ISSUE = 100
COMMENTS_IN_SEARCH = 20
COMMENTS_IN_ISSUE = 5000
GAP_EVERY = 3
INTERNAL = "sd.public.comment"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a caller asked to see of each request. ``narrow``: search cuts comments and history shorter."""

    fields: tuple[str, ...]
    properties: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    narrow: bool = False

    @property
    def light(self) -> bool:
        """Return whether only ids and keys were asked for."""
        return all(name in ("id", "key") for name in self.fields)

    def includes(self, field: Field) -> bool:
        """Return whether a field is wanted, by id or by name; ``-field`` takes one away."""
        if f"-{field.id}" in self.fields:
            return False
        if field.id in self.fields or field.name in self.fields:
            return True
        only_minus = bool(self.fields) and all(
            name.startswith("-") for name in self.fields
        )
        navigable = "*navigable" in self.fields and field.id != "comment"
        return "*all" in self.fields or navigable or only_minus


def issue(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    """Show a request. Asked for the id only, there is not even a key."""
    shown: JsonObject = {"id": str(each.id)}
    if tuple(chosen.fields) != ("id",):
        shown |= {
            "expand": "",
            "self": f"{BASE}/rest/api/3/issue/{each.id}",
            "key": each.key,
        }
    if not chosen.light:
        shown["fields"] = _fields(call, each, chosen)
    if chosen.properties:
        wanted = each.properties if "*all" in chosen.properties else chosen.properties
        shown["properties"] = {
            key: each.properties[key] for key in wanted if key in each.properties
        }
    return shown | _expanded(call, each, chosen)


def _expanded(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    shown: JsonObject = {}
    if "changelog" in chosen.expand:
        most = NEWEST_IN_SEARCH if chosen.narrow else NEWEST_IN_ISSUE
        newest = [history(call, entry) for entry in reversed(each.history)][:most]
        shown["changelog"] = {
            "startAt": 0,
            "maxResults": len(newest),
            "total": len(each.history),
            "histories": newest,
        }
    if not chosen.narrow:
        shown |= names_and_schema(call, chosen)
    return shown


def names_and_schema(call: Call, chosen: Selection) -> JsonObject:
    """Give the fields' names and schemas, where asked for."""
    wanted = [field for field in call.tracker.site.fields if chosen.includes(field)]
    shown: JsonObject = {}
    if "names" in chosen.expand:
        shown["names"] = {field.id: field.name for field in wanted}
    if "schema" in chosen.expand:
        shown["schema"] = {field.id: field.schema for field in wanted}
    return shown


def _fields(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    known = [field for field in call.tracker.site.fields if chosen.includes(field)]
    shown = {}
    for field in known:
        if field.shape is Shape.SLA and call.tracker.switches.native_sla == "absent":
            continue
        if call.tracker.lacks(each.project, field):
            continue
        if field.id in each.fields or field.custom or field.id == "comment":
            shown[field.id] = _value(call, each, field, chosen)
    everything = "*all" in chosen.fields or "*navigable" in chosen.fields
    unknown = each.fields.keys() - {field.id for field in call.tracker.site.fields}
    return shown | {
        name: each.fields[name]
        for name in sorted(unknown)
        if everything or name in chosen.fields
    }


def _value(call: Call, each: Issue, field: Field, chosen: Selection) -> Json:
    if field.id == "comment" and not (each.loaded and "comment" in each.fields):
        return _embedded_comments(call, each, chosen)
    if field.shape is Shape.SLA and field.id not in each.fields:
        return as_field(call.tracker, each)
    value = each.fields.get(field.id)
    if field.shape is Shape.ORGANIZATIONS and isinstance(value, list):
        return [_renamed(call, organization) for organization in value]
    return (
        adf.to_text(value)
        if field.shape is Shape.RICH and call.version == "2" and value
        else value
    )


def _renamed(call: Call, value: Json) -> Json:
    found = (
        call.tracker.site.organization(value.get("id"))
        if isinstance(value, dict)
        else None
    )
    return {**value, "name": found.name} if found else value


def _embedded_comments(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    most = COMMENTS_IN_SEARCH if chosen.narrow else COMMENTS_IN_ISSUE
    shown = [comment(call, each, one) for one in each.comments[-most:]]
    return {
        "comments": shown,
        "self": f"{BASE}/rest/api/3/issue/{each.id}/comment",
        "maxResults": len(shown),
        "total": len(each.comments),
        "startAt": 0,
    }


def comment(
    call: Call, issue_: Issue, each: Comment, *, properties: bool = False
) -> JsonObject:
    """Show a comment, with its properties only where asked for; a loaded one as the file had it."""
    if each.raw is not None:
        return each.raw
    stamp = call.tracker.stamp
    author = wire.user(each.author)
    shown: JsonObject = {
        "self": f"{BASE}/rest/api/3/issue/{issue_.id}/comment/{each.id}",
        "id": each.id,
        "author": author,
        "body": adf.to_text(each.body) if call.version == "2" else each.body,
        "updateAuthor": author,
        "created": stamp(each.created),
        "updated": stamp(each.updated),
        "jsdPublic": each.public,
    }
    return shown | ({"properties": comment_properties(each)} if properties else {})


def comment_properties(each: Comment) -> list[JsonObject]:
    """Show a comment's properties; the service desk's own tells the audience."""
    marked = {INTERNAL: {"internal": not each.public}} | each.properties
    return [{"key": key, "value": value} for key, value in marked.items()]


def history(call: Call, each: History, *, in_millis: bool = False) -> JsonObject:
    """Show an entry of the history; the bulk endpoint alone counts milliseconds."""
    if each.raw is not None:
        raw = each.raw
        return raw | {"created": instants.millis(each.created)} if in_millis else raw
    created: Json = (
        instants.millis(each.created) if in_millis else call.tracker.stamp(each.created)
    )
    gap = call.tracker.switches.field_id_gaps and int(each.id) % GAP_EVERY == 0
    items = [_item(item, gap=gap) for item in each.items]
    return {
        "id": each.id,
        "author": wire.user(each.author),
        "created": created,
        "items": items,
    }


def _item(item: Item, *, gap: bool) -> JsonObject:
    shown: JsonObject = {
        "field": item.field,
        "fieldtype": "custom" if item.custom else "jira",
    }
    if not gap:
        shown["fieldId"] = item.field_id
    (old, old_text) = item.old
    (new, new_text) = item.new
    return shown | {
        "from": old,
        "fromString": old_text,
        "to": new,
        "toString": new_text,
    }
