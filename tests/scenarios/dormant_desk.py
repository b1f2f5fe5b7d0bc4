"""A desk whose policy has a rule for dormant requests, and what to ask of it (R11)."""

from collections.abc import Callable
from datetime import datetime

import pytest

from jsm_sla_bot import app
from tests.attempts import Attempt
from tests.scenarios.world import BOT, World

MIA = "Mia Lindqvist"
ANNA = "Anna Berglund"
"""Who reports the requests of organization 11."""
CUSTOMER = "Waiting for customer"
REMINDERS = "[3 business days, 3 business days]"
RULE = """
dormancy:
  reminders: {reminders}
  close_after: 3 business days
"""
WAYS = """
dormancy: {close_to: Closed, reopen_to: Waiting for support}
"""


class KilledError(BaseException):
    """As good as `kill -9`: nothing of ours runs after it."""


def turn_on(
    desk: World, reminders: str = REMINDERS, ways: str = WAYS
) -> World:
    """Add the rule to the policy, and to jira.yaml the waiting status and where requests go."""
    name_statuses(desk, ways)
    add_rule(desk, reminders)
    return desk


def add_rule(desk: World, reminders: str = REMINDERS) -> None:
    """Add the rule to the policy."""
    policy = desk.config / "policy.yaml"
    text = policy.read_text("utf-8")
    policy.write_text(text + RULE.format(reminders=reminders), "utf-8")


def name_statuses(desk: World, ways: str = WAYS) -> None:
    """Name in jira.yaml the waiting status and where requests go: nothing comes of it without a rule."""
    jira = desk.config / "jira.yaml"
    text = jira.read_text("utf-8")
    waiting = text.replace(
        "statuses:\n", f"statuses:\n  waiting: [{CUSTOMER}]\n", 1
    )
    jira.write_text(waiting + ways, "utf-8")


def waiting(desk: World, severity: int = 3, organization: int = 11) -> str:
    """Raise a request that an agent answers at once, and sets to wait for its customer."""
    key = desk.tracker.raise_request(
        organization=organization, severity=severity, product="Outscan NX"
    )
    word(desk, key)
    return key


def word(desk: World, key: str) -> None:
    """Let an agent ask the customer something."""
    desk.tracker.comment(key, "Which version do you run?", as_=MIA)
    if desk.request(key)["fields"]["Status"] != CUSTOMER:
        desk.tracker.transition(key, CUSTOMER, as_=MIA)


def answers(desk: World, key: str, text: str = "Version 4.") -> None:
    """Let the customer comment."""
    desk.tracker.comment(key, text, as_=ANNA)


def said(desk: World, key: str, *, public: bool = True) -> list[str]:
    """Return the bot's comments on a request, for the customer or for agents."""
    return [
        one["text"]
        for one in desk.request(key)["comments"]
        if one["author"] == BOT and one["public"] is public
    ]


def status(desk: World, key: str) -> str:
    """Return the name of a request's status."""
    return str(desk.request(key)["fields"]["Status"])


def live(desk: World, made: app.Bot, until: str) -> None:
    """Let time pass as the daemon does: a look at what changed, then only the instants that it waits for."""
    end = datetime.fromisoformat(until)
    made.reconciler.changed()
    while True:
        due = made.journal.next_change_at()
        if due is None or due > end:
            break
        desk.hands.instant = max(due, desk.hands.instant)
        made.reconciler.due()
        made.reconciler.changed()
    desk.hands.instant = max(end, desk.hands.instant)
    made.reconciler.changed()


def lived(desk: World, until: str) -> None:
    """Let a bot that has just started live until then."""
    with desk.bot() as made:
        made.reconciler.sweep()
        live(desk, made, until)


def axe(at_call: str) -> Callable[[Attempt], None]:
    """Return a watcher who kills the bot as soon as such a call is answered."""
    fallen: list[str] = []

    def strike(attempt: Attempt) -> None:
        call = f"{attempt.method} {attempt.path}"
        if fallen or call == at_call:
            fallen.append(call)
            raise KilledError

    return strike


def killed(desk: World, at_call: str) -> None:
    """Let a bot be killed as soon as the site has answered that call."""
    options = desk.options(axe(at_call))
    with (
        pytest.raises(KilledError),
        app.bot(desk.settings(), clock=desk.hands, options=options) as made,
    ):
        made.reconciler.sweep()


def lose_journal(desk: World) -> None:
    """Delete the journal."""
    for file in desk.folder.glob("journal.db*"):
        file.unlink()


def writes(desk: World) -> list[str]:
    """Return the calls with an effect that the site has received."""
    made = [f"{call['method']} {call['path']}" for call in desk.calls()]
    return [call for call in made if has_effect(*call.split(" ", 1))]


def has_effect(method: str, path: str) -> bool:
    """Tell whether such a call writes something."""
    is_posted = method == "POST"
    is_ours = path.endswith(("/comment", "/transitions"))
    return method in {"PUT", "DELETE"} or (is_posted and is_ours)
