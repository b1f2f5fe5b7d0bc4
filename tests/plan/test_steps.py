"""Which of our public comments are steps of R11: by markers, of our own account only, and only while they stand."""

from datetime import timedelta

import pytest

from jsm_sla_bot.plan import markers
from jsm_sla_bot.plan.change import Evidence, Shown
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.steps import claimed_steps, with_steps
from jsm_sla_bot.sla.dormancy_state import Announced
from jsm_sla_bot.sla.request import RequestSnapshot, Role
from tests.sla.contract import answer, local
from tests.sla.dormant import waiting

SINCE = local("2026-03-02 14:00")
AT = local("2026-03-05 09:00")
REMINDER = markers.public_marker(
    "reminder",
    markers.reminder_about(
        1, SINCE, [Announced("reminder 2", 3), Announced("closing", 5)]
    ),
)
SAYS = "reminder 1, then reminder 2 after 3, then closing after 5"


def shown(
    notes: dict[str, str] | None = None,
    *,
    seen: dict[str, str] | None = None,
    is_public: bool = True,
) -> Shown:
    """Return a request that shows one comment of ours, with a ledger, and what comments were seen to carry."""
    return Shown(
        fields={},
        ledger=Ledger(notes=notes or {}),
        comments={"7": is_public},
        said_at={"7": AT},
        evidence=Evidence(markers=seen),
    )


def asked(role: Role = Role.BOT) -> RequestSnapshot:
    """Return a request with a public comment at the instant of ours."""
    comment = answer("2026-03-05 09:00", role=role)
    return waiting(answer("2026-03-02 14:00"), comment)


def step(request: RequestSnapshot) -> object:
    """Return what the last entry says."""
    return request.history[-1].after


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (shown({REMINDER: "7"}), SAYS),
        (shown({"public:closing:2026-03-02T13:00:00+00:00": "7"}), "closing"),
        (shown(seen={REMINDER: "7"}), SAYS),
        (shown({REMINDER: "7"}, seen={}), None),
        (shown({REMINDER: "8"}), None),
        (shown({REMINDER: "7"}, is_public=False), None),
        (shown({"public:registered:report": "7"}), None),
        (shown({REMINDER.removeprefix("public:"): "7"}), None),
        (shown({"public:reminder:first": "7"}), None),
        (shown({REMINDER.replace("reminder:1", "reminder:0"): "7"}), None),
        (shown(), None),
    ],
    ids=[
        *("by the ledger", "closing", "by its marker", "forged ledger"),
        *("deleted", "hidden", "another kind", "not public"),
        *("unreadable", "number", "nothing"),
    ],
)
def test_what_makes_a_comment_a_step(what: Shown, told: str | None) -> None:
    """A marker that was seen counts before what the ledger says; a comment that is gone or hidden is no step."""
    assert step(with_steps(asked(), what)) == told


@pytest.mark.parametrize("role", [Role.AGENT, Role.AUTOMATION, Role.CUSTOMER])
def test_only_ours(role: Role) -> None:
    """What anybody else wrote at that instant is no step, whatever the markers say."""
    request = asked(role)
    assert with_steps(request, shown({REMINDER: "7"})) is request


def test_what_was_a_step_and_is_none() -> None:
    """Looked at again, a comment that the ledger called a step is none any more."""
    request = with_steps(asked(), shown({REMINDER: "7"}))
    assert step(with_steps(request, shown(seen={}))) is None


def test_what_a_ledger_claims() -> None:
    """Only steps, and only those whose comments stand."""
    notes = {REMINDER: "7", "public:registered:report": "7"}
    assert claimed_steps(shown(notes)) == {REMINDER: "7"}
    assert claimed_steps(shown({REMINDER: "8"})) == {}


def test_the_reminders_of_one_silence() -> None:
    """A reminder of an earlier silence is not one of this."""
    said = [REMINDER, "public:closing:x", "D24:waits_for_us:x"]
    assert markers.reminders_said(said, SINCE) == {1}
    later = SINCE + timedelta(hours=1)
    assert markers.reminders_said(said, later) == frozenset()
