"""The services that notices go to: chat, pager, alerts, webhooks and mail, by their published shapes."""

from jsm_sandbox.services.answering import answer
from jsm_sandbox.services.wire import Asked, Said

__all__ = ["Asked", "Said", "answer"]
