"""Public notes are off until the policy turns a kind on, for tiers and severities; organizations may override (D12)."""

from datetime import timedelta

import pytest
from tests.config.samples import ConfigFolder

from jsm_sla_bot.sla.contract import PublicNoteRule

ALL = frozenset({1, 2, 3, 4})
HOURS = timedelta(hours=1)


def with_notes(
    folder: ConfigFolder, policy: str, override: str = ""
) -> ConfigFolder:
    """Add public notes to the policy, and an override to the organization 2, which is of the tier Standard."""
    folder.edit("policy.yaml", "reopen: keep\n", f"reopen: keep\n{policy}")
    if override:
        calendar = "      calendar: night\n"
        folder.edit("organizations.yaml", calendar, f"{calendar}{override}")
    return folder


def kinds(rules: object) -> dict[str, set[int]]:
    """Return the severities of each kind that is on."""
    assert isinstance(rules, dict)
    return {kind: set(rule.severities) for kind, rule in rules.items()}


def test_nothing_is_public_as_shipped(folder: ConfigFolder) -> None:
    """D12: without the key no tier and no organization has a public note, and the hash is what it was."""
    policy = folder.load().policy
    assert not any(terms.notes for terms in policy.tiers.values())
    assert not any(one.terms.notes for one in policy.organizations.values())
    off = "notes: {registered: false, resolved: {severities: []}}\n"
    assert with_notes(folder, off).load().policy.hash == policy.hash


@pytest.mark.parametrize(
    ("written", "standard", "premium"),
    [
        pytest.param("registered: true", {"registered": ALL}, {"registered": ALL}, id="for everybody"),
        pytest.param("call_us: {}", {"call_us": ALL}, {"call_us": ALL}, id="no keys: for everybody"),
        pytest.param("eta: {tiers: [Premium]}", {}, {"eta": ALL}, id="for a tier"),
        pytest.param("resolved: {severities: [S1, S2]}", {"resolved": {1, 2}}, {"resolved": {1, 2}},
            id="for severities"),
        pytest.param("registered: false", {}, {}, id="off"),
    ],
)  # fmt: skip
def test_a_kind_is_turned_on_for_tiers_and_severities(
    folder: ConfigFolder,
    written: str,
    standard: dict[str, set[int]],
    premium: dict[str, set[int]],
) -> None:
    """What is left out means all; an organization without an override of its own has what its tier has."""
    policy = with_notes(folder, f"notes: {{{written}}}\n").load().policy
    assert kinds(policy.tiers["Standard"].notes) == standard
    assert kinds(policy.tiers["Premium"].notes) == premium
    assert kinds(policy.organizations["1"].terms.notes) == premium
    assert kinds(policy.default_terms.notes) == standard


def test_times_have_defaults_and_can_be_changed(folder: ConfigFolder) -> None:
    """D19, D21, D22: two hours of freshness, ten minutes of rest, a quarter of an hour before a closing."""
    text = "notes: {registered: true, eta: {settles: 5 min}, resolved: {answered_within: 1 h, within: 2 days}}\n"
    rules = with_notes(folder, text).load().policy.default_terms.notes
    quarter = timedelta(minutes=15)
    assert rules["registered"] == PublicNoteRule(
        severities=ALL,
        within=2 * HOURS,
        settles=timedelta(minutes=10),
        answered_within=quarter,
    )
    assert rules["eta"].settles == timedelta(minutes=5)
    assert (rules["resolved"].within, rules["resolved"].answered_within) == (
        48 * HOURS,
        HOURS,
    )


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        pytest.param("{registered: false}", {"call_us": {1}}, id="off"),
        pytest.param("{resolved: true}", {"registered": {1, 2}, "call_us": {1}, "resolved": ALL}, id="on"),
        pytest.param("{registered: {severities: [S4]}}", {"registered": {4}, "call_us": {1}}, id="other severities"),
        pytest.param("{eta: {tiers: [Premium]}}", {"registered": {1, 2}, "call_us": {1}}, id="another tier's"),
        pytest.param("{call_us: true}", {"registered": {1, 2}, "call_us": {1}}, id="as the policy says"),
    ],
)  # fmt: skip
def test_an_organization_decides_otherwise(
    folder: ConfigFolder, override: str, expected: dict[str, set[int]]
) -> None:
    """R12: kind by kind; what it leaves out is the policy's, and the override has its source."""
    base = "notes: {registered: {severities: [S1, S2], within: 1 h}, call_us: {severities: [S1]}}\n"
    made = with_notes(folder, base, f"      notes: {override}\n")
    terms = made.load().policy.organizations["2"].terms
    assert kinds(terms.notes) == expected
    assert terms.overridden[-1] == "notes"
    assert terms.source("notes") == "organizations.yaml:14"
    if "registered" in terms.notes:
        assert terms.notes["registered"].within == HOURS


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("{registred: true}", "notes.registred: found the unknown key 'registred', expected one of "
            "call_us, eta, registered, resolved - did you mean 'registered'?", id="an unknown kind"),
        pytest.param("{eta: {within: 2 h}}", "notes.eta.within: found the unknown key 'within', expected one of "
            "settles, severities, tiers", id="a key of another kind"),
        pytest.param("{eta: {tiers: [Premum]}}", "notes.eta.tiers[0]: found 'Premum', expected a tier of "
            "policy.yaml: Standard, Premium - did you mean 'Premium'?", id="an unknown tier"),
        pytest.param("{eta: sometimes}", "notes.eta: found 'sometimes', expected true, false or keys with values",
            id="a word"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    folder: ConfigFolder, written: str, said: str
) -> None:
    """As for every other key: the file, the line, what was found and what was expected."""
    [problem] = with_notes(folder, f"notes: {written}\n").problems()
    assert problem.startswith("config/policy.yaml:24:")
    assert said in problem
