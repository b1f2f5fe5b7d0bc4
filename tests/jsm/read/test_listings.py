"""Requests with thousands of comments: what is new costs a call, and what was deleted is noticed."""

import pytest

from jsm_sla_bot.jsm.read.listings import LIFETIME, OVERLAP
from jsm_sla_bot.sla.request import Deed
from tests.jsm.scene import AGO, Scene

MANY = 490
LISTED = "GET /rest/api/3/issue/{}/comment"
AGENT = "Mia Lindqvist"


@pytest.fixture
def key(scene: Scene) -> str:
    """Raise a request with hundreds of comments, and read it once."""
    key = scene.tracker.raise_request(at=AGO[50])
    for number in range(MANY):
        scene.tracker.comment(key, f"word {number}", as_=AGENT, at=AGO[40])
    assert said(scene, key) == MANY
    scene.asked()
    return key


def said(scene: Scene, key: str) -> int:
    """Return how many public comments the history of the request has."""
    history = scene.one(key).snapshot.history
    return sum(each.what is Deed.PUBLIC_COMMENT for each in history)


def calls(scene: Scene) -> int:
    """Return how often comments were asked for since the last time."""
    return scene.asked().count(LISTED)


def test_a_new_comment_costs_one_call(scene: Scene, key: str) -> None:
    """However many there are, one more is found with one call, each time."""
    for number in range(3):
        scene.tracker.comment(key, "one more", as_=AGENT)
        assert said(scene, key) == MANY + number + 1
        assert calls(scene) == 1


def test_many_new_comments_cost_a_call_a_page(scene: Scene, key: str) -> None:
    """Two hundred new ones come in three pages."""
    for _ in range(200):
        scene.tracker.comment(key, "one more", as_=AGENT)
    assert said(scene, key) == MANY + 200
    assert calls(scene) == 3


@pytest.mark.parametrize(
    "at", [0, MANY // 2, MANY - 1], ids=["first", "middle", "last"]
)
def test_a_comment_that_was_deleted_is_forgotten(
    scene: Scene, key: str, at: int
) -> None:
    """Wherever it stood, and though another one came meanwhile."""
    del scene.tracker.issue(key).comments[at]
    scene.tracker.comment(key, "one more", as_=AGENT)
    assert said(scene, key) == MANY


def test_a_late_change_of_who_may_read_it_is_seen(
    scene: Scene, key: str
) -> None:
    """One of the last comments that became internal is internal in the history, with the same one call."""
    scene.tracker.issue(key).comments[MANY - OVERLAP + 1].public = False
    assert said(scene, key) == MANY - 1
    assert calls(scene) == 1


def test_all_are_listed_again_once_a_day(scene: Scene, key: str) -> None:
    """A change further up is seen within a day."""
    scene.tracker.issue(key).comments[0].public = False
    assert said(scene, key) == MANY
    scene.time.now += LIFETIME
    assert said(scene, key) == MANY - 1


def test_a_restart_lists_all(scene: Scene, key: str) -> None:
    """Nothing is kept beyond the process."""
    scene.tracker.issue(key).comments[0].public = False
    scene.source, scene.sink = scene.connected()
    assert said(scene, key) == MANY - 1
