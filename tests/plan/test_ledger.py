"""The ledger on the request: what is written comes back the same, anything else is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.plan.ledger import (
    Corrected,
    Ledger,
    MetricLedger,
    Promise,
    Settled,
    ToldEta,
)
from jsm_sla_bot.plan.ledger_json import FLAT, from_json, to_json
from jsm_sla_bot.plan.markers import eta_value
from jsm_sla_bot.plan.strict_json import LedgerError, NewerLedgerError
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE
from tests.plan.ledgers import flat, ledger_of, nested

Shape = Callable[[dict[str, Any]], dict[str, Any]]

zones = st.sampled_from(
    [UTC, ZoneInfo("Europe/Stockholm"), ZoneInfo("Australia/Lord_Howe")]
)
instants = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)
)
texts = st.text(max_size=20)
promises = st.builds(Promise, instants, texts, texts, st.integers(1, 4), texts)
settlements = st.builds(
    Settled,
    texts,
    texts,
    texts,
    texts,
    st.none() | instants,
    st.none() | instants,
    texts,
    instants,
)
corrections = st.builds(
    Corrected, st.integers(1), st.dates(), st.integers(1, 2)
)
kept = st.builds(
    MetricLedger,
    promised=st.none() | promises,
    due=st.none() | instants,
    policy=texts,
    rungs=st.lists(texts, max_size=3).map(tuple),
    escalated=st.booleans(),
    settled=st.none() | settlements,
    owes_priority=st.booleans(),
    raised=st.booleans(),
)
eta_values = (st.dates() | instants).map(eta_value)
wholes = st.builds(
    Ledger,
    notes=st.dictionaries(texts, texts, max_size=3),
    written=st.dictionaries(texts, texts, max_size=3),
    corrected=st.dictionaries(texts, corrections, max_size=3),
    request=texts,
    etas=st.lists(st.builds(ToldEta, eta_values, instants), max_size=3).map(
        tuple
    ),
)
ledgers = st.builds(
    Ledger.with_metrics, wholes, st.dictionaries(texts, kept, max_size=3)
)


@given(ledgers)
def test_a_ledger_comes_back_as_it_was_written(ledger: Ledger) -> None:
    """Through JSON text, as Jira keeps it, to the microsecond."""
    assert from_json(json.loads(json.dumps(to_json(ledger)))) == ledger


@given(wholes, kept)
def test_a_ledger_of_version_1_is_the_same_ledger(
    whole: Ledger, first: MetricLedger
) -> None:
    """It kept the first response at the top level: equal to ours, so that the version alone writes nothing."""
    ledger = whole.with_metric(FIRST_RESPONSE, first)
    old = flat(to_json(ledger))
    assert "metrics" not in old
    assert from_json(json.loads(json.dumps(old))) == ledger


def test_a_ledger_that_stood_on_a_desk_is_read() -> None:
    """Copied from a site that a bot of version 1 served: not made by what reads it."""
    found = from_json(
        {
            "version": 1,
            "request": "10007",
            "doubted": [],
            "promised": {
                "due": "2026-03-02T16:00:00+00:00",
                "target": "8 h, business hours",
                "tier": "Knowledge",
                "severity": 1,
                "policy": "p1",
            },
            "due": "2026-03-02T16:00:00+00:00",
            "policy": "p1",
            "rungs": ["at risk"],
            "escalated": False,
            "notes": {"R10:at risk:2026-03-02T16:00:00+00:00": "10100"},
            "settled": None,
            "written": {"response_due": "6b1f5ce6"},
            "owes_priority": False,
            "raised": False,
            "corrected": {
                "support_tier": {"number": 1, "day": "2026-03-02", "of_day": 1}
            },
        }
    )
    first = found.first_response
    assert list(found.metrics) == [FIRST_RESPONSE]
    assert first.due == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert (first.rungs, first.policy, first.escalated) == (
        ("at risk",),
        "p1",
        False,
    )
    assert first.promised
    assert (first.promised.tier, first.promised.severity) == ("Knowledge", 1)
    assert found.notes == {"R10:at risk:2026-03-02T16:00:00+00:00": "10100"}
    assert found.corrected["support_tier"].number == 1
    assert found.request == "10007"


@pytest.mark.parametrize(
    "since", ["written", "owes_priority", "corrected", "raised"]
)
@pytest.mark.parametrize(
    "shape", [flat, nested], ids=["version 1", "version 2"]
)
def test_a_ledger_of_an_earlier_version_of_the_bot_is_read(
    since: str, shape: Shape
) -> None:
    """Nothing is known of what it did not keep."""
    old = flat(to_json(ledger_of(policy="p1")))
    del old[since]
    value = shape(old) if shape is nested else old
    assert from_json(value) == ledger_of(policy="p1")


def test_a_metric_that_this_bot_does_not_know_is_kept() -> None:
    """A later bot may have measured more on this request: nothing of that is lost when we write."""
    value = to_json(ledger_of(policy="p1"))
    value["metrics"]["resolution"] = value["metrics"][FIRST_RESPONSE]
    ledger = from_json(value)
    assert (
        to_json(ledger.with_notes({"a": "1"}))["metrics"] == value["metrics"]
    )


@pytest.mark.parametrize("version", [3, 99, 10**30])
def test_a_ledger_of_a_newer_bot_is_refused_as_such(version: int) -> None:
    """It is neither ours to judge nor to replace: whoever reads the message knows what to do."""
    with pytest.raises(NewerLedgerError, match="update"):
        from_json({**to_json(Ledger()), "version": version})


@given(instants, zones)
def test_instants_are_written_in_utc(instant: datetime, zone: Any) -> None:
    """Whatever zone they were given in."""
    written = to_json(ledger_of(due=instant.astimezone(zone)))
    assert written["metrics"][FIRST_RESPONSE]["due"] == instant.isoformat()


def test_written_notes_are_added() -> None:
    """The marker finds its comment; what was there stays."""
    ledger = Ledger(notes={"a": "1"})
    assert ledger.with_notes({"b": "2"}).notes == {"a": "1", "b": "2"}
    assert ledger.notes == {"a": "1"}


GOOD = flat(
    to_json(
        ledger_of(
            promised=Promise(
                datetime(2026, 3, 2, 16, tzinfo=UTC),
                "8 h",
                "Knowledge",
                1,
                "p1",
            ),
            settled=Settled(
                "Met",
                "Expert",
                "2 h",
                "why",
                None,
                None,
                "p1",
                datetime(2026, 3, 2, 16, tzinfo=UTC),
            ),
        )
    )
)
BROKEN: list[tuple[str, Any]] = [
    ("nothing", None),
    ("a text", "ledger"),
    ("a list", []),
    ("no version", {}),
    ("another version", {**GOOD, "version": 3}),
    (
        "a part missing",
        {key: value for key, value in GOOD.items() if key != "rungs"},
    ),
    ("a due time that is none", {**GOOD, "due": "soon"}),
    ("a due time without a zone", {**GOOD, "due": "2026-03-02T16:00:00"}),
    ("a due time as number", {**GOOD, "due": 5}),
    (
        "a due time before the first year",
        {**GOOD, "due": "0001-01-01T00:00:00+14:00"},
    ),
    (
        "a due time in the last year",
        {**GOOD, "due": "9999-12-31T23:59:59-14:00"},
    ),
    ("a version before the first", {**GOOD, "version": 0}),
    ("a version that is a text", {**GOOD, "version": "1"}),
    ("a part of version 1 under version 2", {**GOOD, "version": 2}),
    ("metrics as list", {**nested(GOOD), "metrics": ["first_response"]}),
    (
        "a metric as text",
        {**nested(GOOD), "metrics": {"first_response": "Met"}},
    ),
    ("a metric without its parts", {**nested(GOOD), "metrics": {"x": {}}}),
    ("a version that is a yes", {**GOOD, "version": True}),
    ("escalated as text", {**GOOD, "escalated": "false"}),
    ("notes that are numbers", {**GOOD, "notes": {"a": 1}}),
    ("half a character", {**GOOD, "policy": "\ud800"}),
    ("a text without end", {**GOOD, "policy": "x" * 30_000}),
    ("a list in a text's place", {**GOOD, "policy": [[[["p"]]]]}),
    (
        "a correction beyond counting",
        {
            **GOOD,
            "corrected": {
                "a": {"number": 10**400, "day": "2026-03-02", "of_day": 1}
            },
        },
    ),
    (
        "a correction counted by yes",
        {
            **GOOD,
            "corrected": {
                "a": {"number": True, "day": "2026-03-02", "of_day": 1}
            },
        },
    ),
    ("notes as list", {**GOOD, "notes": ["a"]}),
    ("rungs as number", {**GOOD, "rungs": 5}),
    ("corrections as list", {**GOOD, "corrected": ["support_tier"]}),
    (
        "a correction without its day",
        {**GOOD, "corrected": {"support_tier": {"number": 1, "of_day": 1}}},
    ),
    (
        "a correction on no day",
        {
            **GOOD,
            "corrected": {
                "support_tier": {"number": 1, "day": "today", "of_day": 1}
            },
        },
    ),
    ("a promise without its due time", {**GOOD, "promised": {}}),
    (
        "a promise due at no zone",
        {
            **GOOD,
            "promised": {**GOOD["promised"], "due": "2026-03-02T16:00:00"},
        },
    ),
    (
        "a promise of no severity",
        {**GOOD, "promised": {**GOOD["promised"], "severity": None}},
    ),
    ("settled as text", {**GOOD, "settled": "Met"}),
    (
        "settled at no zone",
        {**GOOD, "settled": {**GOOD["settled"], "at": "2026-03-02T16:00:00"}},
    ),
]


def under_metrics(value: Any) -> Any:
    """Return a broken ledger of version 1 as the same one of version 2."""
    is_ledger = isinstance(value, dict) and value.get("version") is FLAT
    return nested(value) if is_ledger else value


@pytest.mark.parametrize(
    "value", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_anything_else_is_refused_by_name(value: object) -> None:
    """A property that somebody else wrote, or broke, is no ledger; nothing is read from half of it, nothing quoted."""
    for one in (value, under_metrics(value)):
        with pytest.raises(LedgerError, match="ledger") as refusal:
            from_json(one)
        assert len(str(refusal.value)) < 130


def test_etas_that_were_told_are_kept_once_each() -> None:
    """D21: the service review reads them; a ledger without any looks as it always did."""
    at = datetime(2026, 3, 5, 8, tzinfo=UTC)
    friday = ToldEta("2026-03-06", at)
    monday = ToldEta("2026-03-09T16:00:00+00:00", at)
    ledger = Ledger().with_etas([friday]).with_etas([friday, monday])
    assert ledger.etas == (friday, monday)
    assert to_json(ledger)["etas"][0] == {
        "value": "2026-03-06",
        "at": "2026-03-05T08:00:00+00:00",
    }
    assert "etas" not in to_json(Ledger())
    with pytest.raises(LedgerError):
        from_json({**to_json(ledger), "etas": [{"value": 3, "at": "soon"}]})


@pytest.mark.parametrize(
    "value", ["soon", "", "2026-02-30", "2026-03-09T16:00:00"]
)
def test_an_eta_that_no_bot_wrote_makes_no_ledger(value: str) -> None:
    """Else it would end a review of the whole organization."""
    told = {"value": value, "at": "2026-03-05T08:00:00+00:00"}
    with pytest.raises(LedgerError, match="no ETA"):
        from_json({**to_json(Ledger()), "etas": [told]})
