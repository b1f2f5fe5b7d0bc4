"""The texts that marks are written down as are persisted: bots of other versions read them, and wrote them."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.journal.mark_forms import FORMS, rows_of
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.journal.site import ADDRESS, IDENTITY
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    AllowedGone,
    AllowedPolicy,
    DaemonFacts,
    DormancyOn,
    EndpointCalls,
    FirstSweep,
    HeldBack,
    LookedBack,
    Mark,
    Scope,
    Silence,
    Silences,
    Vanished,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW_TEXT = "2026-03-02T09:00:00+00:00"
KEPT = {
    "admitted": "the policy in force counts as new, and the whole desk is judged again",
    "refused": "`status` no longer says why a policy is held back",
    "allowed": "a person's word for a policy is lost",
    "gone": "`status` no longer says why requests are not believed to be gone",
    "gone_ids": "`allow` no longer knows which requests are meant",
    "gone_allowed": "a person's word that requests are gone is lost",
    "facts": "`status` knows nothing of the daemon until it writes again",
    "site": "the journal no longer refuses another site",
    "identity": "the same site under another address counts as another one",
    "scope": "the projects covered count as new",
    "first_sweep": "done requests of before the first sweep are owed for ever, or never",
    "dormancy_on": "what customers did before the update is flagged, or what they do after it is not",
    "silences": "people are told of what they wanted to hear nothing of",
    "looked_back": "the look far behind the watermark comes too early",
    "configuration": "a restart with broken files has no configuration to go on with",
}
FACTS = DaemonFacts(
    at=NOW,
    site="https://one.example",
    poll_seconds=60.0,
    problems={"jira": "down"},
    warnings=("no status",),
    calls={"search": EndpointCalls(3, 0.5)},
)
FACTS_TEXT = (
    '{"at": "2026-03-02T09:00:00+00:00", "site": "https://one.example", "identity": null, "policy": null, '
    '"poll_seconds": 60.0, "skew_seconds": null, "problems": {"jira": "down"}, "warnings": ["no status"], '
    '"calls": {"search": {"calls": 3, "waited_seconds": 0.5}}}'
)
FORM_OF: list[tuple[Mark, dict[str, str]]] = [
    (
        AdmittedPolicy("hash", {"policy.yaml": "a: 1"}),
        {"admitted": "hash", "configuration": '{"policy.yaml": "a: 1"}'},
    ),
    (
        HeldBack("hash", "12 of 30: too many"),
        {"refused": "hash 12 of 30: too many"},
    ),
    (AllowedPolicy("hash"), {"allowed": "hash"}),
    (
        Vanished(frozenset({"2", "1"}), "2 of 4"),
        {"gone": "2 of 4", "gone_ids": '["1", "2"]'},
    ),
    (AllowedGone(frozenset({"2", "1"})), {"gone_allowed": '["1", "2"]'}),
    (Scope(frozenset({"SUP", "OPS"})), {"scope": '["OPS", "SUP"]'}),
    (
        FirstSweep(NOW, NOW),
        {"first_sweep": f'{{"owes": "{NOW_TEXT}", "began": "{NOW_TEXT}"}}'},
    ),
    (LookedBack(NOW), {"looked_back": NOW_TEXT}),
    (DormancyOn(NOW), {"dormancy_on": NOW_TEXT}),
    (
        Silences((Silence("SUP-1", NOW, "known"),)),
        {
            "silences": f'[{{"about": "SUP-1", "until": "{NOW_TEXT}", "why": "known"}}]'
        },
    ),
    (FACTS, {"facts": FACTS_TEXT}),
]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    """Open an empty journal."""
    opened = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    yield opened
    opened.close()


def keep(folder: Path, texts: dict[str, str]) -> None:
    """Write the rows of a mark as a bot of another version would."""
    rows = "INSERT OR REPLACE INTO sla_bot_marks VALUES (?, ?)"
    with sqlite3.connect(folder / "journal.db") as connection:
        connection.executemany(rows, texts.items())
    connection.close()


def test_a_mark_keeps_its_name() -> None:
    """A mark may be added; whoever renames one says how the old name is read."""
    names = {name for form in FORMS.values() for name in form.names}
    assert {
        name: KEPT.get(name, "") for name in {*names, ADDRESS, IDENTITY}
    } == KEPT


def test_every_mark_has_its_form_here() -> None:
    """A mark that is added is pinned here as well."""
    assert {type(mark) for mark, _ in FORM_OF} == FORMS.keys()


@pytest.mark.parametrize(
    ("mark", "texts"), FORM_OF, ids=lambda one: type(one).__name__
)
def test_a_mark_is_written_as_ever(mark: Mark, texts: dict[str, str]) -> None:
    """An older bot on the same database reads what a newer one has written."""
    assert rows_of(mark) == texts


@pytest.mark.parametrize(
    ("mark", "texts"), FORM_OF, ids=lambda one: type(one).__name__
)
def test_a_mark_of_before_is_read(
    tmp_path: Path, journal: SqlJournal, mark: Mark, texts: dict[str, str]
) -> None:
    """It comes back as the value that it was."""
    keep(tmp_path, texts)
    assert journal.recall(type(mark)) == mark


def test_a_policy_without_its_files_is_read(
    tmp_path: Path, journal: SqlJournal
) -> None:
    """The second row may be missing, or emptied."""
    keep(tmp_path, {"admitted": "hash"})
    assert journal.recall(AdmittedPolicy) == AdmittedPolicy("hash")
    keep(tmp_path, {"configuration": ""})
    assert journal.recall(AdmittedPolicy) == AdmittedPolicy("hash")


def test_what_a_newer_daemon_says_of_itself_is_read_as_far_as_it_is_known(
    tmp_path: Path, journal: SqlJournal
) -> None:
    """What is not known here is left out."""
    keep(tmp_path, {"facts": f'{{"at": "{NOW_TEXT}", "mood": "good"}}'})
    assert journal.recall(DaemonFacts) == DaemonFacts(at=NOW)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (Scope, {"scope": "SUP"}),
        (Scope, {"scope": "7"}),
        (FirstSweep, {"first_sweep": "{}"}),
        (FirstSweep, {"first_sweep": "[]"}),
        (LookedBack, {"looked_back": "yesterday"}),
        (DormancyOn, {"dormancy_on": "yesterday"}),
        (DaemonFacts, {"facts": "{}"}),
        (
            DaemonFacts,
            {"facts": f'{{"at": "{NOW_TEXT}", "calls": {{"search": 3}}}}'},
        ),
        (AdmittedPolicy, {"admitted": "hash", "configuration": "{"}),
    ],
)
def test_a_mark_that_cannot_be_read_is_none(
    tmp_path: Path,
    journal: SqlJournal,
    kind: type[Mark],
    texts: dict[str, str],
) -> None:
    """It stops no pass: what is not known is found out again."""
    keep(tmp_path, texts)
    assert journal.recall(kind) is None


def test_a_spoilt_mark_is_replaced(
    tmp_path: Path, journal: SqlJournal
) -> None:
    """The next one stands in its place."""
    keep(tmp_path, {"looked_back": "yesterday"})
    journal.remember(LookedBack(NOW + timedelta(hours=1)))
    assert journal.recall(LookedBack) == LookedBack(NOW + timedelta(hours=1))
