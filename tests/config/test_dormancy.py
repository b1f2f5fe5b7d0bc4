"""The rule for dormant requests as the YAML gives it: tiers, overrides, business days, and the names in `jira.yaml`."""

from datetime import timedelta

import pytest
from tests.config.samples import ConfigFolder

from jsm_sla_bot.config.business_days import business_days
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.sla.contract import DormancyRule, Terms

RULE = """\
dormancy:
  tiers: [Premium]
  severities: [S3, S4]
  reminders: [3 business days, 2 business days]
  close_after: 1 business day
  reopen_within: 10 business days
"""
WAITING = "statuses:\n  waiting: [Waiting for customer]\n"
NAMES = """\
dormancy: {close_to: Closed, reopen_to: In progress, keep_open_label: stay}
"""
PREMIUM = DormancyRule(
    severities=frozenset({3, 4}),
    reminders=(3, 2),
    close_after=1,
    reopen_within=10,
    flag_after=timedelta(minutes=15),
    keep_open_label="stay",
    ignore_label="hands-off",
)


def turned_on(folder: ConfigFolder, rule: str = RULE) -> None:
    """Turn dormancy on in the policy, and name in `jira.yaml` what it needs."""
    folder.edit("policy.yaml", "budget:", f"{rule}budget:")
    folder.edit("jira.yaml", "statuses:\n", WAITING)
    folder.edit("jira.yaml", "lookback:", f"{NAMES}lookback:")


def own(folder: ConfigFolder, given: str) -> None:
    """Give South, which has the tier Standard, a rule of its own."""
    rule = f"      dormancy: {given}\n"
    calendar = "      calendar: night\n"
    folder.edit("organizations.yaml", calendar, f"{calendar}{rule}")


def of(folder: ConfigFolder, organization: str) -> Terms:
    """Return an organization's terms."""
    return folder.load().policy.organizations[organization].terms


def test_it_is_off_as_shipped(folder: ConfigFolder) -> None:
    """Without the keys no tier has a rule, and the policy keeps its hash."""
    before = folder.load()
    assert all(one.dormancy is None for one in before.policy.tiers.values())
    folder.edit("policy.yaml", "budget:", "dormancy: false\nbudget:")
    assert folder.load().policy.hash == before.policy.hash


def test_it_holds_for_the_tiers_that_are_listed(folder: ConfigFolder) -> None:
    """The rule goes with the tier, labels come from `jira.yaml`, and its place in the file is known."""
    turned_on(folder)
    policy = folder.load().policy
    assert policy.tiers["Premium"].dormancy == PREMIUM
    assert policy.tiers["Standard"].dormancy is None
    assert ".yaml:" in policy.tiers["Premium"].source("dormancy")


def test_tiers_and_severities_may_be_left_out(folder: ConfigFolder) -> None:
    """All tiers, S3 and S4, and ten business days for a reopening."""
    rule = "dormancy: {reminders: [1 business day], close_after: 2 business days}\n"
    turned_on(folder, rule)
    found = folder.load().policy.tiers["Standard"].dormancy
    assert found
    assert (found.severities, found.reminders) == (frozenset({3, 4}), (1,))
    assert (found.close_after, found.reopen_within) == (2, 10)


@pytest.mark.parametrize(
    ("given", "severities", "reminders"),
    [
        pytest.param("true", {3, 4}, (3, 2), id="on"),
        pytest.param("{severities: [S4]}", {4}, (3, 2), id="for S4"),
        pytest.param(
            "{reminders: [5 business days]}", {3, 4}, (5,), id="one reminder"
        ),
    ],
)
def test_an_organization_has_its_own(
    folder: ConfigFolder,
    given: str,
    severities: set[int],
    reminders: tuple[int, ...],
) -> None:
    """What its own contract leaves out is the policy's; it is turned on though its tier has no rule (R12)."""
    turned_on(folder)
    own(folder, given)
    terms = of(folder, "2")
    assert terms.dormancy
    assert terms.dormancy.severities == severities
    assert terms.dormancy.reminders == reminders
    assert "dormancy" in terms.overridden


def test_an_organization_can_turn_it_off(folder: ConfigFolder) -> None:
    """`dormancy: false` in an override leaves its requests alone."""
    turned_on(folder, RULE.replace("[Premium]", "[Standard]"))
    assert of(folder, "3").dormancy
    own(folder, "false")
    assert of(folder, "2").dormancy is None


def test_the_names_reach_the_desk(folder: ConfigFolder) -> None:
    """Statuses, the ETA field and where to close and reopen are the adapter's."""
    turned_on(folder)
    folder.edit("jira.yaml", "fields:\n", "fields:\n  eta: ETA\n")
    desk = folder.load().desk
    assert desk.waiting == {"Waiting for customer"}
    assert (desk.close_to, desk.reopen_to) == ("Closed", "In progress")
    assert desk.eta_field == "ETA"


def test_a_status_may_be_acknowledged_and_waiting(
    folder: ConfigFolder,
) -> None:
    """Waiting is no phase: the status has one besides."""
    folder.edit(
        "jira.yaml",
        "statuses:\n",
        "statuses:\n  waiting: [In progress]\n",
    )
    assert folder.problems() == []
    assert folder.load().desk.waiting == {"In progress"}


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        pytest.param(
            "jira.yaml",
            "  waiting: [Waiting for customer]\n",
            "",
            "policy.yaml:33:1: dormancy: found a rule for dormant requests, expected statuses.waiting in jira.yaml "
            "to name a status that waits for the customer",
            id="no waiting status",
        ),
        pytest.param(
            "jira.yaml",
            "close_to: Closed",
            "close_to: Closd",
            "jira.yaml:21:22: dormancy.close_to: found 'Closd', expected one of statuses.closed: Closed - did you "
            "mean 'Closed'?",
            id="closing to an open status",
        ),
        pytest.param(
            "jira.yaml",
            "reopen_to: In progress",
            "reopen_to: closed",
            "jira.yaml:21:41: dormancy.reopen_to: found 'closed', expected an open status, none of statuses.closed",
            id="reopening to a closed status",
        ),
        pytest.param(
            "jira.yaml",
            "waiting: [Waiting for customer]",
            "waiting: [Pending, Closed]",
            "jira.yaml:17:22: statuses.waiting[1]: found 'Closed', expected a status that is not among the closed "
            "or declined ones",
            id="a closed status that waits",
        ),
        pytest.param(
            "policy.yaml",
            "[Premium]",
            "[Premum]",
            "policy.yaml:34:11: dormancy.tiers[0]: found 'Premum', expected a tier of policy.yaml: Standard, Premium "
            "- did you mean 'Premium'?",
            id="unknown tier",
        ),
        pytest.param(
            "policy.yaml",
            "close_after: 1 business day",
            "close_after: 1 day",
            "policy.yaml:37:16: dormancy.close_after: found '1 day', expected a number of business days such as "
            "'3 business days' - did you mean '1 business day'?",
            id="days of no calendar",
        ),
        pytest.param(
            "policy.yaml",
            "[3 business days, 2 business days]",
            "[]",
            "policy.yaml:36:14: dormancy.reminders: found an empty list, expected at least one entry",
            id="closed without a reminder",
        ),
        pytest.param(
            "policy.yaml",
            "  close_after: 1 business day\n",
            "",
            "policy.yaml:33:1: dormancy: found nothing, expected the key 'close_after'",
            id="no closing",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    folder: ConfigFolder, file: str, old: str, new: str, problem: str
) -> None:
    """Each slip is one problem with file, line and column."""
    turned_on(folder)
    folder.edit(file, old, new)
    assert folder.problems() == [f"config/{problem}"]


def test_an_organizations_own_rule_needs_the_whole(
    folder: ConfigFolder,
) -> None:
    """Where the policy has no rule, an override says how many reminders there are and when it closes."""
    folder.edit("jira.yaml", "statuses:\n", WAITING)
    own(folder, "{severities: [S4]}")
    (problem,) = folder.problems()
    assert "found a rule without reminders and close_after" in problem
    folder.edit("organizations.yaml", "{severities: [S4]}", "false")
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3 business days", 3),
        ("1 business day", 1),
        ("  10  business   days", 10),
    ],
)
def test_business_days_are_read(text: str, number: int) -> None:
    """A number and its unit."""
    assert business_days(text) == number


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        (3, "3 business days"),
        ("3 days", "3 business days"),
        ("1d", "1 business day"),
        ("5 working days", "5 business days"),
        ("0 business days", None),
        ("-2 business days", None),
        ("3 business hours", None),
        ("3.5 business days", None),
        (True, None),
        (None, None),
        ([3], None),
    ],
)
def test_other_words_are_refused(
    value: object, suggestion: str | None
) -> None:
    """What was probably meant is suggested, and can be taken."""
    with pytest.raises(WordError) as raised:
        business_days(value)
    assert raised.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (NAMES, []),
        ("dormancy: {close_to: Closed}\n", ["reopen_to"]),
        ("dormancy: {reopen_to: In progress}\n", ["close_to"]),
        ("", ["close_to", "reopen_to"]),
    ],
    ids=["both", "no way back", "no way out", "neither"],
)
def test_what_is_left_to_agents_is_warned_of(
    folder: ConfigFolder, names: str, left: list[str]
) -> None:
    """Where `jira.yaml` names no status to close or reopen to, agents do it by hand: a warning with its place."""
    folder.edit("policy.yaml", "budget:", f"{RULE}budget:")
    folder.edit("jira.yaml", "statuses:\n", WAITING)
    folder.edit("jira.yaml", "lookback:", f"{names}lookback:")
    warned = [one for one in folder.load().warnings if "dormant" in one]
    assert len(warned) == len(left)
    for warning, key in zip(warned, left, strict=True):
        assert "policy.yaml:" in warning
        assert f"names no dormancy.{key}" in warning
