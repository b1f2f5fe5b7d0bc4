"""The table of the bot's fields is complete, and everything else that names the fields follows it."""

from datetime import datetime

import pytest

from jsm_sla_bot.config.schema.jira import SlaFields
from jsm_sla_bot.plan.fields import (
    BY_NAME,
    FIELDS,
    FieldKind,
    OwnField,
    SlaField,
)
from tests.plan.jira import UNTOUCHED, passed, planned
from tests.sla.contract import answer, call, local, request

REPORT = "2026-03-02 09:00"
STORIES = {
    "running": request(REPORT),
    "called": request(REPORT, call("2026-03-02 09:10"), organizations=("11",)),
    "answered": request(REPORT, answer("2026-03-02 09:30")),
    "not entitled": request(REPORT, organizations=("15",)),
}


def test_every_field_has_one_row() -> None:
    """A field without a row would never be written."""
    assert [each.name for each in FIELDS] == list(SlaField)
    assert set(BY_NAME) == set(SlaField)


def test_the_shape_of_jira_yaml_has_the_fields_of_the_table() -> None:
    """A field that jira.yaml could not name could not be found on any site."""
    assert list(SlaFields.model_fields) == [each.name.value for each in FIELDS]


@pytest.mark.parametrize(
    "each", FIELDS, ids=[each.name.value for each in FIELDS]
)
@pytest.mark.parametrize("story", STORIES)
def test_a_field_holds_what_its_kind_says(each: OwnField, story: str) -> None:
    """An instant goes to a datetime field, words go to a text or a select."""
    shown = passed(STORIES[story], local("2026-03-02 10:00"))
    value = shown.fields[each.name]
    is_instant = isinstance(value, datetime)
    assert value is None or is_instant == (each.kind is FieldKind.INSTANT)


@pytest.mark.parametrize(
    "each", FIELDS, ids=[each.name.value for each in FIELDS]
)
def test_a_settled_request_keeps_every_field_by_its_ledger(
    each: OwnField,
) -> None:
    """D9: what the ledger keeps of the outcome is what the fields showed when it was settled."""
    shown = passed(STORIES["answered"], local("2026-03-02 10:00"))
    assert shown.ledger
    assert shown.ledger.first_response.settled
    assert (
        each.settled(shown.ledger.first_response.settled)
        == shown.fields[each.name]
    )


def test_every_instant_that_the_ledger_claims_may_come_back_rounded() -> None:
    """Both instants: the due time and that of the answer."""
    known = request("2026-03-02 09:00:29", answer("2026-03-02 09:30:45"))
    shown = passed(known, local("2026-03-02 10:00"), UNTOUCHED)
    assert shown.ledger
    for each in FIELDS:
        value = shown.fields[each.name]
        expected = value if each.kind is FieldKind.INSTANT else None
        assert each.written(shown.ledger.first_response) == expected
    assert not planned(known, local("2026-03-02 11:00"), shown)
