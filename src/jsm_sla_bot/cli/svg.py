"""The time line as an SVG: a picture that one would put into a mail. No script, no font of its own, no network."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jsm_sla_bot.cli.colours import GREEN, RED, YELLOW, colour_of
from jsm_sla_bot.cli.timeline import Day, Mark, Shade, days_of
from jsm_sla_bot.plan import for_customer as customers
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.text.outside import outside

LEFT = 150
WIDTH = 720
RIGHT = 30
TOP = 96
ROW = 44
BAR = 16
LINE = 18
LETTER = 6.2
GAP = 12
FILL = {
    Shade.OPEN: "#dfe7f1",
    Shade.COUNTED: "#3b82f6",
    Shade.STOOD_STILL: "#fcd34d",
}
MARK = {
    "due": RED.web,
    "acknowledged": GREEN.web,
    "reported": "#111827",
    "at risk": YELLOW.web,
}


def drawn(
    assessment: Assessment,
    policy: Policy,
    zone: tzinfo,
    reported: datetime,
    *,
    for_customer: bool = False,
) -> str:
    """Return an answer as an SVG, with all reasons for agents or only what the customer may read.

    `reported` is when the request was reported, aware UTC.
    """
    days = days_of(
        assessment, policy, reported, zone, for_customer=for_customer
    )
    if for_customer:
        status = customers.status_text(assessment)
        sentences = customers.sentences(assessment, zone)
        return picture(assessment, status, days, sentences, zone)
    reasons = [
        f"{reason.rule} {wording.says(reason, zone)}"
        for reason in assessment.because
    ]
    return picture(assessment, str(assessment.status), days, reasons, zone)


def picture(
    assessment: Assessment,
    status: str,
    rows: list[Day],
    why: list[str],
    zone: tzinfo,
) -> str:
    """Draw the answer: a bar for each day, open hours light, counted ones dark, what happened above them, and why.

    Where no clock runs there are no days, so no grid is drawn.
    """
    bottom = TOP + len(rows) * ROW
    height = bottom + 34 + len(why) * LINE
    root = _svg(LEFT + WIDTH + RIGHT, height)
    _head(root, assessment, status, zone)
    if rows:
        _hours(root, bottom)
    y = TOP
    for row in rows:
        _row(root, row, y)
        y += ROW
    y = bottom + 30
    for line in why:
        _text(root, 20, y, line, size=12)
        y += LINE
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _svg(width: int, height: int) -> Element:
    size = {
        "width": str(width),
        "height": str(height),
        "viewBox": f"0 0 {width} {height}",
    }
    root = Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size}
    )
    root.set(
        "font-family",
        "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
    )
    _rect(root, 0, 0, width, height, "#ffffff")
    return root


def _hours(root: Element, bottom: float) -> None:
    for hour in range(0, 25, 3):
        x = LEFT + WIDTH * hour / 24
        _text(
            root,
            x,
            TOP - 12,
            f"{hour:02}",
            size=10,
            fill="#6b7280",
            anchor="middle",
        )
        _line(root, x, TOP - 6, bottom, "#eef2f7")


def _head(
    root: Element, assessment: Assessment, status: str, zone: tzinfo
) -> None:
    SubElement(root, "title").text = outside(f"{assessment.key}: {status}")
    _text(root, 20, 34, assessment.key, size=20, fill="#111827", weight="bold")
    colour = colour_of(status).web
    _text(
        root,
        LEFT + WIDTH,
        34,
        status,
        size=20,
        fill=colour,
        anchor="end",
        weight="bold",
    )
    _text(root, 20, 58, _summary(assessment, zone), size=14)


def _summary(assessment: Assessment, zone: tzinfo) -> str:
    named = [assessment.tier, f"S{assessment.severity}"]
    whose = ", ".join(name for name in named if name)
    owed = assessment.owed
    if owed is None:
        return whose
    if assessment.status is SlaStatus.PAUSED:
        due = "the clock stands still"
    else:
        due = f"due {wording.instant_text(owed.due, zone)}"
    return f"{whose}: {wording.owed_text(owed)}; {due}"


def _row(root: Element, row: Day, y: float) -> None:
    bar = y + 20
    day = f"{row.day:%a %Y-%m-%d}"
    colour = "#9ca3af" if row.closed else "#111827"
    _text(root, 20, bar + 13, day, size=13, fill=colour)
    _rect(root, LEFT, bar, WIDTH, BAR, "#f3f4f6")
    if row.closed:
        _text(root, LEFT + 8, bar + 12, row.closed, size=11, fill="#6b7280")
    for stretch in row.stretches:
        x = LEFT + WIDTH * stretch.start
        wide = WIDTH * (stretch.end - stretch.start)
        _rect(root, x, bar, wide, BAR, FILL[stretch.shade])
    for mark, x in _spread(row.marks):
        _mark(root, mark, x, bar)


def _spread(marks: tuple[Mark, ...]) -> Iterator[tuple[Mark, float]]:
    """Keep the words of marks that are close to each other apart."""
    free = 0.0
    for mark in marks:
        length = LETTER * len(mark.what)
        x = max(LEFT + WIDTH * mark.at, free)
        x = min(x, LEFT + WIDTH - length)
        free = x + length + GAP
        yield mark, x


def _mark(root: Element, mark: Mark, x: float, bar: float) -> None:
    colour = MARK.get(mark.what, "#6d28d9")
    at = LEFT + WIDTH * mark.at
    _line(root, at, bar - 4, bar + BAR + 2, colour, width=2)
    _text(root, x + 3, bar - 5, mark.what, size=11, fill=colour)


def _text(
    root: Element,
    x: float,
    y: float,
    text: str,
    *,
    size: int,
    fill: str = "#374151",
    **looks: str,
) -> None:
    places = {
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "font-size": str(size),
        "fill": fill,
    }
    renamed = {"anchor": "text-anchor", "weight": "font-weight"}
    styles = {renamed[name]: value for name, value in looks.items()}
    element = SubElement(root, "text", {**places, **styles})
    element.text = outside(text)


def _rect(
    root: Element, x: float, y: float, width: float, height: float, fill: str
) -> None:
    places = {
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "width": f"{width:.1f}",
        "height": f"{height:.1f}",
    }
    SubElement(root, "rect", {**places, "fill": fill, "rx": "2"})


def _line(
    root: Element,
    x: float,
    top: float,
    bottom: float,
    stroke: str,
    width: int = 1,
) -> None:
    places = {
        "x1": f"{x:.1f}",
        "x2": f"{x:.1f}",
        "y1": f"{top:.1f}",
        "y2": f"{bottom:.1f}",
    }
    SubElement(
        root, "line", {**places, "stroke": stroke, "stroke-width": str(width)}
    )
