"""`review` and `history export` as a support manager types them."""

import csv
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from jsm_sla_bot.cli.half_read import HalfRead, taken_up
from jsm_sla_bot.review.row import Record
from tests.cli.conftest import Cli, Desk
from tests.sla.contract import request

LINES = [
    {
        "key": "SUP-1",
        "reported": "2026-03-02T08:00:00Z",
        "severity": 1,
        "organizations": ["12"],
        "product": "EASM",
        "history": [
            {
                "at": "2026-03-02T10:00:00Z",
                "role": "agent",
                "what": "public_comment",
            }
        ],
    },
    {
        "key": "SUP-2",
        "reported": "2026-03-02T08:00:00Z",
        "severity": 1,
        "organizations": ["12"],
        "product": "=HYPERLINK(1)",
    },
    {
        "key": "SUP-3",
        "reported": "2026-03-03T08:00:00Z",
        "severity": 2,
        "organizations": ["12"],
        "request_type": "Feature request",
    },
    {
        "key": "SUP-4",
        "reported": "2026-03-31T22:30:00Z",
        "severity": 2,
        "organizations": ["12"],
    },
    {
        "key": "SUP-5",
        "reported": "2026-03-03T08:00:00Z",
        "severity": 2,
        "organizations": ["11"],
    },
]


@pytest.fixture
def histories(home: Path) -> Path:
    """A file of bare requests, as `assess` reads them."""
    path = home / "histories.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)) + "\n", encoding="utf-8")
    return path


MARCH = ("--period", "2026-03", "--as-of", "2026-04-01T12:00Z")


def reviewed(cli: Cli, histories: Path, *more: str) -> Mapping[str, Any]:
    """Return Acme's March as JSON."""
    asked = ("review", "12", "--history", histories, *MARCH, *more)
    told = cli(*asked, "--format", "json")
    assert told.code == 0, told.err
    found: Mapping[str, Any] = json.loads(told.out)
    return found


def test_a_history_file_is_reviewed_without_any_jira(
    cli: Cli, histories: Path
) -> None:
    """The requests that Acme reported in March, Stockholm's time; others are left out."""
    found = reviewed(cli, histories)
    assert found["received"] == 3
    assert found["classes"] == {
        "met": 1,
        "met_late": 0,
        "breached": 1,
        "running": 0,
        "excluded": 1,
    }
    assert found["attainment"] == 50.0
    assert found["by_severity"]["1"]["attainment_text"] == "50.0 % (1 of 2)"
    assert found["by_severity"]["2"]["attainment"] is None
    classes = {each["key"]: each["class"] for each in found["requests"]}
    assert classes == {
        "SUP-1": "met",
        "SUP-2": "breached",
        "SUP-3": "excluded",
    }
    exclusion = found["requests"][2]["exclusion"]
    assert exclusion["ground"] == "not measured"
    assert exclusion["decided_by"] == "the support policy"


def test_an_organization_is_meant_by_its_name_too(
    cli: Cli, histories: Path
) -> None:
    """By id or by name, without regard to case."""
    told = cli(
        "review",
        "acme industries",
        "--history",
        histories,
        *MARCH,
        "--format",
        "json",
    )
    assert json.loads(told.out)["organization"]["id"] == "12"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("12",), "the period is missing"),
        (("12", "--period", "2026-Q7"), "expected a year, quarter or month"),
        (
            ("12", "--period", "2026", "--from", "2026-01-01"),
            "one or the other",
        ),
        (
            ("12", "--from", "2026-03-02", "--to", "2026-03-01"),
            "lies before --from",
        ),
        (
            ("12", "--from", "2026-02-30", "--to", "2026-03-01"),
            '--from: found "2026-02-30"',
        ),
        (("--period", "2026"), "give one organization, or --all"),
        (
            ("12", "--all", "--period", "2026"),
            "give one organization, or --all",
        ),
        (("Acne Industries", "--period", "2026"), "did you mean"),
        (("12", "--period", "2026", "--as-of", "2026-01-01"), "with its zone"),
    ],
)
def test_a_question_that_makes_no_sense_is_named(
    cli: Cli, histories: Path, options: tuple[str, ...], says: str
) -> None:
    """One sentence, exit code 1, and nothing is written."""
    told = cli("review", *options, "--history", histories)
    assert told.code == 1
    assert says in told.err
    assert not list(Path().glob("review-*"))


def test_every_line_that_cannot_be_read_is_named(
    cli: Cli, histories: Path
) -> None:
    """All of them at once, by number."""
    histories.write_text(
        '{"key": "SUP-1"}\n\nnot JSON\n{"version": 2, "request": {}}\n',
        encoding="utf-8",
    )
    told = cli("review", "12", "--history", histories, *MARCH)
    assert told.code == 1
    numbers = re.findall(r"histories\.jsonl:(\d+):", told.err)
    assert numbers == ["1", "3", "4"]


def test_a_request_that_cannot_be_judged_is_named_and_counts_nowhere(
    cli: Cli, histories: Path
) -> None:
    """The calendar does not know 2099: that is said, and the others are reviewed."""
    line = {**LINES[1], "key": "SUP-9", "reported": "2099-03-02T08:00:00Z"}
    histories.write_text(json.dumps(line) + "\n", encoding="utf-8")
    told = cli(
        "review",
        "12",
        "--history",
        histories,
        "--period",
        "2099",
        "--as-of",
        "2099-12-31T00:00Z",
        "--format",
        "json",
    )
    found = json.loads(told.out)
    assert found["received"] == 0
    assert [each["key"] for each in found["unjudged"]] == ["SUP-9"]


def test_the_table_is_no_formula(cli: Cli, histories: Path) -> None:
    """What a customer wrote is text to a spreadsheet."""
    told = cli(
        "review", "12", "--history", histories, *MARCH, "--format", "csv"
    )
    rows = list(csv.DictReader(told.out.removeprefix("\ufeff").splitlines()))
    assert [row["key"] for row in rows] == ["SUP-1", "SUP-2", "SUP-3"]
    assert rows[1]["product"] == "'=HYPERLINK(1)"
    assert [row["severity"] for row in rows] == ["1", "1", "2"]
    assert {row["called"] for row in rows} == {"no"}


def test_a_workbook_has_figures_and_requests(
    cli: Cli, histories: Path
) -> None:
    """Excel opens both sheets."""
    told = cli(
        "review", "12", "--history", histories, *MARCH, "--output", "a.xlsx"
    )
    assert told.code == 0, told.err
    book = load_workbook(BytesIO(Path("a.xlsx").read_bytes()))
    assert book.sheetnames == ["Figures", "Requests"]
    assert book["Requests"].max_row == 4


class Page(HTMLParser):
    """The anchors and links of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Collect."""
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if tag == "a" and name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        """Collect."""
        self.words.append(data)


def page_of(cli: Cli, histories: Path) -> tuple[str, Page]:
    """Return Acme's March as a page."""
    told = cli(
        "review", "12", "--history", histories, *MARCH, "--output", "a.html"
    )
    assert told.code == 0, told.err
    text = Path("a.html").read_text(encoding="utf-8")
    return text, Page(text)


def test_every_figure_links_to_its_list(cli: Cli, histories: Path) -> None:
    """No link leads nowhere, no place has two names, nothing is loaded from elsewhere."""
    text, page = page_of(cli, histories)
    assert len(page.ids) == len(set(page.ids))
    targets = {link.removeprefix("#") for link in page.links}
    assert targets <= set(page.ids)
    assert "list-all-received" in targets
    assert "request-SUP-2" in targets
    assert not re.search(r"(src|@import|url\(['\"]?http)", text)


def test_the_first_lines_say_what_it_comes_to(
    cli: Cli, histories: Path
) -> None:
    """The share with its fraction, and how many were missed."""
    text, _ = page_of(cli, histories)
    assert (
        "50.0 % of the first responses came in time: 1 of 2. 1 due time was missed."
        in text
    )


def test_what_a_customer_wrote_is_no_markup(cli: Cli, histories: Path) -> None:
    """Products and names from outside are text, in the chart too."""
    line = {**LINES[1], "product": "<script>alert(1)</script>", "key": "A<b>"}
    histories.write_text(json.dumps(line) + "\n", encoding="utf-8")
    text, _ = page_of(cli, histories)
    assert "<script" not in text
    assert "A<b>" not in text
    assert "&lt;script&gt;" in text


def has_pango() -> bool:
    """Whether a PDF can be made here."""
    try:
        import_module("weasyprint")
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_a_pdf_is_tagged_and_has_a_title(cli: Cli, histories: Path) -> None:
    """Screen readers can follow it."""
    if not has_pango():
        pytest.skip("Pango, which PDF needs, is not on this machine")
    told = cli(
        "review", "12", "--history", histories, *MARCH, "--output", "a.pdf"
    )
    assert told.code == 0, told.err
    read = PdfReader("a.pdf")
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "Acme Industries" in str(read.metadata and read.metadata.title)
    text = "".join(page.extract_text() for page in read.pages)
    assert "SUP-2" in text


def test_all_organizations_get_a_file_each(cli: Cli, histories: Path) -> None:
    """Into a folder that is made."""
    told = cli(
        "review",
        "--all",
        "--history",
        histories,
        *MARCH,
        "--output",
        "reviews",
        "--format",
        "json",
    )
    assert told.code == 0, told.err
    files = {path.name for path in Path("reviews").iterdir()}
    assert "review-12-2026-03-01-2026-03-31.json" in files
    assert len(files) > 5


def test_a_site_and_its_file_give_the_same_review(
    cli: Cli, desk: Desk
) -> None:
    """What `history export` has written is reviewed as the site itself is."""
    days = ("--from", "2024-03-01", "--to", "2024-03-31")
    assert cli("once").code == 0
    at = ("--as-of", "2024-03-20T12:00Z", "--format", "json")
    site = cli("review", "11", *days, *at)
    assert site.code == 0, site.err
    told = cli("history", "export", "h.jsonl", *days)
    assert told.code == 0, told.err
    assert "h.jsonl written: 2 requests" in told.out
    file = cli("review", "11", *days, *at, "--history", "h.jsonl")
    assert json.loads(site.out) == json.loads(file.out)
    assert json.loads(site.out)["classes"]["breached"] == 1


def test_a_file_speaks_as_of_when_it_was_written(cli: Cli, desk: Desk) -> None:
    """Whoever reads it later sees what was known then."""
    cli("history", "export", "h.jsonl", "--period", "2024")
    lines = Path("h.jsonl").read_text(encoding="utf-8").splitlines()
    written = {json.loads(line)["read_at"] for line in lines}
    told = cli(
        "review", "11", "--period", "2024", "--history", "h.jsonl",
        "--format", "json",
    )  # fmt: skip
    assert {json.loads(told.out)["as_of"]} == written


def test_a_file_without_names_names_nobody(cli: Cli, desk: Desk) -> None:
    """Neither requests nor people, and the review comes to the same."""
    desk.tracker.comment("SUP-1", "Hello", as_="Mia Lindqvist")
    cli("once")
    days = ("--period", "2024")
    cli("history", "export", "plain.jsonl", *days)
    cli("history", "export", "h.jsonl", *days, "--pseudonymous")
    text = Path("h.jsonl").read_text(encoding="utf-8")
    assert "Mia" in Path("plain.jsonl").read_text(encoding="utf-8")
    for name in ("Mia", "SUP-", "Nordbank", "712020:"):
        assert name not in text
    reviews = [
        json.loads(
            cli(
                "review", "11", *days, "--history", file, "--format", "json",
            ).out
        )
        for file in ("plain.jsonl", "h.jsonl")
    ]  # fmt: skip
    assert reviews[0]["classes"] == reviews[1]["classes"]


def test_a_schema_says_what_a_line_holds(cli: Cli) -> None:
    """As for the other shapes."""
    told = cli("schema", "history")
    assert "ledger" in json.loads(told.out)["properties"]


NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_reading_that_was_cut_short_goes_on(tmp_path: Path) -> None:
    """What was read before is not read again, and the instant is that of the beginning."""
    file = tmp_path / "half.jsonl"
    first = taken_up(file, NOW, {})
    first.keep(["10001"], [Record(request("2026-03-02 09:00"))])
    again = taken_up(file, NOW + timedelta(hours=1), {})
    assert again == HalfRead(file, NOW, first.records)
    assert file.stat().st_mode & 0o077 == 0
    again.done()
    assert not file.exists()


@pytest.mark.parametrize(
    "spoilt",
    [
        '{"began": "2026-03-05T12:00:00Z"}\n{"id": "1", "ver',
        "",
        "[]\n",
        '{"began": "2026-03-04T12:00:00Z"}\n',
        '{"began": "2026-03-06T12:00:00Z"}\n',
    ],
)
def test_what_is_old_or_spoilt_is_read_anew(
    tmp_path: Path, spoilt: str
) -> None:
    """A line that was cut, no file of ours, one of yesterday or of tomorrow."""
    file = tmp_path / "half.jsonl"
    file.write_text(spoilt, encoding="utf-8")
    found = taken_up(file, NOW, {})
    assert (found.began, found.records) == (NOW, {})


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path,
) -> None:
    """The reading goes on without keeping anything."""
    found = taken_up(tmp_path / "gone" / "half.jsonl", NOW, {})
    assert found.file is None
    found.keep(["1"], [Record(request("2026-03-02 09:00"))])
    assert list(found.records) == ["1"]
