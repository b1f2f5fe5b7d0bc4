"""The label by which agents ask why: a key that may be left out, and a label that says nothing else."""

import shutil
from pathlib import Path

import pytest
from tests.config.samples import ConfigFolder

from jsm_sla_bot.config.load import load
from jsm_sla_bot.config.problem import ConfigurationProblems
from jsm_sla_bot.daemon.configuration import rules_of

SHIPPED = Path(__file__).parents[2] / "config"


def shipped(folder: Path, old: str, new: str) -> Path:
    """Copy the shipped configuration with an edit of jira.yaml."""
    copy = folder / "config"
    shutil.copytree(SHIPPED, copy)
    file = copy / "jira.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return copy


def test_left_out_nobody_can_ask(folder: ConfigFolder) -> None:
    """A configuration from before the key means what it meant, by its hash too."""
    before = folder.load()
    assert before.desk.why_label == ""
    assert rules_of(before).asking is None
    folder.edit(
        "jira.yaml",
        "lookback: 14 days\n",
        "lookback: 14 days\nwhy_label: why\n",
    )
    after = folder.load()
    assert after.desk.why_label == "why"
    asking = rules_of(after).asking
    assert asking is not None
    assert (asking.label, asking.policy) == ("why", after.policy)
    assert after.policy.hash != before.policy.hash


def test_as_shipped_nobody_can_ask(tmp_path: Path) -> None:
    """Like all that is new it is off as shipped; the line that is commented out turns it on."""
    assert load(SHIPPED).desk.why_label == ""
    folder = shipped(tmp_path, "# why_label:", "why_label:")
    assert load(folder).desk.why_label == "sla-why"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("customer-called", "called.label"),
        ("outside-the-service", "in not_measured.labels of policy.yaml"),
        ("SLA-bot-ignore", "ignore_label"),
    ],
)
def test_it_says_nothing_else(tmp_path: Path, label: str, name: str) -> None:
    """A label that is taken off after the answer must not be what a deadline rests on."""
    folder = shipped(tmp_path, "# why_label: sla-why", f"why_label: {label}")
    with pytest.raises(ConfigurationProblems, match="a label of its own") as e:
        load(folder)
    assert name in str(e.value)


def test_the_default_of_the_other_label_clashes_too(tmp_path: Path) -> None:
    """What is left out is there all the same."""
    folder = shipped(
        tmp_path,
        "ignore_label: sla-bot-ignore\n",
        "",
    )
    file = folder / "jira.yaml"
    text = file.read_text()
    file.write_text(
        text.replace("# why_label: sla-why", "why_label: sla-bot-ignore")
    )
    with pytest.raises(ConfigurationProblems, match="is ignore_label"):
        load(folder)
