"""What may well be a mistake: `check` warns of it."""

from tests.config.samples import ConfigFolder


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


def test_two_organizations_of_one_name_are_a_warning(
    folder: ConfigFolder,
) -> None:
    """R6: names may be the same, but one of the ids may be a slip: both are named."""
    folder.edit("organizations.yaml", "name: South", "name: north")
    (warning,) = folder.load().warnings
    assert "organizations.yaml:8: organization 2 is called 'north'" in warning
    assert "organization 1 in line 3" in warning
