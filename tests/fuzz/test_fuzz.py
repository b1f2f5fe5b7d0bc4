"""Random damage to real answers and ledgers finds no way through decoding and planning.

`make fuzz` tries more cases with another seed (FUZZ_CASES, FUZZ_SEED).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any, cast

import pytest

from jsm_sla_bot.jsm.decode.request import head
from jsm_sla_bot.jsm.errors import UnreadableError
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.read.fetch import Gatherer
from jsm_sla_bot.jsm.read.listings import Listings
from jsm_sla_bot.passes.planner import Planned, entry, worked_through
from jsm_sla_bot.plan.evidence import claims
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.plan.ledger_json import VERSION
from jsm_sla_bot.ports.site import SetAside, Sighting
from tests.fuzz.desk import Answers, Desk, worked_on
from tests.fuzz.mutations import damaged

CASES = int(os.environ.get("FUZZ_CASES", "21000"))
SEED = int(os.environ.get("FUZZ_SEED", "20260302"))
LEDGER = "jsm-sla-bot"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give the answers about a desk that a bot has worked on."""
    with worked_on(tmp_path_factory.mktemp("fuzz")) as lived:
        yield lived


def seeded(part: int) -> Random:
    """Return chance that falls the same way every time."""
    return Random(SEED + part)  # noqa: S311 - it is to be foreseen


def judged(desk: Desk, one: Answers) -> Planned | SetAside | None:
    """Read and plan; None where the request can't be read. Whatever else is raised is a find."""
    try:
        seen = desk.read(one)
    except UnreadableError as reason:
        assert len(str(reason)) < 500  # noqa: PT017 - either outcome is right
        return None
    told = desk.planned(seen)
    if isinstance(told, SetAside):
        assert not told.reason.startswith("unexpected"), told.reason
    return told


def test_the_answers_are_read_as_they_are(desk: Desk) -> None:
    """Undamaged, everything is understood and nothing is left to write."""
    for kind, one in desk.answers.items():
        told = judged(desk, one)
        assert isinstance(told, Planned), kind
        assert not told.plan, (kind, told.plan)
        assert not told.doubts, kind


def test_damaged_answers_are_read_or_refused_by_name(desk: Desk) -> None:
    """No exception but our own leaves decoding or planning."""
    chance = seeded(0)
    kinds = list(desk.answers)
    for _ in range(CASES // 2):
        one = desk.answers[chance.choice(kinds)]
        part = chance.choice(["issue", "issue", "changes", "comments"])
        judged(
            desk, replace(one, **{part: damaged(getattr(one, part), chance)})
        )


def test_damaged_ledgers_do_nothing_that_was_done(desk: Desk) -> None:
    """What the history shows is not done again, nobody's answer is made up, and a newer bot's ledger is left alone."""
    chance = seeded(1)
    seen = {kind: desk.read(one) for kind, one in desk.answers.items()}
    kinds = list(seen)
    for _ in range(CASES // 2):
        kind = chance.choice(kinds)
        issue = desk.answers[kind].issue
        ledger = damaged(issue["properties"][LEDGER], chance, most=5)
        if is_of_a_newer_bot(ledger):
            continue
        looked = with_ledger(seen[kind], issue, ledger)
        told = desk.planned(looked)
        assert isinstance(told, Planned), (kind, ledger, told)
        check(kind, told)


def is_of_a_newer_bot(ledger: Any) -> bool:
    """Tell whether a ledger is one that is left alone, request and all."""
    version = ledger.get("version") if isinstance(ledger, dict) else None
    return type(version) is int and version > VERSION


def with_ledger(seen: Sighting, issue: Any, ledger: Any) -> Sighting:
    """Return a request with that ledger."""
    found = head(
        issue | {"properties": issue["properties"] | {LEDGER: ledger}}
    )
    evidence = seen.shown.evidence
    assert evidence
    evidence = replace(
        evidence, is_ledger_unreadable=bool(found.ledger_problem)
    )
    shown = replace(seen.shown, ledger=found.ledger, evidence=evidence)
    return replace(seen, shown=shown)


def check(kind: str, told: Planned) -> None:
    """Make sure that no act is repeated, and that what is shown stays."""
    plan = told.plan
    assert plan.transition_to is None, (kind, plan)
    assert plan.priority is None, (kind, plan)
    shown_before = told.sighting.shown
    if plan.note and shown_before.comments:
        assert plan.note.look_first or claims(shown_before), (kind, plan)
    shown = {change.field: change.new for change in plan.fields}
    assert SlaField.RESPONSE_SLA not in shown, (kind, plan)
    assert SlaField.ACKNOWLEDGED_AT not in shown, (kind, plan)


class Site:
    """The site's answers, some of them damaged."""

    def __init__(self, answers: Sequence[Answers]) -> None:
        self._answers = answers

    def bulk_issues(self, *_: object) -> Any:
        """Answer as `issue/bulkfetch` does."""
        return {"issues": [one.issue for one in self._answers]}

    def bulk_changes(self, *_: object) -> Iterator[Any]:
        """Answer as `changelog/bulkfetch` does."""
        for one in self._answers:
            yield {"issueId": ident(one), "changeHistories": one.changes}

    def comments(self, issue: str) -> Iterator[Any]:
        """List the comments of a request."""
        return iter(
            next(one for one in self._answers if ident(one) == issue).comments
        )

    def issue(self, *_: object) -> Any:
        """Answer for a request that the bulk answer left out."""
        return {}


def ident(one: Answers) -> Any:
    """Return the id that an answer shows, if it shows one."""
    return one.issue.get("id") if isinstance(one.issue, dict) else None


def test_a_damaged_request_stops_no_other(desk: Desk) -> None:
    """The well ones are read and planned as ever, the others set aside so that the journal can keep them."""
    chance = seeded(2)
    well = {
        kind: one for kind, one in desk.answers.items() if kind != "running"
    }
    ids = [ident(one) for one in desk.answers.values()]
    for _ in range(max(CASES // 100, 1)):
        bad = desk.answers["running"]
        odd = replace(bad, issue=damaged(bad.issue, chance))
        site = cast("Rest", Site([odd, *well.values()]))
        listings = Listings(site, lambda: 0.0)
        fetched = Gatherer(site, desk.directory, listings, 1).fetch(ids)
        done = list(worked_through(fetched, desk.rules, desk.now))
        names = {one.sighting.id for one in done if isinstance(one, Planned)}
        assert {ident(one) for one in well.values()} <= names
        for one in done:
            keepable(one)


def keepable(one: Planned | SetAside) -> None:
    """Make sure that what the journal is to keep is text that can be written."""
    kept = one if isinstance(one, SetAside) else entry(one, "policy")
    for name in ("id", "key"):
        getattr(kept, name).encode()
