"""Acts of people, as told to the control API in words."""

from __future__ import annotations

from collections.abc import Callable

from jsm_sandbox.play import administration
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.json_types import Json, JsonObject


def act(tracker: Tracker, told: JsonObject) -> JsonObject:
    """Carry out ``{"do": verb, "as": person, ...}`` and tell which request it was about."""
    verb = str(told.pop("do", ""))
    if verb not in VERBS:
        raise LookupError(
            f"{verb!r} is nothing that people do here; they {', '.join(VERBS)}"
        )
    told["as_"] = told.pop("as", None)
    return VERBS[verb](tracker, told)


def _raise(tracker: Tracker, told: JsonObject) -> JsonObject:
    return {"key": tracker.raise_request(**told)}


def _comment(tracker: Tracker, told: JsonObject) -> JsonObject:
    key = told["key"]
    made = tracker.comment(key, told["text"], **_by(told))
    return {"key": key, "id": made.id}


def _note(tracker: Tracker, told: JsonObject) -> JsonObject:
    key = told["key"]
    made = tracker.note(key, told["text"], **_by(told))
    return {"key": key, "id": made.id}


def _transition(tracker: Tracker, told: JsonObject) -> JsonObject:
    key = told["key"]
    tracker.transition(key, told["to"], **_by(told))
    return {"key": key, "status": tracker.issue(key).status_name}


def _set(tracker: Tracker, told: JsonObject) -> JsonObject:
    key = told["key"]
    value = told.get("value")
    changed = tracker.set_field(key, told["field"], value, **_by(told))
    return {"key": key, "changed": changed}


def _call(tracker: Tracker, told: JsonObject) -> JsonObject:
    tracker.phone(told["key"], as_=told.get("as_"), at=told.get("at"))
    return {"key": told["key"]}


def _move(tracker: Tracker, told: JsonObject) -> JsonObject:
    return {"key": tracker.relocate(told["key"], told["project"])}


def _delete(tracker: Tracker, told: JsonObject) -> JsonObject:
    tracker.delete(told["key"])
    return {"key": told["key"]}


def _touch(tracker: Tracker, told: JsonObject) -> JsonObject:
    tracker.touch(tracker.issue(told["key"]), tracker.now())
    return {"key": told["key"]}


def _rename(tracker: Tracker, told: JsonObject) -> JsonObject:
    tracker.site.rename_organization(
        int(told["organization"]), str(told["name"])
    )
    return {"organization": told["organization"]}


def _rename_priority(tracker: Tracker, told: JsonObject) -> JsonObject:
    administration.rename_priority(
        tracker, str(told["priority"]), str(told["name"])
    )
    return {"priority": told["name"]}


def _open(tracker: Tracker, told: JsonObject) -> JsonObject:
    return {
        "project": administration.open_project(
            tracker, str(told["key"]), str(told["name"])
        ).key
    }


def _context(tracker: Tracker, told: JsonObject) -> JsonObject:
    labels = [str(each) for each in told["options"]]
    made = administration.add_context(
        tracker, str(told["field"]), str(told["project"]), labels
    )
    return {
        "context": made.id,
        "options": {each.value: each.id for each in made.options},
    }


def _twin(tracker: Tracker, told: JsonObject) -> JsonObject:
    return {
        "field": administration.twin_field(
            tracker, str(told["field"]), told.get("project")
        ).id
    }


def _by(told: JsonObject) -> JsonObject:
    """Give who acts, and when, as the tracker's verbs take it."""
    return {"as_": _who(told), "at": told.get("at")}


def _who(told: JsonObject) -> str:
    who: Json = told.get("as_")
    if not who:
        text = 'say who: "as": a name, a mail address or an account id'
        raise ValueError(text)
    return str(who)


VERBS: dict[str, Callable[[Tracker, JsonObject], JsonObject]] = {
    "raise": _raise,
    "comment": _comment,
    "note": _note,
    "transition": _transition,
    "set": _set,
    "call": _call,
    "move": _move,
    "delete": _delete,
    "touch": _touch,
    "rename": _rename,
    "rename-priority": _rename_priority,
    "open-project": _open,
    "add-context": _context,
    "twin-field": _twin,
}
