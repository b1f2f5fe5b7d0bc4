"""One mistake on every line of a long file: short to read, and quick to find."""

import pytest
from tests.config.samples import ConfigFolder

ORG = "organizations.yaml"
MANY = 3_000


def organizations(*lines: str, name: str = "Customer {}") -> str:
    """Return a file of many organizations, each with these lines; `{}` stands for a number of its own."""
    parts = ["organizations:"]
    for number in range(1, MANY + 1):
        entry = (
            "- id: {}",
            f"  name: {name}",
            *(f"  {line}" for line in lines),
        )
        parts += [line.format(number) for line in entry]
    return "\n".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        pytest.param(["tier: Standart"], 1, id="a tier that does not exist"),
        pytest.param(
            ["tier: Standard", "valid_until: 2026-02-30"], 1, id="no day"
        ),
        pytest.param(
            ["tier: Standard", "valid_form: 2026-02-01"], 1, id="no key"
        ),
        pytest.param(
            ["tier: Standard", "key{}: 1"], 1, id="a key of its own each"
        ),
        pytest.param(["suspended: true"], 1, id="no tier"),
        pytest.param(
            [
                "tier: Standard",
                "valid_form: 2026-01-01",
                "valid_until: 2026-02-30",
            ],
            2,
            id="two mistakes each",
        ),
    ],
)
def test_the_first_hundred_of_a_kind_are_listed(
    folder: ConfigFolder, lines: list[str], kinds: int
) -> None:
    """Of one mistake on every entry a hundred places are listed, and the number of the others stands at the last."""
    folder.write(ORG, organizations(*lines))
    problems = folder.problems()
    counted = [
        problem for problem in problems if "more of this kind" in problem
    ]
    assert len(counted) == kinds
    assert all(
        "(and 2,900 more of this kind further down)" in each
        for each in counted
    )
    assert 100 * kinds <= len(problems) <= 109 * kinds


def test_a_rare_mistake_is_not_hidden_by_a_frequent_one(
    folder: ConfigFolder,
) -> None:
    """What is wrong once stands there next to what is wrong everywhere."""
    text = organizations("tier: Standart")
    rare = "    overrides: {targets: {S1: 8h, S9: 2 h round the clock}}"
    folder.write(ORG, f"{text}\n{rare.removeprefix('  ')}\n")
    problems = "\n".join(folder.problems())
    assert "overrides.targets.S1: found '8h'" in problems
    assert "overrides.targets.S9: found the unknown key 'S9'" in problems


def test_every_severity_is_a_kind_of_its_own(folder: ConfigFolder) -> None:
    """S1 and S2 differ by more than a number: both are listed."""
    folder.write(
        ORG,
        organizations(
            "tier: Standard", "overrides: {{targets: {{S1: x, S2: y}}}}"
        ),
    )
    counted = [each for each in folder.problems() if "2,900 more" in each]
    assert [each.split(": ")[1] for each in counted] == [
        "organizations[99].overrides.targets.S1",
        "organizations[99].overrides.targets.S2",
    ]


def test_a_suggestion_in_a_long_file_is_tried_like_any_other(
    folder: ConfigFolder,
) -> None:
    """The last entry listed has a suggestion that holds, and one that does not hold is not made."""
    folder.write(ORG, organizations("tier: Standart"))
    listed = [
        each for each in folder.problems() if ".tier: found 'Standart'" in each
    ]
    assert len(listed) == 100
    assert all("did you mean 'Standard'?" in each for each in listed)


def test_warnings_of_one_kind_are_counted_too(folder: ConfigFolder) -> None:
    """Organizations that all have one name are a hundred warnings, the last with the number of the others."""
    folder.write(ORG, organizations("tier: Standard", name="Same"))
    warnings = [each for each in folder.load().warnings if "'Same'" in each]
    assert len(warnings) == 100
    assert warnings[-1].endswith("(and 2,899 more of this kind)")
