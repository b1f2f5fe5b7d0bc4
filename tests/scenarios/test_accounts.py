"""The accounts that the YAML names, looked up on the site: as many as there are, with few calls."""

from dataclasses import replace

import pytest

from jsm_sla_bot.app import site_setup
from jsm_sla_bot.doctor.checks import by_name
from jsm_sla_bot.doctor.verdict import Grade, Verdict
from tests.scenarios.world import World

ENTRY = "    name: Nordbank AB\n"


def looked_up(desk: World, *accounts: str) -> Verdict:
    """Name these accounts as representatives, and make the check of them."""
    file = desk.config / "organizations.yaml"
    text = file.read_text()
    assert ENTRY in text
    listed = f"{ENTRY}    representatives: {list(accounts)}\n"
    file.write_text(text.replace(ENTRY, listed))
    options = desk.options()
    found = site_setup.examined(
        desk.settings(),
        by_name(["people"]),
        lambda _: None,
        options,
        desk.hands,
    )
    [(_, verdict)] = found
    return verdict


def asked(desk: World) -> int:
    """Return how often accounts were asked for."""
    return sum("user/bulk" in str(each["path"]) for each in desk.calls())


def customer(desk: World) -> str:
    """Return the account of a customer."""
    accounts = desk.tracker.site.accounts.values()
    found = [each.account_id for each in accounts if each.kind == "customer"]
    return found[0]


def test_nobody_is_asked_for_where_nobody_is_named(desk: World) -> None:
    """As shipped the check makes no call of its own."""
    options = desk.options()
    site_setup.examined(
        desk.settings(),
        by_name(["people"]),
        lambda _: None,
        options,
        desk.hands,
    )
    assert asked(desk) == 0


@pytest.mark.parametrize(
    ("others", "calls", "left"), [(0, 1, 0), (120, 3, 0), (400, 6, 101)]
)
def test_long_lists_take_few_calls(
    desk: World, others: int, calls: int, left: int
) -> None:
    """Fifty accounts at once; of a list that is too long the first three hundred, and the rest is counted."""
    strangers = [f"qm:stranger:{number}" for number in range(others)]
    verdict = looked_up(desk, customer(desk), *strangers)
    assert asked(desk) == calls
    assert len(verdict.details) == others - left
    if not others:
        assert (
            verdict.line == "accounts that the YAML names, all on the site: 1"
        )


def test_one_who_has_left_is_found(desk: World) -> None:
    """An account that the administrator has made inactive."""
    accounts = desk.tracker.site.accounts
    identity = customer(desk)
    accounts[identity] = replace(accounts[identity], active=False)
    verdict = looked_up(desk, identity)
    assert verdict.grade is Grade.WARNING
    assert "is inactive" in verdict.line
