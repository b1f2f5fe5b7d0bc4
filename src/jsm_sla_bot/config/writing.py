"""Writes a file of the configuration: the daemon reads the old text or the new one, and never half of it."""

import shutil
from contextlib import suppress
from pathlib import Path

_NEW = ".new"


def read_exactly(path: Path) -> str:
    """Return the text of a file with its lines ended as they are. Raises OSError."""
    return path.read_bytes().decode("utf-8")


def write_whole(path: Path, text: str) -> None:
    """Put a text in place of that of a file, with the same rights, wherever a link leads. Raises OSError.

    Where the folder takes no new file (a file that is mounted by itself), the text is written over the old one.
    """
    target = path.resolve()
    content = text.encode("utf-8")
    fresh = target.with_name(f".{target.name}{_NEW}")
    try:
        fresh.write_bytes(content)
        shutil.copymode(target, fresh)
        fresh.replace(target)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        target.write_bytes(content)
