"""A note for agents and one for the customer next to each other: each once, each read by those whom it is for."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jsm_sla_bot.jsm.errors import NotesStoppedError, TransientError
from jsm_sla_bot.plan.change import Note, Part, Plan
from jsm_sla_bot.plan.markers import public_marker
from tests.jsm.scene import AGO, Scene

POST_NOTE = r"POST /rest/api/3/issue/\d+/comment"
DELETE_NOTE = r"DELETE /rest/api/3/issue/\d+/comment"
REGISTERED = public_marker("registered", "request")
CALL = public_marker("call_us", "S1")
INSIDE = Note((Part(("D10:no_severity",), ("Set the severity.",)),))
OUTSIDE = Note(
    (
        Part((REGISTERED,), ("Your request is registered.",)),
        Part((CALL,), ("Please call us.",)),
    )
)


@pytest.fixture
def key(scene: Scene) -> str:
    """Raise a request, and let the bot learn the site."""
    found = scene.tracker.raise_request(organization=12, severity=1, at=AGO[9])
    scene.one(found)
    scene.asked()
    return found


def plan(scene: Scene, key: str, **parts: Any) -> Plan:
    """Return a plan that writes these notes and nothing else."""
    return Plan(str(scene.tracker.issue(key).id), key, **parts)


def said(scene: Scene, key: str) -> list[tuple[bool, list[str]]]:
    """Return the bot's comments: whether the customer reads it, and its markers."""
    own = scene.tracker.site.bot.account_id
    return [
        (each.public, each.properties["jsm-sla-bot"]["markers"])
        for each in scene.tracker.issue(key).comments
        if each.author.account_id == own
    ]


BOTH = [
    (False, ["D10:no_severity"]),
    (True, [REGISTERED, CALL]),
]


def test_each_note_reaches_its_readers(scene: Scene, key: str) -> None:
    """D18: all that is for the customer is one comment, next to one internal note."""
    receipt = scene.sink.apply(plan(scene, key, note=INSIDE, public=OUTSIDE))
    assert said(scene, key) == BOTH
    assert set(receipt.notes) == {"D10:no_severity", REGISTERED, CALL}
    assert receipt.writes == 2
    public = scene.tracker.issue(key).comments[-1]
    assert "Set the severity" not in json.dumps(public.body)


@pytest.mark.parametrize("kind", ["reset-after", "503-after", "timeout-after"])
@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_doubles_neither(
    scene: Scene, key: str, kind: str, lost: int
) -> None:
    """Whichever of the two answers is lost: what stands is found by its markers, in the same pass or the next."""
    scene.trouble(POST_NOTE, kind, times=lost)
    wanted = plan(scene, key, note=INSIDE, public=OUTSIDE)
    for _ in range(2):
        try:
            scene.sink.apply(wanted)
        except TransientError:
            continue
        break
    assert sorted(said(scene, key)) == BOTH


def test_what_is_unknown_of_one_note_is_not_forgotten_for_the_other(
    scene: Scene, key: str
) -> None:
    """A public note whose answer is lost while nothing can be looked up: the next plan has an internal note, too."""
    scene.trouble(POST_NOTE, "reset-after", times=1)
    scene.trouble(r"GET /rest/api/3/issue/\d+/comment", "503", times=9)
    with pytest.raises(TransientError):
        scene.sink.apply(plan(scene, key, public=OUTSIDE))
    scene.tracker.faults.clear()
    scene.sink.apply(plan(scene, key, note=INSIDE, public=OUTSIDE))
    assert sorted(said(scene, key)) == BOTH


def test_a_public_note_stays_and_an_internal_one_goes(
    scene: Scene, key: str
) -> None:
    """Whoever looks through the comments takes back what no marker calls public, and only that."""
    scene.sink.apply(plan(scene, key, note=INSIDE, public=OUTSIDE))
    inside, _ = scene.tracker.issue(key).comments
    inside.public = True
    assert scene.sink.tidy(str(scene.tracker.issue(key).id)) == 1
    assert said(scene, key) == [BOTH[1]]


def test_markers_that_disagree_are_taken_back(scene: Scene, key: str) -> None:
    """A comment that claims both is not known to be meant for the customer."""
    scene.sink.apply(plan(scene, key, public=OUTSIDE))
    [note] = scene.tracker.issue(key).comments
    note.properties["jsm-sla-bot"] = {"markers": [REGISTERED, "R7:x"]}
    assert scene.sink.tidy(str(scene.tracker.issue(key).id)) == 1
    assert said(scene, key) == []


def test_a_site_that_shows_internal_notes_gets_no_more_of_either(
    scene: Scene, key: str
) -> None:
    """Once an internal note has gone public nobody is written to until a person has looked into it."""
    scene.tracker.switches.visible_notes = True
    with pytest.raises(NotesStoppedError):
        scene.sink.apply(plan(scene, key, note=INSIDE, public=OUTSIDE))
    assert said(scene, key) == []


def test_a_public_note_that_is_kept_internal_is_not_written_again(
    scene: Scene, key: str
) -> None:
    """Decision 0020: it counts as written, for written again it would be kept internal again."""
    receipt = scene.sink.apply(plan(scene, key, public=OUTSIDE))
    [note] = scene.tracker.issue(key).comments
    note.public = False
    looking = replace(OUTSIDE, look_first=True)
    again = scene.sink.apply(plan(scene, key, public=looking))
    assert again.notes == receipt.notes
    assert said(scene, key) == [(False, [REGISTERED, CALL])]
    assert scene.sink.tidy(str(scene.tracker.issue(key).id)) == 0


def test_a_refusal_of_one_note_does_not_keep_the_other(
    scene: Scene, key: str
) -> None:
    """What the site refuses is named, and the rest is written."""
    scene.trouble(POST_NOTE, "400", times=1)
    receipt = scene.sink.apply(plan(scene, key, note=INSIDE, public=OUTSIDE))
    assert said(scene, key) == [BOTH[1]]
    assert [one.partition(":")[0] for one in receipt.refused] == ["note"]
