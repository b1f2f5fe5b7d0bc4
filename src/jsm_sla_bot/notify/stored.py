"""Notices as texts, as the outbox keeps them. A later version may add keys: those that are not known are left out."""

from dataclasses import fields
from datetime import datetime
from json import dumps, loads

from jsm_sla_bot.ports.notify import Notice, NoticeState, Story, Urgency

_PLAIN = tuple(
    each.name
    for each in fields(Notice)
    if each.name not in {"story", "state", "urgency", "lines"}
)


def stored(notice: Notice) -> str:
    """Return a notice as a text."""
    due = notice.story.due
    values = {name: getattr(notice, name) for name in _PLAIN}
    return dumps(
        {
            **values,
            "request": notice.story.request,
            "metric": notice.story.metric,
            "due": due.isoformat() if due else None,
            "state": str(notice.state),
            "urgency": str(notice.urgency),
            "lines": list(notice.lines),
        }
    )


def read(text: str) -> Notice:
    """Return the notice that a text holds; raises ValueError and KeyError where it holds none."""
    found = loads(text)
    due = found["due"]
    story = Story(
        found["request"],
        found["metric"],
        datetime.fromisoformat(due) if due else None,
    )
    return Notice(
        story=story,
        state=NoticeState(found["state"]),
        urgency=Urgency(found["urgency"]),
        lines=tuple(found["lines"]),
        **{name: found[name] for name in _PLAIN if name in found},
    )
