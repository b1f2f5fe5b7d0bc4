"""The daemon's journal: a pass goes on while it can't be written, since what is lost is rebuilt from Jira.

Kept strict: an intent, which must be on disk before its note is posted, and all reading. Everything else that can't
be written is left out and shows in `trouble`. Before the site has answered, a journal that was made under another
address is not written to at all: it may be about another site.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from jsm_sla_bot.journal.database import Database
from jsm_sla_bot.journal.site import same_site
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.ports.journal import (
    Entry,
    Failure,
    ForeignJournalError,
    JournalError,
    Mark,
    PassReport,
)
from jsm_sla_bot.ports.site_identity import SiteIdentity


class LenientJournal(SqlJournal):
    """A journal that loses what it can't write, but no intent. Safe to use from several threads."""

    def __init__(
        self, database: Database, address: str, *, start_over: bool = False
    ) -> None:
        """Open it for the site at that address; `start_over` lets it be erased where it is about another site."""
        super().__init__(database)
        self._start_over = start_over
        self._foreign: ForeignJournalError | None = None
        self._is_ours = False
        with suppress(JournalError):
            known = self.bound_to()
            self._is_ours = known is None or same_site(
                known, SiteIdentity(address)
            )

    @property
    def foreign(self) -> ForeignJournalError | None:
        """Why nothing may be written to it: it is about another site."""
        return self._foreign

    def bind(self, site: SiteIdentity) -> None:
        """Make sure that the journal is about that site, once; raises ForeignJournalError."""
        if self._site is not None:
            return
        try:
            super().bind(site)
        except ForeignJournalError as error:
            if not self._start_over:
                self._is_ours = False
                self._foreign = error
                raise
            self.start_again()
            super().bind(site)
        self._own()

    def _remember_site(self, site: SiteIdentity) -> None:
        self._own()
        super()._remember_site(site)

    def _own(self) -> None:
        self._is_ours = True
        self._foreign = None

    def intend(self, request_id: str, marker: str) -> None:
        """Journal that a note is about to be posted. On disk when this returns; raises JournalError."""
        if self._foreign:
            raise JournalError(str(self._foreign))
        super().intend(request_id, marker)

    def resolve(self, request_id: str, marker: str, comment_id: str) -> None:
        """Journal that the note stands; where that is lost, its marker is looked for before the next one."""
        self._if_possible(
            lambda: super(LenientJournal, self).resolve(
                request_id, marker, comment_id
            )
        )

    def drop_unresolved(self, request_id: str) -> None:
        """Forget what was never posted."""
        self._if_possible(
            lambda: super(LenientJournal, self).drop_unresolved(request_id)
        )

    def advance(self, watermark: datetime) -> None:
        """Move the watermark, never back."""
        self._if_possible(
            lambda: super(LenientJournal, self).advance(watermark)
        )

    def record(self, entries: Sequence[Entry]) -> None:
        """Keep the outcome for these requests."""
        self._if_possible(lambda: super(LenientJournal, self).record(entries))

    def set_aside(self, failures: Sequence[Failure]) -> None:
        """Keep these failures."""
        self._if_possible(
            lambda: super(LenientJournal, self).set_aside(failures)
        )

    def forget(self, ids: Sequence[str]) -> None:
        """Drop requests that are gone, or no longer ours."""
        self._if_possible(lambda: super(LenientJournal, self).forget(ids))

    def pardon(self, ids: Sequence[str]) -> None:
        """No longer keep these requests as set aside."""
        self._if_possible(lambda: super(LenientJournal, self).pardon(ids))

    def completed(self, report: PassReport) -> None:
        """Keep the report of a pass."""
        self._if_possible(
            lambda: super(LenientJournal, self).completed(report)
        )

    def swept(self, policy: str) -> None:
        """Remember the policy of a completed sweep."""
        self._if_possible(lambda: super(LenientJournal, self).swept(policy))

    def remember(self, mark: Mark) -> None:
        """Keep a mark in place of the one before it."""
        self._if_possible(lambda: super(LenientJournal, self).remember(mark))

    def clear(self, *kinds: type[Mark]) -> None:
        """Keep no mark of these classes any more."""
        self._if_possible(lambda: super(LenientJournal, self).clear(*kinds))

    def _if_possible(self, write: Callable[[], None]) -> None:
        if not self._is_ours:
            return
        with suppress(JournalError):  # `trouble` tells
            write()
