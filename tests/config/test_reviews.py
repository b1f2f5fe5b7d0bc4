"""When service reviews and health checks are due, as the YAML gives it, and what their requests are called (R13)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.config.samples import ConfigFolder

from jsm_sla_bot.config.load import load
from jsm_sla_bot.config.months import months
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.ports.review_names import ReviewNames
from jsm_sla_bot.sla.contract import ExclusionBy
from jsm_sla_bot.sla.review_plan import ReviewKind, ReviewRule

SHIPPED = Path(__file__).parents[2] / "config"
RULES = """\
reviews:
  service_review:
    every: {Standard: 12 months}
    with_csm: {Premium: 3 months}
    raise_requests: true
    ahead: 14 days
    summary: "Review of {organization}"
    description: "Due {due}, last {done}, {tier}, {id}"
"""
NAMES = """\
reviews: {project: HELP, issue_type: Task}
"""
KINDS = {
    ReviewKind.SERVICE_REVIEW: "service-review",
    ReviewKind.HEALTH_CHECK: "health-check",
}


def turned_on(
    folder: ConfigFolder, rules: str = RULES, names: str = NAMES
) -> None:
    """Say in both files what is due, and what it is called."""
    folder.edit("policy.yaml", "budget:", f"{rules}budget:")
    folder.edit("jira.yaml", "lookback:", f"{names}lookback:")


def test_nothing_is_due_as_shipped(folder: ConfigFolder) -> None:
    """Without the keys there is no rule, no name and nothing more that is not measured."""
    found = folder.load()
    assert not found.reviews
    assert found.desk.reviews is None
    kinds = {each.by for each in found.policy.exclusions}
    assert ExclusionBy.LABEL not in kinds


def test_a_rule_is_read(folder: ConfigFolder) -> None:
    """A kind that is left out has none."""
    turned_on(folder)
    found = folder.load()
    assert found.reviews == {
        ReviewKind.SERVICE_REVIEW: ReviewRule(
            every={"Standard": 12},
            with_csm={"Premium": 3},
            ahead=timedelta(days=14),
            raises_requests=True,
            summary="Review of {organization}",
            description="Due {due}, last {done}, {tier}, {id}",
        )
    }
    assert found.desk.reviews == ReviewNames(KINDS, "HELP", "Task")


@pytest.mark.parametrize(
    ("tier", "has_csm", "wanted"),
    [
        ("Standard", False, 12),
        ("Standard", True, 12),
        ("Premium", False, None),
        ("Premium", True, 3),
        ("Other", True, None),
    ],
)
def test_a_named_manager_makes_it_more_often(
    folder: ConfigFolder, tier: str, wanted: int | None, *, has_csm: bool
) -> None:
    """Only for the tiers that say so."""
    turned_on(folder)
    rule = folder.load().reviews[ReviewKind.SERVICE_REVIEW]
    assert rule.months(tier, has_csm=has_csm) == wanted


def test_what_is_left_out_has_a_value(folder: ConfigFolder) -> None:
    """Nothing is raised, thirty days ahead, texts of ours, labels of ours."""
    rules = "reviews: {health_check: {every: {Standard: 1 month}}}\n"
    turned_on(folder, rules, "reviews: {}\n")
    found = folder.load()
    rule = found.reviews[ReviewKind.HEALTH_CHECK]
    assert not rule.raises_requests
    assert rule.ahead == timedelta(days=30)
    assert rule.summary == "Health check of {organization}, due {due}"
    assert found.desk.reviews == ReviewNames(KINDS)


def test_their_requests_have_no_response_target(folder: ConfigFolder) -> None:
    """Both labels, and those of twins, are among what is not measured, with a reason and a place."""
    turned_on(folder)
    by_label = {
        each.value: each
        for each in folder.load().policy.exclusions
        if each.by is ExclusionBy.LABEL
    }
    labels = set(KINDS.values())
    assert set(by_label) == labels | {f"{each}-duplicate" for each in labels}
    assert by_label["health-check"].source.startswith("jira.yaml:")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{Standard: 12 months}", "{Standart: 12 months}", "Standard"),
        ("{Premium: 3 months}", "{Premiun: 3 months}", "Premium"),
        ("12 months", "a year", "a number of months"),
        ("14 days", "36 h", "whole days"),
        ("{organization}", "{customer}", "{organization}, {id}, {tier}"),
        ("{organization}", "{organization", "{organization}, {id}, {tier}"),
        ("{organization}", "{organization.id}", "{organization}, {id}"),
        ("service_review", "service_revue", "service_review"),
        ("every: {Standard: 12 months}", "with: {}", "every"),
    ],
)
def test_a_slip_in_a_rule_is_named(
    folder: ConfigFolder, old: str, new: str, says: str
) -> None:
    """With what is expected in its place."""
    turned_on(folder, RULES.replace(old, new, 1))
    assert any(says in problem for problem in folder.problems())


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ("", "the key 'reviews' in jira.yaml"),
        ("reviews: {project: HELP}\n", "reviews.issue_type"),
        ("reviews: {issue_type: Task}\n", "reviews.project"),
        ("reviews: {project: HELPS, issue_type: Task}\n", "HELP"),
        (
            "reviews: {project: HELP, issue_type: Task, service_review_label: a b}\n",
            "a label, which has no spaces",
        ),
        (
            "reviews: {project: HELP, issue_type: Task, health_check_label: hands-off}\n",
            "this one is ignore_label",
        ),
        (
            "reviews: {project: HELP, issue_type: Task, health_check_label: Service-Review}\n",
            "this one is reviews.service_review_label",
        ),
    ],
)
def test_names_that_are_missing_or_taken_are_named(
    folder: ConfigFolder, names: str, says: str
) -> None:
    """Where requests are to be raised the project and the work type are needed; labels mean one thing."""
    turned_on(folder, names=names)
    problems = folder.problems()
    assert len(problems) == 1
    assert says in problems[0]


def test_who_has_no_first_day_is_named(folder: ConfigFolder) -> None:
    """`check` warns that nothing is planned for an organization before its first review is done."""
    turned_on(folder)
    warnings = [
        warning
        for warning in folder.load().warnings
        if "no valid_from" in warning
    ]
    assert ["organization 2" in warning for warning in warnings] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1 month", 1), ("12 months", 12), (" 3  months ", 3)],
)
def test_months_are_read(text: str, wanted: int) -> None:
    """As people write them."""
    assert months(text) == wanted


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        (12, "12 months"),
        ("12", "12 months"),
        ("1 year", "12 months"),
        ("2 quarters", "6 months"),
        ("0 months", None),
        ("often", None),
        (True, None),
        (None, None),
    ],
)
def test_other_words_for_months_are_understood_but_not_taken(
    value: object, suggestion: str | None
) -> None:
    """The message suggests what was probably meant."""
    with pytest.raises(WordError) as caught:
        months(value)
    assert caught.value.suggestion == suggestion


def test_the_shipped_examples_can_be_turned_on(tmp_path: Path) -> None:
    """The commented-out lines of both files are right as they stand."""
    made = ConfigFolder(tmp_path)
    for file in SHIPPED.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        made.write(str(file.relative_to(SHIPPED)), _uncommented(text))
    found = load(tmp_path)
    assert set(found.reviews) == set(ReviewKind)
    assert found.desk.reviews == ReviewNames(KINDS, "SUP", "Task")


def _uncommented(text: str) -> str:
    """Turn the block `reviews` on."""
    return re.sub(
        r"^# reviews:\n(#   .*\n)+",
        lambda found: re.sub(r"^# ", "", found[0], flags=re.MULTILINE),
        text,
        flags=re.MULTILINE,
    )
