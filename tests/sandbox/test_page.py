"""The page in a real browser: Debian's Chromium, where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from jsm_sandbox.state.inbox import Message
from tests.sandbox.callers import API, Site, document

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists(),
        reason=f"no browser at {CHROMIUM}: the page is not tested (apt-get install chromium)",
    ),
]
MARK = {"key": "jsm-sla-bot", "value": {"marker": "breach"}}
INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, site: Site, key: str) -> Iterator[Page]:
    """Open the page on a desk with two requests, one of them served by the bot; any complaint of the page fails."""
    other = site.tracker.raise_request("Another", organization=11, severity=1)
    fields = {
        site.field_id("Response SLA"): {"value": "Breached"},
        site.field_id("Support tier"): {"value": "Expert"},
        site.field_id("SLA basis"): "No answer by Mon 2026-03-02 17:00 CET.",
    }
    site.edit(other, {"fields": fields}).raise_for_status()
    site.bot.post(
        f"{API}/issue/{other}/comment",
        json={
            "body": document("<b>due</b> at noon"),
            "properties": [INTERNAL, MARK],
        },
    ).raise_for_status()
    site.tracker.comment(other, "We are on it.", as_="Mia Lindqvist")
    complaints: list[Any] = []
    opened = browser.new_page()
    opened.on("pageerror", lambda problem: complaints.append(str(problem)))
    opened.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith(site.url)
            else complaints.append(asked.url)
        ),
    )
    opened.goto(site.url)
    yield opened
    opened.close()
    assert complaints == []


def test_the_queue_shows_every_open_request(page: Page) -> None:
    """Each request has a row with its state."""
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="SUP-2")).to_contain_text("Breached")
    expect(page.locator("#clock")).to_contain_text("13:00:00 Europe/Stockholm")


def test_one_request_with_internal_comments_marked(page: Page) -> None:
    """A click opens a request: its fields, and each comment with its author; internal ones are marked as such."""
    page.get_by_role("cell", name="SUP-2").click()
    detail = page.locator("#detail")
    expect(detail).to_contain_text("Expert")
    says = detail.locator(".say")
    expect(says).to_have_count(2)
    internal = says.filter(has_text="Internal note")
    expect(internal).to_have_count(1)
    expect(internal).to_contain_text("SLA Bot")
    expect(internal).to_contain_text("<b>due</b> at noon")
    internal.get_by_text("What the note carries").click()
    expect(
        internal.get_by_role("listitem").filter(has_text="marker: breach").last
    ).to_be_visible()
    expect(says.filter(has_text="We are on it.")).not_to_contain_text(
        "Internal note"
    )


def test_the_panel_explains_in_words(page: Page) -> None:
    """What the bot wrote as the reason comes first, and where every step is to be had; there is no JSON anywhere."""
    page.get_by_role("cell", name="SUP-2").click()
    detail = page.locator("#detail")
    expect(detail.locator("h3").first).to_have_text("Why")
    expect(detail.locator(".why")).to_have_text(
        "No answer by Mon 2026-03-02 17:00 CET."
    )
    expect(detail).to_contain_text("Every step: jsm-sla-bot explain SUP-2")
    assert "{" not in detail.inner_text()
    page.get_by_role("cell", name="SUP-1").click()
    expect(detail.locator(".why")).to_have_text(
        "The bot has not written to this request yet."
    )


COLUMNS = [
    "Key",
    "Summary",
    "Organization",
    "Severity",
    "Response SLA",
    "Response due",
    "Status",
    "Priority",
]
CARDS_UP_TO = 1100
WIDTHS = [320, 390, 768, CARDS_UP_TO, 1101, 1280, 1431, 1440, 1501, 1901]
OUTSIDE = """cells => cells.filter(cell => {
  const box = cell.getBoundingClientRect(), around = cell.closest(".card").getBoundingClientRect();
  return box.width && (box.right > around.right + 1 || box.left < around.left - 1);
}).length"""


@pytest.mark.parametrize("width", WIDTHS)
def test_every_column_is_seen_at_every_width(
    page: Page, site: Site, width: int
) -> None:
    """On a phone each request is a card, on a desk a row: in both nothing is clipped or scrolled away."""
    due = site.field_id("Response due")
    site.edit(
        "SUP-2", {"fields": {due: "2026-03-02T17:00:00.000+0100"}}
    ).raise_for_status()
    page.set_viewport_size({"width": width, "height": 900})
    row = page.locator("#rows tr").filter(has_text="SUP-2")
    expect(row.locator("td[data-name='Response due']")).to_contain_text(
        "17:00"
    )
    for name in COLUMNS:
        expect(row.locator(f"td[data-name='{name}']")).to_be_visible()
    assert page.locator("#rows td").evaluate_all(OUTSIDE) == 0
    assert page.locator("#head").is_visible() is (width > CARDS_UP_TO)


def test_the_log_of_what_the_bot_did(page: Page) -> None:
    """The latest writes are listed with what they changed; of a chosen request, its own only."""
    log = page.locator("#log li")
    expect(log).to_have_count(2)
    expect(log.nth(1)).to_contain_text("Response SLA: Breached")
    expect(log.nth(0)).to_contain_text("internal note")
    page.get_by_role("cell", name="SUP-1").click()
    expect(page.locator("#logtitle")).to_have_text(
        "Writes to SUP-1 over the API"
    )
    expect(log).to_have_text(["Nothing has been written."])


def test_what_people_were_told_is_shown(page: Page, site: Site) -> None:
    """By which service, whether it is over, and what it said before; of a chosen request, its own only."""
    expect(page.locator("#told")).to_be_hidden()
    inbox = site.tracker.inbox
    late = "SUP-1 (S1) is late\n<b>Tier</b>: Expert"
    first = Message("slack", "C1", "1", "t", [late])
    with inbox.lock:
        inbox.add(first)
        inbox.add(Message("mail", "lead", "2", "u", ["SUP-12 is at risk"]))
    told = page.locator("#notices > li")
    expect(told).to_have_count(2)
    expect(told.nth(0)).to_contain_text("mail lead")
    expect(told.nth(1)).to_contain_text("<b>Tier</b>: Expert")
    expect(told.nth(1)).to_contain_text("Open")
    with inbox.lock:
        first.texts.append("SUP-1 was answered in time")
        first.is_open = False
    page.get_by_role("cell", name="SUP-1").click()
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Over")
    told.get_by_text("What it said before").click()
    expect(told.get_by_text("SUP-1 (S1) is late")).to_be_visible()


def test_filters_and_keys(page: Page) -> None:
    """A filter leaves the rows that fit, the search too, and Escape closes a request."""
    page.get_by_role("button", name="Breached").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_role("button", name="Breached").click()
    page.get_by_role("searchbox").fill("scans")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_role("cell", name="SUP-1").click()
    expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()


def test_what_changes_is_seen_without_a_reload(
    page: Page, site: Site, key: str
) -> None:
    """What people and the bot do shows by itself."""
    site.tracker.transition(key, "Resolve", as_="Mia Lindqvist")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_role("button", name="All").click()
    expect(page.locator("#rows tr").filter(has_text="SUP-1")).to_contain_text(
        "Resolved"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1600, 420])
def test_nothing_sticks_out(page: Page, scheme: Any, width: int) -> None:
    """On a wide and a narrow window, light and dark, the page itself never scrolls sideways."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("cell", name="SUP-2").click()
    expect(page.locator("#detail")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def text(words: str, *marks: str) -> dict[str, Any]:
    """Make a text node."""
    styled = {"marks": [{"type": mark} for mark in marks]} if marks else {}
    return {"type": "text", "text": words, **styled}


def node(kind: str, *content: Any, **attrs: object) -> dict[str, Any]:
    """Make a node of a document."""
    given = {"attrs": attrs} if attrs else {}
    return {"type": kind, "content": list(content), **given}


def cell(kind: str, words: str) -> dict[str, Any]:
    """Make a cell of a table."""
    return node(kind, node("paragraph", text(words)))


MENTION = {
    "type": "mention",
    "attrs": {"id": "712020:x", "text": "@Mia Lindqvist"},
}
LONG = "Counted-on-the-calendar-of-Sweden-" * 4
COUNTED = ("From", "To", "Counted", "Because")
NOTE = {
    "type": "doc",
    "version": 1,
    "content": [
        node("heading", text("Breached since 17:00"), level=3),
        node("paragraph", text("For information: "), MENTION, text(", "), text("now", "strong")),
        node(
            "table",
            node("tableRow", *(cell("tableHeader", each) for each in COUNTED)),
            node("tableRow", *(cell("tableCell", each) for each in ("Mon 09:00", "Mon 17:00", "8 h", LONG))),
        ),
        node("bulletList", node("listItem", node("paragraph", text("Call the customer")))),
        node("codeBlock", text("organizations:\n  - id: 12  # " + LONG)),
    ],
}  # fmt: skip
LINES = """parts => parts.map(part => Math.round(
  part.getBoundingClientRect().height / parseFloat(getComputedStyle(part).lineHeight)))"""
STICKS_OUT = """parts => parts.filter(part => {
  const box = part.getBoundingClientRect(), around = part.closest(".say").getBoundingClientRect();
  const isCut = part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline";
  return box.right > around.right + 1 || box.left < around.left - 1 || isCut;
}).map(part => part.outerHTML)"""


@pytest.mark.parametrize("width", [390, 1440])
def test_notes_are_drawn_as_they_are(
    page: Page, site: Site, width: int
) -> None:
    """Headings, mentions, tables, lists and code as Jira draws them, nothing clipped on a phone or on a desk."""
    site.bot.post(
        f"{API}/issue/SUP-2/comment",
        json={"body": NOTE, "properties": [INTERNAL, MARK]},
    ).raise_for_status()
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("cell", name="SUP-2").click()
    note = page.locator("#detail .say").filter(has_text="Breached since")
    expect(note.get_by_role("heading")).to_have_text("Breached since 17:00")
    expect(note.locator(".mention")).to_have_text("@Mia Lindqvist")
    expect(note.get_by_role("columnheader")).to_have_text(list(COUNTED))
    expect(note.get_by_role("cell")).to_have_count(len(COUNTED))
    for each in note.get_by_role("cell").all():
        expect(each).to_be_visible()
    expect(note.locator(".says li")).to_have_text("Call the customer")
    expect(note.locator(".says b")).to_have_text("now")
    expect(note.locator("pre")).to_contain_text("  - id: 12")
    heads = note.get_by_role("columnheader").locator("p")
    assert heads.evaluate_all(LINES) == [1] * len(COUNTED)
    assert note.locator(".says, .says *").evaluate_all(STICKS_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_reads_a_comment_is_marked(page: Page) -> None:
    """Each comment carries one of two marks: for everybody, or for agents only."""
    page.get_by_role("cell", name="SUP-2").click()
    says = page.locator("#detail .say")
    public = says.filter(has_text="We are on it.")
    expect(public.locator(".tag")).to_have_text(["Public"])
    internal = says.filter(has_text="at noon")
    expect(internal.locator(".tag")).to_have_text(["Internal note"])


def test_a_note_is_text_and_its_links_lead_to_the_web(
    page: Page, site: Site
) -> None:
    """Nothing in a comment is markup of the page, and no link runs anything."""
    links = [
        {"type": "text", "text": name, "marks": [{"type": "link", "attrs": {"href": to}}]}
        for name, to in (("portal", "https://example.com"), ("trap", "javascript:alert(1)"))
    ]  # fmt: skip
    body = node("doc", node("paragraph", text("<img src=x>"), *links))
    site.bot.post(
        f"{API}/issue/SUP-2/comment", json={"body": {**body, "version": 1}}
    ).raise_for_status()
    page.get_by_role("cell", name="SUP-2").click()
    note = page.locator("#detail .say").filter(has_text="portal")
    expect(note.locator(".says")).to_have_text("<img src=x>portaltrap")
    expect(note.get_by_role("link")).to_have_text(["portal"])
