"""Which public notes are owed: by state alone, to whom the policy says, while they are fresh, each once (D18-D22)."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import pytest

from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.plan.markers import Audience
from jsm_sla_bot.plan.public.owed import Due, due
from jsm_sla_bot.plan.public.texts import SHIPPED
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.contract import Policy, PublicNoteRule
from jsm_sla_bot.sla.request import HistoryEntry, RequestSnapshot, Role
from tests.sla.contract import (
    CLOSED,
    DECLINED,
    IN_PROGRESS,
    OPEN,
    RESOLVED,
    answer,
    call,
    local,
    moved,
    only,
    policy,
    request,
    severity,
    terms,
    utc,
)

HOUR = timedelta(hours=1)
REPORTED = "2026-03-02 10:00"
SOON = "2026-03-02 10:05"


def rule(*severities: int, within: timedelta = 2 * HOUR) -> PublicNoteRule:
    """Return a rule for these severities, for all of them where none is named."""
    return PublicNoteRule(
        severities=frozenset(severities or (1, 2, 3, 4)),
        within=within,
        settles=timedelta(minutes=10),
        answered_within=timedelta(minutes=15),
    )


ALL: Mapping[str, PublicNoteRule] = {
    "registered": rule(),
    "call_us": rule(),
    "resolved": rule(within=24 * HOUR),
}


def expert(notes: Mapping[str, PublicNoteRule] = ALL) -> Policy:
    """Return a policy whose organization "1" is an Expert with these public notes."""
    return only("Expert", notes=notes)


def raised(*history: HistoryEntry, **values: object) -> RequestSnapshot:
    """Return a request of organization "1"."""
    return request(REPORTED, *history, **{"organizations": ("1",), **values})


def seen(
    asked: RequestSnapshot,
    at: str,
    under: Policy | None = None,
    said: Collection[str] = (),
) -> Due:
    """Return what is owed at a local time where the notes with these markers stand."""
    under = under or expert()
    now = local(at)
    ledger = Ledger(notes=dict.fromkeys(said, "1"))
    return due(asked, assess(asked, under, now), ledger, now)


def kinds(found: Due) -> list[str]:
    """Return the kinds that are owed."""
    return [str(note.kind) for note in found.notes]


BOTH = ["registered", "call_us"]


@pytest.mark.parametrize(
    ("asked", "at", "expected"),
    [
        pytest.param(raised(), SOON, BOTH, id="just raised"),
        pytest.param(raised(), "2026-03-02 12:00", BOTH, id="to the end of two hours"),
        pytest.param(raised(), "2026-03-02 12:01", [], id="later both are moot"),
        pytest.param(raised(severity=3), SOON, ["registered"], id="a target that waits for no call"),
        pytest.param(raised(answer("2026-03-02 10:03")), SOON, [], id="acknowledged"),
        pytest.param(raised(answer("2026-03-02 10:06")), SOON, BOTH, id="acknowledged later than now"),
        pytest.param(raised(call("2026-03-02 10:03")), SOON, [], id="called"),
        pytest.param(raised(call("2026-03-02 09:58", "2026-03-02 10:01")), SOON, BOTH, id="called before the report"),
        pytest.param(raised(severity("2026-03-02 13:00", 3, 1)), "2026-03-02 14:00", ["call_us"],
            id="raised into one that wants a call"),
        pytest.param(raised(severity("2026-03-02 13:00", 3, 1)), "2026-03-02 15:01", [], id="raised too long ago"),
        pytest.param(raised(severity("2026-03-02 13:00", 1, 2), severity=2), "2026-03-02 13:05", [], id="lowered"),
        pytest.param(raised(severity("2026-03-02 13:00", 2, 3), severity=3), "2026-03-02 13:05", [],
            id="lowered into one that wants none"),
        pytest.param(raised(labels=frozenset({"outside-the-service"})), SOON, [], id="not measured"),
        pytest.param(raised(moved("2026-03-02 10:03", CLOSED, role=Role.CUSTOMER), status=CLOSED), SOON, [],
            id="withdrawn"),
        pytest.param(raised(answer("2026-03-02 10:03", role=Role.BOT)), SOON, BOTH, id="a comment of our own"),
        pytest.param(raised(answer("2026-03-02 10:03", role=Role.AUTOMATION)), SOON, BOTH, id="an automation's"),
    ],
)  # fmt: skip
def test_the_beginning(
    asked: RequestSnapshot, at: str, expected: list[str]
) -> None:
    """D19, D20: owed while fresh and nobody has acknowledged or called; later moot and never written."""
    assert kinds(seen(asked, at)) == expected


def test_nothing_without_the_policy() -> None:
    """D12: as shipped no kind is on, for nobody."""
    assert kinds(seen(raised(), SOON, only("Expert"))) == []
    first = expert({"registered": rule(2, 3)})
    assert kinds(seen(raised(), SOON, first)) == []


def test_not_entitled() -> None:
    """D18: an organization whose support is not owed gets no note."""
    default = policy(default_terms=terms("Knowledge", notes=ALL))
    suspended = raised(organizations=("15",))
    assert kinds(seen(suspended, SOON, default)) == []
    nobody = raised(organizations=())
    assert kinds(seen(nobody, SOON, default)) == ["registered"]


def test_each_once() -> None:
    """What stands is not said again; a graver severity asks for another call, a lesser one does not."""
    asked = raised(severity=2)
    first = {note.marker for note in seen(asked, SOON).notes}
    assert first == {"public:registered:report", "public:call_us:S2"}
    assert kinds(seen(asked, SOON, said=first)) == []
    graver = raised(severity("2026-03-02 10:10", 2, 1))
    assert kinds(seen(graver, "2026-03-02 10:15", said=first)) == ["call_us"]
    lesser = raised(severity("2026-03-02 10:10", 1, 2), severity=2)
    called_for = {"public:registered:report", "public:call_us:S1"}
    assert kinds(seen(lesser, "2026-03-02 10:15", said=called_for)) == []


def test_one_comment_in_the_words_of_the_customer() -> None:
    """D18, D20: what is due together is one note; instants in the zone of the organization's calendar, named."""
    found = seen(raised(), SOON)
    note = found.public(SHIPPED)
    assert note
    assert note.audience is Audience.PUBLIC
    assert note.markers == ("public:registered:report", "public:call_us:S1")
    said = " ".join(note.paragraphs)
    for fact in (
        "SUP-1",
        "S1",
        "Tue 2026-03-03 10:00 CET",
        "8 h, business hours",
        "2 h, round the clock",
    ):
        assert fact in said
    for internal in ("Own Contract", "R9", "Expert", "sla", "Knowledge"):
        assert internal not in said


def test_when_it_is_moot() -> None:
    """A plan that waits to be written knows until when it holds."""
    assert seen(raised(), SOON).until == utc("2026-03-02 11:00") + timedelta(
        milliseconds=1
    )
    assert seen(raised(), "2026-03-02 13:00").until is None


def closed(*before: HistoryEntry, role: Role = Role.AGENT) -> RequestSnapshot:
    """Return a request that was answered on Monday and resolved at Wednesday noon."""
    history = (
        answer("2026-03-02 10:30"),
        *before,
        moved("2026-03-04 12:00", RESOLVED, IN_PROGRESS, role),
    )
    return raised(*history, status=RESOLVED)


LATER = moved("2026-03-04 12:30", CLOSED, RESOLVED)
NOON = "2026-03-04 12:05"


@pytest.mark.parametrize(
    ("asked", "at", "expected"),
    [
        pytest.param(closed(), NOON, ["resolved"], id="closed by an agent"),
        pytest.param(closed(), "2026-03-05 12:00", ["resolved"], id="seen a day late"),
        pytest.param(closed(), "2026-03-05 12:01", [], id="seen later than the policy wants"),
        pytest.param(closed(), "2026-03-04 11:59", [], id="not closed yet"),
        pytest.param(closed(answer("2026-03-04 11:45")), NOON, [], id="explained a quarter of an hour before"),
        pytest.param(closed(answer("2026-03-04 11:44")), NOON, ["resolved"], id="explained earlier"),
        pytest.param(closed(answer("2026-03-04 12:00")), NOON, [], id="explained together with it"),
        pytest.param(closed(answer("2026-03-04 11:50", role=Role.CUSTOMER)), NOON, ["resolved"],
            id="the customer's comment explains nothing"),
        pytest.param(closed(answer("2026-03-04 11:50", role=Role.BOT)), NOON, ["resolved"], id="nor does ours"),
        pytest.param(closed(role=Role.CUSTOMER), NOON, [], id="closed by the customer"),
        pytest.param(closed(role=Role.AUTOMATION), NOON, [], id="closed by an automation"),
        pytest.param(closed(role=Role.BOT), NOON, [], id="closed by us"),
        pytest.param(raised(moved("2026-03-02 10:03", RESOLVED), status=RESOLVED), SOON, ["resolved"],
            id="closed at once"),
        pytest.param(raised(moved("2026-03-02 10:03", DECLINED), status=DECLINED), SOON, [], id="declined"),
        pytest.param(raised(*closed().history, moved("2026-03-04 12:03", OPEN, RESOLVED)), NOON, [],
            id="reopened meanwhile"),
    ],
)  # fmt: skip
def test_the_end(asked: RequestSnapshot, at: str, expected: list[str]) -> None:
    """D22: an agent closes the request, unless an agent has just said so."""
    assert kinds(seen(asked, at)) == expected


def test_once_for_each_closing() -> None:
    """Resolved and then closed is one closing; reopened and closed again is another."""
    [first] = seen(closed(), NOON).notes
    then_closed = raised(*closed().history, LATER, status=CLOSED)
    assert (
        kinds(seen(then_closed, "2026-03-04 13:00", said=[first.marker])) == []
    )
    again = raised(
        *closed().history,
        moved("2026-03-05 09:00", OPEN, RESOLVED),
        moved("2026-03-05 11:00", RESOLVED, OPEN),
        status=RESOLVED,
    )
    [second] = seen(again, "2026-03-05 11:30", said=[first.marker]).notes
    assert second.marker != first.marker
