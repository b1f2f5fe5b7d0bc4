"""Which service answers what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsm_sandbox.services.alerts import alerts
from jsm_sandbox.services.cards import teams
from jsm_sandbox.services.hooks import hook
from jsm_sandbox.services.pager import pager
from jsm_sandbox.services.wire import Asked, Said
from jsm_sandbox.services.workspace import slack
from jsm_sandbox.state.inbox import Inbox

SERVICES: Mapping[str, Callable[[Inbox, Asked], Said]] = {
    "slack": slack,
    "teams": teams,
    "pagerduty": pager,
    "jsm": alerts,
    "webhook": hook,
}


def answer(inbox: Inbox, service: str, asked: Asked) -> Said:
    """Let a service answer."""
    handle = SERVICES.get(service)
    if handle is None:
        return Said(404, {"message": f"there is no service {service}"})
    with inbox.lock:
        return handle(inbox, asked)
