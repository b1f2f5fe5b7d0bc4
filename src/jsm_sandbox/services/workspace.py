"""Slack's Web API: posting, editing, and reading a channel back. It says no with the status 200, as Slack does."""

from __future__ import annotations

import time

from jsm_sandbox.services.wire import Asked, Said
from jsm_sandbox.state.inbox import Inbox, Message
from jsm_sandbox.state.json_types import JsonObject, as_object

TOKEN = "Bearer xoxb-sandbox"  # noqa: S105 - everybody may know it
_LONGEST = 40_000
_MOST = 200
NAME = "slack"


def slack(inbox: Inbox, asked: Asked) -> Said:
    """Answer one method."""
    if asked.headers.get("authorization") != TOKEN:
        return _no("invalid_auth")
    match asked.path.rpartition("/")[2]:
        case "chat.postMessage":
            return _post(inbox, asked)
        case "chat.update":
            return _update(inbox, asked)
        case "conversations.history":
            return _history(inbox, asked, asked.query.get("channel", ""), "")
        case "conversations.replies":
            thread = asked.query.get("ts", "")
            channel = asked.query.get("channel", "")
            return _history(inbox, asked, channel, thread)
        case _:
            return _no("unknown_method")


def _post(inbox: Inbox, asked: Asked) -> Said:
    body = asked.body
    channel = str(body.get("channel") or "")
    text = str(body.get("text") or "")
    if error := _mistake(channel, text):
        return _no(error)
    now = time.monotonic()
    if inbox.is_limited and now - inbox.last_posts.get(channel, 0.0) < 1.0:
        limited = {"ok": False, "error": "ratelimited"}
        return Said(429, limited, {"Retry-After": "1"})
    inbox.last_posts[channel] = now
    moment = f"{inbox.now().timestamp():.0f}.{inbox.number():06d}"
    thread = str(body.get("thread_ts") or moment)
    payload = as_object(as_object(body.get("metadata")).get("event_payload"))
    mark = str(payload.get("id") or "")
    inbox.add(Message(NAME, channel, moment, thread, [text], mark))
    return Said(200, {"ok": True, "channel": channel, "ts": moment})


def _mistake(channel: str, text: str) -> str | None:
    if not channel.startswith("C"):
        return "channel_not_found"
    if not text:
        return "no_text"
    return "msg_too_long" if len(text) > _LONGEST else None


def _update(inbox: Inbox, asked: Asked) -> Said:
    found = inbox.find(NAME, str(asked.body.get("ts")))
    if found is None or found.place != asked.body.get("channel"):
        return _no("message_not_found")
    text = str(asked.body.get("text"))
    if found.texts[-1] != text:
        found.texts.append(text)
    return Said(200, {"ok": True, "ts": found.id})


def _history(inbox: Inbox, asked: Asked, channel: str, thread: str) -> Said:
    """Give a page of a channel or of a thread, the newest first."""
    oldest = float(asked.query.get("oldest") or 0)
    begin = int(asked.query.get("cursor") or 0)
    most = min(int(asked.query.get("limit") or _MOST), _MOST)
    found = [
        each
        for each in reversed(inbox.of(NAME))
        if each.place == channel
        and (each.thread == thread if thread else each.thread == each.id)
        and float(each.id) >= oldest
    ]
    page = [_shown(each) for each in found[begin : begin + most]]
    is_more = len(found) > begin + most
    cursor = str(begin + most) if is_more else ""
    return Said(
        200,
        {
            "ok": True,
            "messages": page,
            "has_more": is_more,
            "response_metadata": {"next_cursor": cursor},
        },
    )


def _shown(message: Message) -> JsonObject:
    return {
        "type": "message",
        "ts": message.id,
        "thread_ts": message.thread,
        "text": message.texts[-1],
        "metadata": {
            "event_type": "jsm_sla_bot_notice",
            "event_payload": {"id": message.mark},
        },
    }


def _no(error: str) -> Said:
    return Said(200, {"ok": False, "error": error})
