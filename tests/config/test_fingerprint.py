"""The hash of a configuration: equal for equal meanings, another for another."""

import pytest
from tests.config.samples import PERIODS, ConfigFolder


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param("policy.yaml", "tiers:", "# the tiers\ntiers:", id="a comment"),
        pytest.param("policy.yaml", "within: 2 h,", "within: 120 min,", id="another unit"),
        pytest.param("policy.yaml", "S2: 8 h round the clock", "S2: {within: 8 h, clock: round the clock}",
            id="form"),
        pytest.param("policy.yaml", "75 %", "0.75", id="another spelling of a share"),
        pytest.param("policy.yaml", "reopen: keep\nseveral_organizations: earliest_due",
                     "several_organizations: earliest_due\nreopen: keep", id="order of keys"),
        pytest.param("policy.yaml", "[Scanner]", "[SCANNER]", id="case of a product"),
        pytest.param("organizations.yaml", 'id: "2"', "id: 2", id="quotes"),
    ],
)  # fmt: skip
def test_the_hash_stands_for_the_meaning(
    folder: ConfigFolder, file: str, old: str, new: str
) -> None:
    """Comments, order and spelling don't change the hash."""
    before = folder.load()
    folder.edit(file, old, new)
    after = folder.load()
    assert (after.hash, after.policy.hash) == (before.hash, before.policy.hash)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param(
            "policy.yaml", "within: 2 h", "within: 3 h", id="a target"
        ),
        pytest.param(
            "policy.yaml", "reopen: keep", "reopen: restart", id="a choice"
        ),
        pytest.param(
            "organizations.yaml",
            "suspended: true",
            "suspended: false",
            id="an organization",
        ),
        pytest.param(
            "calendars/office.yaml",
            "  2026-01-06: Epiphany\n",
            "",
            id="a day of a calendar",
        ),
        pytest.param("policy.yaml", "share: 75 %", "share: 80 %", id="a rung"),
        pytest.param(
            "jira.yaml",
            "field: Customer called at",
            "field: Called",
            id="a field's name",
        ),
    ],
)
def test_another_meaning_has_another_hash(
    folder: ConfigFolder, file: str, old: str, new: str
) -> None:
    """Whatever decides what is owed, or how a request is read, shows in the policy's hash."""
    before = folder.load()
    folder.edit(file, old, new)
    assert folder.load().policy.hash != before.policy.hash


def test_the_budget_shows_in_the_whole_hash_only(folder: ConfigFolder) -> None:
    """It changes the configuration, not what is owed."""
    before = folder.load()
    folder.edit("policy.yaml", "at_least: 20", "at_least: 5")
    after = folder.load()
    assert after.policy.hash == before.policy.hash
    assert after.hash != before.hash


def test_periods_change_the_hash(folder: ConfigFolder) -> None:
    """A day of a period decides what is owed, so it is part of the policy's hash."""
    folder.edit(
        "organizations.yaml",
        "    tier: Standard\n    suspended: true\n",
        PERIODS,
    )
    before = folder.load().policy.hash
    folder.edit("organizations.yaml", "2026-06-30", "2026-07-31")
    assert folder.load().policy.hash != before
