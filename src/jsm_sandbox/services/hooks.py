"""A service that takes signed webhooks: it works the signature out for itself, and takes each key once."""

from __future__ import annotations

import hashlib
import hmac

from jsm_sandbox.services.wire import Asked, Said
from jsm_sandbox.state.inbox import Inbox, Message

SECRET = b"sandbox"
NAME = "webhook"


def hook(inbox: Inbox, asked: Asked) -> Said:
    """Take a notice."""
    stamp = asked.headers.get("x-timestamp", "")
    signed = b"%s.%s" % (stamp.encode(), asked.content)
    made = hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    given = asked.headers.get("x-signature-256", "")
    if not hmac.compare_digest(f"sha256={made}", given):
        return Said(401, {"message": "the signature is wrong"})
    key = asked.headers.get("idempotency-key", "")
    if key not in inbox.keys_seen:
        inbox.keys_seen.add(key)
        text = str(asked.body.get("title"))
        thread = str(asked.body.get("thread"))
        inbox.add(Message(NAME, asked.path, key, thread, [text], key))
    return Said(200, {})
