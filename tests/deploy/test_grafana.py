"""The dashboards: every expression can be parsed and asks for figures that exist, by labels that they have."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.telemetry.test_figures import page

Panel = dict[str, Any]
CELLS = 24
SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
GROUPS = re.compile(r"\b(?:by|on)\s*\(([^)]*)\)")


@pytest.fixture(
    scope="module", params=["jsm-sla-bot-desk", "jsm-sla-bot-daemon"]
)
def dashboard(request: pytest.FixtureRequest, root: Path) -> dict[str, Any]:
    """A dashboard as Grafana reads it."""
    file = root / "deploy" / "grafana" / f"{request.param}.json"
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert loaded["uid"] == request.param
    return loaded


@pytest.fixture(scope="module")
def figures() -> dict[str, set[str]]:
    """The labels of each figure, as the daemon gives them to Prometheus."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(page()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def shown(dashboard: dict[str, Any]) -> list[Panel]:
    """The panels that show something; rows only part them."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions(dashboard: dict[str, Any]) -> Iterator[str]:
    """Every expression of the panels."""
    for panel in shown(dashboard):
        for target in panel["targets"]:
            yield target["expr"].replace("$instance", "bot:8080")


def test_every_expression_can_be_parsed(dashboard: dict[str, Any]) -> None:
    """By the parser of the language; a slip would show an empty panel."""
    for expression in expressions(dashboard):
        promql_parser.parse(expression)


def test_every_figure_exists_with_its_labels(
    dashboard: dict[str, Any], figures: dict[str, set[str]]
) -> None:
    """A figure that was renamed, or a label that it lacks, would show nothing either."""
    for expression in expressions(dashboard):
        labels = set()
        for name, selector in SELECTOR.findall(expression):
            asked = set(LABEL.findall(selector)) - {"instance"}
            assert asked <= figures[name], expression
            labels |= figures[name]
        grouped = {
            label.strip()
            for group in GROUPS.findall(expression)
            for label in group.split(",")
        }
        assert grouped - {"instance"} <= labels, expression


def test_every_panel_says_what_it_shows(dashboard: dict[str, Any]) -> None:
    """A figure that needs a guess is worse than none."""
    for panel in shown(dashboard):
        assert panel["title"]
        assert len(panel["description"]) > 10


def test_panels_lie_beside_each_other(dashboard: dict[str, Any]) -> None:
    """None over another, none beyond the edge, and each with a number of its own."""
    panels = dashboard["panels"]
    numbers = [panel["id"] for panel in panels]
    assert len(numbers) == len(set(numbers))
    places = [panel["gridPos"] for panel in panels]
    assert all(place["x"] + place["w"] <= CELLS for place in places)
    for one, other in combinations(places, 2):
        assert not overlap(one, other), (one, other)


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether two places have a cell in common."""
    beside = one["x"] + one["w"] <= other["x"]
    beside = beside or other["x"] + other["w"] <= one["x"]
    above = one["y"] + one["h"] <= other["y"]
    above = above or other["y"] + other["h"] <= one["y"]
    return not (beside or above)


def test_every_figure_of_ours_is_on_a_dashboard(
    root: Path, figures: dict[str, set[str]]
) -> None:
    """What is measured is looked at somewhere."""
    folder = root / "deploy" / "grafana"
    text = "".join(file.read_text("utf-8") for file in folder.iterdir())
    ours = {
        re.sub("_(bucket|sum|count|created)$", "", name)
        for name in figures
        if name.startswith("jsm_sla_bot_")
    }
    bases = {name.removesuffix("_total") for name in ours}
    assert {name for name in bases if name not in text} == set()
