"""Configurations for the tests of the policy."""

from pathlib import Path

import pytest
from tests.config.samples import ConfigFolder, make

from jsm_sla_bot.config.load import Configuration, load


@pytest.fixture
def folder(tmp_path: Path) -> ConfigFolder:
    """Return a small configuration that loads."""
    return make(tmp_path / "config")


@pytest.fixture(scope="session")
def shipped() -> Configuration:
    """Return the configuration that the project ships."""
    return load(Path(__file__).parents[2] / "config")
