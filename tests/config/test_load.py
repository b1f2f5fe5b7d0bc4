"""What a right configuration becomes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.config.samples import NIGHT, ConfigFolder, make

from jsm_sla_bot.config.calendars.layout import expiring
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


def hours(number: int, clock: ClockKind = BUSINESS, *, phone: bool = False) -> Target:
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


def test_the_shipped_exclusions_are_the_contract(shipped: Configuration) -> None:
    """R8: feature requests, the EASM chat, Specops customers, and what agents label so."""
    assert [(entry.by, entry.value) for entry in shipped.policy.exclusions] == [
        (ExclusionBy.REQUEST_TYPE, "Feature request"),
        (ExclusionBy.CHANNEL, "chat"),
        (ExclusionBy.ORGANIZATION, "18"),
        (ExclusionBy.LABEL, "outside-the-service"),
    ]


def test_the_shipped_ladder_and_budget(shipped: Configuration) -> None:
    """R10: a note at 75 %, the escalation at the due time."""
    rungs = [(rung.name, rung.share, rung.escalate) for rung in shipped.policy.rungs]
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
        identity for identity, entry in organizations.items() if entry.suspended
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
    assert [desk.severities[text] for text in ("S1 - Critical", "S1", "1", "4")] == [
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
    assert (desk.ignore_label, desk.lookback) == ("sla-bot-ignore", timedelta(days=14))


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


def test_every_value_of_the_terms_can_be_overridden(folder: ConfigFolder) -> None:
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
    assert (terms.fallback_tier, terms.fallback[1]) == ("Premium", hours(2, ROUND))
    assert terms.clock_starts is ClockStarts.REPORT
    assert terms.severity_change == SeverityRule(
        raised=Counting.FROM_CHANGE, lowered=Counting.FROM_CHANGE
    )
    assert terms.acknowledgement == AcknowledgementRule(
        public_comment=True, status=True, severity=True
    )
    assert terms.reopen is Reopening.RESTART
    assert terms.source("fallback.1") == "policy.yaml:10"


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
        pytest.param("policy.yaml", "within: 2 h", "within: 3 h", id="a target"),
        pytest.param("policy.yaml", "reopen: keep", "reopen: restart", id="a choice"),
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


def test_loading_twice_gives_equal_values(folder: ConfigFolder) -> None:
    """The same files are the same configuration."""
    assert folder.load() == folder.load()


def test_nights_and_whole_days_are_laid_out(folder: ConfigFolder) -> None:
    """Overnight hours belong to the day they start on; 00:00-24:00 is the whole day."""
    night = folder.load().policy.calendars["night"]
    spans = night.spans(
        datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    )
    assert [(span.opens, span.closes) for span in spans] == [
        (datetime(2026, 3, 2, 22, tzinfo=UTC), datetime(2026, 3, 3, 6, tzinfo=UTC)),
        (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)),
    ]


def test_own_days_win_over_early_closings_and_these_over_days(
    folder: ConfigFolder,
) -> None:
    """D15: an early closing without hours counts in full, with hours it has these; by hand wins over all."""
    folder.edit(
        "calendars/office.yaml",
        "days:\n",
        "early_closings:\n  2026-01-12: Full\n  2026-01-13: {name: Half, hours: [09:00-13:00]}\n"
        "own_days:\n  2026-01-06: {name: Open, hours: [10:00-11:00]}\ndays:\n",
    )
    exceptions = folder.load().policy.calendars["office"].spec.exceptions
    named = {
        day: (other.name, len(other.windows))
        for day, other in exceptions.items()
        if day.month == 1
    }
    assert named == {
        date(2026, 1, 5): ("Eve", 1),
        date(2026, 1, 6): ("Open", 1),
        date(2026, 1, 13): ("Half", 1),
    }


@pytest.mark.parametrize(
    ("today", "told"),
    [
        pytest.param(date(2026, 11, 25), [], id="401 days before"),
        pytest.param(date(2026, 11, 27), ["in 399 days"], id="399 days before"),
        pytest.param(date(2027, 12, 31), ["in 0 days"], id="its last day"),
        pytest.param(date(2028, 1, 1), ["ended on 2027-12-31"], id="the day after"),
    ],
)
def test_a_snapshot_that_ends_is_told(
    folder: ConfigFolder, today: date, told: list[str]
) -> None:
    """D16: within 400 days of its end each snapshot is a warning that says what to do."""
    (folder.root / "calendars/night.yaml").unlink()
    folder.edit("organizations.yaml", "      calendar: night\n", "")
    warnings = expiring(folder.load().policy, today)
    assert len(warnings) == len(told)
    for warning, words in zip(warnings, told, strict=True):
        assert words in warning
        assert "calendars refresh office" in warning


def test_loose_ends_are_warnings(folder: ConfigFolder) -> None:
    """What may be a slip but need not be is a warning."""
    folder.edit("policy.yaml", "- id: 3", "- id: 33")
    folder.write("organisations.yaml", "organizations: []")
    folder.write("calendars/other.yml", "name: other")
    folder.edit(
        "calendars/night.yaml",
        "week:\n  Monday: [22:00-06:00]\n  Saturday: [00:00-24:00]",
        "week: {}",
    )
    warnings = [
        warning.replace(folder.root.as_posix(), "config")
        for warning in folder.load().warnings
    ]
    assert [warning.partition(":")[0] for warning in warnings] == [
        "config/organisations.yaml is not read",
        "config/calendars/other.yml is not read",
        "config/policy.yaml",
        "calendar 'night' never opens",
    ]


def test_thousands_of_organizations_share_a_few_values(tmp_path: Path) -> None:
    """Many customers load in seconds, and each has the terms of its tier."""
    folder = make(tmp_path)
    entries = "".join(
        f"  - {{id: {n}, name: N{n}, tier: Premium}}\n" for n in range(10, 1010)
    )
    folder.write("organizations.yaml", f"organizations:\n{entries}")
    folder.edit("policy.yaml", "- id: 3", "- id: 10")
    assert len(folder.load().policy.organizations) == 1000


def test_two_organizations_of_one_name_are_a_warning(folder: ConfigFolder) -> None:
    """R6: names may be the same, but one of the ids may be a slip: both are named."""
    folder.edit("organizations.yaml", "name: South", "name: north")
    (warning,) = folder.load().warnings
    assert "organizations.yaml:8: organization 2 is called 'north'" in warning
    assert "organization 1 in line 3" in warning


PERIODS = """\
    periods:
      - {tier: Premium, valid_from: 2027-01-01, overrides: {calendar: night}}
      - {tier: Standard, valid_from: 2026-01-01, valid_until: 2026-06-30, suspended: true}
"""


def test_periods_of_one_organization(folder: ConfigFolder) -> None:
    """R7: each period has its own tier, days and overrides; they may stand in any order; the source is the period."""
    folder.edit(
        "organizations.yaml", "    tier: Standard\n    suspended: true\n", PERIODS
    )
    west = folder.load().policy.organizations["3"]
    assert [
        (each.terms.tier, each.terms.calendar.name, each.suspended, each.source)
        for each in west.periods
    ] == [
        ("Standard", "office", True, "organizations.yaml:18"),
        ("Premium", "night", False, "organizations.yaml:17"),
    ]
    assert [(each.id, each.name) for each in west.periods] == [("3", "West")] * 2
    assert west.periods[1].terms.source("tier") == "organizations.yaml:17"


def test_suspended_beside_periods_holds_in_all_of_them(folder: ConfigFolder) -> None:
    """R7: an organization is suspended in one period, or as a whole."""
    whole = f"    suspended: true\n{PERIODS}"
    folder.edit(
        "organizations.yaml", "    tier: Standard\n    suspended: true\n", whole
    )
    west = folder.load().policy.organizations["3"]
    assert [each.suspended for each in west.periods] == [True, True]


def test_periods_change_the_hash(folder: ConfigFolder) -> None:
    """A day of a period decides what is owed, so it is part of the policy's hash."""
    folder.edit(
        "organizations.yaml", "    tier: Standard\n    suspended: true\n", PERIODS
    )
    before = folder.load().policy.hash
    folder.edit("organizations.yaml", "2026-06-30", "2026-07-31")
    assert folder.load().policy.hash != before


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("00:00-23:59", "'00:00-23:59' leave out their last minute; did you mean '00:00-24:00'?"),
        ("09:00-16:59", "'09:00-16:59' leave out their last minute; did you mean '09:00-17:00'?"),
        ("22:00-05:59", "'22:00-05:59' leave out their last minute; did you mean '22:00-06:00'?"),
    ],
)  # fmt: skip
def test_hours_that_end_a_minute_early_are_a_warning(
    folder: ConfigFolder, hours: str, told: str
) -> None:
    """They are counted as they stand, but nobody means to lose a minute a day."""
    folder.edit(
        "calendars/office.yaml", "Tuesday: [09:00-17:00]", f"Wednesday: [{hours}]"
    )
    (warning,) = folder.load().warnings
    assert warning.endswith(f"calendars/office.yaml:6:15: the hours {told}")


def test_the_same_hours_are_told_once(folder: ConfigFolder) -> None:
    """A week of such hours is one warning that counts them; hours that end at another minute are nobody's slip."""
    text = (folder.root / "calendars/office.yaml").read_text()
    text = text.replace("09:00-12:00, 13:00-17:00", "09:00-16:59")
    text = text.replace("[09:00-17:00]", "[09:00-16:59]").replace("-12:00", "-11:45")
    folder.write("calendars/office.yaml", text)
    (warning,) = folder.load().warnings
    assert "office.yaml:5:12: the hours '09:00-16:59'" in warning
    assert "leave out their last minute, in 2 places of this file;" in warning


def test_a_calendar_is_laid_out_again_only_when_it_says_something_else(
    folder: ConfigFolder,
) -> None:
    """A configuration that is read again keeps the calendars that mean the same; a changed one is never stale."""
    before = folder.load().policy.calendars
    folder.write("calendars/night.yaml", f"# reviewed\n{NIGHT}")
    folder.edit("calendars/office.yaml", "Tuesday: [09:00", "Tuesday: [10:00")
    after = folder.load().policy.calendars
    assert after["night"] is before["night"]
    tuesday = datetime(2026, 3, 3, 8, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert before["office"].next_open(tuesday) == tuesday
    assert after["office"].next_open(tuesday) == tuesday + hour


def test_jira_yaml_may_leave_out_what_has_a_default(folder: ConfigFolder) -> None:
    """The label and the look back are no rules of the contract: left out, they are as the shipped file has them."""
    folder.edit("jira.yaml", "ignore_label: hands-off\n", "")
    folder.edit("jira.yaml", "lookback: 14 days\n", "")
    desk = load(folder.root).desk
    assert (desk.ignore_label, desk.lookback) == ("sla-bot-ignore", timedelta(days=14))
