from typing import Any

import pytest

from jsm_sla_bot.jsm.decode.field_kinds import Kind
from jsm_sla_bot.jsm.decode.fields import resolve
from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.plan.fields import SlaField
from tests.jsm.wire import CUSTOM, desk, field, fields


def test_fields_are_found_by_name_id_and_type() -> None:
    """Names are compared without case, ids exactly, and translated service desk fields by their type."""
    found = resolve(
        fields(),
        desk(severity_field="sEVERITY", product_field="customfield_10002"),
    )
    assert found.severity.id == "customfield_10001"
    assert found.product
    assert found.product.id == "customfield_10002"
    assert found.organizations.id == "customfield_10004"
    assert found.participants
    assert found.participants.id == "customfield_10006"
    assert found.outputs[SlaField.RESPONSE_DUE].kind is Kind.DATETIME


def test_history_is_asked_for_in_ten_fields_at_most() -> None:
    """Jira takes no more than ten fields in a bulk changelog call."""
    followed = resolve(fields(), desk()).to_follow()
    assert followed[:2] == ["status", "labels"]
    assert len(followed) == len(set(followed)) <= 10


def test_of_two_fields_of_one_name_the_fitting_one_is_taken() -> None:
    """A text field that happens to be called like the due date is no due date."""
    twin = field(20009, "Response due", f"{CUSTOM}textfield")
    assert (
        resolve([twin, *fields()], desk()).outputs[SlaField.RESPONSE_DUE].id
        == "customfield_10009"
    )


def test_a_field_of_one_team_managed_project_gives_way() -> None:
    """A project-scoped duplicate does not stand in for the site's field."""
    twin = field(
        20001, "Severity", f"{CUSTOM}select", scope={"type": "PROJECT"}
    )
    assert (
        resolve([twin, *fields()], desk()).severity.id == "customfield_10001"
    )


def test_two_fitting_fields_of_one_name_are_a_question() -> None:
    """Which of two equal fields is meant is asked, with both ids."""
    twin = field(20001, "Severity", f"{CUSTOM}select")
    with pytest.raises(
        TerminalError,
        match=r"customfield_20001, customfield_10001|customfield_10001.*20001",
    ):
        resolve([twin, *fields()], desk())


def test_a_missing_output_is_left_out_with_a_warning() -> None:
    """The bot writes the fields that exist and tells which it could not find."""
    wanted = {
        SlaField.SUPPORT_TIER: "Support teir",
        SlaField.RESPONSE_DUE: "Response due",
    }
    found = resolve(fields(), desk(sla_fields=wanted))
    assert set(found.outputs) == {SlaField.RESPONSE_DUE}
    assert found.warnings == (
        "sla_fields.support_tier: no field 'Support teir' on this site, did you mean 'Support tier'?",
    )


@pytest.mark.parametrize(
    ("changes", "complaints"),
    [
        pytest.param(
            {"severity_field": "Severety"},
            ["did you mean 'Severity'?"],
            id="a typo",
        ),
        pytest.param(
            {"severity_field": "Nope", "product_field": "Neither"},
            [
                "fields.severity: no field 'Nope'",
                "fields.product: no field 'Neither'",
            ],
            id="all problems at once",
        ),
        pytest.param(
            {"called_field": "Created"}, [], id="a system datetime will do"
        ),
        pytest.param(
            {"called_field": "SLA basis"},
            ["customfield_10013 is paragraph"],
            id="the wrong type",
        ),
        pytest.param(
            {"called_field": "Phoned"},
            ["called.values must say"],
            id="a checkbox without its meaning",
        ),
        pytest.param(
            {"sla_fields": {SlaField.SUPPORT_TIER: "x"}},
            ["none of the fields"],
            id="nothing to write",
        ),
    ],
)
def test_what_does_not_fit_is_told(
    changes: dict[str, Any], complaints: list[str]
) -> None:
    """A desk that does not fit the site is a terminal error which names every problem."""
    if not complaints:
        resolve(fields(), desk(**changes))
        return
    with pytest.raises(TerminalError) as refusal:
        resolve(fields(), desk(**changes))
    assert all(complaint in str(refusal.value) for complaint in complaints)


@pytest.mark.parametrize(
    "answer", [None, [], {}, [None, {"id": None}], "x"], ids=str
)
def test_an_answer_without_fields_is_a_terminal_error(answer: Any) -> None:
    """Whatever `GET field` answers, the outcome is named."""
    with pytest.raises(TerminalError):
        resolve(answer, desk())
