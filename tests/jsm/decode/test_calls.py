from typing import Any

import pytest

from jsm_sla_bot.jsm.decode.request import Past, head, sighting
from jsm_sla_bot.sla.request import Deed, Role
from tests.jsm.wire import MIA, PROJECT, changed, issue, item, site, utc

REPORTED = utc("2026-03-06 21:10")
FIRST, SECOND = utc("2026-03-06 21:15"), utc("2026-03-06 21:20")
CALL, OTHER = "2026-03-06T22:12:00.000+0100", "2026-03-06T22:14:00+0100"
TIME = ("customfield_10003", "Customer called at")
TICK = ("customfield_10020", "Phoned")


def log(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a changelog with one change at each of two instants."""
    return [
        changed(n, at, each)
        for n, (at, each) in enumerate(
            zip((FIRST, SECOND), changes, strict=False), 1
        )
    ]


def calls(
    shown: dict[str, Any], changes: list[dict[str, Any]], **desk: Any
) -> list[tuple[Any, ...]]:
    """Return the calls as (when set, before, after)."""
    iso = [
        {**each, "created": each["created"].isoformat()} for each in changes
    ]
    found = sighting(head(shown), Past(iso), site(**desk), PROJECT)
    return [
        (e.at, e.before, e.after)
        for e in found.snapshot.history
        if e.what is Deed.CALLED
    ]


def set_time(before: str | None, after: str | None) -> dict[str, Any]:
    """Return a change of the datetime field."""
    return item(
        TIME[1],
        before,
        after,
        field_id=TIME[0],
        strings=("06/Mar/26 10:12 PM", "06/Mar/26 10:14 PM"),
    )


@pytest.mark.parametrize(
    ("value", "changes", "told"),
    [
        pytest.param(None, [], [], id="never called"),
        pytest.param(
            CALL,
            [],
            [(REPORTED, None, utc("2026-03-06 21:12"))],
            id="set at creation",
        ),
        pytest.param(
            CALL,
            log(set_time(None, CALL)),
            [(FIRST, None, utc("2026-03-06 21:12"))],
            id="set later",
        ),
        pytest.param(
            OTHER,
            log(set_time(CALL, OTHER)),
            [
                (REPORTED, None, utc("2026-03-06 21:12")),
                (FIRST, utc("2026-03-06 21:12"), utc("2026-03-06 21:14")),
            ],
            id="set at creation, corrected later",
        ),
        pytest.param(
            None,
            log(
                set_time(None, CALL),
                item(
                    TIME[1], CALL, None, field_id=TIME[0], strings=("x", None)
                ),
            ),
            [
                (FIRST, None, utc("2026-03-06 21:12")),
                (SECOND, utc("2026-03-06 21:12"), None),
            ],
            id="taken back",
        ),
        pytest.param(
            CALL,
            log(
                set_time(None, "06/Mar/26"), set_time("06/Mar/26", "06/Mar/26")
            ),
            [(SECOND, None, utc("2026-03-06 21:12"))],
            id="a history for people only: what the field shows now counts",
        ),
    ],
)
def test_a_field_with_the_instant(
    value: str | None, changes: list[Any], told: list[Any]
) -> None:
    """The instant in the field is the call; the entry says when it was written down (R3)."""
    assert calls(issue(customfield_10003=value), changes) == told


def ticked(before: str | None, after: str | None) -> dict[str, Any]:
    """Return a change of the checkbox."""
    return item(
        TICK[1], "[7]", "[8]", field_id=TICK[0], strings=(before, after)
    )


YES = [{"id": "8", "value": "Yes"}]


@pytest.mark.parametrize(
    ("value", "changes", "told"),
    [
        pytest.param(
            YES, [], [(REPORTED, None, REPORTED)], id="ticked at creation"
        ),
        pytest.param(
            YES,
            log(ticked(None, "Yes")),
            [(FIRST, None, FIRST)],
            id="ticked later",
        ),
        pytest.param(
            YES,
            log(ticked("No", "No,YES")),
            [(FIRST, None, FIRST)],
            id="one of several, without case",
        ),
        pytest.param(
            YES,
            log(ticked(None, "Yes"), ticked("Yes", "Yes, Other")),
            [(FIRST, None, FIRST)],
            id="still ticked",
        ),
        pytest.param(
            [],
            log(ticked(None, "Yes"), ticked("Yes", None)),
            [(FIRST, None, FIRST), (SECOND, FIRST, None)],
            id="unticked",
        ),
        pytest.param(
            [], log(ticked("Other", "No")), [], id="never the one that counts"
        ),
        pytest.param(
            [],
            log(ticked(None, "Yes")),
            [(FIRST, None, FIRST), (FIRST, FIRST, None)],
            id="the request has moved on",
        ),
    ],
)
def test_a_tick(value: list[Any], changes: list[Any], told: list[Any]) -> None:
    """A tick is a call from the moment it was set (R3)."""
    words = {"called_field": "Phoned", "called_values": frozenset({"yes"})}
    assert calls(issue(customfield_10020=value), changes, **words) == told


def test_a_tick_by_option_id() -> None:
    """An option may be named by its id, which outlives its text."""
    words = {"called_field": "Phoned", "called_values": frozenset({"8"})}
    found = calls(
        issue(customfield_10020=[{"id": "8", "value": "Ja"}]),
        log(ticked(None, "Renamed since")),
        **words,
    )
    assert found == [(FIRST, None, FIRST)]


def test_a_label() -> None:
    """A label is a call from the moment it was put on (R3)."""
    put_on = item("labels", None, None, strings=("vip", "vip Phoned"))
    words = {"called_field": None, "called_label": "phoned"}
    assert calls(issue(labels=["vip", "phoned"]), log(put_on), **words) == [
        (FIRST, None, FIRST)
    ]


def test_a_field_is_believed_before_a_label() -> None:
    """Where both tell of a call the instant in the field counts; an empty field leaves it to the label."""
    put_on = item("labels", None, None, strings=("", "phoned"))
    both = {"called_label": "phoned"}
    shown = issue(labels=["phoned"], customfield_10003=CALL)
    assert calls(shown, log(put_on), **both) == [
        (REPORTED, None, utc("2026-03-06 21:12"))
    ]
    assert calls(issue(labels=["phoned"]), log(put_on), **both) == [
        (FIRST, None, FIRST)
    ]


def test_who_wrote_the_call_down() -> None:
    """A call that was entered later is told with who entered it; one at creation is the customer's."""
    entry = changed(1, "2026-03-06T21:15:00Z", set_time(None, CALL))
    found = sighting(
        head(issue(customfield_10003=CALL)), Past([entry]), site(), PROJECT
    )
    [told] = [
        each for each in found.snapshot.history if each.what is Deed.CALLED
    ]
    assert (told.role, told.by) == (Role.AGENT, MIA)
