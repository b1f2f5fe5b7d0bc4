"""What a review says of the ETAs that customers read: figures, each the length of its list."""

from dataclasses import replace
from datetime import date

from jsm_sla_bot.cli.review_csv import as_csv
from jsm_sla_bot.cli.review_html import Page, as_html
from jsm_sla_bot.cli.review_json import as_json
from jsm_sla_bot.plan.ledger import Ledger, ToldEta
from jsm_sla_bot.review.period import Period
from jsm_sla_bot.review.review import Review, review
from jsm_sla_bot.review.row import Record
from tests.sla.contract import POLICY, local, request

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def told(key: str, *etas: str, organization: str = "11") -> Record:
    """Return an open request whose customer read these ETAs."""
    raised = request("2026-03-02 09:00", organizations=(organization,))
    at = local("2026-03-03 10:00")
    ledger = Ledger(etas=tuple(ToldEta(one, at) for one in etas))
    return Record(replace(raised, key=key), ledger)


def march() -> Review:
    """Return a review of an ETA that slipped, one that lies ahead, and a request without one."""
    return reviewed(
        "11",
        told("SUP-1", "2026-03-10"),
        told("SUP-2", "2026-03-25"),
        told("SUP-3"),
    )


def reviewed(organization: str, *records: Record) -> Review:
    """Return the review of these requests of March."""
    asked = POLICY.organizations[organization]
    now = local("2026-03-20 12:00")
    return review(records, POLICY, asked, MARCH, now)


def test_each_request_with_an_eta_is_in_one_list() -> None:
    """The lists together are all that were given."""
    found = as_json(march())["etas"]
    assert found == {
        "given": ["SUP-1", "SUP-2"],
        "kept": [],
        "slipped": ["SUP-1"],
        "ahead": ["SUP-2"],
    }


def test_the_page_says_what_came_of_them() -> None:
    """In words, before the list."""
    text = as_html(Page(march()))
    assert (
        "ETAs were given on 2 of 3 requests: 0 kept, 1 slipped, 1 ahead."
        in text
    )


def test_the_table_has_a_column_for_them() -> None:
    """What was told, and what came of it."""
    lines = as_csv(march()).splitlines()
    assert lines[0].endswith("etas,eta_outcome,closed_without_an_answer_at")
    assert lines[1].endswith("2026-03-10,slipped,")
    assert lines[2].endswith("2026-03-25,ahead,")


def test_a_suspended_customers_eta_is_judged_too() -> None:
    """An ETA is a word given to the customer, whatever the agreement says."""
    found = reviewed("15", told("SUP-4", "2026-03-10", organization="15"))
    etas = as_json(found)["etas"]
    assert etas["given"] == etas["slipped"] == ["SUP-4"]
