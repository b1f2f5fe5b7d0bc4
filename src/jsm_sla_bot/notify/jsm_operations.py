"""JSM Operations by its integration's events, and Opsgenie, which speaks the same at another address.

The story is the `alias`: while its alert is open, what is sent twice counts it up and makes no other.
"""

from dataclasses import dataclass

from jsm_sla_bot.notify.http import Http
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.ports.notify import Before, Notice, Receipt, Urgency

ADDRESS = "https://api.atlassian.com/jsm/ops/integration"
_LONGEST = 130
_LONGEST_DESCRIPTION = 15_000
_PRIORITIES = {
    Urgency.CRITICAL: "P1",
    Urgency.ERROR: "P2",
    Urgency.WARNING: "P3",
    Urgency.INFO: "P5",
}
_SOURCE = "jsm-sla-bot"


@dataclass(frozen=True, slots=True)
class JsmOperations:
    """An API integration of a team."""

    http: Http
    api_key: SecretFile
    address: str = ADDRESS

    @property
    def has_key(self) -> bool:
        """Whether a notice arrives once."""
        return True

    def deliver(self, notice: Notice, before: Before) -> Receipt:  # noqa: ARG002 - the story itself is the key
        """Open the alert, or close it."""
        headers = {"Authorization": f"GenieKey {self.api_key.read()}"}
        alerts = f"{self.address}/v2/alerts"
        if notice.is_resolved:
            close = f"{alerts}/{notice.thread}/close?identifierType=alias"
            body = {"source": _SOURCE, "note": notice.title}
            self.http.post(close, body, headers)
        else:
            self.http.post(alerts, _alert(notice), headers)
        return Receipt(notice.thread)


def _alert(notice: Notice) -> dict[str, object]:
    return {
        "message": notice.title[:_LONGEST],
        "alias": notice.thread,
        "description": notice.text[:_LONGEST_DESCRIPTION],
        "priority": _PRIORITIES[notice.urgency],
        "source": _SOURCE,
        "entity": notice.story.request,
        "details": {"notice": notice.id, "rung": notice.rung},
    }
