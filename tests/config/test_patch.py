"""Values are put into a file of the configuration, and nothing else in it changes."""

from pathlib import Path

import pytest

from jsm_sla_bot.config.load import load
from jsm_sla_bot.config.patch import with_values

SHIPPED = Path(__file__).parents[2] / "config"
TEXT = """\
# Names.
fields:
  severity: Severity
  product: "Product" # the product's name
sla_fields: {response_due: Response due}
"""


def test_only_the_values_change() -> None:
    """Comments and layout stay; a former name is kept as a comment where the line has none."""
    changed = with_values(
        TEXT,
        {
            "fields.severity": "customfield_1",
            "fields.product": "customfield_2",
            "sla_fields.response_due": "customfield_3",
        },
    )
    assert (
        changed
        == """\
# Names.
fields:
  severity: customfield_1 # Severity
  product: customfield_2 # the product's name
sla_fields: {response_due: customfield_3}
"""
    )


@pytest.mark.parametrize(
    "path", ["fields.nothing", "fields", "nothing.at.all"]
)
def test_a_path_to_no_value_is_refused(path: str) -> None:
    """The caller knows what stands there: a path that leads nowhere is a mistake of its own."""
    with pytest.raises(KeyError):
        with_values(TEXT, {path: "customfield_1"})


def test_the_shipped_file_takes_ids(tmp_path: Path) -> None:
    """With ids in place of names the folder is as good as before, and a second time changes nothing."""
    text = (SHIPPED / "jira.yaml").read_text(encoding="utf-8")
    ids = {
        "fields.severity": "customfield_1",
        "sla_fields.sla_basis": "customfield_2",
    }
    changed = with_values(text, ids)
    assert with_values(changed, ids) == changed
    for file in SHIPPED.rglob("*.yaml"):
        target = tmp_path / file.relative_to(SHIPPED)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
    (tmp_path / "jira.yaml").write_text(changed, encoding="utf-8")
    assert load(tmp_path).desk.severity_field == "customfield_1"
