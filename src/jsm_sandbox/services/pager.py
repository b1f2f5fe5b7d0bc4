"""PagerDuty's Events v2: a trigger opens an incident or joins the open one of its key, a resolve ends it."""

from __future__ import annotations

from jsm_sandbox.services.wire import Asked, Said
from jsm_sandbox.state.inbox import Inbox, Message
from jsm_sandbox.state.json_types import JsonObject, as_object

ROUTING_KEY = "sandbox" * 4 + "0000"
SEVERITIES = ("critical", "error", "warning", "info")
_LONGEST = 1_024
_LONGEST_KEY = 255
NAME = "pagerduty"


def pager(inbox: Inbox, asked: Asked) -> Said:
    """Take an event."""
    body = asked.body
    mistakes = _mistakes(body)
    if mistakes:
        return Said(
            400,
            {
                "status": "invalid event",
                "message": "Event object is invalid",
                "errors": [*mistakes],
            },
        )
    key = str(body.get("dedup_key") or inbox.number())
    incident = inbox.find(NAME, key)
    is_open = incident is not None and incident.is_open
    if body.get("event_action") == "trigger":
        _trigger(inbox, key, body, incident if is_open else None)
    elif incident is not None and body.get("event_action") == "resolve":
        incident.is_open = False
    said = {"status": "success", "message": "Event processed"}
    return Said(202, {**said, "dedup_key": key})


def _trigger(
    inbox: Inbox, key: str, body: JsonObject, known: Message | None
) -> None:
    payload = as_object(body.get("payload"))
    text = f"{payload.get('severity')}: {payload.get('summary')}"
    mark = as_object(payload.get("custom_details")).get("notice")
    if known is None:
        made = Message(NAME, "", key, key, [text], str(mark))
        inbox.add(made)
        return
    known.says_again(text, str(mark))


def _mistakes(body: JsonObject) -> list[str]:
    payload = as_object(body.get("payload"))
    action = body.get("event_action")
    found = []
    if body.get("routing_key") != ROUTING_KEY:
        found.append("'routing_key' is not valid")
    if action not in {"trigger", "acknowledge", "resolve"}:
        found.append("'event_action' is missing or wrong")
    if len(str(body.get("dedup_key") or "")) > _LONGEST_KEY:
        found.append("'dedup_key' is too long")
    if action == "trigger":
        if not 0 < len(str(payload.get("summary") or "")) <= _LONGEST:
            found.append("'payload.summary' is missing or too long")
        if payload.get("severity") not in SEVERITIES:
            found.append("'payload.severity' is wrong")
        if not payload.get("source"):
            found.append("'payload.source' is missing")
    return found
