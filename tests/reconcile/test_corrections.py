"""People win: fields changed by hand are put right with a word, and not for ever."""

from tests.scenarios.world import World

AGENT = "Mia Lindqvist"


def by_hand(desk: World, key: str, value: str) -> None:
    """Let an agent set the field *Response SLA*."""
    desk.wait(minutes=1)
    desk.tracker.set_field(key, "Response SLA", value, as_=AGENT)
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


def test_who_insists_is_left_alone_for_the_day(desk: World) -> None:
    """After two corrections in a day the field stays as the agent wants it; the day after it is put right again."""
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
        desk.wait(days=1)
        made.reconciler.sweep()
    assert desk.shows(key, "Response SLA") == "Running"
    assert len(desk.notes(key)) == 3


def test_a_request_with_the_label_is_left_alone(desk: World) -> None:
    """The label takes a request out of everything, and back in when it is taken away."""
    key = desk.tracker.raise_request(organization=12, severity=1, product="Outscan NX")
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
