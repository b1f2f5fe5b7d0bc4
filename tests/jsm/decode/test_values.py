from typing import Any

import pytest

from jsm_sla_bot.jsm.decode import adf
from jsm_sla_bot.jsm.decode.field_kinds import Kind
from jsm_sla_bot.jsm.decode.fields import SiteField
from jsm_sla_bot.jsm.decode.values import LONGEST_TEXT, body, written
from jsm_sla_bot.plan.blocks import Mention, Paragraph, Table
from jsm_sla_bot.plan.change import FieldChange, Plan, PriorityChange
from jsm_sla_bot.plan.fields import FieldValue, SlaField
from tests.jsm.wire import site, utc


@pytest.mark.parametrize(
    ("kind", "value", "wire"),
    [
        pytest.param(Kind.CHOICE, "Expert", {"value": "Expert"}, id="select"),
        pytest.param(
            Kind.DATETIME,
            utc("2026-03-06 23:20:00.123"),
            "2026-03-06T23:20:00.123+0000",
            id="datetime",
        ),
        pytest.param(Kind.TEXT, "2 h", "2 h", id="text"),
        pytest.param(
            Kind.TEXT,
            "x" * 300,
            "x" * (LONGEST_TEXT - 1) + "…",
            id="text cut to what Jira takes",
        ),
        pytest.param(
            Kind.RICH, "a\nb", adf.document(["a", "b"]), id="paragraph"
        ),
        pytest.param(Kind.CHOICE, None, None, id="cleared"),
        pytest.param(Kind.TEXT, "", None, id="an empty text is none"),
    ],
)
def test_values_by_type(kind: Kind, value: FieldValue, wire: Any) -> None:
    """Each type of field is written in its own form."""
    assert written(SiteField("customfield_1", "x", kind), value) == wire


def test_only_what_differs_is_written() -> None:
    """The body has the changes of the plan and the priority, by id; what the site lacks is left out."""
    due = FieldChange(SlaField.RESPONSE_DUE, None, utc("2026-03-06 23:20"))
    lacking = FieldChange(
        SlaField.ACKNOWLEDGED_AT, None, utc("2026-03-06 23:20")
    )
    plan = Plan(
        "1", "SUP-1", fields=(due, lacking), priority=PriorityChange("3", "1")
    )
    assert body(plan, site().fields) == {
        "customfield_10009": "2026-03-06T23:20:00.000+0000",
        "priority": {"id": "1"},
    }


def test_documents_are_read_as_they_were_written() -> None:
    """Text that goes into a paragraph field comes back as the same text."""
    assert (
        adf.plain(adf.document(["one", "two\nthree", " "]))
        == "one\ntwo\nthree"
    )
    assert adf.plain("plain ") == "plain"
    assert adf.plain(None) is None


def test_a_document_has_no_empty_text() -> None:
    """Jira refuses text nodes without text."""
    [paragraph] = adf.document(["a\n\nb"])["content"]
    assert [each.get("text") for each in paragraph["content"]] == [
        "a",
        None,
        None,
        "b",
    ]


def test_an_indented_paragraph_is_a_block_of_code() -> None:
    """Lines to be copied keep their indentation, and read back as they are."""
    lines = "  - id: 99\n    tier: Knowledge"
    made = adf.document(["Add these lines:", lines])
    assert [block["type"] for block in made["content"]] == [
        "paragraph",
        "codeBlock",
    ]
    assert made["content"][1]["content"] == [{"type": "text", "text": lines}]
    assert adf.plain(made) == f"Add these lines:\n{lines}"


def test_a_mention_notifies_and_is_read_by_name() -> None:
    """Jira notifies the account; people, and whoever can't look it up, read the name, or the account without one."""
    known = Mention("5b10ac8d", "Mia Krystof")
    nameless = Mention("712020:aa")
    said = Paragraph((known, " and ", nameless, " shall know.\nNow."))
    made = adf.document([said])
    [paragraph] = made["content"]
    assert paragraph["content"][0] == {
        "type": "mention",
        "attrs": {"id": "5b10ac8d", "text": "@Mia Krystof"},
    }
    assert paragraph["content"][2]["attrs"]["text"] == "@712020:aa"
    told = "@Mia Krystof and @712020:aa shall know.\nNow."
    assert adf.plain(made) == said.text == told


def test_a_paragraph_without_words_is_left_out() -> None:
    """Of spans without text nothing is written, and none of them becomes a node."""
    blank = Paragraph(("", " "))
    made = adf.document([blank, Paragraph(("", "Now."))])
    assert made["content"] == [
        {"type": "paragraph", "content": [{"type": "text", "text": "Now."}]}
    ]


def test_a_table_has_a_head_and_rows() -> None:
    """Each cell is a paragraph; an empty one has no text node, which Jira would refuse."""
    made = adf.document([Table(("from", "counted"), (("Mon 09:00", ""),))])
    [table] = made["content"]
    head, row = table["content"]
    assert [cell["type"] for cell in head["content"]] == ["tableHeader"] * 2
    assert [cell["type"] for cell in row["content"]] == ["tableCell"] * 2
    assert row["content"][0]["content"] == [
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": "Mon 09:00"}],
        }
    ]
    assert row["content"][1]["content"] == [
        {"type": "paragraph", "content": []}
    ]
    assert adf.plain(made) == "from\ncounted\nMon 09:00"
