"""What a pass is to look at: who was touched, who has come into scope, who is believed to be gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from jsm_sla_bot.config.load import load
from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.passes.one_pass import Selected
from jsm_sla_bot.passes.permission import allow
from jsm_sla_bot.passes.planner import Edition
from jsm_sla_bot.passes.selection import Selection
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.errors import TerminalError
from jsm_sla_bot.ports.journal import (
    AllowedGone,
    Entry,
    Failure,
    PassKind,
    Scope,
    Vanished,
)
from jsm_sla_bot.ports.site import Fetched, Seen
from jsm_sla_bot.ports.site_identity import SiteIdentity
from jsm_sla_bot.ports.site_problems import SiteProblems
from tests.scenarios.world import Hands, configuration

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Site:
    """A site that says what it is told to say."""

    projects: set[str] = field(default_factory=lambda: {"SUP"})
    touched: list[Seen] = field(default_factory=list)
    everything: list[Seen] = field(default_factory=list)

    def check_identity(self) -> str:
        """Know us."""
        return "us"

    def server_time(self) -> datetime:
        """Return an instant."""
        return NOW

    def site(self) -> SiteIdentity:
        """Return the one site there is."""
        return SiteIdentity("https://one.example")

    def scope(self) -> frozenset[str]:
        """Return the projects."""
        return frozenset(self.projects)

    def warnings(self) -> Sequence[str]:
        """Lack nothing."""
        return ()

    def problems(self) -> SiteProblems:
        """Know of none."""
        return SiteProblems()

    def changed_since(self, since: datetime) -> Iterable[Seen]:
        """Return what was touched."""
        return self.touched

    def open_or_changed_since(self, since: datetime) -> Iterable[Seen]:
        """Return everything."""
        return self.everything

    def fetch(self, ids: Sequence[str]) -> Fetched:
        """Read nothing."""
        return Fetched(())


class NoWrites:
    """A site that is not written to while a pass selects."""

    def apply(self, plan: Plan) -> NoReturn:
        """Write nothing."""
        raise AssertionError(plan.key)

    def standing(
        self, request_id: str, claimed: Mapping[str, str]
    ) -> NoReturn:
        """Look for nothing."""
        raise AssertionError(request_id, claimed)

    def tidy(self, request_id: str) -> NoReturn:
        """Tidy nothing."""
        raise AssertionError(request_id)


@dataclass
class Scene:
    """A selection with its journal, and the site that it asks."""

    journal: SqlJournal
    selection: Selection
    site: Site
    edition: Edition

    def changed(self) -> Selected:
        """Select for a *changed* pass."""
        return self.selection.changed(self.edition)

    def complete(
        self, selected: Selected, kind: PassKind = PassKind.CHANGED
    ) -> None:
        """Let a pass over what was selected end well."""
        self.selection.completed(selected, NOW, kind)

    def knows(self, *numbers: int) -> None:
        """Let these open requests be known."""
        self.journal.record(
            [
                Entry(
                    str(n),
                    f"SUP-{n}",
                    NOW,
                    "Running",
                    None,
                    None,
                    is_open=True,
                    policy="hash",
                )
                for n in numbers
            ]
        )


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Give a selection under which a pass was completed a moment ago."""
    journal = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    journal.advance(NOW)
    site = Site()
    rules = rules_of(load(configuration(tmp_path)))
    edition = Edition(rules, site, NoWrites())
    yield Scene(journal, Selection(journal, Hands(NOW)), site, edition)
    journal.close()


def ids(count: int) -> list[str]:
    """Return the first ids."""
    return [str(number) for number in range(count)]


@pytest.mark.parametrize(
    ("failed_at", "seen_at", "looked_at"),
    [
        pytest.param(NOW, NOW, False, id="nobody has touched it"),
        pytest.param(NOW, NOW + MINUTE, True, id="touched since"),
        pytest.param(NOW, NOW - MINUTE, False, id="a search that is late"),
        pytest.param(None, NOW, False, id="unknown when it failed"),
        pytest.param(NOW, None, False, id="a search that does not say"),
    ],
)
def test_a_request_set_aside_waits_until_somebody_touches_it(
    scene: Scene,
    failed_at: datetime | None,
    seen_at: datetime | None,
    *,
    looked_at: bool,
) -> None:
    """Its time comes later and later, unless it has changed."""
    scene.journal.set_aside(
        [Failure("1", "SUP-1", "odd", 5, NOW + 9 * MINUTE, failed_at)]
    )
    scene.site.touched = [Seen("1", seen_at)]
    assert list(scene.changed().ids) == (["1"] if looked_at else [])


def test_a_project_added_later_is_worked_through(scene: Scene) -> None:
    """Its requests are older than the watermark: everything open is looked at, until a pass has covered it."""
    scene.site.everything = [Seen("1"), Seen("2")]
    scene.complete(scene.changed())
    scene.site.projects.add("OPS")
    for _ in range(2):
        assert list(scene.changed().ids) == ["1", "2"]
    scene.complete(scene.changed())
    assert list(scene.changed().ids) == []


def test_without_a_known_scope_nothing_is_new(scene: Scene) -> None:
    """A journal that was just made is filled by its first sweep."""
    scene.site.everything = [Seen("1")]
    assert list(scene.changed().ids) == []


def test_a_project_that_comes_back_is_new_again(scene: Scene) -> None:
    """What happened there meanwhile was seen by nobody."""
    scene.site.everything = [Seen("1")]
    for projects in ({"SUP", "OPS"}, {"SUP"}):
        scene.site.projects = projects
        scene.complete(scene.changed())
    scene.site.projects = {"SUP", "OPS"}
    assert list(scene.changed().ids) == ["1"]


def test_a_pass_beside_covers_no_more_than_it_has_selected(
    scene: Scene,
) -> None:
    """A sweep that began before the project was opened has not seen it, whatever was selected meanwhile."""
    sweep = scene.selection.all_open(scene.edition)
    scene.site.projects.add("OPS")
    scene.changed()
    scene.complete(sweep, PassKind.SWEEP)
    assert scene.journal.recall(Scope) == Scope(frozenset({"SUP"}))


def test_a_persons_word_is_for_those_that_were_gone_then(scene: Scene) -> None:
    """It lets these go, once, and no others."""
    scene.knows(*range(30))
    with pytest.raises(TerminalError, match="10 of 30"):
        scene.selection.let_go(ids(10))
    assert allow(scene.journal, "hash").gone
    with pytest.raises(TerminalError, match="20 of 30"):
        scene.selection.let_go(ids(20))
    scene.selection.let_go(ids(11))
    assert len(scene.journal.open_ids()) == 20
    assert (
        sorted(one.id for one in scene.journal.set_aside_requests())
        == ids(20)[10:]
    )
    scene.knows(*range(11))
    with pytest.raises(TerminalError, match="11 of 30"):
        scene.selection.let_go(ids(11))


def test_a_word_that_was_not_needed_is_over_with_the_next_sweep(
    scene: Scene,
) -> None:
    """The permission came back: what is lost another day is asked about again."""
    scene.knows(*range(30))
    with pytest.raises(TerminalError):
        scene.selection.let_go(ids(30))
    assert allow(scene.journal, "hash").gone
    scene.selection.let_go([])
    scene.journal.swept("hash")
    assert (
        scene.journal.recall(Vanished),
        scene.journal.recall(AllowedGone),
    ) == (None, None)
    with pytest.raises(TerminalError, match="30 of 30"):
        scene.selection.let_go(ids(30))
