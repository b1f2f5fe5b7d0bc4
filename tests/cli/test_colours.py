"""The colours of the statuses."""

import pytest

from jsm_sla_bot.cli.colours import BLUE, CYAN, Colour, colour_of
from jsm_sla_bot.sla.assessment import SlaStatus


@pytest.mark.parametrize("status", list(SlaStatus))
def test_every_status_has_a_colour(status: SlaStatus) -> None:
    """Each status that the bot writes has one colour on a terminal and one on the web."""
    colour = colour_of(status.value)
    assert colour.terminal
    assert colour.web.startswith("#")


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        pytest.param("Paused", CYAN, id="a status"),
        pytest.param(
            "Someone's own word", BLUE, id="a status that is not the bot's"
        ),
    ],
)
def test_a_status_is_coloured_by_its_name(status: str, colour: Colour) -> None:
    """A paused clock has a colour of its own, a word that is none of the bot's the neutral one."""
    assert colour_of(status) == colour
