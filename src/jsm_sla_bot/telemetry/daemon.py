"""The daemon's own figures, for Prometheus: looked up when they are asked for, so that none of them grows stale."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from jsm_sla_bot.telemetry.names import OTHERS, PREFIX, shown

Labels: TypeAlias = tuple[str, ...]


class Asked(NamedTuple):
    """How often an endpoint was called, and how many seconds callers waited for the limiter."""

    calls: int
    waited: float


class Answered(NamedTuple):
    """An endpoint, and a status with which it answered; `none` where no answer came."""

    endpoint: str
    status: str


@dataclass(frozen=True, slots=True)
class DaemonFigures:
    """What is known of the daemon and its site. All instants are aware UTC, None where there is none."""

    version: str = ""
    policy: str | None = None
    """The hash of the policy in force."""
    problems: frozenset[str] = frozenset()
    """What is wrong, by the subject that `/healthz` names."""
    watermark: datetime | None = None
    agenda_next: datetime | None = None
    """When time alone changes a request next; in the past where the daemon is late."""
    set_aside: int = 0
    policy_held_back: bool = False
    policy_moved: int | None = None
    """Open requests that the policy which was weighed last changes; None before one was."""
    breaker_open: bool = False
    notes_stopped: bool = False
    projects_set_aside: int = 0
    fields_absent: int = 0
    clock_skew: float = 0.0
    """Seconds by which the site's clock is ahead of ours."""
    token_expires: datetime | None = None
    calendars_end: Mapping[str, datetime] = field(default_factory=dict)
    unmapped: Mapping[str, int] = field(default_factory=dict)
    notices_unsent_since: Mapping[str, datetime] = field(default_factory=dict)
    """Since when the oldest notice waits that might be sent, by channel."""
    asked: Mapping[str, Asked] = field(default_factory=dict)
    answers: Mapping[Answered, int] = field(default_factory=dict)


class DaemonCollector(Collector):
    """Gives the figures of the daemon to a registry, whenever that is asked."""

    def __init__(self, figures: Callable[[], DaemonFigures]) -> None:
        self._figures = figures

    def describe(self) -> Iterator[Metric]:
        """Name nothing ahead of time: nothing is looked up at the start."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the figures as they are now."""
        found = self._figures()
        yield from _identities(found)
        yield from _instants(found)
        yield from _states(found)
        yield from _calls(found)


def _identities(found: DaemonFigures) -> Iterator[Metric]:
    yield _by_label(
        "build_info",
        "1; the label is the version",
        "version",
        {found.version: 1},
    )
    policy = {found.policy: 1} if found.policy else {}
    yield _by_label(
        "policy_info",
        "1; the label is the hash of the policy in force",
        "policy",
        policy,
    )


def _instants(found: DaemonFigures) -> Iterator[Metric]:
    instants = (
        (
            "watermark",
            "Begin of the last pass that was applied completely, by the site's clock",
            found.watermark,
        ),
        (
            "agenda_next",
            "When time alone changes a request next; in the past where the daemon is late",
            found.agenda_next,
        ),
        ("token_expiry", "End of the bot's token", found.token_expires),
    )
    for name, meaning, instant in instants:
        if instant:
            yield _timestamp(name, meaning, instant)
    yield _by_label(
        "oldest_unsent_notice_timestamp_seconds",
        "Since when the oldest notice of a channel waits that might be sent",
        "channel",
        {
            name: since.timestamp()
            for name, since in found.notices_unsent_since.items()
        },
    )
    yield _by_label(
        "calendar_end_timestamp_seconds",
        "End of the days that a calendar covers",
        "calendar",
        {name: end.timestamp() for name, end in found.calendars_end.items()},
    )


def _states(found: DaemonFigures) -> Iterator[Metric]:
    figures: Mapping[tuple[str, str], float] = {
        ("set_aside_requests", "Requests set aside now"): found.set_aside,
        (
            "policy_held_back",
            "1 while a policy waits for a person's permission",
        ): found.policy_held_back,
        (
            "breaker_open",
            "1 while the site is left alone after many failures",
        ): found.breaker_open,
        (
            "notes_stopped",
            "1 while no notes are written, since one became public",
        ): found.notes_stopped,
        (
            "projects_set_aside",
            "Projects that can't be understood",
        ): found.projects_set_aside,
        (
            "absent_fields",
            "Fields of the bot that a project's requests lack",
        ): found.fields_absent,
        (
            "clock_skew_seconds",
            "By how much the site's clock is ahead of ours",
        ): found.clock_skew,
    }
    for (name, meaning), value in figures.items():
        yield GaugeMetricFamily(f"{PREFIX}_{name}", meaning, value=value)
    if found.policy_moved is not None:
        yield GaugeMetricFamily(
            f"{PREFIX}_policy_moved_requests",
            "Requests that the policy which was weighed last changes, whether it was let through or held back",
            value=found.policy_moved,
        )
    yield _by_label(
        "problem",
        "1 for each subject that /healthz calls wrong",
        "subject",
        dict.fromkeys(sorted(found.problems), 1),
    )
    yield _by_label(
        "unmapped_open_requests",
        "Open requests of an organization that the policy does not name",
        "organization",
        _at_most(found.unmapped),
    )


def _calls(found: DaemonFigures) -> Iterator[Metric]:
    calls = _counter("jira_calls", "HTTP calls to Jira", "endpoint")
    waits = _counter(
        "jira_limiter_wait_seconds",
        "Time that calls waited for the limiter",
        "endpoint",
    )
    for endpoint, asked in found.asked.items():
        calls.add_metric([endpoint], asked.calls)
        waits.add_metric([endpoint], asked.waited)
    answers = _counter(
        "jira_answers",
        "Answers of Jira; status none where none came",
        *Answered._fields,
    )
    for answered, count in found.answers.items():
        answers.add_metric(list(answered), count)
    yield from (calls, waits, answers)


def _at_most(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the organizations with the most requests, the rest under one name."""
    by_name: Counter[str] = Counter()
    named = shown(counts)
    for name, count in counts.items():
        by_name[name if name in named else OTHERS] += count
    return by_name


def _counter(name: str, meaning: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"{PREFIX}_{name}", meaning, labels=labels)


def _by_label(
    name: str, meaning: str, label: str, values: Mapping[str, float]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", meaning, labels=(label,))
    for each, value in values.items():
        family.add_metric([each], value)
    return family


def _timestamp(
    name: str, meaning: str, instant: datetime
) -> GaugeMetricFamily:
    whole = f"{PREFIX}_{name}_timestamp_seconds"
    return GaugeMetricFamily(whole, meaning, value=instant.timestamp())
