"""Any service by a signed webhook: JSON, an idempotency key, and an HMAC-SHA256 over the time and the body.

The receiver works the signature out again over `{X-Timestamp}.{body}`, and drops what it has had under the same key.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from json import dumps

from jsm_sla_bot.notify.http import Http
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.ports.notify import Before, Notice, Receipt


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes notices. `now` returns the present instant, aware."""

    http: Http
    url: str
    secret: SecretFile
    now: Callable[[], datetime]

    @property
    def has_key(self) -> bool:
        """Whether a notice arrives once: the receiver gets a key to know it by."""
        return True

    def deliver(self, notice: Notice, before: Before) -> Receipt:  # noqa: ARG002 - the key is enough
        """Send it, signed."""
        body = dumps(as_json(notice), sort_keys=True).encode()
        stamp = f"{self.now().timestamp():.0f}"
        headers = {
            "Idempotency-Key": notice.id,
            "X-Timestamp": stamp,
            "X-Signature-256": signature(self.secret.read(), stamp, body),
        }
        self.http.send(self.url, body, headers)
        return Receipt(notice.thread)


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body that was sent at a time, in seconds since 1970."""
    signed = f"{stamp}.".encode() + body
    return f"sha256={hmac.new(secret.encode(), signed, 'sha256').hexdigest()}"


def as_json(notice: Notice) -> dict[str, object]:
    """Return a notice as receivers read it; instants are ISO 8601, UTC."""
    due = notice.story.due
    return {
        "id": notice.id,
        "thread": notice.thread,
        "state": str(notice.state),
        "request": notice.story.request,
        "metric": notice.story.metric,
        "due": f"{due:%Y-%m-%dT%H:%M:%SZ}" if due else None,
        "rung": notice.rung,
        "supersedes": notice.supersedes,
        "severity": notice.severity,
        "urgency": str(notice.urgency),
        "tier": notice.tier,
        "organization": notice.organization,
        "project": notice.project,
        "assignee": notice.assignee,
        "csm": notice.csm,
        "title": notice.title,
        "lines": list(notice.lines),
        "link": notice.link,
    }
