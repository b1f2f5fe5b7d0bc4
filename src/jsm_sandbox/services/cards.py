"""A workflow of Microsoft Teams: it takes an Adaptive Card and posts it, whatever came before."""

from __future__ import annotations

from jsm_sandbox.services.wire import Asked, Said
from jsm_sandbox.state.inbox import Inbox, Message
from jsm_sandbox.state.json_types import as_list, as_object

_LARGEST = 28 * 1024
_CARD = "application/vnd.microsoft.card.adaptive"
SECRET = "sig=sandbox"  # noqa: S105 - everybody may know it


def teams(inbox: Inbox, asked: Asked) -> Said:
    """Take a card."""
    if SECRET not in "&".join(f"{k}={v}" for k, v in asked.query.items()):
        return Said(401, {"error": {"code": "DirectApiAuthorizationRequired"}})
    if len(asked.content) > _LARGEST:
        return Said(413, {"error": {"code": "RequestEntityTooLarge"}})
    (first, *_) = as_list(asked.body.get("attachments")) or [{}]
    attachment = as_object(first)
    card = as_object(attachment.get("content"))
    is_card = attachment.get("contentType") == _CARD
    if asked.body.get("type") != "message" or not is_card:
        return Said(400, {"error": {"code": "TriggerInputSchemaMismatch"}})
    if card.get("type") != "AdaptiveCard" or not card.get("body"):
        return Said(400, {"error": {"code": "TriggerInputSchemaMismatch"}})
    blocks = [as_object(each) for each in as_list(card.get("body"))]
    text = "\n".join(str(each.get("text")) for each in blocks)
    number = str(inbox.number())
    inbox.add(Message("teams", asked.path, number, number, [text]))
    return Said(202, {})
