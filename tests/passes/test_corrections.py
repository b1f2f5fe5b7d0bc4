"""People win: fields changed by hand are corrected with a note, and not for ever."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from jsm_sla_bot.daemon.standing import standing
from tests.scenarios.world import World

AGENT = "Mia Lindqvist"


def by_hand(
    desk: World, key: str, value: Any, field: str = "Response SLA"
) -> None:
    """Let an agent set a field of the bot's."""
    desk.wait(minutes=1)
    desk.tracker.set_field(key, field, value, as_=AGENT)
    desk.wait(minutes=1)


def test_a_change_by_hand_is_put_right_with_a_word(desk: World) -> None:
    """The next pass writes the field again, and one internal note says where to change it properly."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        by_hand(desk, key, "Met")
        made.reconciler.changed()
        assert desk.shows(key, "Response SLA") == "Running"
        desk.wait(minutes=1)
        made.reconciler.changed()
        assert made.reconciler.sweep().writes == 0
    assert ["changed by hand" in note for note in desk.notes(key)] == [True]
    assert desk.public_notes() == []


OTHERS: list[tuple[str, Any]] = [
    ("Support tier", "Expert"),
    ("Response due", "2026-03-20T10:00:00.000+0000"),
    ("Response target", "1 h, round the clock"),
    ("SLA basis", "because I say so"),
    ("Acknowledged at", "2026-03-02T10:00:00.000+0000"),
    ("Response SLA", None),
    ("Response due", None),
]


@pytest.mark.parametrize(
    ("field", "value"),
    OTHERS,
    ids=[f"{name}: {value}" for name, value in OTHERS],
)
def test_every_field_of_the_bots_is_put_right(
    desk: World, field: str, value: Any
) -> None:
    """Also one that was cleared, and also by a bot that has lost its journal."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    desk.sweep()
    before = desk.shows(key, field)
    by_hand(desk, key, value, field)
    assert desk.shows(key, field) != before
    (desk.folder / "journal.db").unlink()
    assert desk.sweep().writes == 2
    assert desk.shows(key, field) == before
    assert [field in note for note in desk.notes(key)] == [True]
    assert desk.sweep().writes == 0


def test_a_field_that_nobody_has_written_yet_is_no_change_by_hand(
    desk: World,
) -> None:
    """A field that the site refused at first is written as soon as it can be, without a word; `status` says why not."""
    due = desk.tracker.site.field_id("Response due")
    desk.tracker.site.off_screen.add(due)
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        for _ in range(3):
            desk.wait(minutes=10)
            desk.tracker.set_field(key, "labels", [], as_=AGENT)
            made.reconciler.changed()
        assert (
            desk.shows(key, "Response SLA"),
            desk.shows(key, "Response due"),
        ) == (
            "Running",
            None,
        )
        told = standing(made.journal, desk.hands.now()).left_alone
        assert [
            (one.key, "Jira refuses Response due" in one.because)
            for one in told
        ] == [(key, True)]
        desk.tracker.site.off_screen.clear()
        made.reconciler.sweep()
        assert isinstance(desk.shows(key, "Response due"), datetime)
        assert standing(made.journal, desk.hands.now()).left_alone == []
    assert desk.notes(key) == []


def test_a_field_made_anew_is_filled_without_a_word(desk: World) -> None:
    """An administrator's new field is empty on every request: nobody has changed it by hand."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(3)
    ]
    desk.sweep()
    site = desk.tracker.site
    old = site.field("Support tier")
    assert old
    site.fields.append(replace(old, id="customfield_19001"))
    site.replace_field(old, name="Support tier (old)")
    desk.sweep()
    assert [desk.shows(key, "Support tier") for key in keys] == [
        "Knowledge"
    ] * 3
    assert [desk.notes(key) for key in keys] == [[]] * 3


@pytest.mark.parametrize("what", ["renamed", "emptied"])
def test_what_changes_on_many_requests_at_once_is_no_change_by_hand(
    desk: World, what: str
) -> None:
    """An option that an administrator has renamed, a field that was emptied: one word to ops, none on each request."""
    keys = [
        desk.tracker.raise_request(organization=12, severity=3)
        for _ in range(15)
    ]
    with desk.bot() as made:
        made.reporting.begin()
        made.reported(made.reconciler.sweep())
        desk.wait(minutes=1)
        for key in keys:
            desk.tracker.set_field(
                key,
                "Response SLA",
                "Met" if what == "renamed" else None,
                as_=AGENT,
            )
        desk.wait(minutes=1)
        assert made.reconciler.changed().writes == 15
        assert [desk.shows(key, "Response SLA") for key in keys] == [
            "Running"
        ] * 15
        assert [desk.notes(key) for key in keys] == [[]] * 15
        assert (
            "on 15 requests at once response_sla"
            in made.health.problems()["fields"]
        )
        made.reconciler.sweep()
        assert "fields" not in made.health.problems()


def test_who_insists_is_left_alone_for_the_day(desk: World) -> None:
    """After two corrections in a day the field stays as the agent wants it; the day after it is corrected again."""
    key = desk.tracker.raise_request(organization=12, severity=4)
    with desk.bot() as made:
        made.reconciler.sweep()
        for _ in range(2):
            by_hand(desk, key, "Met")
            made.reconciler.changed()
            assert desk.shows(key, "Response SLA") == "Running"
        by_hand(desk, key, "Met")
        for run in (made.reconciler.changed, made.reconciler.sweep):
            assert run().writes == 0
            desk.wait(minutes=1)
        assert desk.shows(key, "Response SLA") == "Met"
        left = standing(made.journal, desk.hands.now()).left_alone
        assert [
            (one.key, "people insist on Response SLA" in one.because)
            for one in left
        ] == [(key, True)]
        desk.wait(days=1)
        made.reconciler.sweep()
        assert standing(made.journal, desk.hands.now()).left_alone == []
    assert desk.shows(key, "Response SLA") == "Running"
    assert len(desk.notes(key)) == 3


def test_who_insists_on_one_field_is_still_told_of_another(
    desk: World,
) -> None:
    """Corrections count field by field: a first slip in another field is corrected on the same day, with its note."""
    key = desk.tracker.raise_request(organization=12, severity=4)
    with desk.bot() as made:
        made.reconciler.sweep()
        for field, value in (
            ("Response SLA", "Met"),
            ("Response SLA", "Met"),
            ("Support tier", "Expert"),
        ):
            by_hand(desk, key, value, field)
            made.reconciler.changed()
        by_hand(desk, key, "Met")
        made.reconciler.changed()
    assert (
        desk.shows(key, "Support tier"),
        desk.shows(key, "Response SLA"),
    ) == (
        "Knowledge",
        "Met",
    )
    assert [note.split(":")[0] for note in desk.notes(key)] == [
        "Response SLA",
        "Response SLA",
        "Support tier",
    ]


def test_a_request_with_the_label_is_left_alone(desk: World) -> None:
    """The label takes a request out of everything, and back in when it is taken away."""
    key = desk.tracker.raise_request(
        organization=12, severity=1, product="Outscan NX"
    )
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.tracker.set_field(key, "labels", ["sla-bot-ignore"], as_=AGENT)
        desk.wait(days=3)
        made.reconciler.changed()
        assert made.reconciler.due().writes == 0
        assert desk.shows(key, "Response SLA") == "Running"
        desk.tracker.set_field(key, "labels", [], as_=AGENT)
        made.reconciler.changed()
    assert desk.shows(key, "Response SLA") == "Breached"


def test_an_answer_is_no_change_by_hand(desk: World) -> None:
    """What changes because the request has changed needs no word."""
    key = desk.tracker.raise_request(organization=12, severity=3)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.wait(minutes=1)
        desk.tracker.set_field(key, "Severity", 2, as_=AGENT)
        made.reconciler.changed()
        desk.wait(minutes=1)
        desk.tracker.comment(key, "On it.", as_=AGENT)
        made.reconciler.changed()
    assert desk.shows(key, "Response SLA") == "Met"
    assert desk.notes(key) == []
