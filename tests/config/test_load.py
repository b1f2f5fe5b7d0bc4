"""What a right configuration becomes."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.config.samples import PERIODS, ConfigFolder, make

from jsm_sla_bot.config.load import Configuration, load
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.sla.contract import (
    AcknowledgementRule,
    ClockKind,
    ClockStarts,
    Counting,
    ExclusionBy,
    Reopening,
    SeveralOrganizations,
    SeverityRule,
    Target,
)
from jsm_sla_bot.sla.request import Phase

BUSINESS, ROUND = ClockKind.BUSINESS, ClockKind.ROUND_THE_CLOCK


def hours(
    number: int, clock: ClockKind = BUSINESS, *, phone: bool = False
) -> Target:
    """Return a target of that many hours."""
    return Target(timedelta(hours=number), clock, phone=phone)


KNOWLEDGE = {1: hours(8), 2: hours(16), 3: hours(24), 4: hours(40)}
EXPERT = {
    1: hours(2, ROUND, phone=True),
    2: hours(8, ROUND, phone=True),
    3: hours(16),
    4: hours(24),
}


@pytest.mark.parametrize(
    ("tier", "targets"),
    [("Knowledge", KNOWLEDGE), ("Expert Partner", EXPERT), ("Expert", EXPERT)],
)
def test_the_shipped_tiers_are_the_contract(
    shipped: Configuration, tier: str, targets: dict[int, Target]
) -> None:
    """R1, R3: the shipped targets are the contract's, and until the call Knowledge's hold."""
    terms = shipped.policy.tiers[tier]
    assert terms.targets == targets
    assert (terms.fallback_tier, terms.fallback) == ("Knowledge", KNOWLEDGE)


def test_the_shipped_choices_are_the_contract(shipped: Configuration) -> None:
    """R2-R8: products, phone rule, severity rule, acknowledgement, reopening and defaults."""
    policy = shipped.policy
    terms = policy.default_terms
    assert (terms.tier, policy.default_severity) == ("Knowledge", 3)
    assert terms.round_the_clock_products == {"outscan nx", "hiab"}
    assert terms.known_products == {
        "outscan nx",
        "hiab",
        "appsec scale",
        "easm",
        "cyberflex",
    }
    assert terms.clock_starts is ClockStarts.CALL
    assert terms.severity_change == SeverityRule(
        raised=Counting.FROM_CHANGE, lowered=Counting.RETROACTIVE
    )
    assert terms.acknowledgement == AcknowledgementRule(
        public_comment=True, status=True, severity=False
    )
    assert terms.reopen is Reopening.KEEP
    assert policy.several_organizations is SeveralOrganizations.EARLIEST_DUE
    assert terms.calendar.name == "sweden"


def test_the_shipped_exclusions_are_the_contract(
    shipped: Configuration,
) -> None:
    """R8: feature requests, the EASM chat, Specops customers, and what agents label so."""
    assert [
        (entry.by, entry.value) for entry in shipped.policy.exclusions
    ] == [
        (ExclusionBy.REQUEST_TYPE, "Feature request"),
        (ExclusionBy.CHANNEL, "chat"),
        (ExclusionBy.ORGANIZATION, "18"),
        (ExclusionBy.LABEL, "outside-the-service"),
    ]


def test_the_shipped_ladder_and_budget(shipped: Configuration) -> None:
    """R10: a note at 75 %, the escalation at the due time."""
    rungs = [
        (rung.name, rung.share, rung.escalate) for rung in shipped.policy.rungs
    ]
    assert rungs == [("at_risk", 0.75, False), ("breach", 1.0, True)]
    assert (shipped.budget.share, shipped.budget.at_least) == (0.3, 20)


def test_the_shipped_organizations(shipped: Configuration) -> None:
    """R6, R7, R12: tiers, validity and overrides, by id."""
    organizations = shipped.policy.organizations
    assert {identity: entry.terms.tier for identity, entry in organizations.items()} == {
        "11": "Expert", "12": "Knowledge", "13": "Expert Partner", "14": "Expert", "15": "Knowledge",
        "16": "Knowledge", "17": "Expert Partner", "18": "Knowledge", "20": "Expert",
    }  # fmt: skip
    assert organizations["14"].valid_until == date(2026, 6, 30)
    assert [
        identity
        for identity, entry in organizations.items()
        if entry.suspended
    ] == ["15"]
    assert organizations["16"].terms.targets == {**KNOWLEDGE, 1: hours(4)}
    assert organizations["16"].terms.overridden == ("targets.1",)
    assert organizations["17"].terms.calendar.name == "netherlands"
    assert organizations["17"].terms.overridden == ("calendar",)


def test_the_shipped_desk(shipped: Configuration) -> None:
    """The site's names, with one severity under each of its spellings."""
    desk = shipped.desk
    assert (desk.projects, desk.severity_field, desk.product_field) == (
        (),
        "Severity",
        "Product",
    )
    assert (desk.called_field, desk.called_label) == (
        "Customer called at",
        "customer-called",
    )
    assert [
        desk.severities[text] for text in ("S1 - Critical", "S1", "1", "4")
    ] == [
        1,
        1,
        1,
        4,
    ]
    assert desk.sla_fields[SlaField.RESPONSE_DUE] == "Response due"
    assert set(desk.sla_fields) == set(SlaField)
    assert desk.statuses["In progress"] is Phase.ACKNOWLEDGED
    assert desk.statuses["Closed"] is Phase.CLOSED
    assert desk.statuses["Declined"] is Phase.DECLINED
    assert (desk.agent_role, desk.escalation_status) == (
        "Service Desk Team",
        "Escalated",
    )
    assert (desk.ignore_label, desk.lookback) == (
        "sla-bot-ignore",
        timedelta(days=14),
    )


def test_the_shipped_configuration_has_nothing_to_warn_of(
    shipped: Configuration,
) -> None:
    """Nothing in it is a loose end."""
    assert shipped.warnings == ()


def test_sources_name_the_file_and_line(folder: ConfigFolder) -> None:
    """A reason can point to the line that says so: an override's into organizations.yaml (R12)."""
    policy = folder.load().policy
    south = policy.organizations["2"].terms
    assert south.source("tier") == "organizations.yaml:9"
    assert south.source("targets.1") == "organizations.yaml:12"
    assert south.source("targets.2") == "policy.yaml:5"
    assert south.source("calendar") == "organizations.yaml:13"
    assert south.source("phone") == "policy.yaml:20"
    assert policy.organizations["2"].source == "organizations.yaml:7"
    assert policy.tiers["Premium"].source("targets.1") == "policy.yaml:10"
    assert policy.tiers["Premium"].source("fallback.1") == "policy.yaml:4"
    assert policy.default_terms.source("tier") == "policy.yaml:15"
    assert policy.source("default_severity") == "policy.yaml:16"
    assert (policy.exclusions[0].source, policy.rungs[1].source) == (
        "policy.yaml:27",
        "policy.yaml:32",
    )
    assert policy.calendars["office"].spec.source == "calendars/office.yaml"


def test_a_clock_pauses_only_where_an_own_contract_says_so(
    folder: ConfigFolder,
) -> None:
    """D7: the statuses in which one organization's clock stands still, compared without regard to case."""
    folder.edit(
        "organizations.yaml",
        "      calendar: night\n",
        "      pauses_in: [Waiting for customer]\n",
    )
    policy = folder.load().policy
    terms = policy.organizations["2"].terms
    assert terms.pauses_in == {"waiting for customer"}
    assert terms.overridden == ("targets.1", "pauses_in")
    assert terms.source("pauses_in") == "organizations.yaml:13"
    assert policy.organizations["1"].terms.pauses_in == frozenset()


def test_every_value_of_the_terms_can_be_overridden(
    folder: ConfigFolder,
) -> None:
    """R12: targets, calendar, products, phone, severity, acknowledgement, reopening; the rest stands."""
    folder.edit(
        "organizations.yaml",
        "      calendar: night\n",
        "      calendar: night\n      round_the_clock_products: [web]\n"
        "      phone: {fallback_tier: Premium, clock_starts: report}\n      severity_change: {lowered:"
        " from_change}\n"
        "      acknowledgement: {severity: true}\n      reopen: restart\n",
    )
    folder.edit("policy.yaml", ", phone: true", "")
    terms = folder.load().policy.organizations["2"].terms
    assert terms.overridden == (
        "targets.1", "calendar", "round_the_clock_products", "phone",
        "severity_change", "acknowledgement", "reopen",
    )  # fmt: skip
    assert terms.round_the_clock_products == {"web"}
    assert terms.known_products == {"scanner", "web"}
    assert (terms.fallback_tier, terms.fallback[1]) == (
        "Premium",
        hours(2, ROUND),
    )
    assert terms.clock_starts is ClockStarts.REPORT
    assert terms.severity_change == SeverityRule(
        raised=Counting.FROM_CHANGE, lowered=Counting.FROM_CHANGE
    )
    assert terms.acknowledgement == AcknowledgementRule(
        public_comment=True, status=True, severity=True
    )
    assert terms.reopen is Reopening.RESTART
    assert terms.source("fallback.1") == "policy.yaml:10"


def test_loading_twice_gives_equal_values(folder: ConfigFolder) -> None:
    """The same files are the same configuration."""
    assert folder.load() == folder.load()


def test_thousands_of_organizations_share_a_few_values(tmp_path: Path) -> None:
    """Many customers load in seconds, and each has the terms of its tier."""
    folder = make(tmp_path)
    entries = "".join(
        f"  - {{id: {n}, name: N{n}, tier: Premium}}\n"
        for n in range(10, 1010)
    )
    folder.write("organizations.yaml", f"organizations:\n{entries}")
    folder.edit("policy.yaml", "- id: 3", "- id: 10")
    assert len(folder.load().policy.organizations) == 1000


def test_periods_of_one_organization(folder: ConfigFolder) -> None:
    """R7: each period has its own tier, days and overrides; they may stand in any order; the source is the period."""
    folder.edit(
        "organizations.yaml",
        "    tier: Standard\n    suspended: true\n",
        PERIODS,
    )
    west = folder.load().policy.organizations["3"]
    assert [
        (
            each.terms.tier,
            each.terms.calendar.name,
            each.suspended,
            each.source,
        )
        for each in west.periods
    ] == [
        ("Standard", "office", True, "organizations.yaml:18"),
        ("Premium", "night", False, "organizations.yaml:17"),
    ]
    assert [(each.id, each.name) for each in west.periods] == [
        ("3", "West")
    ] * 2
    assert west.periods[1].terms.source("tier") == "organizations.yaml:17"


def test_suspended_beside_periods_holds_in_all_of_them(
    folder: ConfigFolder,
) -> None:
    """R7: an organization is suspended in one period, or as a whole."""
    whole = f"    suspended: true\n{PERIODS}"
    folder.edit(
        "organizations.yaml",
        "    tier: Standard\n    suspended: true\n",
        whole,
    )
    west = folder.load().policy.organizations["3"]
    assert [each.suspended for each in west.periods] == [True, True]


def test_jira_yaml_may_leave_out_what_has_a_default(
    folder: ConfigFolder,
) -> None:
    """The label and the look back are no rules of the contract: left out, they are as the shipped file has them."""
    folder.edit("jira.yaml", "ignore_label: hands-off\n", "")
    folder.edit("jira.yaml", "lookback: 14 days\n", "")
    desk = load(folder.root).desk
    assert (desk.ignore_label, desk.lookback) == (
        "sla-bot-ignore",
        timedelta(days=14),
    )
