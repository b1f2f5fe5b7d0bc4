"""What was read of a period before the reading was cut short: kept next to the journal, and gone once all is read.

The first line says when the reading began. What is read later is looked at as of that instant, so that a reading in two
parts gives what one in one part would have.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from jsm_sla_bot.cli import history_json
from jsm_sla_bot.cli.console import QuestionError
from jsm_sla_bot.cli.question import instant, utc_text
from jsm_sla_bot.review.row import Record
from jsm_sla_bot.sla.errors import RequestError
from jsm_sla_bot.sla.request import Phase

OWNER_ONLY = 0o600
LONGEST_BREAK = timedelta(hours=12)
"""What was read longer ago is read again."""


@dataclass(slots=True)
class HalfRead:
    """The records read so far, by the request's id. `file` is None where nothing is kept."""

    file: Path | None
    began: datetime
    records: dict[str, Record] = field(default_factory=dict)

    def keep(self, ids: Sequence[str], records: Sequence[Record]) -> None:
        """Take note of records, in the order of their ids."""
        read = dict(zip(ids, records, strict=True))
        self.records.update(read)
        if self.file is None:
            return
        lines = [
            json.dumps({"id": identity, **history_json.as_json(each)})
            for identity, each in read.items()
        ]
        with self.file.open("a", encoding="utf-8") as opened:
            opened.writelines(f"{line}\n" for line in lines)

    def done(self) -> None:
        """Keep nothing any more."""
        if self.file:
            self.file.unlink(missing_ok=True)


def name_of(*parts: object) -> str:
    """Return the name of the file for that site and period."""
    whole = "\n".join(map(str, parts))
    digest = hashlib.sha256(whole.encode("utf-8")).hexdigest()
    return f"half-read-{digest[:16]}.jsonl"


def taken_up(
    file: Path | None, now: datetime, statuses: Mapping[str, Phase]
) -> HalfRead:
    """Return what was read before, if that was not long ago; else begin at `now` (aware UTC).

    Where the file can't be written nothing is kept: the reading goes on without it.
    """
    if file is None:
        return HalfRead(None, now)
    found = _read(file, statuses)
    if found and timedelta(0) <= now - found.began < LONGEST_BREAK:
        return found
    try:
        file.unlink(missing_ok=True)
        descriptor = os.open(
            file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, OWNER_ONLY
        )
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(json.dumps({"began": utc_text(now)}) + "\n")
    except OSError:
        return HalfRead(None, now)
    return HalfRead(file, now)


def _read(file: Path, statuses: Mapping[str, Phase]) -> HalfRead | None:
    """Read the file; None where it is not there or not ours. A last line that was cut short counts for nothing."""
    try:
        head, *lines = file.read_text(encoding="utf-8").splitlines()
        began = instant("began", json.loads(head)["began"])
    except (OSError, ValueError, KeyError, TypeError, QuestionError):
        return None
    if began is None:
        return None
    found = HalfRead(file, began)
    for line in lines:
        try:
            given = json.loads(line)
            identity = given.pop("id")
            text = json.dumps(given)
            found.records[identity] = history_json.line(text, statuses).record
        except (ValueError, KeyError, AttributeError, RequestError):
            return None
    return found
