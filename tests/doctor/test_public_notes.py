"""Public notes and the clocks of Jira's own: the doctor warns before a customer's clock stops at the bot's comment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from jsm_sla_bot.doctor.checks import CHECKS, by_name, examined
from jsm_sla_bot.doctor.examination import Examination
from jsm_sla_bot.doctor.verdict import Grade, Verdict
from jsm_sla_bot.ports.survey import Unread
from jsm_sla_bot.sla.contract import Organization, PublicNoteRule
from tests.doctor import scene
from tests.sla.dormant import RULE as DORMANT

RULE = PublicNoteRule(frozenset({1}), timedelta(hours=2), timedelta(0))
CLOCK = scene.field(13, "Time to first response", "sd-sla-field")
WITH_CLOCK = {"fields": [*scene.FIELDS, CLOCK]}


def verdict(seen: Examination) -> Verdict:
    """Return what the check says."""
    [check] = by_name(["native-sla"])
    return check.verdict(seen)


def noted(seen: Examination, *kinds: str) -> Examination:
    """Turn these kinds on for one organization only, by its own contract."""
    notes: Mapping[str, PublicNoteRule] = dict.fromkeys(kinds, RULE)
    policy = seen.policy
    key, one = next(iter(policy.organizations.items()))
    own: Organization = replace(one, terms=replace(one.terms, notes=notes))
    organizations = {**policy.organizations, key: own}
    changed = replace(policy, organizations=organizations)
    return replace(seen, policy=changed)


def test_a_clock_that_public_notes_may_stop() -> None:
    """It is named, with the kinds that are on, what to do and where; nothing else is found."""
    seen = noted(scene.examination(**WITH_CLOCK), "eta", "call_us")
    found = verdict(seen)
    assert found.grade is Grade.WARNING
    [detail] = found.details
    assert "'Time to first response'" in detail.what
    assert "call_us, eta" in detail.what
    assert "/projects/SUP/settings/sla" in detail.remedy
    others = {
        check.name for check, each in examined(CHECKS, seen) if each.is_finding
    }
    assert others == {"native-sla"}


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        pytest.param(scene.examination(**WITH_CLOCK), "internal notes only", id="as shipped"),
        pytest.param(noted(scene.examination(), "eta"), "no clock of its own", id="a site without such a clock"),
    ],
)  # fmt: skip
def test_nothing_to_warn_of(seen: Examination, words: str) -> None:
    """Internal notes stop no clock, and where there is none there is none to stop."""
    found = verdict(seen)
    assert found.grade is Grade.OK
    assert words in found.line


def test_fields_that_could_not_be_read() -> None:
    """What is not known is not passed."""
    unread = Unread("the fields could not be read")
    seen = noted(scene.examination(fields=unread), "eta")
    assert verdict(seen).grade is Grade.SKIPPED


def test_reminders_and_closings_are_public_notes() -> None:
    """Where requests go dormant by one organization's own contract alone, the clock is named as well."""
    seen = scene.examination(**WITH_CLOCK)
    key, one = next(iter(seen.policy.organizations.items()))
    own = replace(one, terms=replace(one.terms, dormancy=DORMANT))
    organizations = {**seen.policy.organizations, key: own}
    policy = replace(seen.policy, organizations=organizations)
    found = verdict(replace(seen, policy=policy))
    [detail] = found.details
    assert "turns on closing, reminder" in detail.what
    assert "dormancy" in detail.remedy
