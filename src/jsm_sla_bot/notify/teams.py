"""Microsoft Teams by the address of a workflow: an Adaptive Card each time.

It can neither edit nor thread, and knows no notice again: what is sent twice stands twice. The address is the secret.
"""

from dataclasses import dataclass

from jsm_sla_bot.notify.http import Http
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.ports.notify import Before, Notice, Receipt, Urgency

_CARD = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
_MOST_LINES = 60
_LONGEST_LINE = 300
"""Both together stay below the 28 KB that a message may have."""
_COLOURS = {
    Urgency.CRITICAL: "Attention",
    Urgency.ERROR: "Attention",
    Urgency.WARNING: "Warning",
    Urgency.INFO: "Default",
}


@dataclass(frozen=True, slots=True)
class Teams:
    """The workflow that posts into a team's channel."""

    http: Http
    url: SecretFile

    @property
    def has_key(self) -> bool:
        """Whether a notice arrives once: nothing prevents a second one."""
        return False

    def deliver(self, notice: Notice, before: Before) -> Receipt:  # noqa: ARG002 - it can do nothing with it
        """Send a card."""
        attachment = {"contentType": _CARD, "content": _card(notice)}
        body = {"type": "message", "attachments": [attachment]}
        self.http.post(self.url.read(), body)
        return Receipt()


def _card(notice: Notice) -> dict[str, object]:
    colour = "Good" if notice.is_resolved else _COLOURS[notice.urgency]
    blocks = [_block(notice.title, weight="Bolder", color=colour)]
    blocks += [_block(each) for each in notice.lines[:_MOST_LINES]]
    card: dict[str, object] = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    if notice.link:
        opens = {"type": "Action.OpenUrl", "title": "Open", "url": notice.link}
        card["actions"] = [opens]
    return card


def _block(text: str, **style: str) -> dict[str, object]:
    """Return a paragraph; marks of Markdown in it stand for themselves."""
    plain = text[:_LONGEST_LINE]
    for sign in "\\*_[]`":
        plain = plain.replace(sign, f"\\{sign}")
    return {"type": "TextBlock", "text": plain, "wrap": True, **style}
