"""What the whole bot has once: a second copy of it would differ one day."""

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("spelling", "module"),
    [
        pytest.param("difflib", "text/nearest.py", id="the nearest word"),
        pytest.param("1 << ", "ports/backoff.py", id="doubled waits"),
    ],
)
def test_one_module_only_has_it(
    root: Path, spelling: str, module: str
) -> None:
    """Every suggestion is measured, and every wait doubled, in one way."""
    package = root / "src" / "jsm_sla_bot"
    having = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if spelling in path.read_text("utf-8")
    }
    assert having == {module}
