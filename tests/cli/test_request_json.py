"""Lines of JSON become requests, or one sentence that names what was found where."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsm_sla_bot.cli import request_json
from jsm_sla_bot.cli.request_shape import SnapshotShape
from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import Deed, Phase, RequestSnapshot, Role, Status

STATUSES = {"In progress": Phase.ACKNOWLEDGED, "Resolved": Phase.CLOSED}
REPORTED = "2026-03-02T10:00:00+01:00"
AT = "2026-03-02T11:00:00+01:00"


def read(**given: Any) -> RequestSnapshot:
    """Read a line with these keys beside the two that every line has."""
    return request_json.snapshot(
        json.dumps({"key": "A-1", "reported": REPORTED, **given}), STATUSES
    )


def entry(what: str, **values: Any) -> dict[str, Any]:
    """Return a history entry by an agent."""
    return {"at": AT, "role": "agent", "what": what, **values}


def test_a_whole_line_is_read() -> None:
    """Every key of the shape lands in the request, instants in UTC, ids as texts."""
    request = read(
        severity="S2",
        organizations=[11, "12"],
        product="HIAB",
        request_type="Report a problem",
        channel="email",
        labels=["urgent"],
        status="in PROGRESS",
        history=[entry("severity", **{"from": 2, "to": 2}, by="mia")],
    )
    assert request.reported == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (request.severity, request.organizations, request.product) == (
        2,
        ("11", "12"),
        "HIAB",
    )
    assert request.status == Status("in PROGRESS", Phase.ACKNOWLEDGED)
    assert request.labels == frozenset({"urgent"})
    assert (request.history[0].role, request.history[0].by) == (
        Role.AGENT,
        "mia",
    )


@pytest.mark.parametrize(
    ("what", "given_value", "expected"),
    [
        ("severity", "S1", 1),
        ("severity", None, None),
        ("status", "Resolved", Status("Resolved", Phase.CLOSED)),
        (
            "status",
            {"name": "Erledigt", "phase": "closed"},
            Status("Erledigt", Phase.CLOSED),
        ),
        ("organizations", [12, "11"], ("12", "11")),
        ("labels", ["a", "b"], frozenset({"a", "b"})),
        ("product", "HIAB", "HIAB"),
        ("called", AT, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("called", True, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("called", None, None),
        ("public_comment", "ignored", None),
    ],
)
def test_each_deed_carries_its_kind_of_value(
    what: str, given_value: object, expected: object
) -> None:
    """The value after a deed is read as its kind asks for."""
    assert (
        read(history=[entry(what, to=given_value)]).history[0].after
        == expected
    )


def test_a_call_without_a_value_happened_when_it_was_entered() -> None:
    """An entry that only says that there was a call gives its own instant."""
    assert read(history=[entry("called")]).history[0].after == datetime(
        2026, 3, 2, 10, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("severity", "present"),
    [(3, 1), (1, 1), (2, 2)],
    ids=["as at the report", "as it stands", "neither"],
)
def test_a_value_may_be_given_as_at_the_report_or_as_it_stands(
    severity: int, present: int
) -> None:
    """With an unbroken history from 3 to 1 both mean 1; a value that is neither stays as given."""
    assert (
        read(
            severity=severity,
            history=[entry("severity", **{"from": 3, "to": 1})],
        ).severity
        == present
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "not JSON"),
        ("[]", "the line"),
        ("{}", "key: Field required"),
        (
            '{"key": "A", "reported": "2026-03-02T10:00:00"}',
            "reported: Input should have timezone info",
        ),
        ('{"key": "A", "reported": "soon"}', "reported"),
        (
            f'{{"key": "A", "reported": "{REPORTED}", "severtiy": 1}}',
            "did you mean 'severity'?",
        ),
        (
            f'{{"key": "A", "reported": "{REPORTED}", "severity": "high"}}',
            "severity",
        ),
        (
            f'{{"key": "A", "reported": "{REPORTED}", "history": [{{"at": "{AT}"}}]}}',
            "history.0",
        ),
        (
            json.dumps(
                {
                    "key": "A",
                    "reported": REPORTED,
                    "history": [entry("called", to="noon")],
                }
            ),
            "history.0.to",
        ),
    ],
)
def test_what_cannot_be_read_is_named(line: str, said: str) -> None:
    """One sentence says which key is wrong and how."""
    with pytest.raises(RequestError, match=said.replace("?", r"\?")):
        request_json.snapshot(line, STATUSES)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        st.lists,
        max_leaves=5,
    )
)
def test_no_value_makes_more_than_a_named_error(value: object) -> None:
    """Whatever stands behind a key, reading ends in a request or in a RequestError."""
    for key in (*SnapshotShape.model_fields, "unknown"):
        history = [entry(str(deed), to=value) for deed in Deed]
        for given_keys in ({key: value}, {"history": history}):
            with suppress(RequestError):
                assert read(**given_keys).reported.utcoffset() == timedelta(0)


def test_the_schema_describes_every_key() -> None:
    """An editor that completes a line can say what each key is."""
    properties = request_json.json_schema()["properties"]
    assert set(properties) == set(SnapshotShape.model_fields)
    assert all(one.get("description") for one in properties.values())
