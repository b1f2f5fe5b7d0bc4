"""Any order of what agents, customers, the clock and the site can do: one calm pass later the desk is right."""

import shutil
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from jsm_sla_bot import app
from tests.chaos.test_chaos import attempt, calm, lose_journal, once
from tests.chaos.trouble import FAULTS, Executioner
from tests.scenarios.world import BOT, World, world

AGENT = "Mia Lindqvist"


class DeskMachine(RuleBasedStateMachine):
    """A desk on which anything happens in any order."""

    requests = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp())
        self.desk: World = self._stack.enter_context(world(self.folder))

    @initialize(target=requests)
    def first(self) -> str:
        """Begin with one request."""
        return self.desk.tracker.raise_request(
            organization=12, severity=1, product="Outscan NX"
        )

    @rule(
        target=requests,
        organization=st.sampled_from((11, 12, 14, 19, None)),
        severity=st.sampled_from((1, 2, 4, None)),
    )
    def raised(self, organization: int | None, severity: int | None) -> str:
        """Let a customer raise a request."""
        return self.desk.tracker.raise_request(
            organization=organization, severity=severity, product="HIAB"
        )

    @rule(key=requests)
    def answered(self, key: str) -> None:
        """Let an agent answer."""
        self._later()
        self.desk.tracker.comment(key, "On it.", as_=AGENT)

    @rule(key=requests)
    def phoned(self, key: str) -> None:
        """Let the customer call."""
        self._later()
        self.desk.tracker.phone(key)

    @rule(key=requests, severity=st.sampled_from((1, 2, 3)))
    def reconsidered(self, key: str, severity: int) -> None:
        """Let an agent set another severity."""
        self._later()
        self.desk.tracker.set_field(key, "Severity", severity, as_=AGENT)

    @rule(
        key=requests,
        status=st.sampled_from(("In progress", "Resolve", "Reopen")),
    )
    def moved(self, key: str, status: str) -> None:
        """Let an agent move it, where the workflow offers that."""
        self._later()
        with suppress(LookupError):
            self.desk.tracker.transition(key, status, as_=AGENT)

    @rule(hours=st.sampled_from((0.1, 1, 7, 30)))
    def time_passes(self, hours: float) -> None:
        """Let time pass."""
        self.desk.wait(hours=hours)

    @rule(
        fault=st.sampled_from(
            [each for each in FAULTS if "timeout" not in each["kind"]]
        ),
        seed=st.integers(0, 99),
    )
    def trouble(self, fault: dict[str, object], seed: int) -> None:
        """Let something go wrong for a while."""
        self.desk.tracker.faults.place(
            {"probability": 0.3, "key": "SUP-1", **fault, "seed": seed}
        )

    @rule(seed=st.integers(0, 99), likely=st.sampled_from((0.0, 0.1)))
    def passes(self, seed: int, likely: float) -> None:
        """Let the bot start and do its work; it may be killed."""
        attempt(self.desk, Executioner(Random(seed), likely))  # noqa: S311 - chance that repeats

    @rule()
    def journal_lost(self) -> None:
        """Delete the journal."""
        lose_journal(self.folder)

    @invariant()
    def nothing_internal_is_public(self) -> None:
        """At no moment can a customer read a note."""
        issues = self.desk.tracker.issues.values()
        assert not [
            one
            for issue in issues
            for one in issue.comments
            if one.author.name == BOT and one.public
        ]

    def teardown(self) -> None:
        """Let one calm pass go by: then nothing differs any more, and nothing was said twice."""
        try:
            calm(self.desk)
            self.desk.wait(minutes=1)
            options = Executioner(Random(0), 0).options(self.desk)  # noqa: S311 - as above
            with app.bot(
                self.desk.settings(), clock=self.desk.hands, options=options
            ) as made:
                assert once(made)
                assert not [
                    one
                    for one in made.reconciler.preview()
                    if getattr(one, "plan", True)
                ]
            for issue in self.desk.tracker.issues.values():
                ours = [
                    one.properties["jsm-sla-bot"]["markers"]
                    for one in issue.comments
                    if one.author.name == BOT
                ]
                said = Counter(
                    marker for markers in ours for marker in markers
                )
                assert not [
                    marker for marker, times in said.items() if times > 1
                ]
        finally:
            self._stack.close()
            shutil.rmtree(self.folder)

    def _later(self) -> None:
        self.desk.hands.instant += timedelta(seconds=1)


DeskMachine.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=12,
    suppress_health_check=[HealthCheck.too_slow],
)
TestDesk = pytest.mark.slow(DeskMachine.TestCase)
