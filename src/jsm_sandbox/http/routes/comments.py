"""Comments: documents only, internal by property, a page of a hundred at most."""

from __future__ import annotations

from http import HTTPStatus

from jsm_sandbox.http import views
from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.paging import keys_page, page
from jsm_sandbox.http.router import platform
from jsm_sandbox.state import adf
from jsm_sandbox.state.json_types import (
    Json,
    JsonObject,
    Refusal,
    as_list,
    as_object,
    inside,
    not_found,
)
from jsm_sandbox.state.requests import Comment, Issue

LONGEST = 32_767
MOST_LISTED = 1000
MOST_COMMENTS = 5000


@platform.get("/issue/{key}/comment")
def list_comments(call: Call) -> Reply:
    """Page through a request's comments, oldest first unless asked otherwise."""
    issue = call.issue()
    newest_first = call.word("orderBy") == "-created"
    rows = issue.comments[::-1] if newest_first else issue.comments
    start = call.number("startAt", 0)
    size = call.number("maxResults", 100, 100)
    cut = rows[start : start + size]
    shown: JsonObject = {
        "startAt": start,
        "maxResults": size,
        "total": len(rows),
        "comments": [_show(call, issue, each) for each in cut],
    }
    return ok(shown)


def _show(call: Call, issue: Issue, comment: Comment) -> JsonObject:
    """Show a comment, with its properties where the call expands them."""
    asked = "properties" in call.words("expand")
    return views.comment(call, issue, comment, properties=asked)


@platform.post("/issue/{key}/comment")
def add_comment(call: Call) -> Reply:
    """Add a comment; its properties decide who sees it and carry the caller's own marks."""
    issue = call.editable("comment on")
    body = _body(call, call.payload.get("body"))
    comment = _add(call, issue, body, _given_properties(call.payload))
    return Reply(HTTPStatus.CREATED, _show(call, issue, comment))


@platform.get("/issue/{key}/comment/{id}")
def get_comment(call: Call) -> Reply:
    """Show one comment."""
    issue = call.issue()
    return ok(_show(call, issue, _of(call, issue)))


@platform.put("/issue/{key}/comment/{id}")
def edit_comment(call: Call) -> Reply:
    """Change a comment."""
    issue = call.editable("edit comments on")
    comment = _of(call, issue)
    properties = _given_properties(call.payload)
    body = _body(call, call.payload.get("body"))
    public = _public(properties) if views.INTERNAL in properties else None
    call.tracker.edit_comment(issue, comment, body=body, public=public)
    comment.properties |= _without_audience(properties)
    return ok(views.comment(call, issue, comment))


@platform.delete("/issue/{key}/comment/{id}")
def delete_comment(call: Call) -> Reply:
    """Take a comment away."""
    issue = call.editable("delete comments on")
    call.tracker.delete_comment(issue, _of(call, issue))
    return no_content()


@platform.post("/comment/list")
def comments_by_id(call: Call) -> Reply:
    """Show comments by their ids."""
    wanted = [str(each) for each in as_list(call.payload.get("ids"))]
    found = map(call.tracker.with_comment, wanted[:MOST_LISTED])
    visible = [each for each in found if each and call.sees_projects]
    shown = [_show(call, issue, comment) for issue, comment in visible]
    return ok(page(call, shown, most=MOST_LISTED, default=MOST_LISTED))


@platform.get("/comment/{id}/properties")
def property_keys(call: Call) -> Reply:
    """List the keys of a comment's properties."""
    _, comment = _anywhere(call)
    properties = views.comment_properties(comment)
    return ok(keys_page(call, [each["key"] for each in properties]))


@platform.get("/comment/{id}/properties/{name}")
def get_property(call: Call) -> Reply:
    """Show one property of a comment."""
    _, comment = _anywhere(call)
    for each in views.comment_properties(comment):
        if each["key"] == call.args["name"]:
            return ok(each)
    raise not_found("The property doesn't exist.")


@platform.put("/comment/{id}/properties/{name}")
def put_property(call: Call) -> Reply:
    """Set one property of a comment; the service desk's own changes the audience."""
    issue, comment = _anywhere(call)
    name = call.args["name"]
    if name == views.INTERNAL:
        public = _public({name: call.body})
        call.tracker.edit_comment(issue, comment, public=public)
        return ok({})
    fresh = name not in comment.properties
    comment.properties[name] = call.body
    return Reply(HTTPStatus.CREATED if fresh else HTTPStatus.OK, {})


@platform.delete("/comment/{id}/properties/{name}")
def delete_property(call: Call) -> Reply:
    """Take a property off a comment."""
    _, comment = _anywhere(call)
    comment.properties.pop(call.args["name"], None)
    return no_content()


def add_by_operations(call: Call, issue: Issue) -> None:
    """Add the comments of an edit or a transition; where properties are ignored, a note goes public."""
    operations = inside(call.payload, "update", "comment")
    for operation in as_list(operations):
        _add_by_operation(call, issue, operation)


def _add_by_operation(call: Call, issue: Issue, operation: Json) -> None:
    added = as_object(as_object(operation).get("add"))
    honoured = call.tracker.switches.comment_properties_in_edit
    properties = _given_properties(added) if honoured else {}
    _add(call, issue, _body(call, added.get("body")), properties)


def _add(
    call: Call, issue: Issue, body: Json, properties: dict[str, Json]
) -> Comment:
    _refuse_one_too_many(issue)
    public = call.tracker.switches.visible_notes or _public(properties)
    return call.tracker.add_comment(
        issue,
        call.caller,
        body,
        public=public,
        at=call.tracker.now(),
        properties=_without_audience(properties),
    )


def _refuse_one_too_many(issue: Issue) -> None:
    if len(issue.comments) >= MOST_COMMENTS:
        text = (
            f"This issue has reached the limit of {MOST_COMMENTS:,} comments."
        )
        raise Refusal(text, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _public(properties: dict[str, Json]) -> bool:
    internal = inside(properties, views.INTERNAL, "internal")
    return internal not in (True, "true")


def _without_audience(properties: dict[str, Json]) -> dict[str, Json]:
    """Leave out the service desk's own property, which is kept as the comment's audience."""
    return {
        key: value
        for key, value in properties.items()
        if key != views.INTERNAL
    }


def _given_properties(given: JsonObject) -> dict[str, Json]:
    listed = as_list(given.get("properties"))
    named = [each for each in listed if "key" in as_object(each)]
    return {str(each["key"]): each.get("value") for each in named}


def _body(call: Call, raw: Json) -> Json:
    plain = call.version == "2" and isinstance(raw, str)
    body = adf.from_text(raw) if plain else raw
    _check_body(body)
    return body


def _check_body(body: Json) -> None:
    words = adf.to_text(body)
    if not adf.is_document(body) or not words.strip():
        raise Refusal(errors={"comment": "Comment body is not valid!"})
    if len(words) > LONGEST:
        text = f"The entered text is too long. It exceeds the allowed limit of {LONGEST:,} characters."
        raise Refusal(errors={"comment": text})


def _of(call: Call, issue: Issue) -> Comment:
    wanted = call.args["id"]
    for each in issue.comments:
        if each.id == wanted:
            return each
    raise _missing(wanted)


def _anywhere(call: Call) -> tuple[Issue, Comment]:
    wanted = call.args["id"]
    found = call.tracker.with_comment(wanted)
    if found is None or not call.sees_projects:
        raise _missing(wanted)
    return found


def _missing(comment_id: str) -> Refusal:
    return not_found(f"Can not find a comment for the id: {comment_id}.")
