"""The file that an SQLite journal is kept in: for its owner only, told from another one of its name, put aside."""

import os
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600


def keep_private(file: Path | None) -> None:
    """Let nobody but its owner read the journal: it names requests and people. Where that can't be, SQLite says why."""
    if file is None:
        return
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            file.with_name(file.name + ending).chmod(OWNER_ONLY)


def put_aside(file: Path) -> None:
    """Move a spoilt file out of the way, for somebody to look at."""
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    file.replace(file.with_name(file.name + ".damaged"))


def identity_of(file: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None where there is none."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
