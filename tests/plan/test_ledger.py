"""The ledger on the request: what is written comes back the same, anything else is refused."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.plan.ledger import Corrected, Ledger, LedgerError, Promise, Settled

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
corrections = st.builds(Corrected, st.integers(1), st.dates(), st.integers(1, 2))
ledgers = st.builds(
    Ledger,
    promised=st.none() | promises,
    due=st.none() | instants,
    policy=texts,
    rungs=st.lists(texts, max_size=3).map(tuple),
    escalated=st.booleans(),
    notes=st.dictionaries(texts, texts, max_size=3),
    settled=st.none() | settlements,
    written=st.dictionaries(texts, texts, max_size=3),
    owes_priority=st.booleans(),
    corrected=st.dictionaries(texts, corrections, max_size=3),
)


@given(ledgers)
def test_a_ledger_comes_back_as_it_was_written(ledger: Ledger) -> None:
    """Through JSON text, as Jira keeps it, to the microsecond."""
    assert Ledger.from_json(json.loads(json.dumps(ledger.to_json()))) == ledger


@pytest.mark.parametrize("since", ["written", "owes_priority", "corrected"])
def test_a_ledger_of_an_earlier_version_of_the_bot_is_read(since: str) -> None:
    """Nothing is known of what it did not keep."""
    old = Ledger(policy="p1").to_json()
    del old[since]
    assert Ledger.from_json(old) == Ledger(policy="p1")


@given(instants, zones)
def test_instants_are_written_in_utc(instant: datetime, zone: Any) -> None:
    """Whatever zone they were told in."""
    assert Ledger(due=instant.astimezone(zone)).to_json()["due"] == instant.isoformat()


def test_written_notes_are_added() -> None:
    """The marker finds its comment; what was there stays."""
    ledger = Ledger(notes={"a": "1"})
    assert ledger.with_notes({"b": "2"}).notes == {"a": "1", "b": "2"}
    assert ledger.notes == {"a": "1"}


GOOD = Ledger(
    promised=Promise(datetime(2026, 3, 2, 16, tzinfo=UTC), "8 h", "Knowledge", 1, "p1"),
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
).to_json()
BROKEN: list[tuple[str, Any]] = [
    ("nothing", None),
    ("a text", "ledger"),
    ("a list", []),
    ("no version", {}),
    ("another version", {**GOOD, "version": 2}),
    ("a part missing", {key: value for key, value in GOOD.items() if key != "rungs"}),
    ("a due time that is none", {**GOOD, "due": "soon"}),
    ("a due time without a zone", {**GOOD, "due": "2026-03-02T16:00:00"}),
    ("a due time as number", {**GOOD, "due": 5}),
    (
        "a due time before the first year",
        {**GOOD, "due": "0001-01-01T00:00:00+14:00"},
    ),
    ("a due time in the last year", {**GOOD, "due": "9999-12-31T23:59:59-14:00"}),
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
            "corrected": {"a": {"number": 10**400, "day": "2026-03-02", "of_day": 1}},
        },
    ),
    (
        "a correction counted by yes",
        {
            **GOOD,
            "corrected": {"a": {"number": True, "day": "2026-03-02", "of_day": 1}},
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
            "corrected": {"support_tier": {"number": 1, "day": "today", "of_day": 1}},
        },
    ),
    ("a promise without its due time", {**GOOD, "promised": {}}),
    (
        "a promise due at no zone",
        {**GOOD, "promised": {**GOOD["promised"], "due": "2026-03-02T16:00:00"}},
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


@pytest.mark.parametrize(
    "value", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_anything_else_is_refused_by_name(value: object) -> None:
    """A property that somebody else wrote, or broke, is no ledger; nothing is read from half of it, nothing quoted."""
    with pytest.raises(LedgerError, match="ledger") as refusal:
        Ledger.from_json(value)
    assert len(str(refusal.value)) < 100
