"""The log of passes in a database: the watermark, the policy of the last sweep, and the last reports."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Row, delete, insert, select

from jsm_sla_bot.journal.marks import SqlMarks
from jsm_sla_bot.journal.tables import past_passes
from jsm_sla_bot.ports.journal import (
    AllowedGone,
    PassKind,
    PassReport,
    Vanished,
)

KEPT_PASSES = 1000
_WATERMARK = "watermark"
_POLICY = "policy"


class SqlPassLog(SqlMarks):
    """The port `PassLog`; the watermark and the policy are rows next to the marks."""

    def watermark(self) -> datetime | None:
        """Return the server time at which the last completely applied pass began."""
        text = self._text(_WATERMARK)
        return datetime.fromisoformat(text) if text else None

    def advance(self, watermark: datetime) -> None:
        """Move the watermark; never back, since a pass that began earlier may end later."""
        known = self.watermark()
        if known is None or known < watermark:
            self._keep({_WATERMARK: watermark.isoformat()})

    def policy(self) -> str | None:
        """Return the hash of the policy under which the last sweep was completed."""
        return self._text(_POLICY)

    def swept(self, policy: str) -> None:
        """Remember the policy of a completed sweep, which settles what an earlier one did not believe."""
        self._keep({_POLICY: policy})
        self.clear(Vanished, AllowedGone)

    def completed(self, report: PassReport) -> None:
        """Keep the report of a pass; only the last thousand are kept."""
        added = insert(past_passes).values(asdict(report))
        with self._database.writing() as connection:
            key = connection.execute(added).inserted_primary_key
            if key is None:
                return
            is_old = past_passes.c.number <= key[0] - KEPT_PASSES
            connection.execute(delete(past_passes).where(is_old))

    def passes(self, limit: int) -> Sequence[PassReport]:
        """Return the last passes, newest first."""
        newest_first = past_passes.c.number.desc()
        query = select(past_passes).order_by(newest_first).limit(limit)
        return [_report(row) for row in self._rows(query)]


def _report(row: Row[tuple[object, ...]]) -> PassReport:
    values = row._asdict()
    del values["number"]
    values["kind"] = PassKind(values["kind"])
    return PassReport(**values)
