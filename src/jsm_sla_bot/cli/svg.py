"""The time line as an SVG: a picture that one would put into a mail. No script, no font of its own, no network."""

from collections.abc import Iterator
from datetime import tzinfo
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jsm_sla_bot.cli.timeline import Day, Mark, Shade
from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import Assessment, SlaStatus
from jsm_sla_bot.text.outside import outside

LEFT, WIDTH, RIGHT, TOP, ROW, BAR = 150, 720, 30, 96, 44, 16
LINE = 18
FILL = {
    Shade.OPEN: "#dfe7f1",
    Shade.COUNTED: "#3b82f6",
    Shade.STOOD_STILL: "#fcd34d",
}
STATUS = {
    SlaStatus.BREACHED: "#b91c1c",
    SlaStatus.MET_LATE: "#b91c1c",
    SlaStatus.AT_RISK: "#b45309",
    SlaStatus.RUNNING: "#15803d",
    SlaStatus.MET: "#15803d",
}
MARK = {
    "due": "#b91c1c",
    "acknowledged": "#15803d",
    "reported": "#111827",
    "at risk": "#b45309",
}


def picture(
    assessment: Assessment, status: str, rows: list[Day], why: list[str], zone: tzinfo
) -> str:
    """Draw the answer: a bar for each day, open hours light, counted ones dark, what happened above them, and why.

    Where no clock runs there are no days, so no grid is drawn.
    """
    height = TOP + len(rows) * ROW + 34 + len(why) * LINE
    root = _svg(LEFT + WIDTH + RIGHT, height)
    _head(root, assessment, status, zone)
    if rows:
        _hours(root, TOP + len(rows) * ROW)
    for number, row in enumerate(rows):
        _row(root, row, TOP + number * ROW)
    for number, line in enumerate(why):
        _text(
            root,
            20,
            TOP + len(rows) * ROW + 30 + number * LINE,
            line,
            size=12,
            fill="#374151",
        )
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
        _text(root, x, TOP - 12, f"{hour:02}", size=10, fill="#6b7280", anchor="middle")
        _line(root, x, TOP - 6, bottom, "#eef2f7")


def _head(root: Element, assessment: Assessment, status: str, zone: tzinfo) -> None:
    SubElement(root, "title").text = outside(f"{assessment.key}: {status}")
    _text(root, 20, 34, assessment.key, size=20, fill="#111827", weight="bold")
    colour = STATUS.get(SlaStatus(status), "#374151")
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
    _text(
        root,
        20,
        bar + 13,
        f"{row.day:%a %Y-%m-%d}",
        size=13,
        fill="#9ca3af" if row.closed else "#111827",
    )
    _rect(root, LEFT, bar, WIDTH, BAR, "#f3f4f6")
    if row.closed:
        _text(root, LEFT + 8, bar + 12, row.closed, size=11, fill="#6b7280")
    for stretch in row.stretches:
        x, wide = LEFT + WIDTH * stretch.start, WIDTH * (stretch.end - stretch.start)
        _rect(root, x, bar, wide, BAR, FILL[stretch.shade])
    for mark, x in _spread(row.marks):
        _mark(root, mark, x, bar)


def _spread(marks: tuple[Mark, ...]) -> Iterator[tuple[Mark, float]]:
    """Keep the words of marks that are close to each other apart."""
    free = 0.0
    for mark in marks:
        x = max(LEFT + WIDTH * mark.at, free)
        x = min(x, LEFT + WIDTH - 6.2 * len(mark.what))
        free = x + 6.2 * len(mark.what) + 12
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
    places = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": str(size), "fill": fill}
    renamed = {"anchor": "text-anchor", "weight": "font-weight"}
    SubElement(
        root,
        "text",
        {**places, **{renamed[name]: value for name, value in looks.items()}},
    ).text = outside(text)


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
    root: Element, x: float, top: float, bottom: float, stroke: str, width: int = 1
) -> None:
    places = {
        "x1": f"{x:.1f}",
        "x2": f"{x:.1f}",
        "y1": f"{top:.1f}",
        "y2": f"{bottom:.1f}",
    }
    SubElement(root, "line", {**places, "stroke": stroke, "stroke-width": str(width)})
