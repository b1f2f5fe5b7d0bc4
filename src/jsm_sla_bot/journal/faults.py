"""What is wrong with the journal's database, in one sentence: the cause and what to do, no password and no SQL."""

import os
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class UnfitSchemaError(Exception):
    """The tables are not those that this version of the bot needs; the message says why and what to do."""


FAULTS = (SQLAlchemyError, OSError, OverflowError, UnfitSchemaError)
"""What reading or writing a database may raise; OverflowError where it holds an instant that is none."""

SPOILT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")

FULL = "the disk is full: free some space"
READ_ONLY = "the file or its volume is read-only for this user: check its owner and the mount"
_SQLITE: Mapping[str, str] = {
    "SQLITE_BUSY": "it is locked by another process: end what else has it open, such as a second bot or a backup",
    "SQLITE_LOCKED": "it is locked by another process: end what else has it open, such as a second bot or a backup",
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_READONLY_DBMOVED": "the file was deleted or moved while it was in use; the next poll makes it again",
    "SQLITE_PERM": "this user may not open the file: check its owner and mode",
    "SQLITE_NOTADB": "the file is not a database: move it away, the daemon makes a new one",
    "SQLITE_CORRUPT": "the database is malformed: without the daemon it may be deleted, a sweep makes it again",
    "SQLITE_NOMEM": "there is no memory left for it",
}
_POSTGRES: Mapping[str, str] = {
    "08": "the database hung up on us",
    "25006": "the database takes no writes (read-only: is it a standby?)",
    "28": "the database refuses the user or the password",
    "3D000": "there is no database of that name",
    "42501": "the user may not use the tables there",
    "42P01": "a table of it is gone; the next poll makes it again",
    "53100": "the database's disk is full: free some space",
    "53300": "the database has no connection left for us",
    "55P03": "a table of it is locked by another session",
    "57014": "the database did not finish a statement in time",
    "57P": "the database is shutting down or starting up",
}
_LITTLE = 64 * 1024
"""With less than so many bytes left SQLite fails in other ways than by saying that the disk is full."""


def cause(error: Exception, file: Path | None) -> str:
    """Say what the database's error means; `file` is the journal's, None on a server."""
    if known := _of_what_it_holds(error):
        return known
    found = error.orig if isinstance(error, DBAPIError) else error
    if name := getattr(found, "sqlite_errorname", None):
        return _of_sqlite(str(name), str(found), file)
    if isinstance(found, OSError) and file:
        return _of_the_disk(file) or f"{file}: {found.strerror}"
    if state := getattr(found, "sqlstate", None):
        return _by_longest_prefix(_POSTGRES, str(state)) or f"SQLSTATE {state}"
    if isinstance(error, (OperationalError, PoolTimeout)):
        # A server's own words may quote the address, and the password with it.
        return "the database does not answer, or not to us"
    return type(found).__name__


def _of_what_it_holds(error: Exception) -> str | None:
    if isinstance(error, OverflowError):
        return "it holds an instant that is none: without the daemon it may be deleted, a sweep makes it again"
    return str(error) if isinstance(error, UnfitSchemaError) else None


def is_damaged(error: SQLAlchemyError) -> bool:
    """Tell whether SQLite takes the file for none of its own."""
    return _name_of(error).startswith(SPOILT)


def is_locked(error: Exception) -> bool:
    """Tell whether somebody else holds a lock on the file."""
    return _name_of(error).startswith(LOCKED)


def is_lost(error: Exception) -> bool:
    """Tell whether a table is gone."""
    found = getattr(error, "orig", None)
    return (
        "no such table" in str(found)
        or getattr(found, "sqlstate", "") == "42P01"
    )


def _name_of(error: Exception) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlite_errorname", ""))


def _of_sqlite(name: str, said: str, file: Path | None) -> str:
    if known := _by_longest_prefix(_SQLITE, name):
        return known
    if "no such table" in said:
        return "a table of it is gone; the next poll makes it again"
    if file and (found := _of_the_disk(file)):
        return found
    if name.startswith("SQLITE_IOERR"):
        return f"the disk reports an error ({name})"
    return said


def _of_the_disk(file: Path) -> str | None:
    """Look at what the file stands on: a missing folder, a full or read-only disk."""
    folder = file.absolute().parent
    if not folder.is_dir():
        return f"its directory {folder} does not exist: make it, or check JSM_SLA_BOT_JOURNAL_URL"
    if file.is_dir():
        return "it is a directory: name a file in it"
    return of_the_volume(folder) or _of_the_user(folder, file)


def of_the_volume(folder: Path) -> str | None:
    """Say that the volume of a folder is read-only or full; None where it is neither. Raises OSError."""
    disk = os.statvfs(folder)
    if disk.f_flag & os.ST_RDONLY:
        return READ_ONLY
    return FULL if disk.f_bavail * disk.f_frsize < _LITTLE else None


def _of_the_user(folder: Path, file: Path) -> str | None:
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"this user may not write to its directory {folder}: check its owner and mode"
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return "this user may not read and write the file: check its owner and mode"
    return None


def _by_longest_prefix(sentences: Mapping[str, str], code: str) -> str | None:
    found = [prefix for prefix in sentences if code.startswith(prefix)]
    return sentences[max(found, key=len)] if found else None
