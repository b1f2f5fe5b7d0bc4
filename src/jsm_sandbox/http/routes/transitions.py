"""Transitions: only those on offer from where a request is now."""

from __future__ import annotations

from jsm_sandbox.http.api_call import Call, Reply, no_content, ok
from jsm_sandbox.http.router import platform
from jsm_sandbox.http.routes.comments import add_by_operations
from jsm_sandbox.state import wire
from jsm_sandbox.state.field_values import NOT_ON_SCREEN
from jsm_sandbox.state.json_types import (
    JsonObject,
    Refusal,
    as_object,
    inside,
)
from jsm_sandbox.state.requests import Issue
from jsm_sandbox.state.setup import Transition


@platform.get("/issue/{key}/transitions")
def list_transitions(call: Call) -> Reply:
    """List what the caller may do from here; without the permission the list is empty, not refused."""
    issue = call.issue()
    wanted = call.word("transitionId")
    shown = [
        each for each in offered(call, issue) if wanted in ("", each["id"])
    ]
    return ok({"expand": "transitions", "transitions": shown})


def offered(call: Call, issue: Issue) -> list[JsonObject]:
    """Show the transitions that the caller may carry out now."""
    if not call.is_agent(call.tracker.project_of(issue)):
        return []
    return [_show(call, each) for each in call.tracker.transitions_from(issue)]


@platform.post("/issue/{key}/transitions")
def do_transition(call: Call) -> Reply:
    """Carry out a transition, by its id."""
    issue = call.editable("transition")
    chosen = _chosen(call, issue)
    _refuse_fields(call)
    call.tracker.move(issue, chosen, call.caller, call.tracker.now())
    add_by_operations(call, issue)
    return no_content()


def _chosen(call: Call, issue: Issue) -> Transition:
    wanted = str(inside(call.payload, "transition", "id") or "")
    for each in call.tracker.transitions_from(issue):
        if each.id == wanted:
            return each
    text = f"Transition id '{wanted}' is not valid for this issue."
    raise Refusal(text)


def _refuse_fields(call: Call) -> None:
    """Refuse every field but the resolution: no transition here has a screen."""
    given = as_object(call.payload.get("fields"))
    refused = sorted(given.keys() - {"resolution"})
    if refused:
        raise Refusal(
            errors={name: NOT_ON_SCREEN.format(name) for name in refused}
        )


def _show(call: Call, each: Transition) -> JsonObject:
    target = call.site.status(each.target)
    return {
        "id": each.id,
        "name": each.name,
        "to": wire.status(target) if target else {},
        "hasScreen": False,
        "isGlobal": False,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
        "isLooped": False,
    }
