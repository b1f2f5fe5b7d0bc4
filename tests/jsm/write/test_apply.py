from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import structlog

from jsm_sandbox.state import adf
from jsm_sla_bot.jsm.errors import (
    NotesStoppedError,
    RateLimitedError,
    StoppedError,
    TransientError,
)
from jsm_sla_bot.plan.change import (
    FieldChange,
    Note,
    Part,
    Plan,
    PriorityChange,
)
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.errors import IdentityError
from jsm_sla_bot.ports.site import ChangeSink
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE
from tests.attempts import Attempt
from tests.jsm.scene import AGO, NOW, SANDBOX_DESK, Scene
from tests.plan.ledgers import ledger_of, with_kept

POST_NOTE = r"POST /rest/api/3/issue/\d+/comment"
POST_MOVE = r"POST /rest/api/3/issue/\d+/transitions"
NOTE_POSTED = "POST /rest/api/3/issue/{}/comment"
POSTED_MOVE = "POST /rest/api/3/issue/{}/transitions"
PUT = r"PUT /rest/api/3/issue"
DELETE_NOTE = r"DELETE /rest/api/3/issue/\d+/comment"
LIST_NOTES = r"GET /rest/api/3/issue/\d+/comment$"
LEDGER = ledger_of(due=NOW, policy="p", rungs=("breached",), escalated=True)
RUNG = Part(
    ("breached@x", "at_risk@x"),
    ("Breached.", "It was at risk before."),
    ("breached",),
)
FLAG = Part(("no_severity",), ("No severity is set.",))
OTHER = Note((Part(("other",), ("More.",)),))
NOTE_ONLY: dict[str, Any] = {
    "transition_to": None,
    "fields": (),
    "priority": None,
    "ledger": None,
}
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
        note=Note((RUNG,)),
        transition_to="Escalated",
        fields=FIELDS,
        priority=PriorityChange("10003", "10001"),
        ledger=LEDGER,
        escalating=frozenset({FIRST_RESPONSE}),
        raising=frozenset({FIRST_RESPONSE}),
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
    written = [
        each
        for each in scene.asked()
        if not each.startswith("GET") and "bulkfetch" not in each
    ]
    assert [each.split()[0] for each in written] == ["POST", "POST", "PUT"]


def test_an_empty_plan_writes_nothing(scene: Scene, key: str) -> None:
    """No change, no call."""
    assert scene.sink.apply(Plan("10001", key)).writes == 0
    assert scene.asked() == []


def test_after_the_first_note_the_others_cost_one_call(
    scene: Scene, key: str
) -> None:
    """Only the first note of a process is read again."""
    scene.sink.apply(plan(scene, key, **NOTE_ONLY))
    assert len(scene.asked()) == 2
    scene.sink.apply(plan(scene, key, note=OTHER, **NOTE_ONLY))
    assert scene.asked() == ["POST /rest/api/3/issue/{}/comment"]


@pytest.mark.parametrize(
    "kind", ["503-after", "500", "reset", "reset-after", "cut-json", "html"]
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_note_with_an_unknown_outcome_is_written_once(
    scene: Scene, key: str, kind: str, times: int
) -> None:
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


def test_a_note_that_stands_is_found_after_a_crash(
    scene: Scene, key: str
) -> None:
    """The PUT never came; after the restart the note is looked for and not written again."""
    scene.trouble(PUT, "500", times=0)
    with pytest.raises(TransientError):
        scene.sink.apply(plan(scene, key))
    scene.tracker.faults.clear()
    scene.intents.begun["breached@x"] = scene.intents.begun[
        str(scene.tracker.issue(key).id)
    ] = "breached@x"
    _, sink = scene.connected()
    receipt = sink.apply(plan(scene, key))
    assert (scene.notes(key), receipt.writes) == (["internal"], 1)
    assert set(receipt.notes) == {"breached@x", "at_risk@x"}


def test_a_lost_journal_is_no_reason_to_repeat(scene: Scene, key: str) -> None:
    """Who asks to look first gets the note that is there, though no intent is known."""
    first = scene.sink.apply(plan(scene, key, **NOTE_ONLY))
    again = scene.sink.apply(
        plan(scene, key, note=Note((RUNG,), look_first=True), **NOTE_ONLY)
    )
    assert again.notes == first.notes
    assert scene.notes(key) == ["internal"]


def test_only_what_is_unsaid_is_said(scene: Scene, key: str) -> None:
    """Where some of the markers are found, the note is written for the others."""
    early = Note((Part(("at_risk@x",), ("At risk.",)),))
    first = scene.sink.apply(plan(scene, key, note=early, **NOTE_ONLY))
    second = scene.sink.apply(
        plan(scene, key, note=Note((RUNG,), look_first=True), **NOTE_ONLY)
    )
    assert (
        second.notes["at_risk@x"]
        == first.notes["at_risk@x"]
        != second.notes["breached@x"]
    )


def test_no_part_is_said_twice(scene: Scene, key: str) -> None:
    """The flag stands since the PUT after its note failed; the rung that is reached meanwhile is said alone."""
    scene.sink.apply(plan(scene, key, note=Note((FLAG,)), **NOTE_ONLY))
    receipt = scene.sink.apply(
        plan(scene, key, note=Note((RUNG, FLAG), look_first=True))
    )
    assert said(scene, key) == [
        "No severity is set.",
        "Breached.\nIt was at risk before.",
    ]
    assert scene.one(key).shown.ledger == LEDGER.with_notes(receipt.notes)
    assert set(receipt.notes) == {"no_severity", "breached@x", "at_risk@x"}


def said(scene: Scene, key: str) -> list[str]:
    """List the texts of all comments on a request."""
    return [
        adf.to_text(each.body) for each in scene.tracker.issue(key).comments
    ]


@pytest.mark.parametrize("kind", ["403", "400"])
def test_a_rung_is_confirmed_with_its_note(
    scene: Scene, key: str, kind: str
) -> None:
    """Where the note is refused the rung stays open and the escalation is done; the next look says what is unsaid."""
    scene.trouble(POST_NOTE, kind, times=0)
    receipt = scene.sink.apply(plan(scene, key))
    had = scene.one(key).shown.ledger
    assert had == with_kept(LEDGER, rungs=())
    assert [each.split(":")[0] for each in receipt.refused] == ["note"]
    again = plan(scene, key, **{**NOTE_ONLY, "ledger": LEDGER, "had": had})
    assert scene.sink.apply(again).writes == 0
    scene.tracker.faults.clear()
    assert scene.sink.apply(again).writes == 2
    assert scene.one(key).shown.ledger == LEDGER.with_notes(scene.intents.done)


def test_what_stands_counts_though_the_rest_is_refused(
    scene: Scene, key: str
) -> None:
    """The rung was told of before the site took no more comments: it is confirmed, the flag is not."""
    scene.sink.apply(plan(scene, key, **NOTE_ONLY))
    scene.trouble(POST_NOTE, "403", times=0)
    receipt = scene.sink.apply(
        plan(scene, key, note=Note((RUNG, FLAG), look_first=True))
    )
    assert set(receipt.notes) == {"breached@x", "at_risk@x"}
    assert scene.one(key).shown.ledger == LEDGER.with_notes(receipt.notes)


def test_a_note_that_goes_public_is_the_last(scene: Scene, key: str) -> None:
    """A note that the customer can see is deleted, no more are written, the fields still tell the truth."""
    scene.tracker.switches.visible_notes = True
    with (
        structlog.testing.capture_logs() as events,
        pytest.raises(NotesStoppedError),
    ):
        scene.sink.apply(plan(scene, key))
    assert scene.notes(key) == []
    assert "note_went_public" in [each["event"] for each in events]
    scene.tracker.switches.visible_notes = False
    with pytest.raises(NotesStoppedError):
        scene.sink.apply(plan(scene, key, note=OTHER, **NOTE_ONLY))
    shown = scene.one(key).shown
    assert (scene.notes(key), shown.fields[SlaField.RESPONSE_SLA]) == (
        [],
        "Breached",
    )
    assert shown.ledger == with_kept(LEDGER, rungs=())


def went_public(scene: Scene, key: str) -> None:
    """Let the note of a breach stand in public, as after a kill between the POST and the look at its answer."""
    scene.sink.apply(plan(scene, key, **NOTE_ONLY))
    [comment] = scene.tracker.issue(key).comments
    comment.public = True


def looking(scene: Scene, key: str) -> Plan:
    """Return a plan of everything whose note is looked for first."""
    return plan(scene, key, note=Note((RUNG,), look_first=True))


def stopped(scene: Scene) -> str:
    """Return what the last connection says of notes."""
    return scene.opened[-1].notes_stopped() or ""


def test_a_public_note_found_by_its_marker_is_taken_back(
    scene: Scene, key: str
) -> None:
    """It does not count as said, nor does its rung; the fields tell the truth, and notes stop."""
    went_public(scene, key)
    _, sink = scene.connected()
    assert not stopped(scene)
    for wanted in (
        looking(scene, key),
        plan(scene, key, note=OTHER, **NOTE_ONLY),
    ):
        with pytest.raises(NotesStoppedError, match="look into it"):
            sink.apply(wanted)
    shown = scene.one(key).shown
    assert (scene.notes(key), shown.fields[SlaField.RESPONSE_SLA]) == (
        [],
        "Breached",
    )
    assert shown.ledger == with_kept(LEDGER, rungs=())


@pytest.mark.parametrize("times", [1, 2])
def test_a_note_that_goes_public_without_an_answer(
    scene: Scene, key: str, times: int
) -> None:
    """The note is known to be internal on this site until now; it is looked for, found in public and taken back."""
    other = scene.tracker.raise_request(organization=12, severity=1, at=AGO[9])
    scene.sink.apply(plan(scene, other, note=OTHER, **NOTE_ONLY))
    scene.tracker.switches.visible_notes = True
    scene.trouble(POST_NOTE, "reset-after", times=times)
    with pytest.raises(NotesStoppedError):
        scene.sink.apply(plan(scene, key))
    assert scene.notes(key) == []
    assert scene.one(key).shown.ledger == with_kept(LEDGER, rungs=())


@pytest.mark.parametrize("kind", ["503", "403", "reset"])
def test_a_public_note_that_cannot_be_deleted_is_tried_again(
    scene: Scene, key: str, kind: str
) -> None:
    """Nothing is confirmed meanwhile, and the connection names it until it is gone."""
    scene.tracker.switches.visible_notes = True
    scene.trouble(DELETE_NOTE, kind, times=0)
    for _ in range(2):
        with pytest.raises(NotesStoppedError, match="still public"):
            scene.sink.apply(plan(scene, key))
        assert scene.notes(key) == ["public"]
        assert scene.one(key).shown.ledger == with_kept(LEDGER, rungs=())
    scene.tracker.faults.clear()
    with pytest.raises(NotesStoppedError):
        scene.sink.apply(plan(scene, key))
    assert scene.notes(key) == []
    assert "still public" not in stopped(scene)
    assert scene.intents.done == {}


def test_a_deletion_whose_answer_is_lost(scene: Scene, key: str) -> None:
    """Gone is gone."""
    scene.tracker.switches.visible_notes = True
    scene.trouble(DELETE_NOTE, "reset-after")
    for _ in range(2):
        with pytest.raises(NotesStoppedError):
            scene.sink.apply(plan(scene, key))
    assert scene.notes(key) == []
    assert "still public" not in stopped(scene)


def test_tidying_takes_public_notes_back(scene: Scene, key: str) -> None:
    """Also one that a ledger knows; an internal one that says the same stays, and other people's words do."""
    went_public(scene, key)
    scene.sink.apply(plan(scene, key, **NOTE_ONLY))
    scene.tracker.comment(key, "We are on it.", as_="Mia Lindqvist")
    assert scene.sink.tidy(str(scene.tracker.issue(key).id)) == 1
    assert scene.notes(key) == ["internal"]
    assert len(scene.tracker.issue(key).comments) == 2
    assert stopped(scene)


@pytest.mark.parametrize("kind", ["503", "403"])
def test_tidying_a_public_note_is_tried_again(
    scene: Scene, key: str, kind: str
) -> None:
    """Whatever keeps it from being deleted: an error that asks for another look."""
    went_public(scene, key)
    scene.trouble(DELETE_NOTE, kind, times=0)
    with pytest.raises(TransientError, match="still stands"):
        scene.sink.tidy(str(scene.tracker.issue(key).id))
    assert "still public" in stopped(scene)


def test_notes_stop_on_the_whole_site(scene: Scene, key: str) -> None:
    """Another `jira.yaml` over the same transport writes none either."""
    connection = scene.opened[-1]
    other = connection.serving(SANDBOX_DESK)
    scene.tracker.switches.visible_notes = True
    with pytest.raises(NotesStoppedError):
        connection.sink.apply(plan(scene, key))
    scene.tracker.switches.visible_notes = False
    for sink in (other.sink, connection.serving(SANDBOX_DESK).sink):
        with pytest.raises(NotesStoppedError):
            sink.apply(plan(scene, key, note=OTHER, **NOTE_ONLY))
    assert scene.notes(key) == []
    assert other.notes_stopped()
    assert other.notes_stopped() == connection.notes_stopped()


def test_a_site_that_refuses_a_field_gets_the_others(
    scene: Scene, key: str
) -> None:
    """A field off the screen is left out and listed; everything else stands."""
    scene.tracker.site.off_screen = {
        scene.tracker.site.field_id("Response SLA"),
        "priority",
    }
    receipt = scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert len(receipt.refused) == 2
    assert all(
        each.endswith("refused by the site (400)") for each in receipt.refused
    )
    assert (shown.fields[SlaField.RESPONSE_SLA], shown.priority) == (
        None,
        "10003",
    )
    assert shown.fields[SlaField.RESPONSE_DUE] == NOW
    assert shown.ledger
    assert shown.ledger.owes_priority


def test_what_is_refused_again_writes_nothing(scene: Scene, key: str) -> None:
    """Nothing is left but what the site refuses, and the ledger says what it has said: one attempt, no write."""
    scene.tracker.site.off_screen = {
        scene.tracker.site.field_id("Response SLA"),
        "priority",
    }
    fingerprints = {"response_due": "d", "response_sla": "s"}
    ledger = replace(LEDGER, written=fingerprints)
    scene.sink.apply(plan(scene, key, note=None, ledger=ledger))
    had = scene.one(key).shown.ledger
    owing = with_kept(ledger, owes_priority=True)
    assert had == replace(owing, written={"response_due": "d"})
    scene.asked()
    again = plan(
        scene,
        key,
        note=None,
        transition_to=None,
        fields=FIELDS[1:2],
        ledger=ledger,
        had=had,
    )
    receipt = scene.sink.apply(again)
    assert (receipt.writes, len(receipt.refused)) == (0, 2)
    edits = [asked for asked in scene.asked() if asked.startswith("PUT")]
    assert edits == ["PUT /rest/api/3/issue/{}"]


def test_a_field_that_is_refused_loses_its_fingerprint(
    scene: Scene, key: str
) -> None:
    """Also where the ledger needed no writing: nobody has changed by hand what the bot can't write."""
    scene.tracker.site.off_screen = {
        scene.tracker.site.field_id("Response SLA")
    }
    had = replace(LEDGER, written={"response_sla": "s"})
    only = {**NOTE_ONLY, "note": None, "fields": FIELDS[1:2], "had": had}
    assert scene.sink.apply(plan(scene, key, **only)).writes == 1
    assert scene.one(key).shown.ledger == LEDGER


def test_an_option_that_is_not_there(scene: Scene, key: str) -> None:
    """An option that the field lacks is refused by itself."""
    odd = (FieldChange(SlaField.RESPONSE_SLA, None, "Burning"), FIELDS[0])
    receipt = scene.sink.apply(
        plan(
            scene,
            key,
            fields=odd,
            note=None,
            transition_to=None,
            priority=None,
        )
    )
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
    assert ledger.first_response.escalated


@pytest.mark.parametrize(
    "kind", ["503-after", "500", "reset-after", "409", "400"]
)
def test_a_transition_is_decided_again(
    scene: Scene, key: str, kind: str
) -> None:
    """After an unknown outcome or a conflict the status is read again, and the request ends up there."""
    scene.trouble(POST_MOVE, kind)
    scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert (
        shown.status,
        shown.ledger and shown.ledger.first_response.escalated,
    ) == (
        "Escalated",
        True,
    )


@pytest.mark.parametrize("kind", ["500", "409", "429"])
def test_a_transition_that_fails_for_now(
    scene: Scene, key: str, kind: str
) -> None:
    """The fields are written all the same; the ledger does not claim the transition."""
    scene.trouble(POST_MOVE, kind, times=0)
    with pytest.raises(TransientError) as failure:
        scene.sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert failure.value.wrote == 2
    assert (shown.status, shown.fields[SlaField.RESPONSE_SLA]) == (
        "Waiting for support",
        "Breached",
    )
    assert shown.ledger
    assert not shown.ledger.first_response.escalated


@pytest.mark.parametrize("match", [POST_NOTE, LIST_NOTES])
@pytest.mark.parametrize("kind", ["500", "429", "reset"])
def test_a_note_that_fails_for_now(
    scene: Scene, key: str, match: str, kind: str
) -> None:
    """Status and fields are written all the same; the ledger claims neither the note nor its rung until it stands."""
    scene.trouble(match, kind, times=0)
    with pytest.raises(TransientError) as failure:
        scene.sink.apply(looking(scene, key))
    shown = scene.one(key).shown
    assert failure.value.wrote == 2
    assert (shown.status, shown.fields[SlaField.RESPONSE_SLA]) == (
        "Escalated",
        "Breached",
    )
    assert (scene.notes(key), shown.ledger) == (
        [],
        with_kept(LEDGER, rungs=()),
    )
    scene.tracker.faults.clear()
    scene.sink.apply(
        plan(
            scene, key, **{**NOTE_ONLY, "ledger": LEDGER, "had": shown.ledger}
        )
    )
    assert scene.notes(key) == ["internal"]
    assert scene.one(key).shown.ledger == LEDGER.with_notes(scene.intents.done)


def test_what_stands_counts_though_the_rest_fails_for_now(
    scene: Scene, key: str
) -> None:
    """The rung was told of before; the flag that fails now is not claimed."""
    scene.sink.apply(plan(scene, key, **NOTE_ONLY))
    scene.trouble(POST_NOTE, "503", times=0)
    with pytest.raises(TransientError):
        scene.sink.apply(
            plan(scene, key, note=Note((RUNG, FLAG), look_first=True))
        )
    assert set(scene.intents.done) == {"breached@x", "at_risk@x"}
    assert scene.one(key).shown.ledger == LEDGER.with_notes(scene.intents.done)


def test_who_is_stopping_goes_no_further(scene: Scene, key: str) -> None:
    """A note that may not wait for its turn any more leaves the rest to the next start."""
    scene.trouble(POST_NOTE, "429", times=0)
    scene.opened[-1].options.cancel.set()
    with pytest.raises(StoppedError):
        scene.sink.apply(plan(scene, key))
    assert scene.one(key).shown.ledger is None


def moved_back(scene: Scene, key: str, to: str) -> ChangeSink:
    """Return a sink; as soon as it has asked for a transition, an agent moves the request once."""
    asked: list[str] = []

    def strike(call: Attempt) -> None:
        asked.append(call.endpoint)
        if asked.count(POSTED_MOVE) == 1 and call.endpoint == POSTED_MOVE:
            scene.tracker.transition(key, to, as_="Mia Lindqvist")

    _, sink = scene.connected(watch=strike)
    return sink


@pytest.mark.parametrize("kind", ["reset-after", "503-after"])
def test_a_transition_that_was_made_and_taken_back(
    scene: Scene, key: str, kind: str
) -> None:
    """Its answer was lost, an agent went back before anybody looked: the history tells, and nothing escalates twice."""
    sink = moved_back(scene, key, "In progress")
    scene.trouble(POST_MOVE, kind)
    sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert shown.status == "In progress"
    assert shown.ledger
    assert shown.ledger.first_response.escalated


def test_an_earlier_escalation_is_not_taken_for_this_one(
    scene: Scene, key: str
) -> None:
    """Ours of an hour ago was taken back since; the one that never arrived is made now."""
    scene.tracker.transition(key, "Escalated", as_="SLA Bot", at=AGO[2])
    scene.tracker.transition(
        key, "In progress", as_="Mia Lindqvist", at=AGO[1]
    )
    scene.trouble(POST_MOVE, "500")
    scene.sink.apply(plan(scene, key))
    assert scene.one(key).shown.status == "Escalated"


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
    keys = [
        scene.tracker.raise_request(organization=12, severity=1, at=AGO[9])
        for _ in range(24)
    ]
    with ThreadPoolExecutor(8) as pool:
        receipts = list(
            pool.map(lambda each: scene.sink.apply(plan(scene, each)), keys)
        )
    assert {receipt.writes for receipt in receipts} == {3}
    assert [scene.notes(each) for each in keys] == [["internal"]] * 24


def test_a_field_that_the_site_lost(scene: Scene, key: str) -> None:
    """A field that is no longer there is written no more, once the site has been asked again."""
    _, sink = scene.connected(
        replace(
            SANDBOX_DESK, sla_fields={SlaField.RESPONSE_DUE: "Response due"}
        )
    )
    sink.apply(plan(scene, key))
    shown = scene.one(key).shown
    assert (
        shown.fields[SlaField.RESPONSE_DUE],
        shown.fields[SlaField.RESPONSE_SLA],
    ) == (NOW, None)


def test_a_note_is_looked_up_and_posted_again_after_what_a_503_asked_for(
    scene: Scene, key: str
) -> None:
    """Neither the look-up nor the second note comes before Jira's Retry-After is over, and the note stands once."""
    made: list[tuple[str, float]] = []

    def observe(call: Attempt) -> None:
        made.append((call.endpoint, scene.time.now))

    _, sink = scene.connected(watch=observe)
    wanted = plan(scene, key)
    scene.trouble(POST_NOTE, "503", retry_after=5)
    sink.apply(wanted)
    assert scene.notes(key) == ["internal"]
    posts = [at for endpoint, at in made if endpoint == NOTE_POSTED]
    assert len(posts) == 2
    after = made[[endpoint for endpoint, _ in made].index(NOTE_POSTED) + 1 :]
    assert all(at >= posts[0] + 5 for _, at in after)
