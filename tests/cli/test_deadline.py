"""`deadline`: the engine alone, by options and by lines of JSON."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.sla.contract import local, utc
from tests.sla.test_worked_examples import EXAMPLES

REPORT = "2026-03-02T10:00+01:00"
FRIDAY = (
    "--tier",
    "Expert",
    "--severity",
    "1",
    "--product",
    "Outscan NX",
    "--reported",
    "2026-03-06T22:10+01:00",
)
PHONED = (*FRIDAY, "--called", "2026-03-06T22:20+01:00")


def batch(
    cli: Cli, folder: Path, *given: str | bytes
) -> tuple[int, list[dict[str, object]]]:
    """Ask with these lines; return the exit code and the answers."""
    file = folder / "questions.jsonl"
    file.write_bytes(
        b"\n".join(
            line if isinstance(line, bytes) else line.encode()
            for line in given
        )
    )
    told = cli("deadline", "--batch", file)
    return told.code, [json.loads(line) for line in told.out.splitlines()]


def line(**given: object) -> str:
    """Return a question as a line of JSON; `reported` is a Monday morning unless it is given."""
    return json.dumps({"reported": REPORT, **given})


def test_the_worked_examples_as_a_batch(cli: Cli, home: Path) -> None:
    """The eighteen rows of the rule book come out in order, due to the second, in UTC."""
    asked = [
        line(
            tier=tier,
            severity=severity,
            product=product,
            reported=local(reported).isoformat(),
            called=local(called).isoformat() if called else None,
        )
        for tier, severity, product, reported, called, _ in EXAMPLES
    ]
    code, answers = batch(cli, home, *asked)
    assert code == 0
    assert [answer["due"] for answer in answers] == [
        f"{utc(row[5]):%Y-%m-%dT%H:%M:%SZ}" for row in EXAMPLES
    ]
    assert all(
        {"due", "target", "clock", "calendar", "because"} <= answer.keys()
        for answer in answers
    )


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({}, "2026-03-05T09:00:00Z"),
        (
            {"tier": None, "severity": None, "product": None, "called": None},
            "2026-03-05T09:00:00Z",
        ),
        ({"tier": "", "severity": "", "called": ""}, "2026-03-05T09:00:00Z"),
        ({"tier": "expert", "severity": "s3"}, "2026-03-04T09:00:00Z"),
        ({"tier": " Expert ", "severity": " 3 "}, "2026-03-04T09:00:00Z"),
        ({"organization": 11, "severity": 3}, "2026-03-04T09:00:00Z"),
        (
            {"organization": "nordbank ab", "severity": 3},
            "2026-03-04T09:00:00Z",
        ),
        (
            {"organization": "11", "tier": "Expert", "severity": 3},
            "2026-03-04T09:00:00Z",
        ),
        ({"organization": 16, "severity": 1}, "2026-03-02T13:00:00Z"),
        ({"organization": 14, "reported": "2026-07-01T00:00:00+02:00"}, None),
        (
            {
                "organization": 14,
                "severity": 3,
                "reported": "2026-06-30T23:59:59+02:00",
            },
            "2026-07-02T15:00:00Z",
        ),
        ({"organization": 18}, None),
        (
            {"product": "Ünïcødé 产品 🚀", "severity": 1},
            "2026-03-03T09:00:00Z",
        ),
        ({"reported": "2026-03-02T09:00:00Z"}, "2026-03-05T09:00:00Z"),
        (
            {"reported": "2026-03-02T10:00:00.250+01:00"},
            "2026-03-05T09:00:00.250Z",
        ),
        ({"reported": "2018-03-05T10:00+01:00"}, "2018-03-08T09:00:00Z"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[:60],
)
def test_a_question_is_answered(
    cli: Cli, home: Path, given: dict[str, object], due: str | None
) -> None:
    """What is left out has the policy's default; names are compared as people write them."""
    code, (answer,) = batch(cli, home, line(**given))
    assert (code, answer["due"]) == (0, due)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("{}", "reported is missing"),
        (line(reported=None), "reported is missing"),
        (
            line(reported="2026-03-02T10:00"),
            'reported: found "2026-03-02T10:00", expected an instant with its zone',
        ),
        (line(reported="yesterday"), "reported: found"),
        (line(reported=1772442000), "reported: found 1772442000"),
        (line(reported=20260302), "reported: found 20260302"),
        (line(reported="9999-12-31T23:59:59-12:00"), "reported: found"),
        (line(called="soon"), 'called: found "soon"'),
        (
            line(tier="Gold"),
            'tier: found "Gold", expected one of Knowledge, Expert Partner, Expert',
        ),
        (line(tier="Expret"), "Expert - did you mean 'Expert'?"),
        (line(tier=["Expert"]), "tier: found"),
        (
            line(organization="Nordbank"),
            "the name of one in organizations.yaml - did you mean 'Nordbank AB'?",
        ),
        (line(organization="unheard of", tier="Expert"), 'found "unheard of"'),
        (line(organization=99), 'organization: found "99"'),
        (line(product="Outscan NY"), "did you mean 'outscan nx'?"),
        (
            line(tier="Knowledge", organization=11),
            "has bought Expert, not Knowledge",
        ),
        (line(severity=7), "severity: found 7, expected 1 to 4"),
        (line(severity=0), "severity: found 0"),
        (line(severity=1.0), "severity: found 1.0"),
        (line(severity=True), "severity: found true"),
        (line(severity="critical"), 'severity: found "critical"'),
        (line(severity="S\N{FULLWIDTH DIGIT ONE}"), "severity: found"),
        (line(severity=10**400), "severity: found 1000"),
        (
            f'{{"reported": "{REPORT}", "severity": {"9" * 5000}}}',
            "not JSON that can be read",
        ),
        (line(severity=float("inf")), "severity: found Infinity"),
        (line(severity=[1]), "severity: found [1]"),
        (line(product={"value": "HIAB"}), "product: found"),
        (line(organization=[11]), "organization: found [11]"),
        (line(teir="Expert"), "did you mean 'tier'?"),
        (line(colour="red"), "the keys are tier, severity"),
        (
            line(reported="2030-12-31T10:00+01:00", severity=4),
            "calendar 'sweden' covers 2015-2030 only",
        ),
        (line(reported="1970-01-01T00:00Z"), "calendar 'sweden' covers"),
        (
            '{"tier": "Expert", "tier": "Knowledge"}',
            'the key "tier" stands twice',
        ),
        ("[1, 2]", "found [1, 2], expected a JSON object"),
        ("null", "found null"),
        ('{"reported":', "not JSON: Expecting value at column 13"),
        ("[" * 100_000, "not JSON that can be read"),
        (b'{"product": "\xe5"}', "not JSON: Invalid"),
        (f'{{"reported": "{REPORT}", "tier": "\\ud800"}}', "tier: found"),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_a_line_in_error_is_named_and_stops_no_other(
    cli: Cli, home: Path, asked: str | bytes, named: str
) -> None:
    """The wrong line says its number and what was expected; the lines around it are answered; the exit code is 1."""
    code, (before, wrong, after) = batch(cli, home, line(), asked, line())
    assert (code, before["due"], after["due"]) == (
        1,
        "2026-03-05T09:00:00Z",
        "2026-03-05T09:00:00Z",
    )
    assert wrong["line"] == 2
    assert named in str(wrong["error"])
    assert len(str(wrong["error"])) < 250


def test_what_editors_leave_in_a_file(cli: Cli, home: Path) -> None:
    """A byte order mark, CRLF, blank lines and a missing last line feed change nothing."""
    code, answers = batch(
        cli,
        home,
        b"\xef\xbb\xbf" + line().encode() + b"\r",
        b"\r",
        b"   ",
        line().encode() + b"\r",
    )
    assert (code, [answer["due"] for answer in answers]) == (
        0,
        ["2026-03-05T09:00:00Z"] * 2,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--batch", "missing.jsonl"),
            "missing.jsonl can't be read: No such file or directory",
        ),
        (("--batch", "."), "can't be read: Is a directory"),
        (("--batch", "x.jsonl", "--tier", "Expert"), "leave out --tier"),
        ((), "reported is missing"),
        (("--reported", "2026-03-02T10:00"), "with its zone"),
        (("--reported", REPORT, "--policy", "nowhere"), "nowhere"),
    ],
    ids=["no file", "a folder", "both", "nothing", "naive", "no policy"],
)
def test_a_question_that_makes_no_sense(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    """It is one sentence on standard error and exit code 1."""
    told = cli("deadline", *arguments)
    assert (told.code, told.out) == (1, "")
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_name_of_two_organizations_is_not_enough(
    cli: Cli, home: Path
) -> None:
    """Names may be the same: then the id is asked for."""
    organizations = home / "config" / "organizations.yaml"
    text = organizations.read_text()
    organizations.write_text(text.replace("Acme Industries", "Nordbank AB"))
    told = cli(
        "deadline", "--organization", "nordbank ab", "--reported", REPORT
    )
    assert (
        told.code,
        "is the name of 11 and 12: give the id" in told.err,
    ) == (1, True)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_organization_is_nobody(cli: Cli, blank: str) -> None:
    """A shell variable without a value is not answered as a request without an organization."""
    told = cli("deadline", "--organization", blank, "--reported", REPORT)
    assert (told.code, told.out) == (1, "")
    assert "--organization is blank: give an id or a name" in told.err


@pytest.mark.parametrize("spelling", ["--config", "--policy"])
@pytest.mark.parametrize(
    "verb",
    [
        ("check",),
        ("deadline", "--reported", REPORT),
        ("assess", "-"),
        ("calendars", "show", "sweden", "2026"),
        ("calendars", "diff", "sweden"),
        ("calendars", "refresh", "sweden"),
    ],
    ids=lambda verb: " ".join(verb[:2]),
)
def test_the_folder_has_one_option(
    cli: Cli, verb: tuple[str, ...], spelling: str
) -> None:
    """Both spellings are understood by every verb that takes a folder, and mean the same."""
    told = cli(*verb, spelling, "nowhere")
    assert (told.code, "nowhere" in told.err) == (1, True)


def test_by_options_as_json(cli: Cli) -> None:
    """The README's example is due at 23:20 UTC, with every reason and where it was read."""
    told = cli("deadline", *PHONED, "--json")
    answer = json.loads(told.out)
    assert (answer["due"], answer["target"]) == (
        "2026-03-06T23:20:00Z",
        "2 h, round the clock",
    )
    assert {"R1", "R3", "R4"} <= {
        reason["rule"] for reason in answer["because"]
    }
    assert any(
        str(reason["source"]).startswith("policy.yaml:")
        for reason in answer["because"]
    )


def test_by_options_for_a_person(cli: Cli) -> None:
    """The steps, each interval counted and each day skipped fit a terminal of 80 columns, without colours in a pipe."""
    told = cli("deadline", *FRIDAY)
    assert told.code == 0
    assert (
        "2026-03-07                Saturday                  skipped"
        in told.out
    )
    assert (
        "Mon 2026-03-09 09:00 CET  Mon 2026-03-09 17:00 CET  8 h" in told.out
    )
    assert "has not called" in told.out
    assert "\x1b" not in told.out
    assert max(map(len, told.out.splitlines())) <= 80


def test_a_question_goes_by_the_period_of_its_report(
    cli: Cli, home: Path
) -> None:
    """R7: the tier that was bought for the day of the report answers, and is the one that may be named beside it."""
    organizations = home / "config" / "organizations.yaml"
    periods = """
  - id: 21
    name: Aurora Shipping
    periods:
      - {tier: Expert, valid_from: 2026-02-01}
      - {tier: Knowledge, valid_from: 2025-01-01, valid_until: 2026-01-31}
"""
    organizations.write_text(organizations.read_text() + periods)
    code, (old, new, wrong) = batch(
        cli,
        home,
        line(organization=21, reported="2026-01-30T10:00+01:00", severity=3),
        line(organization=21, tier="Expert", severity=3),
        line(organization=21, tier="Knowledge", severity=3),
    )
    assert (code, old["tier"], new["tier"]) == (1, "Knowledge", "Expert")
    assert "has bought Expert, not Knowledge" in str(wrong["error"])
