"""What a review says of requests that were closed since their customer did not answer."""

from dataclasses import replace
from datetime import date

import pytest

from jsm_sla_bot.cli.review_csv import as_csv
from jsm_sla_bot.cli.review_html import Page, as_html
from jsm_sla_bot.cli.review_json import as_json
from jsm_sla_bot.review.dormant import dormant_closing
from jsm_sla_bot.review.period import Period
from jsm_sla_bot.review.review import Review, review
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role
from tests.sla.contract import OPEN, POLICY, RESOLVED, entry, local, request

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
MONDAY = "2026-03-02 09:00"


def said(
    at: str, step: str = "closing", role: Role = Role.BOT
) -> HistoryEntry:
    """Return a public note of R11."""
    return entry(at, Deed.PUBLIC_COMMENT, step, role=role)


def closed(at: str, role: Role = Role.BOT) -> HistoryEntry:
    """Return a transition to Resolved."""
    return entry(at, Deed.STATUS, RESOLVED, OPEN, role)


def reopened(at: str) -> HistoryEntry:
    """Return the customer's way back."""
    return entry(at, Deed.STATUS, OPEN, RESOLVED, Role.BOT)


FIRST = "2026-03-12 09:00"
SECOND = "2026-03-16 09:00"
THIRD = "2026-03-18 09:00"


@pytest.mark.parametrize(
    ("history", "at"),
    [
        pytest.param([], None, id="nothing was said"),
        pytest.param([said(FIRST)], None, id="said, and not closed yet"),
        pytest.param([said(FIRST), closed(FIRST)], FIRST, id="closed"),
        pytest.param([closed(FIRST)], None, id="closed without its note"),
        pytest.param(
            [said(FIRST, "reminder 1"), closed(SECOND)],
            None,
            id="only reminded",
        ),
        pytest.param(
            [said(FIRST), closed(SECOND, Role.AGENT)], None, id="by an agent"
        ),
        pytest.param(
            [said(FIRST, role=Role.AGENT), closed(SECOND)],
            None,
            id="an agent's words",
        ),
        pytest.param(
            [closed(FIRST), said(SECOND)], None, id="before its note"
        ),
        pytest.param(
            [said(FIRST), closed(FIRST), reopened(SECOND)],
            FIRST,
            id="open again",
        ),
        pytest.param(
            [
                said(FIRST),
                closed(FIRST),
                reopened(SECOND),
                said(THIRD),
                closed(THIRD),
            ],
            THIRD,
            id="closed twice",
        ),
    ],
)
def test_when_the_bot_closed_it_last(
    history: list[HistoryEntry], at: str | None
) -> None:
    """After it had said so, and by nobody else."""
    found = dormant_closing(request(MONDAY, *history))
    assert found == (local(at) if at else None)


def march() -> Review:
    """Return a review of one that stays closed, one that is open again, and one without."""
    ways = {
        "SUP-1": request(MONDAY, said(FIRST), closed(FIRST), status=RESOLVED),
        "SUP-2": request(MONDAY, said(FIRST), closed(FIRST), reopened(SECOND)),
        "SUP-3": request(MONDAY),
        "SUP-4": request(MONDAY, said("2026-03-20 13:00")),
    }
    records = [Record(replace(one, key=key)) for key, one in ways.items()]
    now = local("2026-03-20 12:00")
    return review(records, POLICY, POLICY.organizations["12"], MARCH, now)


def test_each_stands_in_the_list_with_its_instant() -> None:
    """As the review's instant has it; the page says which are open again."""
    plain = as_json(march())
    assert plain["closed_without_an_answer"] == ["SUP-1", "SUP-2"]
    closed_at = [
        each["closed_without_an_answer_at"] for each in plain["requests"]
    ]
    assert closed_at == ["2026-03-12T08:00:00Z"] * 2 + [None] * 2
    page = as_html(Page(march()))
    assert "2 of 4 requests were closed by the bot" in page
    assert page.count("open again") == 1
    lines = as_csv(march()).splitlines()
    assert lines[1].endswith(",2026-03-12T08:00:00Z")


def test_without_any_the_page_says_nothing_of_them() -> None:
    """Dormancy may be off."""
    asked = POLICY.organizations["12"]
    records = [Record(request(MONDAY))]
    now = local("2026-03-20 12:00")
    found = review(records, POLICY, asked, MARCH, now)
    assert "Closed without an answer" not in as_html(Page(found))
