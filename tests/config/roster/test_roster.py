"""A table of who has bought what is taken over into `organizations.yaml`, or every reason is given why not."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from jsm_sla_bot.config.load import load, load_texts
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.config.roster.agreements import Agreement, Known, agreements
from jsm_sla_bot.config.roster.editing import edited
from jsm_sla_bot.config.roster.table import read_table
from jsm_sla_bot.sla.contract import Policy

SHIPPED = Path(__file__).parents[3] / "config"
CONFIGURATION = load(SHIPPED)
TEXT = CONFIGURATION.texts["organizations.yaml"]
TIERS = ("Knowledge", "Expert Partner", "Expert")
KNOWN = Known(
    organizations={
        **{
            key: each.name
            for key, each in CONFIGURATION.policy.organizations.items()
        },
        "77": "Sable Mining",
        "78": "Twin Ltd",
        "79": "twin ltd",
    },
    mapped=frozenset(CONFIGURATION.policy.organizations),
    tiers=TIERS,
)


def roster(tmp_path: Path, text: str) -> Mapping[str, list[Agreement]]:
    """Read a CSV file."""
    file = tmp_path / "roster.csv"
    file.write_text(text, encoding="utf-8")
    found = agreements(file, read_table(file), KNOWN)
    return {key: list(several) for key, several in found.items()}


def problems(tmp_path: Path, text: str) -> list[str]:
    """Return what is wrong with a CSV file, a sentence each, without the path."""
    with pytest.raises(ConfigurationProblems) as caught:
        roster(tmp_path, text)
    return [
        str(each).replace(f"{tmp_path}/", "") for each in caught.value.problems
    ]


def test_a_table_with_nothing_new_changes_nothing(tmp_path: Path) -> None:
    """Not one character, whatever the columns' order and the case of names."""
    text = "Tier;Organization;ID\nexpert;Nordbank AB;11\n;Acme Industries;12\n"
    found = edited(TEXT, roster(tmp_path, text))
    assert found.text == TEXT
    assert not found.changes


def test_a_change_keeps_comments_and_order(tmp_path: Path) -> None:
    """Only the lines of the organization that changes are different."""
    found = edited(
        TEXT, roster(tmp_path, "id,tier,valid_until\n12,Expert,2027-06-30\n")
    )
    (change,) = found.changes
    assert change.details == [
        "tier: Knowledge → Expert",
        "valid_until: 2027-06-30",
    ]
    before, after = TEXT.splitlines(), found.text.splitlines()
    assert [line for line in before if line not in after] == []
    assert [line for line in after if line not in before] == [
        "    valid_until: 2027-06-30"
    ]
    read = load_texts(
        {**CONFIGURATION.texts, "organizations.yaml": found.text}
    )
    assert read.policy.organizations["12"].terms.tier == "Expert"


def test_a_new_organization_is_known_by_its_name(tmp_path: Path) -> None:
    """The site knows it; its entry stands at the end, with everything that the row says."""
    text = (
        "organization,tier,valid_from,suspended,csm,representatives\n"
        "sable mining,Knowledge,2026-01-01,no,712020:abc,qm:1; qm:2\n"
    )
    found = edited(TEXT, roster(tmp_path, text))
    assert [(each.id, each.is_new) for each in found.changes] == [("77", True)]
    read = load_texts(
        {**CONFIGURATION.texts, "organizations.yaml": found.text}
    )
    made = read.policy.organizations["77"]
    assert (made.csm, made.representatives) == ("712020:abc", ("qm:1", "qm:2"))
    assert made.valid_from == date(2026, 1, 1)
    assert found.text.startswith(TEXT.rstrip("\n"))


def test_several_rows_are_periods(tmp_path: Path) -> None:
    """A renewal at another tier; taken over twice it changes nothing."""
    text = (
        "id,tier,valid_from,valid_until\n"
        "12,Expert,2026-01-01,\n"
        "12,Knowledge,2025-01-01,2025-12-31\n"
    )
    found = edited(TEXT, roster(tmp_path, text))
    read = load_texts(
        {**CONFIGURATION.texts, "organizations.yaml": found.text}
    )
    periods = read.policy.organizations["12"].periods
    assert [each.terms.tier for each in periods] == ["Knowledge", "Expert"]
    assert not edited(found.text, roster(tmp_path, text)).changes


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Unknown names, doubles, overlaps, bad dates and tiers: each with its row and column."""
    text = (
        "id,organization,tier,valid_from,valid_until,csm\n"
        ",Nordbank A,Expert,,,\n"
        "12,,Gold,,,\n"
        "13,,Expert,30/06/2026,,\n"
        "14,,Expert,2026-07-01,2026-06-30,\n"
        "15,,Expert,2026-01-01,2026-12-31,\n"
        "15,,Expert,2026-12-31,,\n"
        "16,,Expert,,,mia@example.com\n"
        "99,,Expert,,,\n"
        ",Twin Ltd,Expert,,,\n"
        "77,,,,,\n"
    )
    found = problems(tmp_path, text)
    expected = [
        "roster.csv:2:2: organization: found 'Nordbank A'",
        "roster.csv:3:3: tier: found 'Gold', expected one of Knowledge",
        "roster.csv:4:4: valid_from: found '30/06/2026', expected a date such as",
        "roster.csv:5:5: valid_until: found 2026-06-30, expected a day from 2026-07-01",
        "roster.csv:7: found organization 15 in a period that overlaps row 6",
        "roster.csv:8:6: csm: found 'mia@example.com', expected an account id",
        "roster.csv:9:1: id: found 99, expected the id of an organization",
        "roster.csv:10:2: organization: found 'Twin Ltd', expected its id",
        "roster.csv:11:3: tier: found nothing, expected one of Knowledge",
    ]
    for sentence in expected:
        assert any(sentence in each for each in found), (sentence, found)
    assert len(found) == len(expected)
    assert "did you mean 'Nordbank AB'?" in found[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,teir\nNordbank AB,Expert\n", "did you mean 'tier'?"),
        ("tier\nExpert\n", "a column id or organization"),
        ("id,id\n11,11\n", "the column id twice"),
        ("", "a column id or organization"),
        ('id,tier\n12,"' + "x" * 200_000, "a cell without an end"),
    ],
    ids=["unknown", "no organization", "double", "empty", "no end"],
)
def test_columns_that_make_no_sense_are_named(
    tmp_path: Path, text: str, words: str
) -> None:
    """Before any row is read."""
    assert words in " ".join(problems(tmp_path, text))


def test_excel_is_read_like_csv(tmp_path: Path) -> None:
    """Dates and whole numbers come as Excel keeps them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "tier", "valid_from", "valid_until", "suspended"])
    sheet.append(
        [12, "Expert", datetime(2026, 1, 1), date(2026, 12, 31), True]
    )
    sheet.append([None, None, None, None, None])
    file = tmp_path / "roster.xlsx"
    book.save(file)
    (found,) = agreements(file, read_table(file), KNOWN)["12"]
    assert (found.tier, found.suspended) == ("Expert", True)
    assert (found.valid_from, found.valid_until) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )


def test_a_table_as_people_keep_it(tmp_path: Path) -> None:
    """A title, empty rows, cells merged downwards and numbers that Excel keeps as fractions are no trouble."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Customers of 2026"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Organization", "Tier", "Valid from", "Valid until"])
    sheet.append(
        ["acme industries", "Expert", datetime(2026, 1, 1), date(2026, 12, 31)]
    )
    sheet.append([None, "Knowledge", date(2027, 1, 1), None])
    sheet.append([None, None, None, None])
    sheet.append(["Nordbank AB", "Expert", None, None])
    sheet.merge_cells("A4:A6")
    file = tmp_path / "roster.xlsx"
    book.save(file)
    found = agreements(file, read_table(file), KNOWN)
    assert [(each.row, each.tier) for each in found["12"]] == [
        (4, "Expert"),
        (5, "Knowledge"),
    ]
    assert [each.row for each in found["11"]] == [7]


@pytest.mark.parametrize(
    "text",
    [
        "\ufefforganization;tier\r\nNordbank AB;Expert\r\n",
        "sep=;\r\norganization;tier\r\nNordbank AB;Expert\r\n",
        '"Our customers, and theirs"\n\nTier\tName\nExpert\tNordbank AB\n',
        ';;\n;Organization;Tier\n;"Nordbank AB";expert\n;;\n',
    ],
    ids=["mark", "sep", "title", "margin"],
)
def test_csv_as_excel_writes_it(tmp_path: Path, text: str) -> None:
    """A byte order mark, semicolons, a line that names them, a title, a margin."""
    (found,) = roster(tmp_path, text)["11"]
    assert found.tier == "Expert"


def test_columns_rows_and_overlaps_are_wrong_at_once(tmp_path: Path) -> None:
    """One look at the table finds all of it, in the order of the rows."""
    text = (
        "organization,id,tier,valid_from,valid_until,colour\n"
        "Acme Industries,,Gold,2026-01-01,2026-12-31,red\n"
        "Acme Industries,,Expert,2026-12-31,,\n"
        "Nordbank AB,12,Expert,2025-01-01,2025-12-31,\n"
        "Acme Industries,,Expert,31.02.2026,,\n"
        "Acme,12,Expert,,45657,\n"
        "Acme,12,Expert,2024-01-01,2024-12-31,\n"
    )
    found = problems(tmp_path, text)
    expected = [
        "roster.csv:1:6: found the column 'colour'",
        "roster.csv:2:3: tier: found 'Gold'",
        "roster.csv:3: found organization 12 in a period that overlaps row 2",
        "roster.csv:4:1: organization: found 'Nordbank AB', expected 'Acme Industries', the name of organization 12",
        "roster.csv:5:4: valid_from: found '31.02.2026'",
        "roster.csv:6:5: valid_until: found '45657', expected a date such as 2026-12-31 - did you mean '2024-12-31'?",
    ]
    assert len(found) == len(expected)
    for sentence, each in zip(expected, found, strict=True):
        assert each.startswith(sentence)


OWN = """
  # the shipping people
  - id: 21
    name: Aurora Shipping
    periods: # two so far
      - {tier: Knowledge, valid_from: 2025-01-01, valid_until: 2025-12-31} # one
      - tier: Expert
        valid_from: 2026-01-01
        overrides:
          calendar: netherlands # theirs

  # on one line
  - {id: 22, name: "Flow: Ltd", tier: Expert}

  - id: 23
    name: Late Payers
    tier: Expert # as agreed
    # they pay late
    suspended: true # until they pay
# the end
"""
WITH_OWN = TEXT.rstrip("\n") + "\n" + OWN
MORE = Known(
    {
        **KNOWN.organizations,
        "21": "Aurora Shipping",
        "22": "Flow: Ltd",
        "23": "Late Payers",
    },
    KNOWN.mapped | {"21", "22", "23"},
    TIERS,
)


def taken_over(tmp_path: Path, rows: str) -> tuple[str, Policy]:
    """Take rows over; the second time there is nothing to do."""
    file = tmp_path / "roster.csv"
    file.write_text(f"id,tier,valid_from,valid_until,csm\n{rows}")
    found = edited(WITH_OWN, agreements(file, read_table(file), MORE))
    again = edited(found.text, agreements(file, read_table(file), MORE))
    assert not again.changes
    assert again.text == found.text
    read = load_texts(
        {**CONFIGURATION.texts, "organizations.yaml": found.text}
    )
    return found.text, read.policy


ROWS = {
    "a renewal": "21,Expert,2026-01-01,2026-12-31,\n21,Knowledge,2027-01-01,,qm:1\n",
    "a renewal, told whole": "21,Knowledge,2025-01-01,2025-12-31,\n21,Expert,2026-01-01,2026-12-31,\n"
    "21,Expert,2027-01-01,,\n",
    "the last one alone": "21,Expert Partner,,,\n",
    "no period": "21,,,,qm:1\n",
    "on one line": "22,Knowledge,,,\n",
    "periods now": "23,,2026-01-01,2026-12-31,\n23,Knowledge,2027-01-01,,\n",
    "overrides": "16,,2026-01-01,2026-12-31,\n16,Expert,2027-01-01,,\n",
    "new": "77,Expert,2026-01-01,,\n",
    "all": "11,Knowledge,,,\n21,Expert Partner,,,\n20,Knowledge,2026-01-01,,\n22,Expert,2026-02-01,,\n",
}


@pytest.mark.parametrize("name", ROWS)
def test_no_comment_is_lost_and_no_other_line_changes(
    tmp_path: Path, name: str
) -> None:
    """Whatever is taken over; entries that do not change stay character by character, in order."""
    text, _ = taken_over(tmp_path, ROWS[name])
    for line in WITH_OWN.splitlines():
        _, sign, words = line.partition("#")
        assert not sign or words.strip() in text
    changed = {each.partition(",")[0] for each in ROWS[name].splitlines()}
    for entry in re.split(r"\n\n", WITH_OWN):
        number = re.search(r"id: (\d+)", entry)
        if number and number[1] not in changed:
            assert entry.rstrip("\n") in text
    numbers = re.findall(r"^  - .?id: (\d+)", text, re.MULTILINE)
    before = re.findall(r"^  - .?id: (\d+)", WITH_OWN, re.MULTILINE)
    assert numbers[: len(before)] == before


def test_lines_end_as_they_did(tmp_path: Path) -> None:
    """A file from Windows stays one, and no line of it has another end; names may be spaced otherwise."""
    rows = "organization,tier\n  ACME \u00a0 industries ,Expert\nSable Mining,Expert\n"
    text = WITH_OWN.replace("\n", "\r\n")
    found = edited(text, roster(tmp_path, rows))
    assert len(found.changes) == 2
    assert found.text.count("\n") == found.text.count("\r\n")
    same = edited(WITH_OWN, roster(tmp_path, rows)).text
    assert found.text.replace("\r\n", "\n") == same


def test_what_a_customer_has_of_his_own_follows_into_new_periods(
    tmp_path: Path,
) -> None:
    """His own contract and a suspension end only when somebody says so; periods before the first row stay."""
    _, policy = taken_over(
        tmp_path, ROWS["a renewal"] + ROWS["periods now"] + ROWS["overrides"]
    )
    aurora = policy.organizations["21"].periods
    assert [each.valid_from for each in aurora] == [
        date(2025, 1, 1),
        date(2026, 1, 1),
        date(2027, 1, 1),
    ]
    assert [each.terms.tier for each in aurora] == [
        "Knowledge",
        "Expert",
        "Knowledge",
    ]
    calendars = [each.terms.calendar for each in aurora]
    assert calendars[1] == calendars[2] != calendars[0]
    late = policy.organizations["23"].periods
    assert [(each.terms.tier, each.suspended) for each in late] == [
        ("Expert", True),
        ("Knowledge", True),
    ]
    borealis = policy.organizations["16"].periods
    firsts = [each.terms.targets[1] for each in borealis]
    assert firsts[0] == firsts[1]


@pytest.mark.parametrize("name", ["broken.xlsx", "latin.csv"])
def test_a_file_that_is_none_is_one_sentence(
    tmp_path: Path, name: str
) -> None:
    """What it is taken for, and what was expected."""
    file = tmp_path / name
    file.write_bytes(b"id,tier\n\xe4\xff,Expert\n")
    with pytest.raises(ConfigurationProblems) as caught:
        read_table(file)
    assert name in str(caught.value)
