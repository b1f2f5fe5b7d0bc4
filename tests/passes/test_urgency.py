"""What is written first: breaches and escalations, then what is at risk, then the rest."""

from datetime import timedelta

from tests.scenarios.world import World


def test_breaches_are_written_first(desk: World) -> None:
    """In one pass over a desk that nobody has looked after, with one worker, the late ones come before the others."""
    now = desk.hands.now()
    ages = [
        timedelta(0),
        timedelta(days=1, hours=0),
        timedelta(0),
        timedelta(days=20),
        timedelta(minutes=5),
    ]
    keys = [
        desk.tracker.raise_request(organization=12, severity=3, at=now - age)
        for age in ages
    ]
    ids = {str(desk.request(key)["id"]): key for key in keys}
    desk.forget_calls()
    with desk.bot(WORKERS="1") as made:
        made.reconciler.sweep()
    written = [
        ids[call["path"].rsplit("/", 1)[1]]
        for call in desk.calls()
        if call["method"] == "PUT"
    ]
    statuses = [desk.shows(key, "Response SLA") for key in written]
    assert sorted(written) == sorted(keys)
    assert statuses[0] == "Breached"
    assert "Breached" not in statuses[1:]
