"""Entity properties of a request: invisible to people, without history."""

from __future__ import annotations

import json
from http import HTTPStatus

from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.paging import keys_page
from jsm_sandbox.http.router import platform
from jsm_sandbox.state.json_types import Json, Refusal, not_found

LONGEST_KEY = 255
LONGEST_VALUE = 32_768


@platform.get("/issue/{key}/properties")
def property_keys(call: Call) -> Reply:
    """List the keys."""
    issue = call.issue()
    return ok(keys_page(call, issue.properties))


@platform.get("/issue/{key}/properties/{name}")
def get_property(call: Call) -> Reply:
    """Show one property."""
    issue = call.issue()
    name = call.args["name"]
    if name not in issue.properties:
        raise _missing(name)
    return ok({"key": name, "value": issue.properties[name]})


@platform.put("/issue/{key}/properties/{name}")
def put_property(call: Call) -> Reply:
    """Set one property: 201 when it is new, 200 when it replaces."""
    issue = call.editable("edit")
    name = call.args["name"]
    _refuse_long(name, call.body)
    fresh = call.tracker.set_property(issue, name, call.body)
    return Reply(HTTPStatus.CREATED if fresh else HTTPStatus.OK, {})


def _refuse_long(name: str, value: Json) -> None:
    if len(name) > LONGEST_KEY or len(json.dumps(value)) > LONGEST_VALUE:
        raise Refusal("The property key or value is too long.")


@platform.delete("/issue/{key}/properties/{name}")
def delete_property(call: Call) -> Reply:
    """Take one property away; to somebody who may not edit the request it is not there."""
    issue = call.issue()
    name = call.args["name"]
    if not call.works_on(issue) or name not in issue.properties:
        raise _missing(name)
    call.tracker.delete_property(issue, name)
    return no_content()


def _missing(name: str) -> Refusal:
    return not_found(f"The issue property '{name}' does not exist.")
