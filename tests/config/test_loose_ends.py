"""What may well be a mistake: `check` warns of it."""

import pytest
from tests.config.samples import ConfigFolder

NOTHING_COUNTS = "{public_comment: false, status: false, severity: false}"


def test_loose_ends_are_warnings(folder: ConfigFolder) -> None:
    """What may be a slip but need not be is a warning."""
    folder.edit("policy.yaml", "- id: 3", "- id: 33")
    folder.write("organisations.yaml", "organizations: []")
    folder.write("calendars/other.yml", "name: other")
    folder.write("kustomization.yaml", "kind: Component")
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


def test_two_organizations_of_one_name_are_a_warning(
    folder: ConfigFolder,
) -> None:
    """R6: names may be the same, but one of the ids may be a slip: both are named."""
    folder.edit("organizations.yaml", "name: South", "name: north")
    (warning,) = folder.load().warnings
    assert "organizations.yaml:8: organization 2 is called 'north'" in warning
    assert "organization 1 in line 3" in warning


def test_spaces_make_no_other_name(folder: ConfigFolder) -> None:
    """R6: a name pasted with two spaces or an unbreakable one is the same name to people."""
    folder.edit("organizations.yaml", "name: North", "name: Acme  Corp")
    folder.edit("organizations.yaml", "name: South", "name: ACME\u00a0Corp")
    (warning,) = folder.load().warnings
    assert "organization 2 is called 'ACME Corp'" in warning


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        (
            "policy.yaml",
            "acknowledgement: {public_comment: true, status: true, severity: false}",
            f"acknowledgement: {NOTHING_COUNTS}",
            "policy.yaml:22",
        ),
        (
            "organizations.yaml",
            "name: West",
            f"name: West\n    overrides: {{acknowledgement: {NOTHING_COUNTS}}}",
            "organizations.yaml:16",
        ),
    ],
    ids=["for all", "for one"],
)
def test_answers_that_would_never_count_are_a_warning(
    folder: ConfigFolder, name: str, old: str, new: str, line: str
) -> None:
    """D4: with no deed left, everything that is answered comes to be a breach; the place and the remedy are named."""
    assert folder.load().warnings == ()
    folder.edit(name, old, new)
    (warning,) = folder.load().warnings
    assert f"{line}: no deed but closing acknowledges" in warning
    assert "public_comment" in warning


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "policy.yaml",
            "not_measured:",
            "not_measured:\n  labels: [{name: out of scope, reason: Other}]",
        ),
        ("jira.yaml", "called:\n", "called:\n  label: has called\n"),
        ("jira.yaml", "ignore_label: hands-off", "ignore_label: hands off"),
    ],
    ids=["not measured", "called", "ignored"],
)
def test_a_label_that_no_request_can_have_is_refused(
    folder: ConfigFolder, name: str, old: str, new: str
) -> None:
    """Jira's labels have no spaces: one that has would never be found, and nothing would be taken out."""
    folder.edit(name, old, new)
    (problem,) = folder.problems()
    assert "expected a label, which has no spaces - did you mean" in problem
