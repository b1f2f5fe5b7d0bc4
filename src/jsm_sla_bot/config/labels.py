"""Labels that would mean two things: the one by which agents ask why is taken off, so it can say nothing else."""

from collections.abc import Iterator

from jsm_sla_bot.config.advice import shown
from jsm_sla_bot.config.document import Document, Path
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema import POLICY
from jsm_sla_bot.config.schema.jira import IGNORE_LABEL

WHY: Path = ("why_label",)


def labels_that_clash(policy: Document, jira: Document) -> Iterator[Problem]:
    """Yield the problem of a label by which agents ask why and that says something else, too."""
    why = jira.find(WHY)
    if not isinstance(why, str):
        return
    for name, label in _others(policy, jira):
        if label.strip().casefold() == why.strip().casefold():
            expected = f"a label of its own: this one is {name}"
            yield jira.problem(WHY, found=shown(why), expected=expected)
            return


def _others(policy: Document, jira: Document) -> Iterator[tuple[str, str]]:
    """Yield the labels that say something else, each after what it is."""
    ignore = jira.find(("ignore_label",))
    yield "ignore_label", _text(ignore) or IGNORE_LABEL
    yield "called.label", _text(jira.find(("called", "label")))
    excluded: Path = ("not_measured", "labels")
    for _, entry in policy.mappings(excluded):
        yield f"in not_measured.labels of {POLICY}", _text(entry.get("name"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
