"""A plan in Markdown: for the description of a change, or a request for review."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from jsm_sla_bot.cli.plan_summary import Row, Summary, sentence
from jsm_sla_bot.cli.table import rows
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.site import SetAside
from jsm_sla_bot.text.outside import outside

LONGEST_CELL = 1_000
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|#~"})


def of_request(plan: Plan, zone: tzinfo) -> Iterator[str]:
    """Yield the lines of one request."""
    yield f"### {_cell(plan.key)}"
    yield ""
    yield "| | old | new |"
    yield "|---|---|---|"
    for name, old, new in rows(plan, zone):
        yield f"| {_cell(name)} | {_cell(old)} | {_cell(new)} |"
    yield ""


def of_summary(summary: Summary) -> Iterator[str]:
    """Yield the lines of the summary."""
    yield "## Summary"
    yield ""
    yield sentence(summary)
    yield ""
    kinds, organizations = summary.rows()
    yield from _table("kind", kinds)
    yield from _table("organization", organizations)


def of_failures(failures: Sequence[SetAside]) -> Iterator[str]:
    """Yield the lines of the requests that are set aside."""
    if failures:
        yield "## Set aside"
        yield ""
    for failure in failures:
        yield f"- {_cell(failure.key or failure.id)}: {_cell(failure.reason)}"
    if failures:
        yield ""


def _table(heading: str, counts: Sequence[Row]) -> Iterator[str]:
    if counts:
        yield f"| {heading} | requests |"
        yield "|---|---:|"
        for name, count in counts:
            yield f"| {_cell(name)} | {count} |"
        yield ""


def _cell(text: str) -> str:
    """Return a text that no sign of Markdown's, or of HTML's, makes anything else of."""
    return outside(text, LONGEST_CELL).translate(_SIGNS)
