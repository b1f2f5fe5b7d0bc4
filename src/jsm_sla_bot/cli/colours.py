"""The colour of each status, on a terminal and on the web: agents learn them once."""

from typing import NamedTuple

from jsm_sla_bot.sla.assessment import SlaStatus


class Colour(NamedTuple):
    """One colour, by rich's name for a terminal and as `#rrggbb` for an SVG."""

    terminal: str
    web: str


GREEN = Colour("green", "#15803d")
YELLOW = Colour("yellow", "#b45309")
RED = Colour("red", "#b91c1c")
CYAN = Colour("cyan", "#0e7490")
BLUE = Colour("blue", "#1d4ed8")

_COLOURS = {
    SlaStatus.RUNNING: GREEN,
    SlaStatus.AT_RISK: YELLOW,
    SlaStatus.PAUSED: CYAN,
    SlaStatus.BREACHED: RED,
    SlaStatus.MET: GREEN,
    SlaStatus.MET_LATE: RED,
    SlaStatus.NOT_APPLICABLE: BLUE,
    SlaStatus.NOT_ENTITLED: BLUE,
}


def colour_of(status: str) -> Colour:
    """Return the colour of a status by its name in Jira; blue for a name that is none of the bot's."""
    known = status in list(SlaStatus)
    return _COLOURS[SlaStatus(status)] if known else BLUE
