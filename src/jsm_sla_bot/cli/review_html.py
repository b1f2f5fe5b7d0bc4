"""A service review as one page that needs nothing else: readable on a screen, on a phone and on paper."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jsm_sla_bot.plan import wording
from jsm_sla_bot.ports.site import SetAside
from jsm_sla_bot.review import charts
from jsm_sla_bot.review.etas import EtaOutcome
from jsm_sla_bot.review.review import Review
from jsm_sla_bot.review.row import Class, Row
from jsm_sla_bot.text.outside import outside
from jsm_sla_bot.text.spans import duration_text

WORDS = {
    Class.MET: "in time",
    Class.MET_LATE: "late",
    Class.BREACHED: "due and unanswered",
    Class.RUNNING: "running",
    Class.EXCLUDED: "not counted",
}
_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")
_SECONDS = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Page:
    """A review with what its page shows besides: the site's address, if there is one to link to."""

    review: Review
    site: str = ""
    set_aside: Sequence[SetAside] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of rows: each list that a figure links to."""

    name: str
    title: str
    rows: Sequence[tuple[str, Sequence[Row]]]


def as_html(page: Page) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("jsm_sla_bot.cli"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    review = page.review
    told = list(review.told_etas)
    return environment.get_template("review.html").render(
        review=review,
        site=page.site,
        set_aside=page.set_aside,
        kinds=list(Class),
        words=WORDS,
        verdict=verdict(review),
        tone=_tone(review),
        told=told,
        eta_outcomes=list(EtaOutcome),
        excluded=review.of_class(Class.EXCLUDED),
        contents=_contents(review, told),
        lists=list(_lists(review)),
        severity_chart=Markup(_severity_chart(review)),  # noqa: S704 - made and escaped by us
        month_chart=Markup(_month_chart(review)),  # noqa: S704 - made and escaped by us
        instant=partial(_instant, review),
        span=_span,
        elapsed=wording.elapsed_text,
        anchor=anchor,
        row_anchor=row_anchor,
    )


def verdict(review: Review) -> str:
    """Return what the review comes to, in one sentence."""
    whole = review.whole
    if not whole.received:
        return "No request was reported in the period."
    if not whole.attainment.counted:
        return "No request of the period counts yet: nothing was due, or nothing is measured."
    missed = len(review.misses)
    share = f"{whole.attainment.percent:.1f} %"
    kept = f"{share} of the first responses came in time: {whole.attainment.fraction}"
    if not missed:
        return f"{kept}. No due time was missed."
    times = "1 due time was" if missed == 1 else f"{missed} due times were"
    return f"{kept}. {times} missed."


def _tone(review: Review) -> str:
    if not review.whole.attainment.counted:
        return "empty"
    return "missed" if review.misses else "kept"


def anchor(group: str, what: str) -> str:
    """Return the name of a list on the page."""
    return f"list-{_plain(group)}-{_plain(what)}"


def row_anchor(key: str) -> str:
    """Return the name of a request's place on the page."""
    return f"request-{_plain(key)}"


def _plain(text: str) -> str:
    """Return letters and digits for a text, different ones for different texts."""
    plain = _NO_LETTER.sub("-", text)
    if plain == text:
        return plain
    return f"{plain}-{text.encode('utf-8').hex()}"


def _instant(review: Review, instant: datetime) -> str:
    return wording.minute_text(instant, review.zone)


def _span(span: timedelta) -> str:
    """Return a span to the minute; a shorter one in seconds."""
    minutes = timedelta(minutes=span // timedelta(minutes=1))
    whole = span // _SECONDS * _SECONDS
    return duration_text(minutes or whole)


def _severity_chart(review: Review) -> str:
    groups = {
        f"S{severity}": found for severity, found in review.by_severity.items()
    }
    return charts.bars("severities", "First responses by severity", groups)


def _month_chart(review: Review) -> str:
    return charts.bars("by-month", "First responses by month", review.by_month)


def _contents(
    review: Review, told: Sequence[Row]
) -> Iterator[tuple[str, str]]:
    yield "kept", "What was promised and what was kept"
    yield "missed", "What was missed"
    yield "excluded", "What was not counted"
    yield "open", "Open at the end"
    yield "months", "Month by month"
    yield "groups", "By product and phone"
    if told:
        yield "etas", "ETAs given"
    if review.dormant:
        yield "dormant", "Closed without an answer"
    if review.differing:
        yield "differences", "Promised otherwise than it comes out now"
    yield "agreement", "The agreement"
    yield "definitions", "How this is counted"
    yield "requests", "All requests"
    yield "lists", "The lists behind the figures"


def _lists(review: Review) -> Iterator[_Group]:
    """Yield the lists that figures link to, group by group."""
    yield _group(review, "all", "All", lambda _: True)
    for severity in review.by_severity:
        yield _group(
            review,
            f"s{severity}",
            f"Severity S{severity}",
            partial(_has_severity, severity),
        )
    for month in review.by_month:
        yield _group(
            review, f"month-{month}", month, partial(_is_of_month, month)
        )
    for product in review.by_product:
        yield _group(
            review,
            f"product-{product}",
            product,
            partial(_is_about, product),
        )
    if True in review.by_call:
        yield _group(review, "called", "Called", lambda row: row.called)
    if False in review.by_call:
        yield _group(
            review, "not-called", "Not called", lambda row: not row.called
        )


def _has_severity(severity: int, row: Row) -> bool:
    return row.severity == severity


def _is_of_month(month: str, row: Row) -> bool:
    return row.month == month


def _is_about(product: str, row: Row) -> bool:
    return (row.product or "none") == product


def _group(
    review: Review, name: str, title: str, belongs: Callable[[Row], bool]
) -> _Group:
    rows = [row for row in review.rows if belongs(row)]
    lists: list[tuple[str, Sequence[Row]]] = []
    if rows:
        lists.append(("received", rows))
    for kind in Class:
        of_kind = [row for row in rows if row.kind is kind]
        if of_kind:
            lists.append((str(kind), of_kind))
    return _Group(name, outside(title), lists)
