"""The marks in a database."""

from collections.abc import Mapping

import structlog
from sqlalchemy import select

from jsm_sla_bot.journal.mark_forms import FORMS, rows_of
from jsm_sla_bot.journal.rows import Rows
from jsm_sla_bot.journal.tables import marks
from jsm_sla_bot.ports.journal import Mark
from jsm_sla_bot.ports.journal.marks import M

log = structlog.get_logger()


class SqlMarks(Rows):
    """The port `Marks`. A mark is one row or two, each a text under a name; an empty text counts as no row."""

    def recall(self, kind: type[M]) -> M | None:
        """Return the mark of that class; None where there is none, or none that can be read."""
        form = FORMS[kind]
        texts = self._texts(form.names)
        if not texts.get(form.names[0]):
            return None
        try:
            return kind(
                **form.read(*(texts.get(name) or "" for name in form.names))
            )
        except (ValueError, TypeError, LookupError, AttributeError):
            log.warning(
                "mark_unreadable", mark=form.names[0], why="it is ignored"
            )
            return None

    def remember(self, mark: Mark) -> None:
        """Keep a mark in place of the one before it."""
        self._keep(rows_of(mark))

    def clear(self, *kinds: type[Mark]) -> None:
        """Keep no mark of these classes any more."""
        names = [name for kind in kinds for name in FORMS[kind].names]
        self._keep(dict.fromkeys(names, ""))

    def _text(self, name: str) -> str | None:
        return self._texts((name,)).get(name)

    def _texts(self, names: tuple[str, ...]) -> Mapping[str, str]:
        query = select(marks.c.name, marks.c.value).where(
            marks.c.name.in_(names)
        )
        return {row.name: row.value for row in self._rows(query)}

    def _keep(self, texts: Mapping[str, str]) -> None:
        rows = [{"name": name, "value": text} for name, text in texts.items()]
        self._upsert(marks, rows)
