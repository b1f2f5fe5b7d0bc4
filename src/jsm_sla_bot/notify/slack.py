"""Slack by its Web API: the first message of a story, further steps in its thread, and the end as an edit of the first.

Each message carries its notice's id as metadata. Where an attempt's outcome is not known the channel is searched for it
before it is sent again, so that it stands once; that needs the right to read the channel's history.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from jsm_sla_bot.notify.http import Http, Json
from jsm_sla_bot.notify.secret import SecretFile
from jsm_sla_bot.ports.notify import (
    Before,
    NotDeliveredError,
    Notice,
    NoticeRefusedError,
    Receipt,
)

ADDRESS = "https://slack.com/api"
_LONGEST = 3_000
_EVENT = "jsm_sla_bot_notice"
_WRONG = frozenset({"msg_too_long", "no_text", "invalid_blocks"})
"""Answers that this notice will get every time."""
_LONG_AGO = "0"
_SKEW = timedelta(minutes=10)
"""So far this machine's clock may be ahead of Slack's."""


@dataclass(frozen=True, slots=True)
class Slack:
    """A channel of a workspace, by its id."""

    http: Http
    channel: str
    token: SecretFile
    address: str = ADDRESS

    @property
    def has_key(self) -> bool:
        """Whether a notice arrives once: what stands there is looked up."""
        return True

    def deliver(self, notice: Notice, before: Before) -> Receipt:
        """Post, answer in the thread, or edit its first message."""
        headers = {"Authorization": f"Bearer {self.token.read()}"}
        if notice.is_resolved and before.remote:
            edited = {"ts": before.remote, **self._message(notice)}
            self._ask("chat.update", edited, headers)
            return Receipt(before.remote)
        if before.is_uncertain:
            for each in self._standing(before, headers):
                if _mark_of(each) == notice.id:
                    stands = before.remote or str(each.get("ts"))
                    return Receipt(stands, was_there=True)
        message = self._message(notice)
        if before.remote:
            message |= {"thread_ts": before.remote, "reply_broadcast": True}
        posted = self._ask("chat.postMessage", message, headers)
        return Receipt(before.remote or str(posted.get("ts")))

    def _message(self, notice: Notice) -> dict[str, object]:
        payload = {"id": notice.id, "thread": notice.thread}
        return {
            "channel": self.channel,
            "text": _escaped(notice.text)[:_LONGEST],
            "unfurl_links": False,
            "metadata": {"event_type": _EVENT, "event_payload": payload},
        }

    def _standing(
        self, before: Before, headers: Mapping[str, str]
    ) -> Iterator[Json]:
        """Yield the messages in which an earlier attempt would stand, the newest first."""
        oldest = _LONG_AGO
        if before.since:
            oldest = f"{(before.since - _SKEW).timestamp():.6f}"
        asked = {
            "channel": self.channel,
            "include_all_metadata": "true",
            "limit": "200",
            "oldest": oldest,
        }
        method = "conversations.history"
        if before.remote:
            method = "conversations.replies"
            asked["ts"] = before.remote
        cursor = ""
        while True:
            page = {**asked, **({"cursor": cursor} if cursor else {})}
            found = self.http.get(f"{self.address}/{method}", page, headers)
            yield from _checked(found.body).get("messages") or ()
            more = found.body.get("response_metadata") or {}
            cursor = str(more.get("next_cursor") or "")
            if not cursor:
                return

    def _ask(
        self, method: str, body: Json, headers: Mapping[str, str]
    ) -> Json:
        answer = self.http.post(f"{self.address}/{method}", body, headers)
        return _checked(answer.body)


def _checked(body: Json) -> Json:
    """Return an answer that is `ok`: Slack says no with the status 200."""
    if body.get("ok") is True:
        return body
    error = str(body.get("error") or "nothing that can be understood")[:80]
    if error in _WRONG:
        raise NoticeRefusedError(f"Slack answered {error}")
    is_unknown = error in {"internal_error", "fatal_error"}
    raise NotDeliveredError(f"Slack answered {error}", is_unknown=is_unknown)


def _mark_of(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _EVENT:
        return None
    return str((metadata.get("event_payload") or {}).get("id"))


def _escaped(text: str) -> str:
    """Return a text in which nothing of a customer's becomes a link or calls the whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
