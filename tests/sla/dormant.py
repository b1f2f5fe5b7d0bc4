"""Requests that wait for their customer, by hand, and a policy with a rule for them (R11)."""

from dataclasses import replace
from datetime import datetime, timedelta

from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import DormancyRule, Policy
from jsm_sla_bot.sla.dormancy_state import Dormancy, Why
from jsm_sla_bot.sla.request import (
    Deed,
    HistoryEntry,
    Phase,
    RequestSnapshot,
    Role,
    Status,
)
from tests.sla.contract import answer, entry, local, moved, only, request

WAITING = Status("Waiting for customer", Phase.ACKNOWLEDGED, is_waiting=True)
PENDING = Status("Pending", Phase.OPEN, is_waiting=True)
RULE = DormancyRule(
    severities=frozenset({3, 4}),
    reminders=(3, 3),
    close_after=3,
    reopen_within=10,
    flag_after=timedelta(minutes=15),
    keep_open_label="keep-open",
    ignore_label="sla-bot-ignore",
)


def under(rule: DormancyRule | None = RULE, **changes: object) -> Policy:
    """Return a policy with that rule, changed, for its one organization."""
    own = replace(rule, **changes) if rule else None  # type: ignore[arg-type]
    return only(dormancy=own)


def waiting(*history: HistoryEntry, **values: object) -> RequestSnapshot:
    """Return a request of severity 3 that an agent answered and set to wait on its first morning."""
    given: dict[str, object] = {
        "severity": 3,
        "organizations": ("1",),
        "status": WAITING,
        **values,
    }
    begin = (answer("2026-02-02 10:00"), moved("2026-02-02 10:00", WAITING))
    return request("2026-02-02 09:00", *begin, *history, **given)


def ours(at: str, step: str) -> HistoryEntry:
    """Return a public note of the bot that is a step of R11."""
    return entry(at, Deed.PUBLIC_COMMENT, step, role=Role.BOT)


def customers(
    at: str, what: Deed = Deed.PUBLIC_COMMENT, role: Role = Role.CUSTOMER
) -> HistoryEntry:
    """Return an act of the customer's side."""
    return entry(at, what, role=role)


def found(
    asked: RequestSnapshot, at: str, policy: Policy | None = None
) -> Dormancy | None:
    """Return what R11 says of a request at a local time."""
    return assess(asked, policy or under(), local(at)).dormancy


def stands(
    asked: RequestSnapshot, at: str, policy: Policy | None = None
) -> Dormancy:
    """Return it where R11 says something."""
    dormancy = found(asked, at, policy)
    assert dormancy is not None
    return dormancy


def whys(dormancy: Dormancy) -> list[Why]:
    """Return the kinds of its grounds, in order."""
    return [one.why for one in dormancy.because]


def due(dormancy: Dormancy) -> tuple[str | None, datetime | None]:
    """Return the next step and when it falls due."""
    return dormancy.step, dormancy.due
