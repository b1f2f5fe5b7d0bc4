"""JSM Operations' events: an alert by its alias, counted up while it is open, and closed by the same alias."""

from __future__ import annotations

from jsm_sandbox.services.wire import Asked, Said
from jsm_sandbox.state.inbox import Inbox, Message
from jsm_sandbox.state.json_types import JsonObject, as_object

KEY = "GenieKey sandbox"
_LONGEST = 130
_LONGEST_ALIAS = 512
NAME = "jsm"


def alerts(inbox: Inbox, asked: Asked) -> Said:
    """Open or close an alert."""
    if asked.headers.get("authorization") != KEY:
        return Said(401, {"message": "API Key is not valid"})
    words = asked.path.strip("/").split("/")
    if words[-1] == "close":
        return _close(inbox, asked, words[-2])
    return _open(inbox, asked)


def _open(inbox: Inbox, asked: Asked) -> Said:
    message = str(asked.body.get("message") or "")
    alias = str(asked.body.get("alias") or inbox.number())
    if not 0 < len(message) <= _LONGEST or len(alias) > _LONGEST_ALIAS:
        return Said(422, {"message": "Request body is not valid"})
    text = f"{asked.body.get('priority')}: {message}"
    mark = str(as_object(asked.body.get("details")).get("notice") or "")
    known = inbox.find(NAME, alias)
    if known is None or not known.is_open:
        inbox.add(Message(NAME, "", alias, alias, [text], mark))
    else:
        known.says_again(text, mark)
    return _taken(inbox)


def _close(inbox: Inbox, asked: Asked, alias: str) -> Said:
    if asked.query.get("identifierType") != "alias":
        return Said(422, {"message": "Alert id is not valid"})
    known = inbox.find(NAME, alias)
    if known is not None:
        known.is_open = False
    return _taken(inbox)


def _taken(inbox: Inbox) -> Said:
    body: JsonObject = {"result": "Request will be processed", "took": 0.1}
    return Said(202, {**body, "requestId": str(inbox.number())})
