"""Which site a journal is about: known by the site's own word, kept, and never erased without a person's."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsm_sla_bot.journal.opening import (
    journal_to_look_at,
    open_daemons_journal,
    open_journal,
)
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.ports.journal import AdmittedPolicy, ForeignJournalError
from jsm_sla_bot.ports.site_identity import SiteIdentity

CLOUD = "11223344-a1b2-3b33-c444-def123456789"
ONE = SiteIdentity(
    "https://one.atlassian.net", CLOUD, "https://one.atlassian.net"
)
GATEWAY = SiteIdentity(
    f"https://api.atlassian.com/ex/jira/{CLOUD}",
    None,
    "https://one.atlassian.net",
)
ADMITTED = AdmittedPolicy("hash")
TWO = SiteIdentity(
    "https://two.atlassian.net", "99", "https://two.atlassian.net"
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    """Open an empty journal."""
    opened = open_journal(f"sqlite:///{tmp_path / 'journal.db'}")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "again",
    [
        ONE,
        GATEWAY,
        SiteIdentity(GATEWAY.address),
        SiteIdentity("https://One.Atlassian.net:443/"),
        SiteIdentity(
            "https://jira.example.com", CLOUD, "https://jira.example.com"
        ),
        SiteIdentity(
            "http://10.0.0.7:8080", None, "https://one.atlassian.net/"
        ),
    ],
    ids=[
        "same",
        "gateway",
        "gateway only",
        "spelling",
        "custom domain",
        "tunnel",
    ],
)
@pytest.mark.parametrize(
    "first", [ONE, GATEWAY], ids=["by address", "by gateway"]
)
def test_one_site_under_whatever_address(
    journal: SqlJournal, first: SiteIdentity, again: SiteIdentity
) -> None:
    """Everything that is known of it stays."""
    if first is GATEWAY and again.cloud_id is None and again.base_url is None:
        again = SiteIdentity(again.address, CLOUD)
    journal.bind(first)
    journal.remember(ADMITTED)
    journal.bind(again)
    assert journal.recall(AdmittedPolicy) == ADMITTED


@pytest.mark.parametrize(
    "other",
    [
        TWO,
        SiteIdentity("https://api.atlassian.com/ex/jira/99"),
        SiteIdentity("https://two.atlassian.net"),
        SiteIdentity(
            "https://one.atlassian.net", "99", "https://one.atlassian.net"
        ),
    ],
    ids=[
        "other site",
        "gateway",
        "address only",
        "made again under the old name",
    ],
)
def test_a_foreign_journal_is_an_error_with_both_names(
    journal: SqlJournal, other: SiteIdentity
) -> None:
    """Nothing in it is changed, and the sentence says what to do."""
    journal.bind(ONE)
    journal.remember(ADMITTED)
    with pytest.raises(ForeignJournalError) as refusal:
        journal.bind(other)
    for word in (
        ONE.address,
        other.base_url or other.address,
        "--new-journal",
    ):
        assert word in str(refusal.value)
    assert (journal.recall(AdmittedPolicy), journal.bound_to()) == (
        ADMITTED,
        ONE,
    )


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://one.atlassian.net", ONE),
        ("https://one.atlassian.net/", GATEWAY),
        (GATEWAY.address, ONE),
        (GATEWAY.address, GATEWAY),
    ],
)
def test_a_journal_of_an_earlier_version_is_recognised(
    tmp_path: Path, journal: SqlJournal, address: str, found: SiteIdentity
) -> None:
    """That version kept the address only; nothing is lost, and the site's own word is kept from now on."""
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        rows = "INSERT INTO sla_bot_marks VALUES ('site', ?)"
        connection.execute(rows, (address,))
    connection.close()
    journal.remember(ADMITTED)
    journal.bind(found)
    assert journal.recall(AdmittedPolicy) == ADMITTED
    known = journal.bound_to()
    assert known is not None
    assert (known.cloud_id, known.base_url) == (CLOUD, ONE.base_url)


def daemons(
    folder: Path, address: str, *, start_over: bool = False
) -> SqlJournal:
    """Open the journal in that folder as a daemon does."""
    url = f"sqlite:///{folder / 'journal.db'}"
    return open_daemons_journal(url, address, start_over=start_over)


def test_before_the_site_has_answered_a_doubtful_journal_is_not_written_to(
    tmp_path: Path, journal: SqlJournal
) -> None:
    """What a daemon leaves there while Jira does not answer waits until it is known whose journal it is."""
    journal.bind(ONE)
    journal.remember(AdmittedPolicy("of one"))
    opened = daemons(tmp_path, TWO.address)
    opened.remember(AdmittedPolicy("of two"))
    assert opened.recall(AdmittedPolicy) == AdmittedPolicy("of one")
    with pytest.raises(ForeignJournalError):
        opened.bind(TWO)
    opened.remember(AdmittedPolicy("of two"))
    assert opened.recall(AdmittedPolicy) == AdmittedPolicy("of one")
    assert opened.foreign
    opened.close()
    again = daemons(tmp_path, GATEWAY.address)
    again.bind(GATEWAY)
    again.remember(AdmittedPolicy("of one again"))
    assert again.recall(AdmittedPolicy) == AdmittedPolicy("of one again")
    again.close()


@pytest.mark.parametrize(("site", "kept"), [(TWO, None), (ONE, ADMITTED)])
def test_with_a_persons_word_a_foreign_journal_is_erased(
    tmp_path: Path,
    journal: SqlJournal,
    site: SiteIdentity,
    kept: AdmittedPolicy | None,
) -> None:
    """One of this very site is kept, so that the word may stand in a start script."""
    journal.bind(ONE)
    journal.remember(ADMITTED)
    opened = daemons(tmp_path, site.address, start_over=True)
    opened.bind(site)
    assert (opened.recall(AdmittedPolicy), opened.bound_to()) == (kept, site)
    opened.close()


def test_who_only_looks_makes_no_journal(tmp_path: Path) -> None:
    """Where there is none, nothing is known, and nothing is left behind."""
    with journal_to_look_at(
        f"sqlite:///{tmp_path / 'journal.db'}", ONE
    ) as opened:
        assert opened.watermark() is None
    assert list(tmp_path.iterdir()) == []


def test_who_only_looks_takes_nothing_from_a_foreign_journal(
    tmp_path: Path, journal: SqlJournal
) -> None:
    """What is known of another site says nothing of this one."""
    journal.bind(ONE)
    journal.remember(ADMITTED)
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    with journal_to_look_at(url, GATEWAY) as opened:
        assert opened.recall(AdmittedPolicy) == ADMITTED
    with journal_to_look_at(url, TWO) as opened:
        assert opened.recall(AdmittedPolicy) is None
    assert journal.recall(AdmittedPolicy) == ADMITTED
