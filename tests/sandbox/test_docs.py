"""docs/sandbox.md against the sandbox: what it lists is there, and what is there is listed."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from jsm_sandbox.faults.orders import Trouble
from jsm_sandbox.play.acts import VERBS
from jsm_sandbox.play.stories import STORIES
from jsm_sandbox.state.switches import Switches

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text("utf-8")
TESTS = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(
    ("file", "test"), TESTS, ids=[test for _, test in TESTS]
)
def test_every_test_that_is_named_exists(file: str, test: str) -> None:
    """A fact is shown by a test that can be found."""
    place = ROOT / file if "/" in file else Path(__file__).parent / file
    assert f"\ndef {test}(" in place.read_text("utf-8")


@pytest.mark.parametrize(
    "switch", fields(Switches), ids=lambda switch: switch.name
)
def test_every_switch_is_told(switch: object) -> None:
    """Each switch has its row."""
    assert f"\n| `{getattr(switch, 'name', '')}` |" in PAGE


@pytest.mark.parametrize(
    "trouble",
    [each for each in Trouble if not each.startswith("status")],
    ids=str,
)
def test_every_trouble_is_told(trouble: Trouble) -> None:
    """Each kind of trouble is explained."""
    assert f"`{trouble}`" in PAGE


@pytest.mark.parametrize("story", STORIES)
def test_every_story_is_told(story: str) -> None:
    """Each ready story has its row."""
    assert f"\n| `{story}` |" in PAGE


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_told(verb: str) -> None:
    """Each act is named."""
    assert f"`{verb}`" in PAGE
