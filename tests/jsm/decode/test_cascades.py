"""A cascading select as product or severity: read to its last level, in the history too."""

from dataclasses import replace
from typing import Any

import pytest

from jsm_sla_bot.jsm.decode.fields import resolve
from jsm_sla_bot.jsm.decode.request import Past, Site, head, sighting
from jsm_sla_bot.jsm.decode.vocabulary import Vocabulary
from jsm_sla_bot.sla.contract import Terms
from jsm_sla_bot.sla.request import Deed, RequestSnapshot
from jsm_sla_bot.sla.target import known_product
from tests.jsm.wire import (
    CUSTOM,
    PROJECT,
    changed,
    desk,
    field,
    fields,
    issue,
    item,
)
from tests.jsm.wire import site as plain_site
from tests.sla.contract import POLICY

CASCADE = f"{CUSTOM}cascadingselect"
NAMED = {"customfield_10001": "Severity", "customfield_10002": "Product"}


def cascading_site() -> Site:
    """Return the site with cascading selects for severity and product."""
    others = [each for each in fields() if each["id"] not in NAMED]
    cascades = [
        field(int(name[-5:]), shown, CASCADE) for name, shown in NAMED.items()
    ]
    words = desk()
    found = resolve([*others, *cascades], words)
    return replace(plain_site(), fields=found, words=Vocabulary.of(words))


def option(number: str, value: str, child: Any = None) -> dict[str, Any]:
    """Return an option as Jira shows it, with the child chosen under it."""
    return {"id": number, "value": value} | ({"child": child} if child else {})


def read(*log: Any, **shown: Any) -> RequestSnapshot:
    """Read a request of that site."""
    return sighting(
        head(issue(**shown)), Past(log), cascading_site(), PROJECT
    ).snapshot


@pytest.mark.parametrize(
    ("shown", "product"),
    [
        (option("1", "VM", option("2", "Outscan NX")), "VM > Outscan NX"),
        (option("1", "Outscan NX"), "Outscan NX"),
        (option("1", "VM", {"id": "2"}), "VM > 2"),
        (option("1", "VM", {"value": " "}), "VM"),
        (option("1", "VM", "Outscan NX"), "VM > Outscan NX"),
        (None, None),
    ],
    ids=[
        "both",
        "the parent alone",
        "no name",
        "a blank child",
        "a text",
        "nothing",
    ],
)
def test_a_product_is_read_with_its_levels(
    shown: Any, product: str | None
) -> None:
    """Parent and child, the broadest first."""
    assert read(customfield_10002=shown).product == product


@pytest.mark.parametrize(
    ("product", "known_as"),
    [
        ("Vulnerability Management > Outscan NX", "outscan nx"),
        ("Outscan NX > Cloud", "outscan nx"),
        ("Outscan NX > EASM", "easm"),
        ("Something > Else", None),
        (None, None),
    ],
)
def test_the_last_level_that_the_policy_knows_decides(
    product: str | None, known_as: str | None
) -> None:
    """The child before its parent, whichever of them the policy lists."""
    terms: Terms = replace(
        POLICY.default_terms,
        round_the_clock_products=frozenset({"outscan nx"}),
        known_products=frozenset({"outscan nx", "easm"}),
    )
    assert known_product(product, terms) == known_as


def test_the_history_of_a_cascade_is_read() -> None:
    """The history writes both levels into one text, in the language of the site."""
    before = "Parent values: VM (all)(11)Level 1 values: Outscan NX(12)"
    after = "Übergeordnete Werte: Appsec: new(21)"
    change = item("Product", None, None, strings=(before, after))
    told = read(
        changed(1, "2026-03-06T22:15:00.000+0100", change),
        customfield_10002=option("21", "Appsec: new"),
    )
    [entry] = [each for each in told.history if each.what is Deed.PRODUCT]
    assert (entry.before, entry.after) == (
        "VM (all) > Outscan NX",
        "Appsec: new",
    )
    assert entry.after == told.product


def test_a_severity_may_be_the_child_or_the_parent() -> None:
    """The last level that means a severity counts, now and in the history."""
    child = option("1", "Production", option("2", "S1 - Critical"))
    before = "Parent values: S2 - Major(7)Level 1 values: slow(8)"
    after = "Parent values: Production(1)Level 1 values: renamed since(2)"
    change = item("Severity", None, None, strings=(before, after))
    told = read(
        changed(1, "2026-03-06T22:15:00.000+0100", change),
        customfield_10001=child,
    )
    [entry] = [each for each in told.history if each.what is Deed.SEVERITY]
    assert (told.severity, entry.before, entry.after) == (1, 2, 1)
