"""Charts of a review as SVG that needs no program: with a title, a description and text as text.

Colour is never the only sign: every bar carries its number, and the misses are hatched. The numbers stand in a table
next to each chart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from jsm_sla_bot.review.figures import Figures
from jsm_sla_bot.review.row import Class

WIDTH = 720
LEFT = 110
RIGHT = 150
BAR = 22
GAP = 12
TOP = 10
KINDS = (
    Class.MET,
    Class.MET_LATE,
    Class.BREACHED,
    Class.RUNNING,
    Class.EXCLUDED,
)
FILLS = {
    Class.MET: "#1f6f43",
    Class.MET_LATE: "url(#late)",
    Class.BREACHED: "url(#breached)",
    Class.RUNNING: "#9aa5b1",
    Class.EXCLUDED: "#dfe3e8",
}
INKS = {
    Class.MET: "#ffffff",
    Class.MET_LATE: "#1b1f24",
    Class.BREACHED: "#ffffff",
    Class.RUNNING: "#1b1f24",
    Class.EXCLUDED: "#1b1f24",
}
NARROWEST = 16
"""A part narrower than this has no room for its number: the table has it."""
PATTERNS = """<defs>
<pattern id="late" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="8" height="8" fill="#f2b84b"/><rect width="3" height="8" fill="#ffe3a8"/></pattern>
<pattern id="breached" width="6" height="6" patternUnits="userSpaceOnUse">
<rect width="6" height="6" fill="#8f1d2c"/><rect width="6" height="1" fill="#c1434f"/></pattern>
</defs>"""


@dataclass(frozen=True, slots=True)
class _Part:
    kind: Class
    count: int
    left: float
    width: float


def bars(identity: str, title: str, groups: Mapping[str, Figures]) -> str:
    """Return one bar a group, its parts the classes; `identity` is a word that no other chart of the page has.

    The groups' names must be plain text of ours or escaped by who shows them elsewhere: they are escaped here.
    """
    most = max((found.received for found in groups.values()), default=0)
    height = TOP * 2 + len(groups) * (BAR + GAP)
    described = "; ".join(
        f"{name}: {_spoken(found)}" for name, found in groups.items()
    )
    lines = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{identity}-title {identity}-text">',
        f'<title id="{identity}-title">{escape(title)}</title>',
        f'<desc id="{identity}-text">{escape(described)}</desc>',
        PATTERNS.replace('id="', f'id="{identity}-'),
    ]
    for number, (name, found) in enumerate(groups.items()):
        y = TOP + number * (BAR + GAP)
        lines += _bar(identity, y, name, found, most)
    lines.append("</svg>")
    return "\n".join(lines)


def _bar(
    identity: str, y: int, name: str, found: Figures, most: int
) -> Iterator[str]:
    middle = y + BAR * 0.7
    yield (
        f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end" '
        f'class="name">{escape(name)}</text>'
    )
    end = float(LEFT)
    for part in _parts(found, most):
        end = part.left + part.width
        fill = FILLS[part.kind].replace("url(#", f"url(#{identity}-")
        yield (
            f'<rect x="{part.left:.1f}" y="{y}" width="{part.width:.1f}" '
            f'height="{BAR}" fill="{fill}" stroke="#ffffff"/>'
        )
        if part.width >= NARROWEST:
            yield (
                f'<text x="{part.left + part.width / 2:.1f}" y="{middle:.0f}" '
                f'text-anchor="middle" class="count" '
                f'fill="{INKS[part.kind]}">{part.count}</text>'
            )
    yield (
        f'<text x="{end + 8:.1f}" y="{middle:.0f}" class="share">'
        f"{escape(found.attainment.text)}</text>"
    )


def _parts(found: Figures, most: int) -> Sequence[_Part]:
    width = WIDTH - LEFT - RIGHT
    left = float(LEFT)
    parts: list[_Part] = []
    for kind in KINDS:
        count = found.classes[kind]
        if not count:
            continue
        wide = width * count / most
        parts.append(_Part(kind, count, left, wide))
        left += wide
    return parts


def _spoken(found: Figures) -> str:
    """Return the numbers of a group in words."""
    counts = [
        f"{found.classes[kind]} {kind.replace('_', ' ')}"
        for kind in KINDS
        if found.classes[kind]
    ]
    return ", ".join(counts) or "no request"
