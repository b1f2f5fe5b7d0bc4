"""How a request, its comments and its history look in the platform's answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jsm_sandbox.http.api_call import Call
from jsm_sandbox.state import adf, instants, wire
from jsm_sandbox.state.custom_fields import Field, Shape
from jsm_sandbox.state.json_types import Json, JsonObject
from jsm_sandbox.state.native_sla import as_field
from jsm_sandbox.state.requests import Comment, History, Issue, Item
from jsm_sandbox.state.setup import BASE

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

    @property
    def everything(self) -> bool:
        """Return whether fields are wanted without being named."""
        return "*all" in self.fields or "*navigable" in self.fields

    def includes(self, field: Field) -> bool:
        """Return whether a field is wanted, by id or by name; ``-field`` takes one away."""
        if f"-{field.id}" in self.fields:
            return False
        if self._is_named(field) or self._only_takes_away:
            return True
        return self.everything and self._is_in_bulk(field)

    def _is_named(self, field: Field) -> bool:
        return field.id in self.fields or field.name in self.fields

    def _is_in_bulk(self, field: Field) -> bool:
        """Return whether a field is among those wanted without being named: comments are not navigable."""
        return "*all" in self.fields or field.id != "comment"

    @property
    def _only_takes_away(self) -> bool:
        if not self.fields:
            return False
        return all(name.startswith("-") for name in self.fields)


def issue(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    """Show one request."""
    return issues(call, [each], chosen)[0]


def issues(
    call: Call, rows: Iterable[Issue], chosen: Selection
) -> list[JsonObject]:
    """Show requests: which fields are wanted is worked out once for all of them."""
    wanted = [] if chosen.light else _wanted(call, chosen)
    return [_issue(call, each, chosen, wanted) for each in rows]


def _issue(
    call: Call, each: Issue, chosen: Selection, wanted: list[Field]
) -> JsonObject:
    """Show a request. Asked for the id only, there is not even a key."""
    shown = _identity(each, chosen)
    if not chosen.light:
        shown["fields"] = _fields(call, each, chosen, wanted)
    if chosen.properties:
        shown["properties"] = _properties(each, chosen)
    if "changelog" in chosen.expand:
        shown["changelog"] = _changelog(call, each, chosen)
    if not chosen.narrow:
        shown |= names_and_schema(call, chosen)
    return shown


def _identity(each: Issue, chosen: Selection) -> JsonObject:
    shown: JsonObject = {"id": str(each.id)}
    if chosen.fields != ("id",):
        shown["expand"] = ""
        shown["self"] = f"{BASE}/rest/api/3/issue/{each.id}"
        shown["key"] = each.key
    return shown


def _properties(each: Issue, chosen: Selection) -> JsonObject:
    if "*all" in chosen.properties:
        return dict(each.properties)
    known = [key for key in chosen.properties if key in each.properties]
    return {key: each.properties[key] for key in known}


def _changelog(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    """Show the newest entries of the history, newest first."""
    most = NEWEST_IN_SEARCH if chosen.narrow else NEWEST_IN_ISSUE
    newest = each.history[-most:][::-1]
    return {
        "startAt": 0,
        "maxResults": len(newest),
        "total": len(each.history),
        "histories": [history(call, entry) for entry in newest],
    }


def names_and_schema(call: Call, chosen: Selection) -> JsonObject:
    """Give the fields' names and schemas, where asked for."""
    shown: JsonObject = {}
    if "names" in chosen.expand:
        wanted = _wanted(call, chosen)
        shown["names"] = {each.id: each.name for each in wanted}
    if "schema" in chosen.expand:
        wanted = _wanted(call, chosen)
        shown["schema"] = {each.id: each.schema for each in wanted}
    return shown


def _wanted(call: Call, chosen: Selection) -> list[Field]:
    """Give the site's fields that a caller asked for."""
    return [each for each in call.site.fields if chosen.includes(each)]


def _fields(
    call: Call, each: Issue, chosen: Selection, wanted: list[Field]
) -> JsonObject:
    shown = {
        field.id: _value(call, each, field, chosen)
        for field in wanted
        if _is_shown(call, each, field)
    }
    return shown | _foreign(call, each, chosen)


def _is_shown(call: Call, each: Issue, field: Field) -> bool:
    """Return whether the site, the project and the request have a field."""
    if field.shape is Shape.SLA and call.switches.native_sla == "absent":
        return False
    if call.tracker.lacks(each.project, field, each.work_type):
        return False
    return field.id in each.fields or field.custom or field.id == "comment"


def _foreign(call: Call, each: Issue, chosen: Selection) -> JsonObject:
    """Give what a file holds for fields that the site does not know."""
    unknown = each.fields.keys() - call.site.field_ids
    if not chosen.everything:
        unknown &= set(chosen.fields)
    return {name: each.fields[name] for name in sorted(unknown)}


def _value(call: Call, each: Issue, field: Field, chosen: Selection) -> Json:
    if field.id == "comment" and not _has_own_comments(each):
        return _embedded_comments(call, each, chosen)
    if field.shape is Shape.SLA and field.id not in each.fields:
        return as_field(call.tracker, each)
    return _as_called(call, field, each.fields.get(field.id))


def _has_own_comments(each: Issue) -> bool:
    """Return whether a request was loaded from a file that holds its comments."""
    return each.loaded and "comment" in each.fields


def _as_called(call: Call, field: Field, value: Json) -> Json:
    """Give a value as the site has it now, and as the version that is called has it."""
    if field.shape is Shape.ORGANIZATIONS and isinstance(value, list):
        return [_renamed(call, organization) for organization in value]
    if field.shape is Shape.RICH and value:
        return _rich(call, value)
    return value


def _rich(call: Call, document: Json) -> Json:
    """Give a document; version 2 has plain text for it."""
    return adf.to_text(document) if call.version == "2" else document


def _renamed(call: Call, value: Json) -> Json:
    """Show an organization under the name that it has now."""
    if not isinstance(value, dict):
        return value
    found = call.site.organization(value.get("id"))
    return {**value, "name": found.name} if found else value


def _embedded_comments(
    call: Call, each: Issue, chosen: Selection
) -> JsonObject:
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
    shown = _comment(call, issue_, each)
    if properties:
        shown["properties"] = comment_properties(each)
    return shown


def _comment(call: Call, issue_: Issue, each: Comment) -> JsonObject:
    author = wire.user(each.author)
    address = f"{BASE}/rest/api/3/issue/{issue_.id}/comment/{each.id}"
    return {
        "self": address,
        "id": each.id,
        "author": author,
        "body": _rich(call, each.body),
        "updateAuthor": author,
        "created": call.tracker.stamp(each.created),
        "updated": call.tracker.stamp(each.updated),
        "jsdPublic": each.public,
    }


def comment_properties(each: Comment) -> list[JsonObject]:
    """Show a comment's properties; the service desk's own is its audience."""
    marked = {INTERNAL: {"internal": not each.public}, **each.properties}
    return [{"key": key, "value": value} for key, value in marked.items()]


def history(
    call: Call, each: History, *, in_millis: bool = False
) -> JsonObject:
    """Show an entry of the history; the bulk endpoint alone counts milliseconds."""
    if each.raw is None:
        return _entry(call, each, in_millis=in_millis)
    if in_millis:
        return {**each.raw, "created": instants.millis(each.created)}
    return each.raw


def _entry(call: Call, each: History, *, in_millis: bool) -> JsonObject:
    stamp = instants.millis if in_millis else call.tracker.stamp
    gap = _has_gap(call, each)
    return {
        "id": each.id,
        "author": wire.user(each.author),
        "created": stamp(each.created),
        "items": [_item(item, gap=gap) for item in each.items],
    }


def _has_gap(call: Call, each: History) -> bool:
    """Return whether the site leaves the field ids out of an entry."""
    return call.switches.field_id_gaps and int(each.id) % GAP_EVERY == 0


def _item(item: Item, *, gap: bool) -> JsonObject:
    old, old_text = item.old
    new, new_text = item.new
    shown: JsonObject = {
        "field": item.field,
        "fieldtype": "custom" if item.custom else "jira",
        "fieldId": item.field_id,
        "from": old,
        "fromString": old_text,
        "to": new,
        "toString": new_text,
    }
    if gap:
        del shown["fieldId"]
    return shown
