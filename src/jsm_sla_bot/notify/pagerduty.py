"""PagerDuty by Events v2: one incident for each story, which ends when the story does.

The story is the `dedup_key`: what is sent twice joins the open incident.
"""

from dataclasses import dataclass

from jsm_sla_bot.notify.http import Http
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.ports.notify import Before, Notice, Receipt

ADDRESS = "https://events.pagerduty.com"
_LONGEST = 1_024
_SOURCE = "jsm-sla-bot"


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """A service of PagerDuty, by its integration key."""

    http: Http
    routing_key: SecretFile
    address: str = ADDRESS

    @property
    def has_key(self) -> bool:
        """Whether a notice arrives once."""
        return True

    def deliver(self, notice: Notice, before: Before) -> Receipt:  # noqa: ARG002 - the story itself is the key
        """Open the incident, or end it."""
        event: dict[str, object] = {
            "routing_key": self.routing_key.read(),
            "event_action": "resolve" if notice.is_resolved else "trigger",
            "dedup_key": notice.thread,
        }
        if not notice.is_resolved:
            event["payload"] = _payload(notice)
        if notice.link:
            event["links"] = [
                {"href": notice.link, "text": notice.story.request}
            ]
        answer = self.http.post(f"{self.address}/v2/enqueue", event)
        return Receipt(str(answer.body.get("dedup_key") or notice.thread))


def _payload(notice: Notice) -> dict[str, object]:
    return {
        "summary": notice.title[:_LONGEST],
        "source": _SOURCE,
        "severity": str(notice.urgency),
        "component": notice.story.request,
        "group": notice.organization,
        "class": notice.rung,
        "custom_details": {"notice": notice.id, "facts": list(notice.lines)},
    }
