"""What the site refuses costs an attempt at each look and no write, and is made up for as soon as it is taken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from jsm_sandbox.state.json_types import as_object
from jsm_sla_bot.daemon.standing import standing
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"
POST_NOTE = "POST .*/comment$"
REFUSALS = pytest.mark.parametrize("refusal", ["403", "400"])
BUMPS = pytest.mark.parametrize(
    "bumps",
    [False, True],
    ids=["a property moves nothing", "a property moves updated"],
)


def switch(desk: World, **switches: object) -> None:
    """Turn the sandbox's switches."""
    desk.client.put("/_sandbox/switches", json=switches).raise_for_status()


def writes(desk: World) -> list[str]:
    """Return the methods of the calls that would write to a request, and start a new log."""
    found = [(str(call["method"]), str(call["path"])) for call in desk.calls()]
    desk.forget_calls()
    ends = ("/comment", "/transitions")
    return [
        method
        for method, path in found
        if method == "PUT" or (method == "POST" and path.endswith(ends))
    ]


def left(desk: World, made: Any) -> Sequence[str]:
    """Return what `status` says is left as it is, and why."""
    return [
        one.because
        for one in standing(made.journal, desk.hands.now()).left_alone
    ]


def phoned(desk: World) -> str:
    """Raise a request that is due in two hours."""
    now = desk.hands.now().isoformat()
    return desk.tracker.raise_request(
        organization=11, severity=1, product="Outscan NX", called_at=now
    )


def taken_back(desk: World, key: str) -> None:
    """Let an agent take an escalated request back to where it could be escalated from."""
    for status in ("Waiting for customer", "Waiting for support"):
        desk.tracker.transition(key, status, as_=AGENT)


@BUMPS
def test_a_field_off_the_screen_writes_nothing_at_a_second_look(
    desk: World, *, bumps: bool
) -> None:
    """One refused PUT a look, and the bot does not keep itself awake with it."""
    switch(desk, bump_on_property=bumps)
    desk.tracker.site.off_screen.add(
        desk.tracker.site.field_id("Response due")
    )
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.wait(minutes=1)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=1)
        made.reconciler.changed()
        writes(desk)
        for look, calls in (
            (made.reconciler.changed, []),
            (made.reconciler.sweep, ["PUT"]),
        ):
            desk.wait(minutes=1)
            assert look().writes == 0
            assert writes(desk) == calls
        assert ["Response due" in why for why in left(desk, made)] == [True]
        desk.tracker.site.off_screen.clear()
        assert made.reconciler.sweep().writes == 1
    assert isinstance(desk.shows(key, "Response due"), datetime)


@BUMPS
@REFUSALS
def test_a_refused_note_writes_nothing_at_a_second_look(
    desk: World, refusal: str, *, bumps: bool
) -> None:
    """It is tried again at each look, and posted once when comments are taken again."""
    switch(desk, bump_on_property=bumps)
    desk.goes_wrong(POST_NOTE, refusal, times=0)
    key = desk.tracker.raise_request(organization=12, severity=None)
    desk.wait(minutes=1)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=1)
        made.reconciler.changed()
        writes(desk)
        for look, calls in (
            (made.reconciler.changed, []),
            (made.reconciler.sweep, ["POST"]),
        ):
            desk.wait(minutes=1)
            assert look().writes == 0
            assert writes(desk) == calls
        desk.goes_well()
        for _ in range(2):
            made.reconciler.sweep()
    assert len(desk.notes(key)) == 1


@REFUSALS
def test_a_refused_note_on_a_breach_comes_later(
    desk: World, refusal: str
) -> None:
    """The rung is confirmed with its note; the escalation has been made meanwhile, and is not made again."""
    key = phoned(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.goes_wrong(POST_NOTE, refusal, times=0)
        desk.wait(hours=2, minutes=1)
        made.reconciler.due()
        assert (
            desk.shows(key, "Response SLA"),
            desk.request(key)["status"],
        ) == (
            "Breached",
            "Escalated",
        )
        assert ["note" in why for why in left(desk, made)] == [True]
        taken_back(desk, key)
        desk.tracker.set_field(key, "Priority", "P3 Normal", as_=AGENT)
        desk.goes_well()
        for _ in range(3):
            desk.wait(hours=12)
            made.reconciler.sweep()
        assert left(desk, made) == []
    assert ["Breached: " in note for note in desk.notes(key)] == [True]
    assert (desk.request(key)["status"], desk.shows(key, "Priority")) == (
        "Waiting for support",
        "P3 Normal",
    )


def test_a_refused_priority_is_raised_as_soon_as_it_can_be(
    desk: World,
) -> None:
    """`status` says why it is not, the transition is made once, and a person who lowers it later wins."""
    key = phoned(desk)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.tracker.site.off_screen.add("priority")
        desk.wait(hours=2, minutes=1)
        made.reconciler.due()
        taken_back(desk, key)
        for look in (made.reconciler.changed, made.reconciler.sweep):
            desk.wait(minutes=1)
            assert look().writes == 0
            assert ["priority" in why for why in left(desk, made)] == [True]
        desk.tracker.site.off_screen.clear()
        desk.wait(hours=1)
        made.reconciler.sweep()
        assert desk.shows(key, "Priority") == "P1 Urgent"
        desk.tracker.set_field(key, "Priority", "P3 Normal", as_=AGENT)
        made.reconciler.sweep()
        assert left(desk, made) == []
    assert (desk.request(key)["status"], desk.shows(key, "Priority")) == (
        "Waiting for support",
        "P3 Normal",
    )


def test_a_refused_priority_is_owed_no_more_once_answered(desk: World) -> None:
    """What is answered late is told in the fields."""
    key = phoned(desk)
    with desk.bot() as made:
        desk.tracker.site.off_screen.add("priority")
        made.reconciler.sweep()
        desk.wait(hours=2, minutes=1)
        made.reconciler.due()
        desk.tracker.comment(key, "On it.", as_=AGENT)
        desk.tracker.site.off_screen.clear()
        for _ in range(2):
            desk.wait(minutes=1)
            made.reconciler.sweep()
    assert (desk.shows(key, "Response SLA"), desk.shows(key, "Priority")) == (
        "Met late",
        "P3 Normal",
    )


@pytest.mark.parametrize("trouble", ["403", "400", "public"])
def test_who_insists_wins_also_where_no_notes_are_taken(
    desk: World, trouble: str
) -> None:
    """Two corrections a day, counted without their notes."""
    key = desk.tracker.raise_request(organization=12, severity=4)
    with desk.bot() as made:
        made.reconciler.sweep()
        if trouble == "public":
            switch(desk, visible_notes=True)
        else:
            desk.goes_wrong(POST_NOTE, trouble, times=0)
        shown = []
        for _ in range(4):
            desk.wait(minutes=40)
            desk.tracker.set_field(key, "Response SLA", "Met", as_=AGENT)
            desk.wait(minutes=1)
            made.reconciler.changed()
            made.reconciler.due()
            shown.append(desk.shows(key, "Response SLA"))
        assert [
            "people insist on Response SLA" in why for why in left(desk, made)
        ] == [True]
    assert shown == ["Running", "Running", "Met", "Met"]
    assert desk.notes(key) == []


def renamed(desk: World, key: str, old: str, new: str) -> None:
    """Let an administrator rename an option of the field *Response SLA*: requests that carry it show the new name."""
    field = desk.tracker.site.field("Response SLA")
    assert field
    options = tuple(
        replace(each, value=new) if each.value == old else each
        for each in field.options
    )
    desk.tracker.site.replace_field(field, options=options)
    desk.tracker.issue(key).fields[field.id] = {
        **as_object(desk.tracker.issue(key).fields[field.id]),
        "value": new,
    }


def test_an_option_renamed_is_told_of_once_and_truly(desk: World) -> None:
    """It looks like a change by hand; the note does not say that the field was corrected, for it can't be."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        renamed(desk, key, "Running", "On time")
        made.reconciler.sweep()
        for _ in range(3):
            desk.wait(hours=1)
            assert made.reconciler.sweep().writes == 0
        assert ["Response SLA" in why for why in left(desk, made)] == [True]
    assert desk.shows(key, "Response SLA") == "On time"
    assert [
        note.startswith("Response SLA: changed by hand; it is set back to")
        for note in desk.notes(key)
    ] == [True]


def test_no_paragraph_stands_twice(desk: World) -> None:
    """A flag's note is posted and its PUT fails; two days later only the rung that is reached is still unsaid."""
    key = desk.tracker.raise_request(organization=19, severity=None)
    with desk.bot() as made:
        desk.goes_wrong(
            f"PUT .*/issue/{desk.request(key)['id']}$", "503", times=0
        )
        made.reconciler.sweep()
        desk.goes_well()
        desk.wait(days=2, hours=8)
        made.reconciler.sweep()
    flags, rung = desk.notes(key)
    assert "Set the severity: none is set" in flags
    assert rung.startswith("At risk: ")
    assert "Set the severity" not in rung


def test_no_correction_stands_twice(desk: World) -> None:
    """A correction's note is posted and its PUT fails; it is made up for on another day, with a rung beside it."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=1)
        desk.tracker.set_field(key, "Support tier", "Expert", as_=AGENT)
        desk.goes_wrong(
            f"PUT .*/issue/{desk.request(key)['id']}$", "503", times=0
        )
        made.reconciler.changed()
        desk.goes_well()
        desk.wait(days=2, hours=8)
        made.reconciler.sweep()
    assert desk.shows(key, "Support tier") == "Knowledge"
    assert ["changed by hand" in note for note in desk.notes(key)] == [
        True,
        False,
    ]


def test_an_agent_who_lowers_the_priority_is_left_alone_while_the_transition_fails(
    desk: World,
) -> None:
    """It was raised once; that the transition is still to come is no reason to raise it again."""
    key = desk.tracker.raise_request(organization=12, severity=1)
    desk.goes_wrong("GET .*/transitions", "503", times=0)
    desk.wait(hours=25)
    with desk.bot() as made:
        made.reconciler.sweep()
        highest = desk.shows(key, "Priority")
        desk.wait(minutes=1)
        desk.tracker.set_field(
            key, "priority", {"name": "P3 Normal"}, as_="Mia Lindqvist"
        )
        for _ in range(3):
            desk.wait(hours=1)
            made.reconciler.due()
            made.reconciler.sweep()
            assert desk.shows(key, "Priority") == "P3 Normal" != highest
        desk.goes_well()
        desk.wait(hours=1)
        made.reconciler.sweep()
    assert (desk.shows(key, "Status"), desk.shows(key, "Priority")) == (
        "Escalated",
        "P3 Normal",
    )
