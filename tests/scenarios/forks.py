"""The bot as a process of its own, without the second that Python takes to import it each time."""

import os
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

from jsm_sla_bot.cli import main

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["jsm_sla_bot.app", "jsm_sla_bot.cli.passes", "alembic.command"]
)


def forked(
    words: Sequence[str], environ: Mapping[str, str]
) -> ForkServerProcess:
    """Start a command silently in that environment: the child of a process that has imported it and done nothing."""
    process = _FORKS.Process(target=_run, args=(list(words), dict(environ)))
    process.start()
    return process


def _run(words: list[str], environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    main(words)
