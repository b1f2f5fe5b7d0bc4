"""Histories as lines: what is written is read back as it was."""

import json
from dataclasses import replace
from datetime import date

import pytest

from jsm_sla_bot.cli import history_json
from jsm_sla_bot.plan.ledger import Ledger, MetricLedger, ToldEta
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.assessment import FIRST_RESPONSE
from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import Deed, Phase, Role, Status
from tests.sla.contract import entry, local, moved, request

WAITING = Status("Waiting for customer", Phase.ACKNOWLEDGED, is_waiting=True)
AT = "2026-03-02 10:00"
LABEL = frozenset({"b", "a"})
EVERYTHING = request(
    "2026-03-02 09:00",
    entry(AT, Deed.PUBLIC_COMMENT),
    entry(AT, Deed.PUBLIC_COMMENT, "reminder 1", role=Role.BOT),
    entry(AT, Deed.INTERNAL_NOTE, role=Role.AUTOMATION),
    entry(AT, Deed.SEVERITY, 1, 3),
    entry(AT, Deed.CALLED, local("2026-03-02 09:30")),
    entry("2026-03-02 10:01", Deed.CALLED, None, local("2026-03-02 09:30")),
    entry(AT, Deed.ORGANIZATIONS, ("12",), ("11", "13")),
    entry(AT, Deed.LABELS, LABEL, frozenset()),
    entry(AT, Deed.PRODUCT, "EASM", None, role=Role.CUSTOMER),
    entry(AT, Deed.ETA, date(2026, 3, 9), local("2026-03-08 12:00")),
    moved(AT, WAITING, role=Role.PROBABLE_AGENT),
    product="EASM",
    labels=LABEL,
    status=WAITING,
    eta=date(2026, 3, 9),
    request_type="Report a problem",
    channel="portal",
    organization_names=(("12", "Acme Industries"),),
    reporter="anna",
    reporter_name="Anna",
)
LEDGER = Ledger(
    metrics={FIRST_RESPONSE: MetricLedger(due=local(AT), policy="p1")},
    etas=(ToldEta("2026-03-09", local(AT)),),
)


@pytest.mark.parametrize("ledger", [None, LEDGER])
def test_what_is_written_is_read_back(ledger: Ledger | None) -> None:
    """Every kind of entry and value, the names of people and organizations, the ledger."""
    history = tuple(
        replace(each, name="Mia Lindqvist") for each in EVERYTHING.history
    )
    record = Record(replace(EVERYTHING, history=history), ledger)
    text = json.dumps(history_json.as_json(record, local(AT)))
    assert history_json.line(text, {}) == history_json.Line(record, local(AT))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ('{"version": 1, "request": {"key": "A-1"}}', "request.reported"),
        ('{"version": 3, "request": {}}', "version"),
        (
            '{"version": 1, "request": {"key": "A-1", "reported": "2026-03-02T08:00Z"}, "ledger": {"version": 2}}',
            "ledger",
        ),
        (
            '{"version": 1, "request": {"key": "A-1", "reported": "2026-03-02T08:00Z"}, "x": 1}',
            "unknown key",
        ),
    ],
)
def test_a_line_that_is_none_says_what_is_wrong(text: str, says: str) -> None:
    """With the place in it."""
    with pytest.raises(RequestError, match=says):
        history_json.line(text, {})
