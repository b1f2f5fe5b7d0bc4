from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import structlog

from jsm_sla_bot.jsm.errors import NotesStoppedError, RateLimitedError, TransientError
from jsm_sla_bot.plan.change import FieldChange, Note, Plan, PriorityChange, SlaField
from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.ports import IdentityError
from tests.jsm.scene import AGO, NOW, SANDBOX_DESK, Scene

POST_NOTE = r"POST /rest/api/3/issue/\d+/comment"
POST_MOVE = r"POST /rest/api/3/issue/\d+/transitions"
PUT = r"PUT /rest/api/3/issue"
LEDGER = Ledger(due=NOW, policy="p", rungs=("breached",), escalated=True)
FIELDS = (
    FieldChange(SlaField.RESPONSE_DUE, None, NOW),
    FieldChange(SlaField.RESPONSE_SLA, None, "Breached"),
    FieldChange(SlaField.RESPONSE_TARGET, None, "2 h"),
)


@pytest.fixture
def key(scene: Scene) -> str:
    """Raise a request, and let the bot learn the site before anything is counted."""
    found = scene.tracker.raise_request(organization=12, severity=1, at=AGO[9])
    scene.one(found)
    scene.asked()
    return found


def plan(scene: Scene, key: str, **changes: Any) -> Plan:
    """Return a plan with everything in it, or with some of it changed."""
    whole = Plan(
        str(scene.tracker.issue(key).id),
        key,
        note=Note(("breached@x", "at_risk@x"), ("Breached.", "It was at risk before.")),
        transition_to="Escalated",
        fields=FIELDS,
        priority=PriorityChange("10003", "10001"),
        ledger=LEDGER,
    )
    return replace(whole, **changes)


def test_everything_is_written_in_order(scene: Scene, key: str) -> None:
    """Note, transition, one PUT: then the request shows all of it, and the note is internal."""
    receipt = scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert (receipt.writes, receipt.refused) == (3, ())
    assert shown.fields[SlaField.RESPONSE_DUE] == NOW
    assert shown.fields[SlaField.RESPONSE_SLA] == "Breached"
    assert shown.fields[SlaField.RESPONSE_TARGET] == "2 h"
    assert (shown.priority, shown.status) == ("10001", "Escalated")
    assert shown.ledger == LEDGER.with_notes(receipt.notes)
    assert set(receipt.notes) == {"breached@x", "at_risk@x"}
    assert scene.notes(key) == ["internal"]
    assert scene.intents.done == receipt.notes
    written = [each for each in scene.asked() if not each.startswith("GET") and "bulkfetch" not in each]
    assert [each.split()[0] for each in written] == ["POST", "POST", "PUT"]


def test_an_empty_plan_writes_nothing(scene: Scene, key: str) -> None:
    """No change, no call."""
    assert scene.sink.apply(Plan("10001", key)).writes == 0
    assert scene.asked() == []


def test_after_the_first_note_the_others_cost_one_call(scene: Scene, key: str) -> None:
    """Only the first note of a process is read again."""
    only = {"transition_to": None, "fields": (), "priority": None, "ledger": None}
    scene.sink.apply(plan(scene, key, **only))
    assert len(scene.asked()) == 2
    scene.sink.apply(plan(scene, key, note=Note(("other",), ("More.",)), **only))
    assert scene.asked() == ["POST /rest/api/3/issue/{}/comment"]


@pytest.mark.parametrize("kind", ["503-after", "500", "reset", "reset-after", "cut-json", "html"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_note_with_an_unknown_outcome_is_written_once(scene: Scene, key: str, kind: str, times: int) -> None:
    """Whatever became of the answers, in the end there is one note."""
    scene.trouble(POST_NOTE, kind, times=times)
    for _ in range(2):
        try:
            scene.sink.apply(plan(scene, key))
        except TransientError:
            continue
        break
    assert scene.notes(key) == ["internal"]
    assert scene.one(key).shown.ledger == LEDGER.with_notes(scene.intents.done)


def test_a_note_that_stands_is_found_after_a_crash(scene: Scene, key: str) -> None:
    """The PUT never came; after the restart the note is looked for and not written again."""
    scene.trouble(PUT, "500", times=0)
    with pytest.raises(TransientError):
        scene.sink.apply(plan(scene, key))
    scene.tracker.faults.clear()
    scene.intents.begun["breached@x"] = scene.intents.begun[str(scene.tracker.issue(key).id)] = "breached@x"
    _, sink = scene.connected()
    receipt = sink.apply(plan(scene, key))
    assert (scene.notes(key), receipt.writes) == (["internal"], 1)
    assert set(receipt.notes) == {"breached@x", "at_risk@x"}


def test_a_lost_journal_is_no_reason_to_repeat(scene: Scene, key: str) -> None:
    """Who asks to look first gets the note that is there, though no intent is known."""
    only = {"transition_to": None, "fields": (), "priority": None, "ledger": None}
    first = scene.sink.apply(plan(scene, key, **only))
    note = Note(("breached@x", "at_risk@x"), ("Breached.",), look_first=True)
    assert scene.sink.apply(plan(scene, key, note=note, **only)).notes == first.notes
    assert scene.notes(key) == ["internal"]


def test_only_what_is_unsaid_is_said(scene: Scene, key: str) -> None:
    """Where some of the markers are found, the note is written for the others."""
    only = {"transition_to": None, "fields": (), "priority": None, "ledger": None}
    first = scene.sink.apply(plan(scene, key, note=Note(("at_risk@x",), ("At risk.",)), **only))
    note = Note(("breached@x", "at_risk@x"), ("Breached.",), look_first=True)
    second = scene.sink.apply(plan(scene, key, note=note, **only))
    assert second.notes["at_risk@x"] == first.notes["at_risk@x"] != second.notes["breached@x"]


def test_a_note_that_goes_public_is_the_last(scene: Scene, key: str) -> None:
    """A note that the customer can see is deleted, no more are written, the fields still tell the truth."""
    scene.tracker.switches.visible_notes = True
    with structlog.testing.capture_logs() as events, pytest.raises(NotesStoppedError):
        scene.sink.apply(plan(scene, key))
    assert scene.notes(key) == []
    assert "note_went_public" in [each["event"] for each in events]
    scene.tracker.switches.visible_notes = False
    with pytest.raises(NotesStoppedError):
        scene.sink.apply(plan(scene, key, note=Note(("other",), ("More.",))))
    shown = scene.one(key).shown
    assert (scene.notes(key), shown.fields[SlaField.RESPONSE_SLA], shown.ledger) == ([], "Breached", None)


def test_a_site_that_refuses_a_field_gets_the_others(scene: Scene, key: str) -> None:
    """A field off the screen is left out and listed; everything else stands."""
    scene.tracker.site.off_screen = {scene.tracker.site.field_id("Response SLA"), "priority"}
    receipt = scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert len(receipt.refused) == 2
    assert all("cannot be set" in each for each in receipt.refused)
    assert (shown.fields[SlaField.RESPONSE_SLA], shown.priority) == (None, "10003")
    assert shown.fields[SlaField.RESPONSE_DUE] == NOW
    assert shown.ledger is not None


def test_an_option_that_is_not_there(scene: Scene, key: str) -> None:
    """An option that the field lacks is refused by itself."""
    odd = (FieldChange(SlaField.RESPONSE_SLA, None, "Burning"), FIELDS[0])
    receipt = scene.sink.apply(plan(scene, key, fields=odd, note=None, transition_to=None, priority=None))
    assert len(receipt.refused) == 1
    assert scene.one(key).shown.fields[SlaField.RESPONSE_DUE] == NOW


def test_a_request_that_is_there_already(scene: Scene, key: str) -> None:
    """A transition to where the request is needs no call."""
    scene.tracker.transition(key, "Escalated", as_="Mia Lindqvist")
    assert scene.sink.apply(plan(scene, key)).writes == 2


def test_a_transition_that_is_not_offered(scene: Scene, key: str) -> None:
    """Where no way leads, that is listed and the ledger says it is done with."""
    scene.tracker.transition(key, "Waiting for customer", as_="Mia Lindqvist")
    receipt = scene.sink.apply(plan(scene, key))
    ledger = scene.one(key).shown.ledger
    assert receipt.refused == ("transition: none to 'Escalated' is offered",)
    assert ledger
    assert ledger.escalated


@pytest.mark.parametrize("kind", ["503-after", "500", "reset-after", "409", "400"])
def test_a_transition_is_decided_again(scene: Scene, key: str, kind: str) -> None:
    """After an unknown outcome or a conflict the status is read again, and the request ends up there."""
    scene.trouble(POST_MOVE, kind)
    scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert (shown.status, shown.ledger and shown.ledger.escalated) == ("Escalated", True)


@pytest.mark.parametrize("kind", ["500", "409", "429"])
def test_a_transition_that_fails_for_now(scene: Scene, key: str, kind: str) -> None:
    """The fields are written all the same; the ledger does not claim the transition."""
    scene.trouble(POST_MOVE, kind, times=0)
    with pytest.raises(TransientError):
        scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert (shown.status, shown.fields[SlaField.RESPONSE_SLA]) == ("Waiting for support", "Breached")
    assert shown.ledger
    assert not shown.ledger.escalated


def test_a_transition_by_status_id(scene: Scene, key: str) -> None:
    """A status may be named by its id, which no translation changes."""
    number = scene.tracker.site.status("Escalated")
    assert number
    scene.sink.apply(plan(scene, key, transition_to=number.id))
    assert scene.one(key).shown.status == "Escalated"


def test_a_repeated_edit_changes_nothing_more(scene: Scene, key: str) -> None:
    """A PUT that was done though nobody said so is done again, to the same effect."""
    scene.trouble(PUT, "503-after")
    scene.sink.apply(plan(scene, key))
    assert scene.one(key).shown.ledger


def test_limits_are_passed_on(scene: Scene, key: str) -> None:
    """A limit that lasts is the caller's to wait for."""
    scene.trouble(POST_NOTE, "429", retry_after=600, times=0)
    with pytest.raises(RateLimitedError) as failure:
        scene.sink.apply(plan(scene, key))
    assert failure.value.retry_after == 600
    assert scene.notes(key) == []


def test_nobody_writes_nothing(scene: Scene, key: str) -> None:
    """Once Jira takes us for nobody, nothing more is written."""
    scene.trouble(POST_NOTE, "anonymous")
    with pytest.raises(IdentityError):
        scene.sink.apply(plan(scene, key))
    assert scene.one(key).shown.ledger is None


def test_many_at_a_time(scene: Scene) -> None:
    """Threads write different requests at the same time, each exactly once."""
    keys = [scene.tracker.raise_request(organization=12, severity=1, at=AGO[9]) for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda each: scene.sink.apply(plan(scene, each)), keys))
    assert {receipt.writes for receipt in receipts} == {3}
    assert [scene.notes(each) for each in keys] == [["internal"]] * 24


def test_a_field_that_the_site_lost(scene: Scene, key: str) -> None:
    """A field that is no longer there is written no more, once the site has been asked again."""
    _, sink = scene.connected(replace(SANDBOX_DESK, sla_fields={SlaField.RESPONSE_DUE: "Response due"}))
    sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert (shown.fields[SlaField.RESPONSE_DUE], shown.fields[SlaField.RESPONSE_SLA]) == (NOW, None)
