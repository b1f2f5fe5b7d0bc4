"""What every test of a pass gets: an empty desk on a Monday morning in Stockholm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.world import World, world


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """Open an empty desk at Monday 2026-03-02 10:00 in Stockholm."""
    with world(tmp_path) as opened:
        yield opened
